bits! {
    /// How a position was metered.
    pub struct PositionFlags(u8), prefix "POSITION_" {
        /// A meter of the seat was not heard: the window counts as delivered.
        ESTIMATED = 1 << 0,
        /// A meter brought energy of earlier windows.
        CAUGHT_UP = 1 << 1,
        /// A meter was heard.
        METERED = 1 << 2,
        /// The window's interval was never opened: nobody's meters could be heard.
        UNREAD = 1 << 3,
    }
}

impl PositionFlags {
    /// The window counts as delivered as contracted.
    pub const ASSUMED: PositionFlags = PositionFlags::ESTIMATED.union(PositionFlags::UNREAD);
}

layout! {
    /// What a seat has in one window; its place is the participant's index.
    #[size = 32]
    pub struct Position {
        /// Milli-atoms locked by its orders, until they are allocated.
        pub locked: u64,
        /// Wh filled.
        pub bought: u32,
        /// Wh filled.
        pub sold: u32,
        /// Wh metered.
        pub imported: u32,
        /// Wh metered.
        pub exported: u32,
        /// Live orders.
        pub orders: u16,
        /// Bits of [`PositionFlags`].
        pub flags: u8,
        /// Zeros.
        pub reserved: [u8; 5],
    }
}

impl Position {
    #[inline(always)]
    pub fn has(&self, flags: PositionFlags) -> bool {
        PositionFlags(self.flags).intersects(flags)
    }

    #[inline(always)]
    pub fn mark(&mut self, flags: PositionFlags) {
        self.flags |= flags.0;
    }

    /// Whether every meter was heard, for this window alone.
    #[inline(always)]
    pub fn is_measured(&self) -> bool {
        !self.has(PositionFlags::ASSUMED.union(PositionFlags::CAUGHT_UP))
    }

    /// Nothing to settle: without orders there are no contracts.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.flags & !PositionFlags::UNREAD.0 == 0 && self.orders == 0
    }
}
