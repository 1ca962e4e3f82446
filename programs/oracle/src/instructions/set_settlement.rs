use anchor_lang::prelude::*;
use registry::state::Community;

use super::rules::check_settlement_gone;
use crate::{errors::OracleError, events::SettlementSet, state::MeterTable};

#[derive(Accounts)]
pub struct SetSettlement<'info> {
    #[account(has_one = authority @ OracleError::AuthorityOnly)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        has_one = community @ OracleError::WrongCommunity,
        has_one = settlement @ OracleError::WrongSettlement,
    )]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// CHECK: the present settlement key, as the meter table names it, all zero included; it is only
    /// looked at whether an account is there.
    pub settlement: UncheckedAccount<'info>,
    pub authority: Signer<'info>,
}

pub fn set_settlement(ctx: Context<SetSettlement>, new_settlement: Pubkey) -> Result<()> {
    check_settlement_gone(&ctx.accounts.settlement)?;
    ctx.accounts.meter_table.load_mut()?.settlement = new_settlement;
    emit!(SettlementSet {
        meter_table: ctx.accounts.meter_table.key(),
        previous: ctx.accounts.settlement.key(),
        settlement: new_settlement,
    });
    Ok(())
}
