use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, emit_numbered, Addressed};
use joulebook_layout::{oracle::MeterStatus, registry::Roles};

use crate::{
    authority::{check_owner, require_other},
    errors::OracleError,
    events::MeterRestored,
    state::{Community, MeterTable, MeterTableView, Participant},
};

#[accounts]
pub struct RestoreMeter<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the VERIFIER role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(constraint = access::permits(&community, &actor, &acting, Roles::VERIFIER)? @ OracleError::NotPermitted)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// The participant the meter belongs to, which does not act itself.
    #[account(constraint = owner.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub owner: AccountLoader<'info, Participant>,
}

pub fn restore_meter(ctx: Context<RestoreMeter>, meter: u32) -> Result<()> {
    let RestoreMeter {
        meter_table,
        owner,
        actor,
        ..
    } = &ctx.accounts;
    let owner = owner.load()?;
    require_other(&owner, actor)?;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let row = table.meter_in_use(meter)?;
    check_owner(&owner, row)?;
    require!(
        row.is(MeterStatus::Quarantined),
        OracleError::MeterNotQuarantined
    );
    require!(row.key_copied == 0, OracleError::KeyCopied);
    row.violations = 0;
    row.status = MeterStatus::Active as u8;
    let participant = row.participant;
    emit_numbered!(
        table.header,
        MeterRestored {
            meter_table: meter_table.key(),
            meter,
            participant,
            actor: actor.key(),
        }
    );
    Ok(())
}
