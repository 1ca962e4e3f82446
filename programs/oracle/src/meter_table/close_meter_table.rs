use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::authority::check_settlement_gone;
use crate::{
    errors::OracleError,
    state::{Community, MeterTable},
};

#[accounts]
pub struct CloseMeterTable<'info> {
    /// Gets the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(constraint = community.load()?.authority == authority.address() @ OracleError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        close = authority,
        constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity,
        constraint = meter_table.load()?.settlement == settlement.address() @ OracleError::WrongSettlement,
    )]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// CHECK: the settlement key that the meter table names, all zero included; it is only looked at
    /// whether an account is there.
    pub settlement: UncheckedAccount<'info>,
}

pub fn close_meter_table(ctx: Context<CloseMeterTable>) -> Result<()> {
    check_settlement_gone(&ctx.accounts.settlement)?;
    require!(
        ctx.accounts.meter_table.load()?.pages == 0,
        OracleError::MeterTableInUse
    );
    Ok(())
}
