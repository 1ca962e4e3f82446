use anchor_lang::prelude::*;
use joulebook_common::Addressed;

use crate::{
    errors::RegistryError,
    state::{Participant, Preferences},
};

#[derive(Accounts)]
pub struct SetPreferences<'info> {
    #[account(mut, constraint = participant.load()?.wallet == wallet.address() @ RegistryError::WrongWallet)]
    pub participant: AccountLoader<'info, Participant>,
    pub wallet: Signer<'info>,
}

pub fn set_preferences(ctx: Context<SetPreferences>, preferences: Preferences) -> Result<()> {
    ctx.accounts.participant.load_mut()?.preferences = preferences.sanitized();
    Ok(())
}
