use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{errors::RegistryError, state::Community};

/// What the authority alone changes in its community.
#[accounts]
pub struct Govern<'info> {
    pub authority: Signer<'info>,
    #[account(mut, constraint = community.load()?.authority == authority.address() @ RegistryError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
}
