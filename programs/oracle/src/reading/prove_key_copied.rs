use anchor_lang::prelude::*;
use joulebook_common::accounts;

use super::{contradiction::quarantine_copied, signature::is_signed, SignedMessage};
use crate::state::MeterTable;

#[accounts]
pub struct ProveKeyCopied<'info> {
    #[account(mut)]
    pub meter_table: AccountLoader<'info, MeterTable>,
}

pub fn prove_key_copied(
    ctx: Context<ProveKeyCopied>,
    first: SignedMessage,
    second: SignedMessage,
) -> Result<()> {
    quarantine_copied(
        &ctx.accounts.meter_table,
        |binding| Ok((first.message(binding), second.message(binding))),
        |meter, messages| {
            is_signed(meter, first.signature(), &[&messages.0])
                && is_signed(meter, second.signature(), &[&messages.1])
        },
    )
}
