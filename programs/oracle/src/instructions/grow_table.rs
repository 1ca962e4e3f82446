use anchor_lang::{prelude::*, Discriminator};
use joulebook_tables::{grow, DISCRIMINATOR_LEN};

use crate::{
    errors::OracleError,
    state::{Interval, MeterTable},
};

#[derive(Accounts)]
pub struct GrowTable<'info> {
    /// CHECK: a meter table or an interval, told apart by its discriminator.
    #[account(mut, owner = crate::ID @ OracleError::NotATable)]
    pub table: UncheckedAccount<'info>,
    /// Pays the rent of what is added.
    #[account(mut)]
    pub payer: Signer<'info>,
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
    let (discriminator, rest) = data.split_at_checked(DISCRIMINATOR_LEN)?;
    if discriminator == MeterTable::DISCRIMINATOR {
        let header = rest.get(..size_of::<MeterTable>())?;
        let table: &MeterTable = bytemuck::try_from_bytes(header).ok()?;
        return Some(MeterTable::full_len(table.capacity));
    }
    if discriminator == Interval::DISCRIMINATOR {
        let header = rest.get(..size_of::<Interval>())?;
        let interval: &Interval = bytemuck::try_from_bytes(header).ok()?;
        return Some(Interval::full_len(interval.capacity));
    }
    None
}
