use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, stored::pubkey, Addressed};
use joulebook_layout::{oracle::IntervalPage, Address};

use crate::{errors::OracleError, events::SettlementSet, state::MeterTable};

#[accounts]
pub struct ReleaseSettlement<'info> {
    /// The meter table's settlement key: the market, signing for itself.
    pub settlement: Signer<'info>,
    #[account(mut, constraint = meter_table.load()?.settlement == settlement.address() @ OracleError::WrongSettlement)]
    pub meter_table: AccountLoader<'info, MeterTable>,
}

pub fn release_settlement(ctx: Context<ReleaseSettlement>) -> Result<()> {
    let mut table = ctx.accounts.meter_table.load_mut()?;
    table.settlement = Address::NOBODY;
    table.settled_from = IntervalPage::NEVER;
    emit_numbered!(
        &mut table,
        SettlementSet {
            meter_table: ctx.accounts.meter_table.key(),
            previous: ctx.accounts.settlement.key(),
            settlement: pubkey(Address::NOBODY),
        }
    );
    Ok(())
}
