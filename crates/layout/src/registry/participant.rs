use super::limits::NO_INDEX;
use crate::Address;

bits! {
    /// What a participant may do.
    pub struct Roles(u16), prefix "ROLE_" {
        /// Buys energy.
        CONSUMER = 1 << 0,
        /// Sells energy.
        PRODUCER = 1 << 1,
        /// Buys and sells energy.
        STORAGE = 1 << 2,
        /// Brings readings to the oracle; needed for nothing, it tells whom to ask.
        GATEWAY = 1 << 3,
        /// Registers and quarantines meters.
        VERIFIER = 1 << 4,
        /// Reads what is shared under agreement; moves nothing.
        AUDITOR = 1 << 5,
        /// Approves, suspends and closes participants.
        OPERATOR = 1 << 6,
        /// Pauses the community, and quarantines meters. Never held by one who trades.
        EMERGENCY = 1 << 7,
    }
}

impl Roles {
    /// Roles that may buy.
    pub const BUYING: Roles = Roles::CONSUMER.union(Roles::STORAGE);
    /// Roles that may sell.
    pub const SELLING: Roles = Roles::PRODUCER.union(Roles::STORAGE);
    /// Roles that may buy or sell.
    pub const TRADING: Roles = Roles::BUYING.union(Roles::SELLING);
    /// Roles that the authority alone grants and takes.
    pub const PRIVILEGED: Roles = Roles::VERIFIER
        .union(Roles::AUDITOR)
        .union(Roles::OPERATOR)
        .union(Roles::EMERGENCY);

    /// Whether there is a role, and every bit is one.
    pub fn is_valid(self) -> bool {
        self.0 != 0 && self.is_known()
    }

    /// Whether emergency stands beside a role that buys or sells.
    pub fn mixes_emergency_and_trade(self) -> bool {
        self.intersects(Roles::EMERGENCY) && self.intersects(Roles::TRADING)
    }
}

code! {
    /// Where a participant stands.
    pub enum ParticipantStatus {
        /// An account that is gone.
        Closed,
        /// Waits for approval.
        Applied,
        /// May do what its roles allow.
        Active,
        /// May do nothing until it is reinstated.
        Suspended,
        /// Has left; keeps its index, for as long as nobody succeeds it, and may apply again.
        Left,
    }
}

layout! {
    /// A member of a community. Holds no personal data. Address: `["participant", community, wallet]`.
    #[size = 3 * 32 + 4 * 8 + 8 + 4 * 2 + 4 + 12]
    pub struct Participant {
        /// Part of the address.
        pub community: Address,
        /// Part of the address.
        pub wallet: Address,
        /// SHA-256 of the identity check's record, kept off chain by whoever made it; zeros for none.
        pub identity_hash: [u8; 32],
        /// When it last applied, unix seconds.
        pub applied_at: i64,
        /// When it was last approved, unix seconds; 0 for never.
        pub approved_at: i64,
        /// When the status last changed, unix seconds.
        pub changed_at: i64,
        /// When it last left, unix seconds; 0 for never.
        pub left_at: i64,
        /// What it would rather have.
        pub preferences: Preferences,
        /// Seat in the ledger, owner in the meter table; 65,535 before approval, and once another has succeeded it.
        pub index: u16,
        /// How many held the index before; index and generation together are given once.
        pub generation: u16,
        /// Bits of [`Roles`]: asked for while applied, granted once active, none once left.
        pub roles: u16,
        /// As its members number it; 0 for none.
        pub balancing_group: u16,
        /// A [`ParticipantStatus`].
        pub status: u8,
        /// Index into the community's zones.
        pub zone: u8,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 12],
    }
}

account!(Participant of REGISTRY);

layout! {
    /// What a participant would rather have; shown to others, binding for nobody.
    #[size = 8]
    pub struct Preferences {
        /// The most to pay above the feed-in tariff for local energy, atoms per kWh; 0 for no say.
        pub local_premium: u32,
        /// Energy sources preferred, a set of bits in the order of the oracle's `EnergySource`; 0 for any.
        pub sources: u16,
        /// Zeros.
        pub reserved: u16,
    }
}

impl Participant {
    pub fn roles(&self) -> Roles {
        Roles(self.roles)
    }

    pub fn is(&self, status: ParticipantStatus) -> bool {
        self.status == status as u8
    }

    pub fn is_active(&self) -> bool {
        self.is(ParticipantStatus::Active)
    }

    pub fn has_index(&self) -> bool {
        self.index != NO_INDEX
    }

    /// Whether it has been granted a role that is the authority's to grant.
    pub fn is_privileged(&self) -> bool {
        !self.is(ParticipantStatus::Applied) && self.roles().intersects(Roles::PRIVILEGED)
    }
}

impl Preferences {
    /// With the reserved part as this version knows it: zero.
    pub fn sanitized(self) -> Preferences {
        Preferences {
            reserved: 0,
            ..self
        }
    }
}
