use anchor_lang::prelude::*;
use joulebook_common::accounts;

use super::{contradiction::quarantine_copied, precompile::Check};
use crate::{errors::OracleError, state::MeterTable};

#[accounts]
pub struct ProveCheckedKeyCopied<'info> {
    #[account(mut)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// CHECK: by its address.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions: UncheckedAccount<'info>,
}

pub fn prove_checked_key_copied(ctx: Context<ProveCheckedKeyCopied>) -> Result<()> {
    let check = Check::before(&ctx.accounts.instructions)?;
    let messages = check.messages()?;
    let [first, second] = messages.as_slice() else {
        return Err(OracleError::NoContradiction.into());
    };
    quarantine_copied(
        &ctx.accounts.meter_table,
        |_| [first.message.to_vec(), second.message.to_vec()],
        |meter, _| first.is_of(meter) && second.is_of(meter),
    )
}
