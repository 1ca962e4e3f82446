//! Signed meter readings: the community's meters, and the energy each moved in each interval.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used,
    )
)]

use anchor_lang::prelude::*;

mod authority;
pub mod errors;
pub mod events;
mod interval;
mod meter;
mod meter_details;
mod meter_table;
mod reading;
pub mod state;

use authority::*;
use interval::*;
use meter::*;
use meter_details::MeterDetails;
use meter_table::*;
use reading::SignedReading;

declare_id!(joulebook_common::stored::pubkey(
    joulebook_layout::programs::ORACLE
));
joulebook_common::how_to_report!("Joulebook oracle");

#[program]
pub mod oracle {
    use super::*;

    /// Creates the community's meter table, of at most 10,240 bytes at first: call grow_table until it
    /// has its full length. By the community's authority, who pays.
    ///
    /// `interval_seconds`: 60 to 86400, a divisor of a day. `capacity`: 1 to 4096 meters. `ring`: 2 to
    /// 1024 interval slots. `violation_limit`: violations that quarantine a meter, 0 for never.
    pub fn create_meter_table(
        ctx: Context<CreateMeterTable>,
        interval_seconds: u32,
        capacity: u16,
        ring: u16,
        violation_limit: u8,
    ) -> Result<()> {
        meter_table::create_meter_table(ctx, interval_seconds, capacity, ring, violation_limit)
    }

    /// Grows a meter table or an interval by up to 10,240 bytes towards its full length; does nothing
    /// once it is there. By anyone, who pays.
    pub fn grow_table(ctx: Context<GrowTable>) -> Result<()> {
        meter_table::grow_table(ctx)
    }

    /// Names the key whose signature releases intervals, the market; all zero for none. By the
    /// authority, while none is set or the account at the present key is gone.
    pub fn set_settlement(ctx: Context<SetSettlement>, new_settlement: Pubkey) -> Result<()> {
        meter_table::set_settlement(ctx, new_settlement)
    }

    /// Creates the account of one slot of the interval ring, of at most 10,240 bytes at first: call
    /// grow_table until it has its full length. By the authority, who pays.
    pub fn create_interval(ctx: Context<CreateInterval>, slot: u16) -> Result<()> {
        interval::create_interval(ctx, slot)
    }

    /// Opens the interval that starts at `start` (unix seconds, a multiple of interval_seconds, not in
    /// the future) in its slot, (start / interval_seconds) mod ring, and notes which meters are
    /// expected. By anyone.
    ///
    /// The slot must be free and its last interval older. A slot never used takes only the latest start
    /// of the ring's last round. While no settlement is set, an open slot counts as free from one
    /// interval length after its interval's end.
    pub fn open_interval(ctx: Context<OpenInterval>, start: i64) -> Result<()> {
        interval::open_interval(ctx, start)
    }

    /// Registers a meter of an active participant; its number is the table's count. Energy counts from
    /// the last interval boundary. By the authority or a verifier.
    pub fn register_meter(ctx: Context<RegisterMeter>, details: MeterDetails) -> Result<()> {
        meter::register_meter(ctx, details)
    }

    /// Sets the most that a meter's connection can carry each way, W. By the authority or a verifier.
    pub fn set_power_limits(
        ctx: Context<ManageMeter>,
        meter: u32,
        max_import: u32,
        max_export: u32,
    ) -> Result<()> {
        meter::set_power_limits(ctx, meter, max_import, max_export)
    }

    /// Stops taking a meter's readings until it is restored. `reason`: a code of the community's own
    /// list, not 0. By the authority, a verifier or an emergency participant.
    pub fn quarantine_meter(ctx: Context<QuarantineMeter>, meter: u32, reason: u16) -> Result<()> {
        meter::quarantine_meter(ctx, meter, reason)
    }

    /// Puts a quarantined meter back in service. `sequence`: the device's present one, not below the
    /// one used up. `import`, `export`: registers read now, Wh. The energy since the last reading
    /// counts in the next interval, unless a register is lower than before. By the authority or a
    /// verifier.
    pub fn restore_meter(
        ctx: Context<ManageMeter>,
        meter: u32,
        sequence: u64,
        import: u64,
        export: u64,
    ) -> Result<()> {
        meter::restore_meter(ctx, meter, sequence, import, export)
    }

    /// Takes a meter out of service for good. Energy it still carries is dropped. By the authority or a
    /// verifier.
    pub fn retire_meter(ctx: Context<ManageMeter>, meter: u32) -> Result<()> {
        meter::retire_meter(ctx, meter)
    }

    /// Takes 1 to 64 signed readings, each with a result of its own in the event ReadingsProcessed. By
    /// anyone; the devices' signatures are what counts.
    ///
    /// A reading at a boundary covers the interval that ends there: pass the account of that interval's
    /// slot.
    pub fn submit_readings(
        ctx: Context<SubmitReadings>,
        readings: Vec<SignedReading>,
    ) -> Result<()> {
        interval::submit_readings(ctx, readings)
    }

    /// Frees the slot of an open interval whose energy is settled. By the meter table's settlement key.
    pub fn release_interval(ctx: Context<ReleaseInterval>) -> Result<()> {
        interval::release_interval(ctx)
    }

    /// Frees the slot of an open interval that will not be settled; its energy counts in the meters' next
    /// ones. By the meter table's settlement key.
    pub fn return_interval(ctx: Context<ReturnInterval>) -> Result<()> {
        interval::return_interval(ctx)
    }

    /// Closes the account of a slot that is not open; the rent goes to the authority.
    pub fn close_interval(ctx: Context<CloseInterval>) -> Result<()> {
        interval::close_interval(ctx)
    }

    /// Closes a meter table without interval accounts and whose settlement account is gone; the rent
    /// goes to the authority.
    pub fn close_meter_table(ctx: Context<CloseMeterTable>) -> Result<()> {
        meter_table::close_meter_table(ctx)
    }
}
