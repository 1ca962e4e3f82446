use joulebook_client::{
    events::Event,
    registry::{
        events::RegistryEvent,
        instructions::{self as registry},
    },
};
use joulebook_sim::Receipt;
use joulebook_tests::two_communities::{GovernedCommunity, Member};
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
    place: &GovernedCommunity,
    member: &Member,
    actor: &Address,
    acting: Option<Address>,
) -> Instruction {
    registry::Reinstate {
        community: place.community,
        participant: member.participant,
        actor: *actor,
        acting,
    }
    .instruction()
}

pub fn set_membership(
    place: &GovernedCommunity,
    member: &Member,
    actor: &Address,
    acting: Option<Address>,
    zone: u8,
) -> Instruction {
    registry::SetMembership {
        community: place.community,
        participant: member.participant,
        actor: *actor,
        acting,
    }
    .instruction(registry::SetMembershipInstructionArgs {
        zone,
        balancing_group: 42,
    })
}

pub fn propose(place: &GovernedCommunity, to: Option<Address>) -> Instruction {
    registry::ProposeAuthority {
        community: place.community,
        authority: place.authority.pubkey(),
    }
    .instruction(registry::ProposeAuthorityInstructionArgs { new_authority: to })
}

pub fn accept(place: &GovernedCommunity, by: &Address) -> Instruction {
    registry::AcceptAuthority {
        community: place.community,
        pending_authority: *by,
    }
    .instruction()
}

pub fn add_zone(place: &GovernedCommunity, name: &str) -> Instruction {
    registry::AddZone {
        community: place.community,
        authority: place.authority.pubkey(),
    }
    .instruction(registry::AddZoneInstructionArgs {
        name: name.to_string(),
    })
}

pub fn rename_zone(place: &GovernedCommunity, index: u8, name: &str) -> Instruction {
    registry::RenameZone {
        community: place.community,
        authority: place.authority.pubkey(),
    }
    .instruction(registry::RenameZoneInstructionArgs {
        index,
        name: name.to_string(),
    })
}

pub fn close_community(community: &Address, authority: &Address) -> Instruction {
    registry::CloseCommunity {
        community: *community,
        authority: *authority,
    }
    .instruction()
}

/// `instruction` with its signer at `place` replaced by `key`.
pub fn signed_by(instruction: &Instruction, place: usize, key: &Address) -> Instruction {
    let mut other = instruction.clone();
    other.accounts[place].pubkey = *key;
    other
}
