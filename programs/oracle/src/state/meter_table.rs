use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};
use joulebook_metering::register::{LastReading, PowerLimits, Registers};
use joulebook_tables::{Carver, DISCRIMINATOR_LEN};
use joulebook_units::{Seconds, UnixTime, Watts, WhSum};

use crate::errors::OracleError;

pub const MAX_METERS: u16 = 4096;
/// Keeps a seat's energy of one window within 32 bits: see [`super::MAX_ENTRY_WH`].
pub const MAX_METERS_PER_PARTICIPANT: usize = 16;

/// All meters of a community: this header, then `capacity` [`Meter`]s.
/// Address: `["meters", community]`.
#[account(zero_copy)]
#[derive(Debug)]
pub struct MeterTable {
    pub community: Pubkey,
    /// Whose signature releases an interval once its energy is settled: the market; all zero for none.
    pub settlement: Pubkey,
    /// Length of an interval in seconds: 60 to 86,400, a divisor of a day.
    pub interval_seconds: u32,
    /// Meters the table has room for.
    pub capacity: u16,
    /// Meters ever registered: entries below this index are in use, retired ones too.
    pub count: u16,
    /// Slots of the interval ring.
    pub ring: u16,
    /// Slots whose account exists.
    pub intervals: u16,
    /// Violations that quarantine a meter by themselves; 0 for never.
    pub violation_limit: u8,
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 33],
}

/// One meter. Its place in the table is its number, which it signs with every reading.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct Meter {
    /// Ed25519 key that signs its readings.
    pub device: [u8; 32],
    /// Boundary of the last accepted reading, unix seconds.
    pub boundary: i64,
    /// Highest sequence used up.
    pub sequence: u64,
    /// Registers at `boundary`, Wh.
    pub import: u64,
    pub export: u64,
    /// Energy accepted for intervals that were already settled, Wh; counted in the next interval.
    pub carried_import: u64,
    pub carried_export: u64,
    /// Most the connection can carry each way, W.
    pub max_import: u32,
    pub max_export: u32,
    /// Index of the participant it belongs to.
    pub participant: u16,
    pub zone: u8,
    /// As the operator numbers them: 0 load, 1 photovoltaics, 2 battery, 3 car, 4 heat pump, 5 mixed.
    pub asset_kind: u8,
    /// Energy source of what it exports: 0 none, 1 sun, 2 wind, 3 water, 4 biomass, 5 storage, 6 other.
    pub source: u8,
    /// A [`MeterStatus`].
    pub status: u8,
    /// Signed readings that no honest meter could have sent, since it was last verified.
    pub violations: u8,
    /// 1 if `boundary` is behind what has been settled with estimates or the carried energy is late:
    /// the next entry is a catch-up.
    pub behind: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum MeterStatus {
    Unused = 0,
    Active = 1,
    Quarantined = 2,
    Retired = 3,
}

const _: () = assert!(size_of::<MeterTable>() == 2 * 32 + 4 + 4 * 2 + 3 + 33);
const _: () = assert!(size_of::<Meter>() == 96);

impl MeterTable {
    pub const VERSION: u8 = 1;

    pub fn interval_length(&self) -> Seconds {
        Seconds(i64::from(self.interval_seconds))
    }

    pub fn full_len(capacity: u16) -> usize {
        DISCRIMINATOR_LEN + size_of::<MeterTable>() + usize::from(capacity) * size_of::<Meter>()
    }
}

/// A meter table, cut into its parts.
pub struct MeterTableView<'a> {
    pub header: &'a mut MeterTable,
    pub meters: &'a mut [Meter],
}

impl<'a> MeterTableView<'a> {
    /// # Errors
    /// [`OracleError::TableNotGrown`] if the account has not its full length yet.
    pub fn load(data: &'a mut [u8]) -> Result<MeterTableView<'a>> {
        Self::carve(data).ok_or_else(|| OracleError::TableNotGrown.into())
    }

    #[inline(always)]
    fn carve(data: &'a mut [u8]) -> Option<MeterTableView<'a>> {
        let mut carver = Carver::new(data)?;
        let header = carver.header::<MeterTable>()?;
        let meters = carver.slice(usize::from(header.capacity))?;
        carver.finish()?;
        Some(MeterTableView { header, meters })
    }

    /// `None` for a number that was never given to a meter.
    #[inline(always)]
    pub fn meter_mut(&mut self, number: u32) -> Option<&mut Meter> {
        if number >= u32::from(self.header.count) {
            return None;
        }
        self.meters.get_mut(usize::try_from(number).ok()?)
    }

    /// Meters ever registered, retired ones too, in the order of their numbers.
    pub fn registered(&self) -> impl Iterator<Item = &Meter> {
        self.meters.iter().take(usize::from(self.header.count))
    }
}

impl Meter {
    pub fn is(&self, status: MeterStatus) -> bool {
        self.status == status as u8
    }

    pub fn last_reading(&self) -> LastReading {
        LastReading {
            boundary: UnixTime(self.boundary),
            sequence: self.sequence,
            registers: Registers {
                import: WhSum(self.import),
                export: WhSum(self.export),
            },
        }
    }

    pub fn power_limits(&self) -> PowerLimits {
        PowerLimits {
            import: Watts(self.max_import),
            export: Watts(self.max_export),
        }
    }
}
