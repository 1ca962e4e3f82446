use super::limits::{METER_MESSAGE_VERSION, PROFILE_MESSAGE_VERSION};

layout! {
    /// What a meter signs: one reading, with all that ties it to its meter table. A meter in the field is built to this
    /// layout; any change is a new version.
    #[size = 80]
    pub struct MeterMessage {
        /// `JBMETER` and a zero byte.
        pub domain: [u8; 8],
        /// [`METER_MESSAGE_VERSION`].
        pub version: u16,
        /// A set of METER_FLAG bits; a message with any other is rejected.
        pub flags: u16,
        /// The meter's number: its generation times 2¹⁶, and its row in the meter table.
        pub meter: u32,
        /// The meter table's `binding`: of the program, the cluster and the table, all in one.
        pub binding: [u8; 32],
        /// The end of the interval that the reading closes, unix seconds.
        pub boundary: i64,
        /// Higher than in every earlier message of the meter.
        pub sequence: u64,
        /// All energy ever drawn, Wh.
        pub import: u64,
        /// All energy ever fed in, Wh.
        pub export: u64,
    }
}

impl MeterMessage {
    /// Keeps a meter's signature from meaning anything elsewhere.
    pub const DOMAIN: [u8; 8] = *b"JBMETER\0";
    pub const VERSION: u16 = METER_MESSAGE_VERSION;
    /// Keeps a binding from being the hash of anything else.
    pub const BINDING_DOMAIN: [u8; 8] = *b"JBBIND\0\0";
}

layout! {
    /// How a meter's signed load profile begins: the registers at the last of consecutive boundaries. The energies of the intervals
    /// between them follow, packed. One signature is over both. Any change is a new version.
    #[size = 88]
    pub struct ProfileMessage {
        /// `JBPROF` and two zero bytes.
        pub domain: [u8; 8],
        /// [`PROFILE_MESSAGE_VERSION`].
        pub version: u16,
        /// A set of METER_FLAG bits; a message with any other is rejected.
        pub flags: u16,
        /// The meter's number: its generation times 2¹⁶, and its row in the meter table.
        pub meter: u32,
        /// The meter table's `binding`: of the program, the cluster and the table, all in one.
        pub binding: [u8; 32],
        /// The end of the last interval, unix seconds.
        pub boundary: i64,
        /// Higher than in every earlier message of the meter, of either kind.
        pub sequence: u64,
        /// All energy ever drawn, at the last boundary, Wh.
        pub import: u64,
        /// All energy ever fed in, likewise.
        pub export: u64,
        /// Intervals whose energies follow.
        pub intervals: u16,
        /// Zeros.
        pub reserved: [u8; 6],
    }
}

impl ProfileMessage {
    /// Keeps a profile from being read as a reading.
    pub const DOMAIN: [u8; 8] = *b"JBPROF\0\0";
    pub const VERSION: u16 = PROFILE_MESSAGE_VERSION;
}
