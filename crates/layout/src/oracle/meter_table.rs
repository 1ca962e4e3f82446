use joulebook_units::Seconds;

use crate::Address;

layout! {
    /// All meters of a community. Address: `["meters", community]`.
    #[size = 2 * 32 + 4 + 4 * 2 + 3 + 33]
    pub struct MeterTable {
        /// Part of the address.
        pub community: Address,
        /// Whose signature releases an interval once its energy is settled: the market; zeros for none.
        pub settlement: Address,
        /// Length of an interval: 60 to 86,400, a divisor of a day.
        pub interval_seconds: u32,
        /// Meters that there is room for.
        pub capacity: u16,
        /// Meters ever registered: rows below are in use, those of retired meters too.
        pub count: u16,
        /// Slots of the interval ring.
        pub ring: u16,
        /// Slots whose account exists.
        pub intervals: u16,
        /// Violations that quarantine a meter by themselves; 0 for never.
        pub violation_limit: u8,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 33],
    }
}

account!(MeterTable of ORACLE, rows meters: Meter [capacity]);

layout! {
    /// One meter. Its place in the table is its number, which it signs with every reading.
    #[size = 96]
    pub struct Meter {
        /// Ed25519 public key that signs its readings.
        pub device: [u8; 32],
        /// Of the last accepted reading, unix seconds.
        pub boundary: i64,
        /// Highest used up.
        pub sequence: u64,
        /// Register at the boundary, Wh.
        pub import: u64,
        /// Register at the boundary, Wh.
        pub export: u64,
        /// Wh accepted for intervals that were already settled; they wait for the next one.
        pub carried_import: u64,
        /// Likewise.
        pub carried_export: u64,
        /// The most that the connection can carry, W.
        pub max_import: u32,
        /// Likewise.
        pub max_export: u32,
        /// Index of its owner.
        pub participant: u16,
        /// Index into the community's zones.
        pub zone: u8,
        /// An [`AssetKind`].
        pub asset_kind: u8,
        /// An [`EnergySource`]: of what it exports.
        pub source: u8,
        /// A [`MeterStatus`].
        pub status: u8,
        /// Signed readings that no honest meter could have sent, since it was last verified.
        pub violations: u8,
        /// 1 if its boundary is behind what was settled with estimates, or carried energy is late: its next
        /// entry is a catch-up.
        pub behind: u8,
    }
}

code! {
    /// Whether a meter is in service.
    pub enum MeterStatus {
        /// The row was never used.
        Unused,
        /// Its readings are taken.
        Active,
        /// Its readings are rejected until a verifier restores it.
        Quarantined,
        /// Out of service for good.
        Retired,
    }
}

code! {
    /// What a meter measures.
    pub enum AssetKind {
        Load,
        Photovoltaics,
        Battery,
        Car,
        HeatPump,
        Mixed,
    }
}

code! {
    /// Where exported energy comes from.
    pub enum EnergySource {
        None,
        Sun,
        Wind,
        Water,
        Biomass,
        Storage,
        Other,
    }
}

bits! {
    /// Status that a meter reports of itself with a reading.
    pub struct MeterFlags(u16), prefix "METER_FLAG_" {
        /// Its cover or terminal block was opened, or a magnetic field was noticed.
        TAMPERED = 1 << 0,
        /// Its clock has not been synchronised lately.
        CLOCK_UNSURE = 1 << 1,
        /// There was a supply interruption since the last reading.
        POWER_FAILED = 1 << 2,
    }
}

impl MeterTable {
    pub fn interval_length(&self) -> Seconds {
        Seconds(i64::from(self.interval_seconds))
    }
}

impl Meter {
    pub fn is(&self, status: MeterStatus) -> bool {
        self.status == status as u8
    }
}
