//! Who acts, for this program and those that build on it.

use anchor_lang::prelude::*;

use crate::state::{Community, Participant, Roles};

/// Whether `actor`, who has signed, is the community's authority or its active participant `acting`
/// with one of `roles`.
///
/// # Errors
/// Those of loading the accounts.
pub fn permits(
    community: &AccountLoader<Community>,
    actor: &Signer,
    acting: &Option<AccountLoader<Participant>>,
    roles: Roles,
) -> Result<bool> {
    let address = community.key();
    let community = community.load()?;
    let acting = acting.as_ref().map(AccountLoader::load).transpose()?;
    Ok(community.permits(&address, actor.key, acting.as_deref(), roles))
}
