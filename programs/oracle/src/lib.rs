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
mod clock;
pub mod errors;
pub mod events;
mod meter;
mod meter_table;
mod page;
mod reading;
pub mod state;

use authority::*;
use meter::*;
use meter_table::*;
use page::*;
use reading::*;

declare_id!(joulebook_common::stored::pubkey(
    joulebook_layout::programs::ORACLE
));
joulebook_common::how_to_report!("Joulebook oracle");

#[program]
pub mod oracle {
    use super::*;

    /// Creates the community's meter table, of at most 10,240 bytes at first: call grow_table until it
    /// has its full length. By the community's authority, who pays. What its meters sign names program,
    /// cluster and table: clients compare `params.cluster` with the chain's genesis hash.
    pub fn create_meter_table(
        ctx: Context<CreateMeterTable>,
        params: MeterTableParams,
    ) -> Result<()> {
        meter_table::create_meter_table(ctx, params)
    }

    /// Grows a meter table or a page by up to 10,240 bytes towards its full length; does nothing once it
    /// is there. By anyone, who pays.
    pub fn grow_table(ctx: Context<GrowTable>) -> Result<()> {
        meter_table::grow_table(ctx)
    }

    /// Names the key whose signature opens pages, the market; all zero for none. Energy is settled from
    /// the next page on that is opened under it. By the authority, while none is set or the account at
    /// the present key is gone.
    pub fn set_settlement(ctx: Context<SetSettlement>, new_settlement: Pubkey) -> Result<()> {
        meter_table::set_settlement(ctx, new_settlement)
    }

    /// Lets another market settle the meters. By the settlement key, which gives itself up.
    pub fn release_settlement(ctx: Context<ReleaseSettlement>) -> Result<()> {
        meter_table::release_settlement(ctx)
    }

    /// Creates the account of one slot of the page ring, of at most 10,240 bytes at first: call
    /// grow_table until it has its full length. By the authority, who pays.
    pub fn create_page(ctx: Context<CreatePage>, slot: u16) -> Result<()> {
        page::create_page(ctx, slot)
    }

    /// Opens the next page in its slot, (start / (interval_seconds * page_intervals)) mod ring. By the
    /// meter table's settlement key; while none is set, by anyone, from the page's start on.
    ///
    /// Pages come one after the other. The first is the one that holds the present; those whose
    /// correction time is over before they are opened are left out. The page that the slot holds must be
    /// finished.
    pub fn open_page(ctx: Context<OpenPage>) -> Result<()> {
        page::open_page(ctx)
    }

    /// Registers a meter of an active participant, who signs, too. Its row is that of a retired meter
    /// whose last page has left the ring, else the next; its number, which no other meter ever has, is
    /// generation * 2^16 + row. Energy counts from the start of the next page. By the authority or a
    /// verifier.
    pub fn register_meter(ctx: Context<RegisterMeter>, details: MeterDetails) -> Result<()> {
        meter::register_meter(ctx, details)
    }

    /// Sets the most that a meter's connection can carry each way from the next page on, W. By the
    /// authority or a verifier, and the owner if one changes; once pages of before the last change take no
    /// more corrections.
    pub fn set_power_limits(
        ctx: Context<ManageOwnedMeter>,
        meter: u32,
        max_import: u32,
        max_export: u32,
    ) -> Result<()> {
        meter::set_power_limits(ctx, meter, max_import, max_export)
    }

    /// Sets what is charged for an interval of a meter that has been silent for long, Wh. A higher one by
    /// the authority or a verifier, and the owner; a lower one by the authority. Not by the owner itself.
    pub fn set_standard_draw(
        ctx: Context<ManageOwnedMeter>,
        meter: u32,
        standard_draw: u32,
    ) -> Result<()> {
        meter::set_standard_draw(ctx, meter, standard_draw)
    }

    /// Stops taking a meter's readings until it is restored. `reason`: a code of the community's own
    /// list, not 0 or 65535. By the authority, a verifier or an emergency participant.
    pub fn quarantine_meter(ctx: Context<QuarantineMeter>, meter: u32, reason: u16) -> Result<()> {
        meter::quarantine_meter(ctx, meter, reason)
    }

    /// Takes a quarantined meter's readings again, and forgets its violations; not while its device's key
    /// is proven copied. By the authority or a verifier that is not the owner.
    pub fn restore_meter(ctx: Context<ManageOwnedMeter>, meter: u32) -> Result<()> {
        meter::restore_meter(ctx, meter)
    }

