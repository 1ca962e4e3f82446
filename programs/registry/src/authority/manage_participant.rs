use anchor_lang::prelude::*;
use joulebook_common::{access, Addressed};
use joulebook_layout::registry::Roles;

use crate::{
    errors::RegistryError,
    state::{Community, Participant},
};

/// What the authority or an operator changes in a participant.
#[derive(Accounts)]
pub struct ManageParticipant<'info> {
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = participant.load()?.community == community.address() @ RegistryError::WrongCommunity)]
    pub participant: AccountLoader<'info, Participant>,
    pub actor: Signer<'info>,
    /// The actor's own record, with the OPERATOR role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
}

impl ManageParticipant<'_> {
    /// # Errors
    /// [`RegistryError`] if the actor may not change this participant.
    pub fn authorize(&self) -> Result<()> {
        authorize(
            &self.community,
            &self.participant,
            &self.actor,
            &self.acting,
        )
    }

    pub fn actor_is_authority(&self) -> Result<bool> {
        Ok(self.community.load()?.authority == self.actor.address())
    }
}

/// # Errors
/// [`RegistryError`] unless the actor is the authority, or an operator and the participant has no
/// role that is the authority's to grant.
pub fn authorize(
    community: &AccountLoader<Community>,
    participant: &AccountLoader<Participant>,
    actor: &Signer,
    acting: &Option<AccountLoader<Participant>>,
) -> Result<()> {
    require!(
        access::permits(community, actor, acting, Roles::OPERATOR)?,
        RegistryError::NotPermitted
    );
    let by_authority = community.load()?.authority == actor.address();
    require!(
        by_authority || !participant.load()?.is_privileged(),
        RegistryError::PrivilegedRoles
    );
    Ok(())
}

/// # Errors
/// [`RegistryError`] if `roles` are none or unknown, or one is the authority's to grant and
/// `by_authority` is false.
pub fn check_grant(roles: Roles, by_authority: bool) -> Result<()> {
    require!(roles.is_valid(), RegistryError::RolesInvalid);
    require!(
        by_authority || !roles.intersects(Roles::PRIVILEGED),
        RegistryError::PrivilegedRoles
    );
    Ok(())
}
