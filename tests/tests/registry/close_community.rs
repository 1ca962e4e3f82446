use anchor_lang::error::ErrorCode;
use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::CommunityClosed,
};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    stage::{funded, role, Stage},
};
use solana_signer::Signer;

use crate::support::{accept, close_community, event, propose};

#[test]
fn given_a_community_never_used_when_closed_then_the_authority_gets_the_rent() {
    let mut stage = Stage::new();
    let community = stage.here.community;
    let authority = stage.here.authority.pubkey();
    let rent = stage.chain.lamports(&community);
    let before = stage.chain.lamports(&authority);
    // One who only applied and left again is no use.
    let applicant = stage.applicant(role::CONSUMER);
    let leave = stage
        .here
        .close_participant(&applicant, &applicant.address(), None);
    stage.chain.send(&[leave], &[&applicant.wallet]).unwrap();

    let receipt = stage.govern(close_community(&community, &authority));

    assert_eq!(stage.chain.lamports(&community), 0);
    assert_eq!(stage.chain.lamports(&authority), before + rent);
    let closed = CommunityClosed {
        community,
        authority,
    };
    assert_eq!(event(&receipt), RegistryEvent::CommunityClosed(closed));
    let key = stage.here.authority.insecure_clone();
    let again = close_community(&community, &authority);
    let reason = ErrorCode::AccountOwnedByWrongProgram;
    refused(&mut stage.chain, &again, &[&key], reason);
}

#[test]
fn given_an_applicant_when_the_community_is_closed_then_it_is_refused() {
    let mut stage = Stage::new();
    stage.applicant(role::CONSUMER);
    let key = stage.here.authority.insecure_clone();
    let close = close_community(&stage.here.community, &key.pubkey());
    let reason = RegistryError::CommunityHasParticipants;
    refused(&mut stage.chain, &close, &[&key], reason);
}

#[test]
fn given_a_member_who_left_when_the_community_is_closed_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER);
    let leave = stage
        .here
        .close_participant(&member, &member.address(), None);
    stage.chain.send(&[leave], &[&member.wallet]).unwrap();
    let key = stage.here.authority.insecure_clone();
    let close = close_community(&stage.here.community, &key.pubkey());
    let reason = RegistryError::CommunityWasUsed;
    refused(&mut stage.chain, &close, &[&key], reason);
}

#[test]
fn given_anybody_else_when_they_close_the_community_then_it_is_refused() {
    let mut stage = Stage::new();
    let heir = funded(&mut stage.chain);
    stage.govern(propose(&stage.here, Some(heir.pubkey())));
    let reason = RegistryError::AuthorityOnly;
    let foreign = stage.elsewhere.authority.insecure_clone();
    for key in [&heir, &foreign] {
        let close = close_community(&stage.here.community, &key.pubkey());
        refused(&mut stage.chain, &close, &[key], reason.clone());
    }
    let accept = accept(&stage.here, &heir.pubkey());
    stage.chain.send(&[accept], &[&heir]).unwrap();
    let founder = stage.here.authority.insecure_clone();
    let close = close_community(&stage.here.community, &founder.pubkey());
    refused(&mut stage.chain, &close, &[&founder], reason);
}

#[test]
fn given_hostile_data_and_accounts_when_closed_then_each_is_refused() {
    let mut stage = Stage::new();
    let key = stage.here.authority.insecure_clone();
    let close = close_community(&stage.here.community, &key.pubkey());
    sweep(&mut stage.chain, &close, &[&key]);
    assert_eq!(stage.chain.lamports(&stage.here.community), 0);
}
