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
        |binding| [first.message(binding), second.message(binding)],
        |meter, [one, other]| {
            is_signed(meter, first.signature(), &[one])
                && is_signed(meter, second.signature(), &[other])
        },
    )
}
