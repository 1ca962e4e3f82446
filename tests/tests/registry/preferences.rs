use joulebook_client::registry::{
    errors::RegistryError,
    instructions::{SetPreferences, SetPreferencesInstructionArgs},
    types::Preferences,
};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    stage::{role, Member, Stage},
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
    let mut stage = Stage::new();
    let suspended = stage.member(role::CONSUMER);
    let authority = stage.here.authority.pubkey();
    stage.govern(stage.here.suspend(&suspended, &authority, None));
    let members = [
        stage.applicant(role::CONSUMER),
        stage.member(role::CONSUMER),
        suspended,
    ];
    for member in members {
        let mut expected = stage.participant(&member);
        expected.preferences = wishes();
        let set = set_preferences(&member, &member.address(), u16::MAX);
        stage.chain.send(&[set], &[&member.wallet]).unwrap();
        assert_eq!(stage.participant(&member), expected);
    }
}

#[test]
fn given_anybody_else_when_they_set_a_members_preferences_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER);
    let operator = stage.member(role::ALL).wallet;
    let authority = stage.here.authority.insecure_clone();
    for key in [operator, authority] {
        let set = set_preferences(&member, &key.pubkey(), 0);
        let reason = RegistryError::WrongWallet;
        refused(&mut stage.chain, &set, &[&key], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_preferences_are_set_then_each_is_refused() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER);
    let set = set_preferences(&member, &member.address(), 0);
    sweep(&mut stage.chain, &set, &[&member.wallet]);
    assert_eq!(stage.participant(&member).preferences, wishes());
}
