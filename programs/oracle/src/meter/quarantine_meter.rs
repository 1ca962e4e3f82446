use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, emit_numbered, Addressed};
use joulebook_layout::{
    oracle::limits::{REASON_KEY_COPIED, REASON_VIOLATIONS},
    registry::Roles,
};

use crate::{
    errors::OracleError,
    events::MeterQuarantined,
    state::{Community, MeterTable, MeterTableView, Participant},
};

const MAY_QUARANTINE: Roles = Roles::VERIFIER.union(Roles::EMERGENCY);

#[accounts]
pub struct QuarantineMeter<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the VERIFIER or the EMERGENCY role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(constraint = access::permits(&community, &actor, &acting, MAY_QUARANTINE)? @ OracleError::NotPermitted)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
}

pub fn quarantine_meter(ctx: Context<QuarantineMeter>, meter: u32, reason: u16) -> Result<()> {
    let is_own = [REASON_VIOLATIONS, REASON_KEY_COPIED].contains(&reason);
    require!(!is_own, OracleError::ReasonInvalid);
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let row = table.meter_that_signs(meter)?;
    require!(row.is_heard(), OracleError::MeterNotActive);
    row.silence();
    let participant = row.participant;
    emit_numbered!(
        table.header,
        MeterQuarantined {
            meter_table: meter_table.key(),
            meter,
            participant,
            reason,
            actor: Some(ctx.accounts.actor.key()),
        }
    );
    Ok(())
}
