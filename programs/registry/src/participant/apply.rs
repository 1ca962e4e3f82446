use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::registry::{limits::NO_INDEX, seeds};

use super::application::record_application;
use crate::state::{Community, Participant, Preferences};

#[accounts]
pub struct Apply<'info> {
    /// Pays the rent, which comes back when the participant is closed: as long as it has no index.
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
    let mut participant = ctx.accounts.participant.load_init()?;
    participant.community = ctx.accounts.community.address();
    participant.wallet = ctx.accounts.wallet.address();
    participant.index = NO_INDEX;
    participant.version = Participant::VERSION;
    participant.bump = ctx.bumps.participant;
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
