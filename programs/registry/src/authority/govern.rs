use anchor_lang::prelude::*;
use joulebook_common::Addressed;

use crate::{errors::RegistryError, state::Community};

/// What the authority alone changes in its community.
#[derive(Accounts)]
pub struct Govern<'info> {
    #[account(mut, constraint = community.load()?.authority == authority.address() @ RegistryError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    pub authority: Signer<'info>,
}
