//! Everybody who must not act for a community.

use anchor_lang::error::ErrorCode;
use joulebook_sim::Failure;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    hostile::forged_owner,
    refused::{refused_when, NamedError},
    two_communities::{funded, role, Member, TwoCommunities},
};

struct UnauthorizedActor {
    who: &'static str,
    key: Keypair,
    acting: Option<Address>,
    failure: Failure,
}

/// Tries an instruction as everybody who is neither the authority nor an active participant with one of
/// `roles`; each must be refused, with `not_permitted` where the accounts themselves are genuine.
/// `build` makes the instruction for an actor and its record.
#[track_caller]
pub fn all_refused(
    communities: &mut TwoCommunities,
    roles: u16,
    not_permitted: impl NamedError,
    build: impl Fn(&Address, Option<Address>) -> Instruction,
) {
    all_refused_though(communities, &[], roles, not_permitted, build);
}

/// As [`all_refused`], though those of `agreeing` whom the instruction asks for sign, too.
#[track_caller]
pub fn all_refused_though(
    communities: &mut TwoCommunities,
    agreeing: &[&Keypair],
    roles: u16,
    not_permitted: impl NamedError,
    build: impl Fn(&Address, Option<Address>) -> Instruction,
) {
    for unauthorized_actor in unauthorized(communities, roles, &not_permitted.failure()) {
        let UnauthorizedActor {
            who,
            key,
            acting,
            failure,
        } = unauthorized_actor;
        let instruction = build(&key.pubkey(), acting);
        let signers = [&[&key], agreeing].concat();
        refused_when(who, &mut communities.chain, &instruction, &signers, failure);
    }
}

fn unauthorized(
    communities: &mut TwoCommunities,
    roles: u16,
    not_permitted: &Failure,
) -> Vec<UnauthorizedActor> {
    let right = communities.member(roles);
    let suspended = communities.suspended(roles);
    let left = communities.left(roles);
    let gone = closed(communities, roles);
    let wrong = communities.member(role::ALL & !roles);
    let impartial = communities.member(role::ALL_BUT_TRADING & !roles);
    let applicant = communities.applicant(role::ALL);
    let other_member = communities.other.admit(&mut communities.chain, role::ALL);
    let forged_source = communities.member(role::ALL);
    let forged = forged_owner(&mut communities.chain, &forged_source.participant);

    let refuse = |who, key: &Keypair, acting| UnauthorizedActor {
        who,
        key: key.insecure_clone(),
        acting,
        failure: not_permitted.clone(),
    };
    let stranger = funded(&mut communities.chain);
    let foreign_authority = &communities.other.authority;
    let mut all = vec![
        refuse("a stranger", &stranger, None),
        refuse("with another's record", &stranger, Some(right.participant)),
        refuse("without its record", &right.wallet, None),
        refuse(
            "with another record than its own",
            &wrong.wallet,
            Some(right.participant),
        ),
        refuse(
            "with every other role of one who trades",
            &wrong.wallet,
            Some(wrong.participant),
        ),
        refuse(
            "with every other role of one who may not trade",
            &impartial.wallet,
            Some(impartial.participant),
        ),
        refuse(
            "while suspended",
            &suspended.wallet,
            Some(suspended.participant),
        ),
        refuse("after it left", &left.wallet, Some(left.participant)),
        refuse(
            "not approved",
            &applicant.wallet,
            Some(applicant.participant),
        ),
        refuse(
            "a foreign participant",
            &other_member.wallet,
            Some(other_member.participant),
        ),
        refuse("a foreign authority", foreign_authority, None),
    ];
    all.push(UnauthorizedActor {
        failure: ErrorCode::AccountOwnedByWrongProgram.failure(),
        ..refuse("with a forged record", &forged_source.wallet, Some(forged))
    });
    all.push(UnauthorizedActor {
        failure: ErrorCode::AccountOwnedByWrongProgram.failure(),
        ..refuse("with a closed record", &gone.wallet, Some(gone.participant))
    });
    all
}

fn closed(communities: &mut TwoCommunities, roles: u16) -> Member {
    let member = communities.applicant(roles);
    let close = communities
        .own
        .close_participant(&member, &member.address(), None);
    communities.chain.send(&[close], &[&member.wallet]).unwrap();
    member
}
