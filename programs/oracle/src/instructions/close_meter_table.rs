use anchor_lang::prelude::*;
use registry::state::Community;

use super::rules::check_settlement_gone;
use crate::{errors::OracleError, state::MeterTable};

#[derive(Accounts)]
pub struct CloseMeterTable<'info> {
    #[account(has_one = authority @ OracleError::AuthorityOnly)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        close = authority,
        has_one = community @ OracleError::WrongCommunity,
        has_one = settlement @ OracleError::WrongSettlement,
    )]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// CHECK: the settlement key that the meter table names, all zero included; it is only looked at
    /// whether an account is there.
    pub settlement: UncheckedAccount<'info>,
    /// Gets the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
}

pub fn close_meter_table(ctx: Context<CloseMeterTable>) -> Result<()> {
    check_settlement_gone(&ctx.accounts.settlement)?;
    require!(
        ctx.accounts.meter_table.load()?.intervals == 0,
        OracleError::IntervalsExist
    );
    Ok(())
}
