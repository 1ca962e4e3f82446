use anchor_lang::{
    prelude::*,
    system_program::{transfer, Transfer},
};

/// What the runtime lets an account grow by in one instruction.
pub const MAX_GROWTH: usize = 10_240;

/// The length a table of `full_len` bytes is created with.
pub fn first_len(full_len: usize) -> usize {
    full_len.min(MAX_GROWTH)
}

/// Takes a table one step towards `full_len`; the payer brings the rent for what it has become. Does
/// nothing once it is there.
///
/// # Errors
/// Those of the transfer and of the resize.
pub fn grow<'info>(
    table: &AccountInfo<'info>,
    payer: &AccountInfo<'info>,
    system_program: &AccountInfo<'info>,
    full_len: usize,
) -> Result<()> {
    let len = table.data_len();
    if len >= full_len {
        return Ok(());
    }
    let next = full_len.min(len.saturating_add(MAX_GROWTH));
    let missing = Rent::get()?
        .minimum_balance(next)
        .saturating_sub(table.lamports());
    if missing > 0 {
        let accounts = Transfer {
            from: payer.clone(),
            to: table.clone(),
        };
        transfer(CpiContext::new(*system_program.key, accounts), missing)?;
    }
    table.resize(next)?;
    Ok(())
}
