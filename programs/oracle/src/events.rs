use anchor_lang::prelude::*;

use crate::meter_details::MeterDetails;
pub use crate::reading::{ReadingOutcome, ReadingResult};

#[event]
pub struct MeterTableCreated {
    pub meter_table: Pubkey,
    pub community: Pubkey,
    pub interval_seconds: u32,
    pub capacity: u16,
    pub ring: u16,
    pub violation_limit: u8,
}

#[event]
pub struct SettlementSet {
    pub meter_table: Pubkey,
    pub previous: Pubkey,
    pub settlement: Pubkey,
}

#[event]
pub struct IntervalOpened {
    pub meter_table: Pubkey,
    pub start: i64,
    pub slot: u16,
    pub expected: u16,
}

/// `boundary`: the time from which its energy counts, unix seconds.
#[event]
pub struct MeterRegistered {
    pub meter_table: Pubkey,
    pub meter: u32,
    pub participant: u16,
    pub details: MeterDetails,
    pub boundary: i64,
    pub actor: Pubkey,
}

#[event]
pub struct PowerLimitsChanged {
    pub meter_table: Pubkey,
    pub meter: u32,
    pub max_import: u32,
    pub max_export: u32,
    pub actor: Pubkey,
}

/// `actor` is `None` when repeated violations quarantined the meter.
#[event]
pub struct MeterQuarantined {
    pub meter_table: Pubkey,
    pub meter: u32,
    pub participant: u16,
    pub reason: u16,
    pub actor: Option<Pubkey>,
}

#[event]
pub struct MeterRestored {
    pub meter_table: Pubkey,
    pub meter: u32,
    pub participant: u16,
    pub boundary: i64,
    pub sequence: u64,
    pub import: u64,
    pub export: u64,
    /// Energy that waits for the next interval, Wh.
    pub carried_import: u64,
    pub carried_export: u64,
    pub actor: Pubkey,
}

#[event]
pub struct MeterRetired {
    pub meter_table: Pubkey,
    pub meter: u32,
    pub participant: u16,
    pub actor: Pubkey,
}

/// What became of the readings of one instruction, in their order; `start` is the interval that the
/// account passed holds.
#[event]
pub struct ReadingsProcessed {
    pub meter_table: Pubkey,
    pub start: i64,
    pub results: Vec<ReadingOutcome>,
}
