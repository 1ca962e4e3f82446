use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, Addressed};
use joulebook_layout::registry::Roles;

use crate::{
    errors::RegistryError,
    state::{Community, Participant},
};

/// What the authority or an operator changes in a participant.
#[accounts]
pub struct ManageParticipant<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the OPERATOR role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(
        mut,
        constraint = access::permits(&community, &actor, &acting, Roles::OPERATOR)? @ RegistryError::NotPermitted,
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        constraint = participant.load()?.community == community.address() @ RegistryError::WrongCommunity,
        constraint = may_change(&community, &actor, &participant)? @ RegistryError::PrivilegedRoles,
    )]
    pub participant: AccountLoader<'info, Participant>,
}

impl ManageParticipant<'_> {
    pub fn actor_is_authority(&self) -> Result<bool> {
        Ok(self.community.load()?.authority == self.actor.address())
    }
}

/// Whether the actor may change this participant: one with roles that are the authority's to grant is the authority's
/// alone.
///
/// # Errors
/// Those of loading the accounts.
pub fn may_change(
    community: &AccountLoader<Community>,
    actor: &Signer,
    participant: &AccountLoader<Participant>,
) -> Result<bool> {
    let by_authority = community.load()?.authority == actor.address();
    Ok(by_authority || !participant.load()?.is_privileged())
}

/// # Errors
/// [`RegistryError`] if `roles` are none, unknown, or emergency beside one that trades.
pub fn check_roles(roles: Roles) -> Result<()> {
    require!(roles.is_valid(), RegistryError::RolesInvalid);
    // Whoever trades could otherwise pause the trade at a moment of its choice.
    require!(
        !roles.mixes_emergency_and_trade(),
        RegistryError::EmergencyCannotTrade
    );
    Ok(())
}

/// # Errors
/// Those of [`check_roles`], and [`RegistryError::PrivilegedRoles`] if one is the authority's to grant and
/// `by_authority` is false.
pub fn check_grant(roles: Roles, by_authority: bool) -> Result<()> {
    check_roles(roles)?;
    require!(
        by_authority || !roles.intersects(Roles::PRIVILEGED),
        RegistryError::PrivilegedRoles
    );
    Ok(())
}
