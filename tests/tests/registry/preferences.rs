use joulebook_client::{
    layout::registry::Preferences,
    registry::{
        errors::RegistryError,
        instructions::{SetPreferences, SetPreferencesInstructionArgs},
    },
};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    two_communities::{role, Member, TwoCommunities},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

fn set_preferences(member: &Member, wallet: &Address, reserved: u16) -> Instruction {
    SetPreferences {
        participant: member.participant,
        wallet: *wallet,
    }
    .instruction(SetPreferencesInstructionArgs {
        preferences: Preferences {
            local_premium: u32::MAX,
            sources: 5,
            reserved,
        },
    })
}

fn wishes() -> Preferences {
    Preferences {
        local_premium: u32::MAX,
        sources: 5,
        reserved: 0,
    }
}

#[test]
fn given_a_member_of_any_status_when_it_sets_preferences_then_nothing_else_changes() {
    let mut communities = TwoCommunities::new();
    let suspended = communities.member(role::CONSUMER);
    let authority = communities.own.authority.pubkey();
    communities.govern(communities.own.suspend(&suspended, &authority, None));
    let members = [
        communities.applicant(role::CONSUMER),
        communities.member(role::CONSUMER),
        suspended,
        communities.left(role::CONSUMER),
    ];
    for member in members {
        let mut expected = communities.participant(&member);
        expected.preferences = wishes();
        let set = set_preferences(&member, &member.address(), u16::MAX);
        communities.chain.send(&[set], &[&member.wallet]).unwrap();
        assert_eq!(communities.participant(&member), expected);
    }
}

#[test]
fn given_anybody_else_when_they_set_a_members_preferences_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let operator = communities.member(role::ALL).wallet;
    let authority = communities.own.authority.insecure_clone();
    for key in [operator, authority] {
        let set = set_preferences(&member, &key.pubkey(), 0);
        let reason = RegistryError::WrongWallet;
        refused(&mut communities.chain, &set, &[&key], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_preferences_are_set_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let set = set_preferences(&member, &member.address(), 0);
    sweep(&mut communities.chain, &set, &[&member.wallet]);
    assert_eq!(communities.participant(&member).preferences, wishes());
}
