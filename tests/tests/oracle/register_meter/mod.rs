//! register_meter.

mod accounts;
mod details;
mod limits;
mod owner;
mod places;
mod row;

use joulebook_client::oracle::types::MeterDetails;
use joulebook_tests::{
    metered_community::{details, MeteredCommunity},
    refused::NamedError,
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;

use crate::support::refuse;

/// Of the owner, by the authority.
fn register(meters: &MeteredCommunity, details: &MeterDetails) -> Instruction {
    let authority = meters.authority();
    let own = &meters.communities.own;
    own.register_meter((&authority, None), &meters.owner, details)
}

/// Registers none: `change` makes the details, or what it finds is, such that it must be refused.
#[track_caller]
fn refuse_details(
    meters: &mut MeteredCommunity,
    case: &str,
    reason: impl NamedError,
    change: impl FnOnce(&mut MeterDetails),
) {
    let mut details = details(&Keypair::new());
    change(&mut details);
    let register = register(meters, &details);
    refuse(meters, case, &register, reason);
}
