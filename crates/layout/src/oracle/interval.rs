use crate::Address;

layout! {
    /// One slot of the interval ring. Address: `["interval", meter table, slot]`.
    #[size = 32 + 8 + 4 * 2 + 3 + 21]
    pub struct Interval {
        /// Part of the address.
        pub meter_table: Address,
        /// Of the interval that the slot holds, unix seconds; −2⁶³ before first use.
        pub start: i64,
        /// Entries that there is room for: the meter table's capacity.
        pub capacity: u16,
        /// Part of the address.
        pub slot: u16,
        /// Meters that it waits for.
        pub expected: u16,
        /// Entries written since it was opened.
        pub heard: u16,
        /// An [`IntervalPhase`].
        pub phase: u8,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 21],
    }
}

account!(Interval of ORACLE, rows entries: IntervalEntry [capacity]);

layout! {
    /// What one meter moved in the interval; its place is the meter's number.
    #[size = 12]
    pub struct IntervalEntry {
        /// Drawn from the grid, Wh.
        pub import: u32,
        /// Fed into the grid, Wh.
        pub export: u32,
        /// Index of the meter's owner when the interval was opened.
        pub participant: u16,
        /// A [`Quality`].
        pub quality: u8,
        /// 1 if the interval waits, or waited, for the meter: it is counted in `expected`.
        pub awaited: u8,
    }
}

code! {
    /// Whether an interval takes readings.
    pub enum IntervalPhase {
        /// Holds nothing that is waiting to be settled.
        Free,
        /// Takes readings.
        Open,
    }
}

code! {
    /// What is known of a meter in an interval.
    pub enum Quality {
        /// No meter in service had this number when the interval was opened.
        NotExpected,
        /// No reading yet.
        Missing,
        /// Energy of this interval alone.
        Measured,
        /// Energy since the meter was last heard, several intervals ago.
        CaughtUp,
    }
}

impl Interval {
    /// The start of a slot that was never used.
    pub const NEVER: i64 = i64::MIN;

    pub fn is_open(&self) -> bool {
        self.phase == IntervalPhase::Open as u8
    }
}

impl IntervalEntry {
    /// `None` for a quality that this version does not know.
    pub fn quality(&self) -> Option<Quality> {
        Quality::from_byte(self.quality)
    }
}
