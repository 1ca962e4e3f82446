use std::cell::RefMut;

use anchor_lang::{error::ErrorCode, prelude::*, Discriminator};

/// The data of a table of this program, to be changed: checks owner and kind, once.
///
/// What an `AccountLoader` does, without its second look at the account when the instruction ends: that
/// would be a tenth of what placing an order costs.
///
/// # Errors
/// The framework's, as an `AccountLoader` gives them.
#[inline(always)]
pub fn borrow_table<'a, 'info, T: Discriminator>(
    account: &'a UncheckedAccount<'info>,
) -> Result<RefMut<'a, &'info mut [u8]>> {
    let info = account.as_ref();
    require!(
        *info.owner == crate::ID,
        ErrorCode::AccountOwnedByWrongProgram
    );
    require!(info.is_writable, ErrorCode::AccountNotMutable);
    let data = info.try_borrow_mut_data()?;
    require!(
        data.starts_with(T::DISCRIMINATOR),
        ErrorCode::AccountDiscriminatorMismatch
    );
    Ok(data)
}
