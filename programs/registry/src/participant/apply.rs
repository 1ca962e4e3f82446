use anchor_lang::prelude::*;
use joulebook_common::{accounts, stored::pubkey, Addressed};
use joulebook_layout::registry::{limits::NO_INDEX, seeds, ParticipantStatus, Pause, Roles};

use crate::{
    errors::RegistryError,
    events::ParticipantApplied,
    state::{Community, Participant, Preferences},
};

#[accounts]
pub struct Apply<'info> {
    /// Pays the rent, which comes back when the participant is closed.
    #[account(mut)]
    pub wallet: Signer<'info>,
    #[account(mut)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        init,
        payer = wallet,
        space = Participant::LEN,
        seeds = [seeds::PARTICIPANT, community.key().as_ref(), wallet.key().as_ref()],
        bump,
    )]
    pub participant: AccountLoader<'info, Participant>,
    pub system_program: Program<'info, System>,
}

pub fn apply(
    ctx: Context<Apply>,
    roles: u16,
    zone: u8,
    balancing_group: u16,
    identity_hash: [u8; 32],
    preferences: Preferences,
) -> Result<()> {
    let mut community = ctx.accounts.community.load_mut()?;
    require!(
        !community.is_paused(Pause::REGISTRATION),
        RegistryError::RegistrationPaused
    );
    require!(Roles(roles).is_valid(), RegistryError::RolesInvalid);
    require!(zone < community.zone_count, RegistryError::NoSuchZone);
    community.participants = community
        .participants
        .checked_add(1)
        .ok_or(RegistryError::Overflow)?;

    let now = Clock::get()?.unix_timestamp;
    let mut participant = ctx.accounts.participant.load_init()?;
    participant.community = ctx.accounts.community.address();
    participant.wallet = ctx.accounts.wallet.address();
    participant.identity_hash = identity_hash;
    participant.applied_at = now;
    participant.changed_at = now;
    participant.preferences = preferences.sanitized();
    participant.index = NO_INDEX;
    participant.roles = roles;
    participant.balancing_group = balancing_group;
    participant.status = ParticipantStatus::Applied as u8;
    participant.zone = zone;
    participant.version = Participant::VERSION;
    participant.bump = ctx.bumps.participant;
    emit!(ParticipantApplied {
        community: pubkey(participant.community),
        wallet: pubkey(participant.wallet),
        roles,
        balancing_group,
        zone,
    });
    Ok(())
}
