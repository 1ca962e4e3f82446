use anchor_lang::prelude::*;

use crate::{
    errors::RegistryError,
    state::{Participant, Preferences},
};

#[derive(Accounts)]
pub struct SetPreferences<'info> {
    #[account(mut, has_one = wallet @ RegistryError::WrongWallet)]
    pub participant: AccountLoader<'info, Participant>,
    pub wallet: Signer<'info>,
}

pub fn set_preferences(ctx: Context<SetPreferences>, preferences: Preferences) -> Result<()> {
    ctx.accounts.participant.load_mut()?.preferences = preferences.sanitized();
    Ok(())
}
