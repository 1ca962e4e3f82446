use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::RegistryError,
    state::{Participant, Preferences},
};

#[accounts]
pub struct SetPreferences<'info> {
    pub wallet: Signer<'info>,
    #[account(mut, constraint = participant.load()?.wallet == wallet.address() @ RegistryError::WrongWallet)]
    pub participant: AccountLoader<'info, Participant>,
}

pub fn set_preferences(ctx: Context<SetPreferences>, preferences: Preferences) -> Result<()> {
    ctx.accounts.participant.load_mut()?.preferences = preferences.sanitized();
    Ok(())
}
