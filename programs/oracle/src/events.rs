use anchor_lang::prelude::*;
use joulebook_common::counted_by;
use joulebook_layout::oracle::MeterTable;

pub use crate::meter::{FinalRegisters, MeterDetails};
pub use crate::meter_table::MeterTableParams;
pub use crate::page::{PreviousValue, ReplacedValue};
pub use crate::reading::{ReadingOutcome, ReadingResult};

counted_by! {
    MeterTable:
        MeterTableCreated, SettlementSet, PageOpened, PageFinished, MeterRegistered, PowerLimitsChanged, StandardDrawChanged,
        DeviceChanged, MeterQuarantined, MeterRestored, MeterRetired, ValuesReplaced, ReadingsProcessed;
}

#[event]
pub struct MeterTableCreated {
    pub meter_table: Pubkey,
    pub number: u64,
    pub community: Pubkey,
    pub params: MeterTableParams,
}

#[event]
pub struct SettlementSet {
    pub meter_table: Pubkey,
    pub number: u64,
    pub previous: Pubkey,
    pub settlement: Pubkey,
}

#[event]
pub struct PageOpened {
    pub meter_table: Pubkey,
    pub number: u64,
    pub start: i64,
    pub slot: u16,
}

/// What is left over of every meter stands in the page.
#[event]
pub struct PageFinished {
    pub meter_table: Pubkey,
    pub number: u64,
    pub start: i64,
}

/// `service_from`: the time from which its energy counts, unix seconds.
#[event]
pub struct MeterRegistered {
    pub meter_table: Pubkey,
    pub number: u64,
    pub meter: u32,
    pub participant: u16,
    pub details: MeterDetails,
    pub service_from: i64,
    pub actor: Pubkey,
}

#[event]
pub struct PowerLimitsChanged {
    pub meter_table: Pubkey,
    pub number: u64,
    pub meter: u32,
    pub max_import: u32,
    pub max_export: u32,
    pub from: i64,
    pub actor: Pubkey,
}

#[event]
pub struct StandardDrawChanged {
    pub meter_table: Pubkey,
    pub number: u64,
    pub meter: u32,
    /// Wh in an interval.
    pub standard_draw: u32,
    pub actor: Pubkey,
}

/// `import`, `export`: what the meter's row counts at the change, Wh.
#[event]
pub struct DeviceChanged {
    pub meter_table: Pubkey,
    pub number: u64,
    pub meter: u32,
    pub participant: u16,
    pub device: [u8; 32],
    pub key_kind: u8,
    pub import: u64,
    pub export: u64,
    pub actor: Pubkey,
}

/// `actor` is `None` when repeated violations, or the proof that its key was copied, quarantined the meter.
#[event]
pub struct MeterQuarantined {
    pub meter_table: Pubkey,
    pub number: u64,
    pub meter: u32,
    pub participant: u16,
    pub reason: u16,
    pub actor: Option<Pubkey>,
}

#[event]
pub struct MeterRestored {
    pub meter_table: Pubkey,
    pub number: u64,
    pub meter: u32,
    pub participant: u16,
    pub actor: Pubkey,
}

/// `import`, `export`: what the meter's row counts at the end, Wh. `service_until`: the time up to which its energy
/// counts, unix seconds.
#[event]
pub struct MeterRetired {
    pub meter_table: Pubkey,
    pub number: u64,
    pub meter: u32,
    pub participant: u16,
    pub registers: Option<FinalRegisters>,
    pub service_until: i64,
    pub actor: Pubkey,
}

/// `previous` is what stood in the place of `values`, in the same order.
#[event]
pub struct ValuesReplaced {
    pub meter_table: Pubkey,
    pub number: u64,
    pub meter: u32,
    /// Of the page.
    pub start: i64,
    /// Index of the first interval.
    pub first: u16,
    pub values: Vec<ReplacedValue>,
    pub previous: Vec<PreviousValue>,
    pub reason: u16,
    pub actor: Pubkey,
}

/// What became of the readings of one instruction, in their order; `start` is that of the page passed.
#[event]
pub struct ReadingsProcessed {
    pub meter_table: Pubkey,
    pub number: u64,
    pub start: i64,
    pub results: Vec<ReadingOutcome>,
}
