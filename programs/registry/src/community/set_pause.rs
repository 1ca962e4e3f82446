use anchor_lang::prelude::*;
use joulebook_common::{access, Addressed};
use joulebook_layout::registry::{Pause, Roles};

use crate::{
    errors::RegistryError,
    events::PauseChanged,
    state::{Community, Participant},
};

#[derive(Accounts)]
pub struct SetPause<'info> {
    #[account(mut)]
    pub community: AccountLoader<'info, Community>,
    pub actor: Signer<'info>,
    /// The actor's own record, with the EMERGENCY role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
}

pub fn set_pause(ctx: Context<SetPause>, paused: u8) -> Result<()> {
    let SetPause {
        community,
        actor,
        acting,
    } = &ctx.accounts;
    require!(Pause(paused).is_known(), RegistryError::PauseInvalid);
    require!(
        access::permits(community, actor, acting, Roles::EMERGENCY)?,
        RegistryError::NotPermitted
    );
    let mut record = community.load_mut()?;
    require!(
        record.authority == actor.address() || record.paused & !paused == 0,
        RegistryError::EmergencyMayOnlyPause
    );
    record.paused = paused;
    emit!(PauseChanged {
        community: community.key(),
        actor: actor.key(),
        paused,
    });
    Ok(())
}
