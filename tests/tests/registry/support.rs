use joulebook_client::{
    events::Event,
    instructions::Application,
    layout::DISCRIMINATOR_LEN,
    registry::{events::RegistryEvent, instructions::CloseCommunity},
};
use joulebook_sim::{Chain, Receipt};
use joulebook_tests::two_communities::{acting_as, GovernedCommunity, Member};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

pub const APPLIED: u8 = 1;
pub const ACTIVE: u8 = 2;
pub const SUSPENDED: u8 = 3;
pub const LEFT: u8 = 4;
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

pub fn set_approvals(community: &GovernedCommunity, approvals: u16) -> Instruction {
    let authority = community.authority.pubkey();
    community.addresses.set_approvals(authority, approvals)
}

/// By which one who left asks for roles in zone 0 again.
pub fn apply_again(community: &GovernedCommunity, member: &Member, roles: u16) -> Instruction {
    let application = Application::for_roles(roles);
    let apply = community
        .addresses
        .apply_again(member.address(), application);
    community.about(member, apply)
}

/// By which `member`, who applied in zone 0, gets the index of `predecessor`, who was last approved at `approved_at`.
pub fn approve_successor(
    community: &GovernedCommunity,
    member: &Member,
    roles: u16,
    (predecessor, approved_at): (&Member, i64),
) -> Instruction {
    let left = predecessor.address();
    let approve = community.addresses.approve_successor(
        community.authority.pubkey(),
        &member.address(),
        roles,
        &Application::for_roles(roles),
        (&left, approved_at),
    );
    let approve = community.about(member, approve);
    community.about(predecessor, approve)
}

/// Changes an account of the registry behind its back.
pub fn alter<T: bytemuck::Pod>(chain: &mut Chain, address: &Address, change: impl FnOnce(&mut T)) {
    let mut account = chain.svm.get_account(address).unwrap();
    let mut header: T = bytemuck::pod_read_unaligned(&account.data[DISCRIMINATOR_LEN..]);
    change(&mut header);
    account.data[DISCRIMINATOR_LEN..].copy_from_slice(bytemuck::bytes_of(&header));
    chain.svm.set_account(*address, account).unwrap();
}

/// `instruction` with another signer in the place of its only one.
pub fn signed_by(instruction: &Instruction, key: &Address) -> Instruction {
    let mut other = instruction.clone();
    for meta in &mut other.accounts {
        if meta.is_signer {
            meta.pubkey = *key;
        }
    }
    other
}

/// `instruction` with the account `by` wherever it has `account`.
pub fn replaced(instruction: &Instruction, account: &Address, by: &Address) -> Instruction {
    let mut other = instruction.clone();
    for meta in &mut other.accounts {
        if meta.pubkey == *account {
            meta.pubkey = *by;
        }
    }
    other
}
