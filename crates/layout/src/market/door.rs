use crate::Address;

layout! {
    /// A program that seats may hold money for. Address: `["admission", market, program]`.
    #[size = 4 * 32 + 8 + 2 + 2 + 20]
    pub struct Admission {
        /// Part of the address.
        pub market: Address,
        /// Part of the address.
        pub program: Address,
        /// Signs for the program, which alone can: its address with the seeds `["joulebook", market]`.
        pub signer: Address,
        /// Paid the rent, and gets it back.
        pub payer: Address,
        /// End of the notice period, unix seconds; 0 while the program is not retired. From then on it captures
        /// nothing, and anyone may give back what is still held.
        pub ends_at: i64,
        /// `SeatHold` accounts under it.
        pub holds: u16,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 20],
    }
}

account!(Admission of MARKET);

layout! {
    /// What a seat holds for an admitted program. Address: `["hold", admission, seat]`.
    #[size = 2 * 32 + 8 + 2 + 2 + 4]
    pub struct SeatHold {
        /// Part of the address.
        pub admission: Address,
        /// The seat's owner, who paid the rent, and gets it back.
        pub owner: Address,
        /// Milli-atoms.
        pub amount: u64,
        /// Part of the address.
        pub seat: u16,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 4],
    }
}

account!(SeatHold of MARKET);

impl Admission {
    pub fn is_retired(&self) -> bool {
        self.ends_at != 0
    }

    /// Whether the program is retired and its notice period over, at `now` in unix seconds.
    pub fn has_ended(&self, now: i64) -> bool {
        self.is_retired() && now >= self.ends_at
    }
}
