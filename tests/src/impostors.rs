//! Everybody who must not act for a community.

use anchor_lang::error::ErrorCode;
use joulebook_testkit::Failure;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    hostile::forged_owner,
    refused::{refused_when, Named},
    stage::{funded, role, Member, Stage},
};

struct Impostor {
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
    stage: &mut Stage,
    roles: u16,
    not_permitted: impl Named,
    build: impl Fn(&Address, Option<Address>) -> Instruction,
) {
    for impostor in impostors(stage, roles, &not_permitted.failure()) {
        let Impostor {
            who,
            key,
            acting,
            failure,
        } = impostor;
        let instruction = build(&key.pubkey(), acting);
        refused_when(who, &mut stage.chain, &instruction, &[&key], failure);
    }
}

fn impostors(stage: &mut Stage, roles: u16, not_permitted: &Failure) -> Vec<Impostor> {
    let right = stage.member(roles);
    let suspended = suspended(stage, roles);
    let gone = closed(stage, roles);
    let wrong = stage.member(role::ALL & !roles);
    let applicant = stage.applicant(role::ALL);
    let foreigner = stage.elsewhere.admit(&mut stage.chain, role::ALL);
    let forged_source = stage.member(role::ALL);
    let forged = forged_owner(&mut stage.chain, &forged_source.participant);

    let refuse = |who, key: &Keypair, acting| Impostor {
        who,
        key: key.insecure_clone(),
        acting,
        failure: not_permitted.clone(),
    };
    let stranger = funded(&mut stage.chain);
    let foreign_authority = &stage.elsewhere.authority;
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
            "with every other role",
            &wrong.wallet,
            Some(wrong.participant),
        ),
        refuse(
            "while suspended",
            &suspended.wallet,
            Some(suspended.participant),
        ),
        refuse(
            "not approved",
            &applicant.wallet,
            Some(applicant.participant),
        ),
        refuse(
            "a foreign participant",
            &foreigner.wallet,
            Some(foreigner.participant),
        ),
        refuse("a foreign authority", foreign_authority, None),
    ];
    all.push(Impostor {
        failure: ErrorCode::AccountOwnedByWrongProgram.failure(),
        ..refuse("with a forged record", &forged_source.wallet, Some(forged))
    });
    all.push(Impostor {
        failure: ErrorCode::AccountOwnedByWrongProgram.failure(),
        ..refuse("with a closed record", &gone.wallet, Some(gone.participant))
    });
    all
}

fn suspended(stage: &mut Stage, roles: u16) -> Member {
    let member = stage.member(roles);
    let suspend = stage
        .here
        .suspend(&member, &stage.here.authority.pubkey(), None);
    stage.govern(suspend);
    member
}

fn closed(stage: &mut Stage, roles: u16) -> Member {
    let member = stage.member(roles);
    let close = stage
        .here
        .close_participant(&member, &member.address(), None);
    stage.chain.send(&[close], &[&member.wallet]).unwrap();
    member
}
