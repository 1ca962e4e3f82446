use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, emit_numbered, Addressed};
use joulebook_layout::{oracle::MeterStatus, registry::Roles};
use joulebook_metering::register::Offsets;

use super::{
    details::{check_device, device_registers},
    final_registers::{final_registers, FinalRegisters},
    unique::check_unique,
};
use crate::{
    authority::{check_owner, require_two},
    clock::{last_boundary, now},
    errors::OracleError,
    events::DeviceChanged,
    state::{Community, MeterTable, MeterTableView, Participant},
};

#[accounts]
pub struct ChangeDevice<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the VERIFIER role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(constraint = access::permits(&community, &actor, &acting, Roles::VERIFIER)? @ OracleError::NotPermitted)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// The participant the meter belongs to.
    #[account(constraint = owner.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub owner: AccountLoader<'info, Participant>,
    #[account(constraint = owner.load()?.wallet == owner_wallet.address() @ OracleError::OwnerMustSign)]
    pub owner_wallet: Signer<'info>,
}

pub fn change_device(
    ctx: Context<ChangeDevice>,
    meter: u32,
    device: [u8; 32],
    key_kind: u8,
    last: FinalRegisters,
    import: u64,
    export: u64,
) -> Result<()> {
    let ChangeDevice {
        meter_table,
        owner,
        owner_wallet,
        actor,
        ..
    } = &ctx.accounts;
    require_two(actor, owner_wallet)?;
    check_device(&device, key_kind)?;
    let initial = device_registers(import, export)?;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let now = now()?;
    let boundary = last_boundary(now, table.header.interval_length())?.0;
    // Not the same one either: its sequences begin anew, and what it signed before would count again.
    check_unique(&table, &device)?;
    let row = table.meter_in_use(meter)?;
    check_owner(&*owner.load()?, row)?;
    let counted = final_registers(row, last.import, last.export, now)?;
    let offsets = Offsets::between(&initial, &counted);

    row.device = device;
    row.key_kind = key_kind;
    row.import_offset = offsets.import;
    row.export_offset = offsets.export;
    // At no boundary: the row stays at the last one that was read, and the next reading is of both devices. Each page then makes
    // the same of it, whether it has heard of that one or not.
    row.device_import = counted.import.0;
    row.device_export = counted.export.0;
    // What either device has signed before says nothing of this one: no violation, no proof.
    row.device_from = row.boundary.max(boundary);
    row.sequence = 0;
    row.punished = 0;
    row.violations = 0;
    row.key_copied = 0;
    row.status = MeterStatus::Active as u8;
    let row = *row;
    emit_numbered!(
        table.header,
        DeviceChanged {
            meter_table: meter_table.key(),
            meter,
            participant: row.participant,
            device,
            key_kind,
            import: counted.import.0,
            export: counted.export.0,
            actor: actor.key(),
        }
    );
    Ok(())
}
