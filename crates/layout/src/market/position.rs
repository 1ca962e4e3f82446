layout! {
    /// What a seat has in one window; its place is the participant's index. Amounts, not prices to multiply with: they
    /// may come from any auction.
    #[size = 40]
    pub struct Position {
        /// Wh.
        pub bought: u32,
        /// Wh.
        pub sold: u32,
        /// What its contracts earn, milli-atoms, in escrow until its meters confirm them.
        pub earns: u64,
        /// Milli-atoms locked until then: what not keeping the contracts can cost.
        pub locked: u64,
        /// What it has paid the supplier for its deviation so far, milli-atoms; below zero, received.
        pub paid: i64,
        /// A [`PositionStatus`].
        pub status: u8,
        /// Zeros.
        pub reserved: [u8; 7],
    }
}

code! {
    /// How far a position is settled.
    pub enum PositionStatus {
        /// Not all of the seat's meters were heard: contracts count as kept, what they earn waits.
        Open,
        /// All were heard, or never will be; a corrected value still changes what is paid until the page is final.
        Confirmed,
    }
}

impl Position {
    #[inline(always)]
    pub fn is(&self, status: PositionStatus) -> bool {
        self.status == status as u8
    }
}
