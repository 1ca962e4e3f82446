use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::registry::ParticipantStatus;

use super::application::record_application;
use crate::{
    errors::RegistryError,
    state::{Community, Participant, Preferences},
};

#[accounts]
pub struct ApplyAgain<'info> {
    pub wallet: Signer<'info>,
    #[account(mut)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        constraint = participant.load()?.community == community.address() @ RegistryError::WrongCommunity,
        constraint = participant.load()?.wallet == wallet.address() @ RegistryError::WrongWallet,
    )]
    pub participant: AccountLoader<'info, Participant>,
}

pub fn apply_again(
    ctx: Context<ApplyAgain>,
    roles: u16,
    zone: u8,
    balancing_group: u16,
    identity_hash: [u8; 32],
    preferences: Preferences,
) -> Result<()> {
    let mut community = ctx.accounts.community.load_mut()?;
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        participant.is(ParticipantStatus::Left),
        RegistryError::NotLeft
    );
    record_application(
        &mut community,
        &mut participant,
        roles,
        zone,
        balancing_group,
        identity_hash,
        preferences,
    )
}
