use anchor_lang::{prelude::*, Discriminator};
use joulebook_tables::{grow, Carver};

use crate::{
    errors::MarketError,
    state::{History, Ledger, Window},
};

#[derive(Accounts)]
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
    let mut data = table.try_borrow_mut_data().ok()?;
    let discriminator = data.get(..8)?.to_vec();
    let mut carver = Carver::new(&mut data)?;
    match discriminator.as_slice() {
        Ledger::DISCRIMINATOR => Some(Ledger::full_len(carver.header::<Ledger>()?.capacity)),
        History::DISCRIMINATOR => Some(History::full_len(carver.header::<History>()?.capacity)),
        Window::DISCRIMINATOR => {
            let window = carver.header::<Window>()?;
            let Window {
                nodes,
                ticks,
                seats,
                orders,
                ..
            } = *window;
            Some(Window::len(nodes, ticks, seats, orders))
        }
        _ => None,
    }
}
