use joulebook_client::{
    events::Event,
    registry::{events::RegistryEvent, instructions::CloseCommunity},
};
use joulebook_sim::Receipt;
use joulebook_tests::two_communities::{acting_as, GovernedCommunity, Member};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

pub const APPLIED: u8 = 1;
pub const ACTIVE: u8 = 2;
pub const SUSPENDED: u8 = 3;
/// Names that are no zone's, and why. A community's may be twice as long.
pub const BAD_NAMES: [&str; 5] = ["", "seventeen letters", "öööööööö.", "two\nlines", "zero\0"];

/// The only event of a transaction.
#[track_caller]
pub fn event(receipt: &Receipt) -> RegistryEvent {
    match receipt.events().as_slice() {
        [Event::Registry(event)] => event.clone(),
        events => panic!("one event of the registry expected, not {events:?}"),
    }
}

/// `name`, filled up with zeros.
pub fn padded<const N: usize>(name: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    bytes
}

pub fn reinstate(
    community: &GovernedCommunity,
    member: &Member,
    actor: &Address,
    acting: Option<Address>,
) -> Instruction {
    let actor = acting_as(actor, acting);
    let reinstate = community.addresses.reinstate(actor, &member.address());
    community.about(member, reinstate)
}

pub fn set_membership(
    community: &GovernedCommunity,
    member: &Member,
    actor: &Address,
    acting: Option<Address>,
    zone: u8,
) -> Instruction {
    let (actor, wallet) = (acting_as(actor, acting), member.address());
    let set = community.addresses.set_membership(actor, &wallet, zone, 42);
    community.about(member, set)
}

pub fn propose(community: &GovernedCommunity, to: Option<Address>) -> Instruction {
    let authority = community.authority.pubkey();
    community.addresses.propose_authority(authority, to)
}

pub fn accept(community: &GovernedCommunity, by: &Address) -> Instruction {
    community.addresses.accept_authority(*by)
}

pub fn add_zone(community: &GovernedCommunity, name: &str) -> Instruction {
    let authority = community.authority.pubkey();
    community.addresses.add_zone(authority, name)
}

pub fn rename_zone(community: &GovernedCommunity, index: u8, name: &str) -> Instruction {
    let authority = community.authority.pubkey();
    community.addresses.rename_zone(authority, index, name)
}

pub fn close_community(community: &Address, authority: &Address) -> Instruction {
    CloseCommunity {
        community: *community,
        authority: *authority,
    }
    .instruction()
}

/// `instruction` with its signer number `place` replaced by `key`.
pub fn signed_by(instruction: &Instruction, place: usize, key: &Address) -> Instruction {
    let mut other = instruction.clone();
    other.accounts[place].pubkey = *key;
    other
}
