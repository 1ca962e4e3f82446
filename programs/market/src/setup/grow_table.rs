use anchor_lang::prelude::*;
use joulebook_common::{accounts, grow};
use joulebook_layout::{account, market};

use crate::errors::MarketError;

#[accounts]
pub struct GrowTable<'info> {
    /// Pays the rent of what the table grows by.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: owner here, kind and length from the discriminator and header in the handler.
    #[account(mut, owner = crate::ID @ MarketError::NotATable)]
    pub table: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn grow_table(ctx: Context<GrowTable>) -> Result<()> {
    let table = ctx.accounts.table.to_account_info();
    let full_len = full_len(&table).ok_or(MarketError::NotATable)?;
    grow(
        &table,
        &ctx.accounts.payer.to_account_info(),
        &ctx.accounts.system_program.to_account_info(),
        full_len,
    )
}

/// The length the table's header asks for; `None` if it is not a table of this program.
fn full_len(table: &AccountInfo) -> Option<usize> {
    let data = table.try_borrow_data().ok()?;
    account::asked_len::<market::Ledger>(&data)
        .or_else(|| account::asked_len::<market::History>(&data))
        .or_else(|| account::asked_len::<market::StandingOrders>(&data))
        .or_else(|| {
            let book = account::read_header::<market::Book>(&data)?;
            Some(market::Book::full_len(
                book.nodes,
                book.ticks,
                book.seats,
                book.orders,
            ))
        })
        .or_else(|| {
            let page = account::read_header::<market::Page>(&data)?;
            Some(market::Page::full_len(page.windows, page.seats))
        })
}