    /// Gives a meter another device, which goes on where the old one stopped. `last`: what the
    /// old device shows now. `import`, `export`: what the new one does, Wh. Its
    /// readings count after the present boundary. By the authority or a verifier, and the owner.
    pub fn change_device(
        ctx: Context<ChangeDevice>,
        meter: u32,
        device: [u8; 32],
        key_kind: u8,
        last: FinalRegisters,
        import: u64,
        export: u64,
    ) -> Result<()> {
        meter::change_device(ctx, meter, device, key_kind, last, import, export)
    }

    /// Takes a meter out of service for good, from the start of the next page on. `registers`: what
    /// the device shows now, which ends a silence. Readings of before are taken until their pages
    /// close, unless it was quarantined. By the authority or a verifier, and the owner; by the authority
    /// alone without `registers`: then nothing is known but what the device has signed. Not by the owner
    /// itself.
    pub fn retire_meter(
        ctx: Context<ManageOwnedMeter>,
        meter: u32,
        registers: Option<FinalRegisters>,
    ) -> Result<()> {
        meter::retire_meter(ctx, meter, registers)
    }

    /// Takes 1 to 64 signed readings into the page that holds their boundaries, each with a result of its
    /// own in the event ReadingsProcessed, in any order and as often as they come. By anyone; the
    /// devices' signatures are what counts.
    ///
    /// A boundary between two pages belongs to both.
    pub fn submit_readings(
        ctx: Context<SubmitReadings>,
        readings: Vec<SignedReading>,
    ) -> Result<()> {
        reading::submit_readings(ctx, readings)
    }

    /// Takes load profiles into a page: registers at the last of consecutive boundaries, and the energy of
    /// each interval before it, under one signature. A profile counts as the readings at all of its
    /// boundaries, or not at all; each has its own result, in the event `ReadingsProcessed`. By anyone.
    ///
    /// Of a profile that ends or begins at a boundary between two pages, the page beside its own takes that
    /// boundary, as a reading.
    pub fn submit_profiles(
        ctx: Context<SubmitReadings>,
        profiles: Vec<SignedProfile>,
    ) -> Result<()> {
        reading::submit_profiles(ctx, profiles)
    }

    /// The same of meters whose key is of P-256: all that the secp256r1 precompile has checked in the
    /// instruction before this one, where signatures, keys and messages stand. A message is that of a
    /// profile, and its packed energies.
    pub fn submit_checked_profiles(ctx: Context<SubmitCheckedProfiles>) -> Result<()> {
        reading::submit_checked_profiles(ctx)
    }

    /// Quarantines a meter whose device's key is proven copied: by two messages that the key has signed,
    /// with the same sequence and different contents, after it was recorded. Only another device ends it.
    /// By anyone; does nothing if it was proven before.
    pub fn prove_key_copied(
        ctx: Context<ProveKeyCopied>,
        first: SignedMessage,
        second: SignedMessage,
    ) -> Result<()> {
        reading::prove_key_copied(ctx, first, second)
    }

    /// The same where the key is of P-256: by the two messages that the secp256r1 precompile has checked
    /// in the instruction before this one.
    pub fn prove_checked_key_copied(ctx: Context<ProveCheckedKeyCopied>) -> Result<()> {
        reading::prove_checked_key_copied(ctx)
    }

    /// Sets the energy of consecutive intervals of a meter, from the one with index `first` on, whatever
    /// is known of them; from the page's readings_until to its corrections_until. `reason`: a code of
    /// the community's own list. By the authority or a verifier; the owner signs, too, if an interval was
    /// measured.
    pub fn replace_values(
        ctx: Context<ReplaceValues>,
        meter: u32,
        first: u16,
        values: Vec<ReplacedValue>,
        reason: u16,
    ) -> Result<()> {
        page::replace_values(ctx, meter, first, values, reason)
    }

    /// Works out what a page leaves over of the next `limit` meters, from its corrections_until on, page
    /// after page; does nothing once the page is finished. By anyone.
    pub fn finish_page(ctx: Context<FinishPage>, limit: u16) -> Result<()> {
        page::finish_page(ctx, limit)
    }

    /// Closes the account of a slot whose page is finished, once the settlement account is gone; the rent
    /// goes to the authority.
    pub fn close_page(ctx: Context<ClosePage>) -> Result<()> {
        page::close_page(ctx)
    }

    /// Closes a meter table without page accounts and whose settlement account is gone; the rent goes to
    /// the authority.
    pub fn close_meter_table(ctx: Context<CloseMeterTable>) -> Result<()> {
        meter_table::close_meter_table(ctx)
    }
}
