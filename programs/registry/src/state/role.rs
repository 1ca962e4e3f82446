/// What a participant may do, a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(pub u16);

impl Roles {
    /// Buys energy.
    pub const CONSUMER: Roles = Roles(1 << 0);
    /// Sells energy.
    pub const PRODUCER: Roles = Roles(1 << 1);
    /// Buys and sells energy.
    pub const STORAGE: Roles = Roles(1 << 2);
    /// Brings readings to the oracle; needed for nothing, it tells whom to ask.
    pub const GATEWAY: Roles = Roles(1 << 3);
    /// Registers and quarantines meters.
    pub const VERIFIER: Roles = Roles(1 << 4);
    /// Reads what is shared under agreement; moves nothing.
    pub const AUDITOR: Roles = Roles(1 << 5);
    /// Approves, suspends and closes participants.
    pub const OPERATOR: Roles = Roles(1 << 6);
    /// Pauses the community.
    pub const EMERGENCY: Roles = Roles(1 << 7);

    pub const ALL: Roles = Roles(0xff);
    /// Roles that let their bearer enter orders.
    pub const TRADING: Roles = Roles(0b111);
    /// Roles that may buy.
    pub const BUYING: Roles = Roles(0b101);
    /// Roles that may sell.
    pub const SELLING: Roles = Roles(0b110);
    /// Roles that the authority alone grants and takes: verifier, auditor, operator, emergency.
    pub const PRIVILEGED: Roles = Roles(0b1111_0000);

    /// Whether every bit is a role.
    pub fn is_known(self) -> bool {
        self.0 & !Roles::ALL.0 == 0
    }

    /// Whether there is a role, and every bit is one.
    pub fn is_valid(self) -> bool {
        self.0 != 0 && self.is_known()
    }

    pub fn intersects(self, other: Roles) -> bool {
        self.0 & other.0 != 0
    }
}
