use anchor_lang::prelude::*;
use joulebook_common::{accounts, grow};
use joulebook_layout::{
    account,
    oracle::{IntervalPage, MeterTable},
};

use crate::errors::OracleError;

#[accounts]
pub struct GrowTable<'info> {
    /// Pays the rent of what is added.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: a meter table or an interval page, told apart by its discriminator.
    #[account(mut, owner = crate::ID @ OracleError::NotATable)]
    pub table: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn grow_table(ctx: Context<GrowTable>) -> Result<()> {
    let GrowTable {
        table,
        payer,
        system_program,
    } = &ctx.accounts;
    let full_len = asked_len(&table.try_borrow_data()?).ok_or(OracleError::NotATable)?;
    grow(table, payer, system_program, full_len)
}

/// The length that the header in `data` asks for.
fn asked_len(data: &[u8]) -> Option<usize> {
    let page_len = |page: IntervalPage| IntervalPage::full_len(page.capacity, page.intervals);
    account::asked_len::<MeterTable>(data).or_else(|| IntervalPage::from_bytes(data).map(page_len))
}
