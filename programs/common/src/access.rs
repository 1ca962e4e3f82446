//! Who acts: a community's authority, or a participant with a role.

use anchor_lang::prelude::*;
use joulebook_layout::{
    registry::{self, Roles},
    Address,
};

use crate::{Addressed, Stored};

type Community = Stored<registry::Community>;
type Participant = Stored<registry::Participant>;

/// Whether `actor`, who has signed, is the community's authority or its active participant `acting` with one of
/// `roles`.
///
/// # Errors
/// Those of loading the accounts.
pub fn permits(
    community: &AccountLoader<Community>,
    actor: &Signer,
    acting: &Option<AccountLoader<Participant>>,
    roles: Roles,
) -> Result<bool> {
    let acting = acting.as_ref().map(AccountLoader::load).transpose()?;
    let signer = actor.address();
    Ok(community.load()?.authority == signer
        || acting.is_some_and(|acting| bears(&acting, community.address(), signer, roles)))
}

/// Whether a participant is of this community, active, the signer's own, and bears one of `roles`.
fn bears(
    participant: &registry::Participant,
    community: Address,
    signer: Address,
    roles: Roles,
) -> bool {
    participant.community == community
        && participant.wallet == signer
        && participant.is_active()
        && participant.roles().intersects(roles)
}
