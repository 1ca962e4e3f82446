use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, emit_numbered, Addressed};
use joulebook_layout::registry::{Pause, Roles};

use crate::{
    errors::RegistryError,
    events::PauseChanged,
    state::{Community, Participant},
};

#[accounts]
pub struct SetPause<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the EMERGENCY role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(
        mut,
        constraint = access::permits(&community, &actor, &acting, Roles::EMERGENCY)? @ RegistryError::NotPermitted,
    )]
    pub community: AccountLoader<'info, Community>,
}

/// Pauses and lifts what it names, and no more: a pause that somebody else sets meanwhile stays.
pub fn set_pause(ctx: Context<SetPause>, pause: u8, lift: u8) -> Result<()> {
    let actor = &ctx.accounts.actor;
    let are_known = Pause(pause).is_known() && Pause(lift).is_known();
    require!(are_known && pause & lift == 0, RegistryError::PauseInvalid);
    let mut community = ctx.accounts.community.load_mut()?;
    require!(
        community.authority == actor.address() || community.paused & lift == 0,
        RegistryError::EmergencyMayOnlyPause
    );
    let paused = community.paused & !lift | pause;
    community.paused = paused;
    emit_numbered!(
        &mut community,
        PauseChanged {
            community: ctx.accounts.community.key(),
            actor: actor.key(),
            paused,
        }
    );
    Ok(())
}
