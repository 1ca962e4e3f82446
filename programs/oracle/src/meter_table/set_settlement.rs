use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_layout::oracle::IntervalPage;

use crate::authority::{check_settlement_gone, is_market_of};
use crate::{
    errors::OracleError,
    events::SettlementSet,
    state::{Community, MeterTable},
};

#[accounts]
pub struct SetSettlement<'info> {
    pub authority: Signer<'info>,
    #[account(constraint = community.load()?.authority == authority.address() @ OracleError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity,
        constraint = meter_table.load()?.settlement == settlement.address() @ OracleError::WrongSettlement,
    )]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// CHECK: the present settlement key, as the meter table names it, all zero included; it is only
    /// looked at whether an account is there.
    pub settlement: UncheckedAccount<'info>,
}

pub fn set_settlement(ctx: Context<SetSettlement>, new_settlement: Pubkey) -> Result<()> {
    let mut table = ctx.accounts.meter_table.load_mut()?;
    // Where it has opened no page and is no market of this table, it is one that never signs.
    let settlement = &ctx.accounts.settlement;
    let has_settled = table.settled_from != IntervalPage::NEVER;
    if has_settled || is_market_of(settlement, ctx.accounts.meter_table.address())? {
        check_settlement_gone(settlement)?;
    }
    table.settlement = new_settlement.address();
    table.settled_from = IntervalPage::NEVER;
    emit_numbered!(
        &mut table,
        SettlementSet {
            meter_table: ctx.accounts.meter_table.key(),
            previous: ctx.accounts.settlement.key(),
            settlement: new_settlement,
        }
    );
    Ok(())
}
