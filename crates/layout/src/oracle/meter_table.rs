use joulebook_units::Seconds;

use crate::Address;

/// The end of a service that has none, unix seconds.
pub const ALWAYS: i64 = i64::MAX;

layout! {
    /// All meters of a community. Address: `["meters", community]`.
    #[size = 4 * 32 + 4 * 8 + 4 * 4 + 5 * 2 + 3 + 19]
    pub struct MeterTable {
        /// Part of the address.
        pub community: Address,
        /// Whose signature opens pages: the market; zeros for none.
        pub settlement: Address,
        /// Genesis hash of the cluster, as the authority gave it: a program can't see it, clients compare it.
        pub cluster: [u8; 32],
        /// What the table's meters sign with every reading: SHA-256 of `JBBIND` and two zero bytes, the oracle's program id,
        /// `cluster` and the table's address.
        pub binding: [u8; 32],
        /// Start of the page opened last, unix seconds; −2⁶³ for none.
        pub last_opened: i64,
        /// Start of the page finished last, unix seconds; −2⁶³ for none.
        pub last_finished: i64,
        /// Start of the first page opened under the settlement, unix seconds; −2⁶³ for none yet. Energy of before is not
        /// settled.
        pub settled_from: i64,
        /// Events it has counted: those of the oracle about it.
        pub events: u64,
        /// Length of an interval: 60 to 86,400, a divisor of a day.
        pub interval_seconds: u32,
        /// Readings are taken this long after a page's end, seconds.
        pub reading_seconds: u32,
        /// A verifier's values are taken this long after a page's end, seconds; not shorter.
        pub correction_seconds: u32,
        /// The most that any meter's power limits may be, W.
        pub power_cap: u32,
        /// Meters that there is room for.
        pub capacity: u16,
        /// Meters ever registered: rows below are in use, those of retired meters too.
        pub count: u16,
        /// Intervals of a page.
        pub page_intervals: u16,
        /// Slots of the page ring.
        pub ring: u16,
        /// Slots whose account exists.
        pub pages: u16,
        /// Violations that quarantine a meter by themselves; 0 for never.
        pub violation_limit: u8,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 19],
    }
}

account!(MeterTable of ORACLE, rows meters: Meter [capacity]);

