use anchor_lang::error::ErrorCode;
use joulebook_client::{layout::DISCRIMINATOR_LEN, oracle::errors::OracleError};
use joulebook_tests::{
    meter_instructions::Acting,
    metered_community::MeteredCommunity,
    refused::{refused_when, NamedError},
    two_communities::{role, Member},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

/// Sends what the authority, the owner and the settlement sign where it asks them to; it must be refused.
#[track_caller]
pub fn refuse(
    meters: &mut MeteredCommunity,
    case: &str,
    instruction: &Instruction,
    reason: impl NamedError,
) {
    let MeteredCommunity {
        communities,
        settlement,
        owner,
    } = meters;
    let signers = [&communities.own.authority, &owner.wallet, &*settlement];
    refused_when(case, &mut communities.chain, instruction, &signers, reason);
}

/// Puts another account in a place; it must be refused.
#[track_caller]
pub fn refuse_account(
    meters: &mut MeteredCommunity,
    instruction: &Instruction,
    (place, address): (usize, Address),
    reason: impl NamedError,
) {
    let mut other = instruction.clone();
    other.accounts[place].pubkey = address;
    let case = format!("account {place}");
    refuse(meters, &case, &other, reason);
}

/// Lets others sign in the authority's place, the first; each must be refused.
#[track_caller]
pub fn refuse_others(meters: &mut MeteredCommunity, instruction: &Instruction) {
    let member = meters.communities.member(role::ALL).wallet;
    let foreign = meters.communities.other.authority.insecure_clone();
    let settlement = meters.settlement.insecure_clone();
    meters.communities.chain.fund(&settlement.pubkey());
    for (case, key) in [
        ("a member", member),
        ("a foreign authority", foreign),
        ("the settlement", settlement),
    ] {
        let mut other = instruction.clone();
        other.accounts[0].pubkey = key.pubkey();
        let reason = OracleError::NotAuthority;
        let chain = &mut meters.communities.chain;
        refused_when(case, chain, &other, &[&key], reason);
    }
}

/// Names no meter that could be changed by this, or none at all; each must be refused by name. `retired` is one that is.
#[track_caller]
pub fn refuse_meters(
    meters: &mut MeteredCommunity,
    retired: u32,
    instruction: impl Fn(&MeteredCommunity, u32) -> Instruction,
) {
    let table = meters.table().header;
    for (case, meter, reason) in [
        ("retired", retired, OracleError::MeterRetired),
        ("unknown", table.count.into(), OracleError::NoSuchMeter),
        (
            "another generation",
            retired + 65_536,
            OracleError::NoSuchMeter,
        ),
        (
            "beyond the table",
            table.capacity.into(),
            OracleError::NoSuchMeter,
        ),
        ("last number", u32::MAX, OracleError::NoSuchMeter),
    ] {
        let instruction = instruction(meters, meter);
        refuse(meters, case, &instruction, reason);
    }
}

/// Lets others than the owner agree, whose record and wallet follow each other; each must be refused.
#[track_caller]
pub fn refuse_owners(meters: &mut MeteredCommunity, instruction: &Instruction) {
    let owner = copy(&meters.owner);
    let mut keys = instruction.accounts.iter().map(|meta| meta.pubkey);
    let record = keys.position(|key| key == owner.participant).unwrap();
    let neighbour = meters.communities.member(role::ALL);
    let foreigner = meters
        .communities
        .other
        .admit(&mut meters.communities.chain, role::ALL);
    for (case, other, reason) in [
        (
            "the authority signs for the owner",
            Member {
                wallet: meters.communities.own.authority.insecure_clone(),
                participant: owner.participant,
            },
            OracleError::OwnerMustSign,
        ),
        (
            "a neighbour signs for the owner",
            Member {
                wallet: neighbour.wallet.insecure_clone(),
                participant: owner.participant,
            },
            OracleError::OwnerMustSign,
        ),
        (
            "the owner signs for a neighbour",
            Member {
                wallet: owner.wallet.insecure_clone(),
                participant: neighbour.participant,
            },
            OracleError::OwnerMustSign,
        ),
        (
            "one of another community",
            foreigner,
            OracleError::WrongCommunity,
        ),
    ] {
        let mut instruction = instruction.clone();
        instruction.accounts[record].pubkey = other.participant;
        instruction.accounts[record + 1].pubkey = other.address();
        meters.owner = other;
        refuse(meters, case, &instruction, reason);
    }
    meters.owner = owner;
    let mut unsigned = instruction.clone();
    unsigned.accounts[record + 1].is_signer = false;
    let case = "the owner does not sign";
    refuse(meters, case, &unsigned, ErrorCode::AccountNotSigner);
}

/// Lets the owner, who is a verifier now, act where it must agree, by its role; it must be refused.
#[track_caller]
pub fn refuse_own_meter(
    meters: &mut MeteredCommunity,
    instruction: impl Fn(&MeteredCommunity, Acting) -> Instruction,
) {
    let roles = role::CONSUMER | role::PRODUCER | role::VERIFIER;
    let authority = meters.authority();
    let own = &meters.communities.own;
    meters.govern(own.set_roles(&meters.owner, &authority, None, roles));
    let wallet = meters.owner.address();
    let by_itself = instruction(meters, (&wallet, Some(meters.owner.participant)));
    let reason = OracleError::OwnMeter;
    refuse(meters, "the owner by itself", &by_itself, reason);
}

/// The authority's own participant, active with the roles of an owner.
pub fn authority_as_owner(meters: &mut MeteredCommunity) -> Member {
    let own = meters.own();
    let authority = own.authority.pubkey();
    let member = Member {
        participant: own.record_of(&authority),
        wallet: own.authority.insecure_clone(),
    };
    let roles = role::CONSUMER | role::PRODUCER;
    meters.govern(own.apply(&authority, roles, 0));
    meters.govern(own.approve(&member, &authority, None, roles));
    member
}

pub fn copy(member: &Member) -> Member {
    Member {
        wallet: member.wallet.insecure_clone(),
        participant: member.participant,
    }
}

/// Writes into an account's header, as no program would: a fault of its bytes.
pub fn damage(meters: &mut MeteredCommunity, address: Address, place: usize, bytes: &[u8]) {
    let svm = &mut meters.communities.chain.svm;
    let mut account = svm.get_account(&address).unwrap();
    let place = DISCRIMINATOR_LEN + place;
    account.data[place..place + bytes.len()].copy_from_slice(bytes);
    svm.set_account(address, account).unwrap();
}