layout! {
    /// One meter. Its number, which it signs with every reading, is its generation times 2¹⁶ and its row. Registers in the
    /// row count from the device's initial registers, its offsets: a changed device goes on where the last one stopped.
    #[size = 232]
    pub struct Meter {
        /// Public key that signs its messages: of Ed25519, or the x coordinate of one of P-256.
        pub device: [u8; 32],
        /// Of the latest accepted reading, unix seconds.
        pub boundary: i64,
        /// The highest of the readings that moved it on.
        pub sequence: u64,
        /// The highest of the messages that counted as violations.
        pub punished: u64,
        /// Register at the boundary, Wh since the meter was registered.
        pub import: u64,
        /// Likewise.
        pub export: u64,
        /// What the device's register shows less that, modulo 2⁶⁴, Wh.
        pub import_offset: u64,
        /// Likewise.
        pub export_offset: u64,
        /// What the row counted when its device was recorded, Wh: the device shows no less.
        pub device_import: u64,
        /// Likewise.
        pub device_export: u64,
        /// Wh that finished pages have settled.
        pub settled_import: u64,
        /// Likewise.
        pub settled_export: u64,
        /// Of these, what values tell of and no register yet, Wh: those behind the last boundary that finished pages know.
        pub told_import: u64,
        /// Likewise.
        pub told_export: u64,
        /// The most that it moved from `counted_from` until its registers were first known, beside what values tell of, Wh;
        /// known once its counting has begun.
        pub late_import: u64,
        /// Likewise.
        pub late_export: u64,
        /// From when on energy is counted that is settled now: the later one of service and settlement, unix seconds; −2⁶³
        /// before the first page of that is finished.
        pub counted_from: i64,
        /// Energy counts from this page boundary on, unix seconds.
        pub service_from: i64,
        /// Energy counts up to this page boundary, unix seconds; 2⁶³ − 1 while it is in service.
        pub service_until: i64,
        /// The boundary at which its device was recorded: of those up to it, the device tells nothing, unix seconds.
        pub device_from: i64,
        /// Start of the first page that `max_import` and `max_export` hold for, unix seconds; −2⁶³ for all.
        pub limits_from: i64,
        /// The most that the connection can carry, W.
        pub max_import: u32,
        /// Likewise.
        pub max_export: u32,
        /// The same in pages before `limits_from`.
        pub former_max_import: u32,
        /// Likewise.
        pub former_max_export: u32,
        /// What is charged for an interval, after a number of silent ones, Wh.
        pub standard_draw: u32,
        /// How long of the time since `counted_from` values tell of, seconds, while its counting has not begun.
        pub told_seconds: u32,
        /// Index of its owner.
        pub participant: u16,
        /// How many meters had the row before it.
        pub generation: u16,
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
        /// 1 once the device's key is proven copied: the meter is heard again with another device, not with this one.
        pub key_copied: u8,
        /// 1 if it was quarantined when it was retired, or since: no reading of it is taken any more.
        pub is_silenced: u8,
        /// 1 once its registers were known since `counted_from`, so that its counting has begun.
        pub is_counted: u8,
        /// A [`KeyKind`]: of `device`.
        pub key_kind: u8,
        /// Zeros.
        pub reserved: [u8; 3],
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
    /// Which kind of key a device signs with.
    pub enum KeyKind {
        /// RFC 8032.
        Ed25519,
        /// FIPS 186-5, NIST P-256 with SHA-256, a public key with an even y coordinate.
        P256Even,
        /// The same with an odd one.
        P256Odd,
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

    /// From the start of a page to that of the next.
    pub fn page_length(&self) -> Seconds {
        let length = u64::from(self.interval_seconds).wrapping_mul(self.page_intervals.into());
        // 48 bits.
        Seconds(length as i64)
    }
}

impl Meter {
    /// The number of the meter in row `row`.
    #[inline(always)]
    pub fn number(&self, row: u16) -> u32 {
        (self.generation as u32) << 16 | row as u32
    }

    /// The row that a meter's number names.
    #[inline(always)]
    pub fn row(number: u32) -> u16 {
        // The lower half.
        number as u16
    }

    pub fn is(&self, status: MeterStatus) -> bool {
        self.status == status as u8
    }

    /// The most that the connection can carry in the page that holds `time`, unix seconds: import and export, W.
    #[inline(always)]
    pub fn limits_at(&self, time: i64) -> [u32; 2] {
        if time < self.limits_from {
            [self.former_max_import, self.former_max_export]
        } else {
            [self.max_import, self.max_export]
        }
    }

    /// Whether its device's messages may count: until it is quarantined, and of a retired one as long as its registers at the end
    /// are not known.
    pub fn is_heard(&self) -> bool {
        let is_retiring = self.is(MeterStatus::Retired) && !self.has_final_registers();
        self.is(MeterStatus::Active) || (is_retiring && self.is_silenced == 0)
    }

    /// Takes no message of its device any more: until it is restored, if it is in use.
    pub fn silence(&mut self) {
        if self.is(MeterStatus::Retired) {
            self.is_silenced = 1;
        } else {
            self.status = MeterStatus::Quarantined as u8;
        }
    }

    /// Whether it was retired, with its registers read at the end of its service: then its owner agreed to them, or its device
    /// has signed them.
    pub fn has_final_registers(&self) -> bool {
        self.is(MeterStatus::Retired) && self.boundary == self.service_until
    }

    /// Whether it is in service in the page that starts at `start`: service begins and ends with pages.
    #[inline(always)]
    pub fn serves(&self, start: i64) -> bool {
        self.service_from <= start && start < self.service_until
    }
}
