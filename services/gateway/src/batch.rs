//! Messages in as few transactions as they fit into.

use joulebook_client::{
    layout::oracle::{limits::MAX_READINGS, KeyKind},
    oracle::types::{SignedProfile, SignedReading},
    packing::{transaction_len, with_limits, MAX_LEN},
    secp256r1::{self, MAX_SIGNATURES},
    tables::MeterRecords,
    Addresses,
};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::message::{Content, Key, Message};

/// Transactions that are made of what waits: by the time that so many have landed, the rest may be otherwise.
pub const MOST: usize = 16;

/// A message, and the page that it is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    pub key: Key,
    /// Unix seconds.
    pub start: i64,
}

/// A transaction, without what asks for compute units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub items: Vec<Item>,
    pub instructions: Vec<Instruction>,
}

impl Batch {
    pub fn keys(&self) -> Vec<Key> {
        self.items.iter().map(|item| item.key).collect()
    }
}

/// What a transaction has of each page and kind, each of which is an instruction.
#[derive(Clone, Default)]
struct Group {
    start: i64,
    kind: Kind,
    readings: Vec<SignedReading>,
    profiles: Vec<SignedProfile>,
    checked: Vec<secp256r1::Signed>,
}

/// What one instruction takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    #[default]
    Readings,
    Profiles,
    Checked,
}

/// The first [`MOST`] transactions, in the sequence of pages and kinds; within these, as they come. What fits nowhere by itself is
/// a transaction of its own.
pub fn pack(
    addresses: &Addresses,
    payer: &Address,
    table: &MeterRecords,
    items: &[(Item, &Message)],
) -> Vec<Batch> {
    let kind = |message: &Message| kind_of(table, message);
    let mut sorted: Vec<&(Item, &Message)> = items.iter().collect();
    sorted.sort_by_key(|(item, message)| (item.start, kind(message)));
    let mut batches = vec![];
    let mut taken: Vec<Item> = vec![];
    let mut groups: Vec<Group> = vec![];
    for (item, message) in sorted {
        let mut with = groups.clone();
        add(&mut with, item, message, table);
        if !taken.is_empty() && !fits(addresses, payer, &with) {
            batches.extend(finished(addresses, &mut taken, &mut groups));
            if batches.len() >= MOST {
                return batches;
            }
            with = vec![];
            add(&mut with, item, message, table);
        }
        groups = with;
        taken.push(*item);
    }
    batches.extend(finished(addresses, &mut taken, &mut groups));
    batches
}

/// Whether there is a transaction that takes it, by itself at least.
pub fn fits_alone(addresses: &Addresses, table: &MeterRecords, message: &Message) -> bool {
    let start = addresses.page_start(message.stamp().boundary.0.saturating_sub(1));
    let item = Item {
        key: message.key(),
        start,
    };
    let mut groups = vec![];
    add(&mut groups, &item, message, table);
    // Any payer's address is as long, if it is none of the accounts.
    fits(addresses, &Address::new_from_array([u8::MAX; 32]), &groups)
}

fn kind_of(table: &MeterRecords, message: &Message) -> Kind {
    let meter = table.meter(message.stamp().meter);
    let is_ed25519 = meter.is_some_and(|meter| meter.key_kind == KeyKind::Ed25519 as u8);
    match (is_ed25519, &message.content) {
        (false, _) => Kind::Checked,
        (true, Content::Reading(_)) => Kind::Readings,
        (true, Content::Profile(..)) => Kind::Profiles,
    }
}

fn add(groups: &mut Vec<Group>, item: &Item, message: &Message, table: &MeterRecords) {
    let kind = kind_of(table, message);
    let is_same = |group: &Group| group.start == item.start && group.kind == kind;
    let place = groups.iter().position(is_same);
    let mut group = match place {
        Some(place) => groups.remove(place),
        None => Group {
            start: item.start,
            kind,
            ..Group::default()
        },
    };
    match kind {
        Kind::Readings => group.readings.extend(message.as_reading()),
        Kind::Profiles => group.profiles.extend(message.as_profile()),
        Kind::Checked => {
            let meter = table.meter(message.stamp().meter);
            group
                .checked
                .extend(meter.and_then(|meter| message.as_checked(meter)));
        }
    }
    groups.push(group);
}

fn fits(addresses: &Addresses, payer: &Address, groups: &[Group]) -> bool {
    let most = usize::from(MAX_READINGS);
    let checked: usize = groups.iter().map(|group| group.checked.len()).sum();
    let is_small = |group: &Group| group.readings.len().max(group.profiles.len()) <= most;
    if checked > MAX_SIGNATURES || !groups.iter().all(is_small) {
        return false;
    }
    let mut all = vec![];
    for instruction in instructions(addresses, groups) {
        all = match all.is_empty() {
            true => with_limits(instruction),
            false => [all, vec![instruction]].concat(),
        };
    }
    transaction_len(payer, &all) <= MAX_LEN
}

fn finished(
    addresses: &Addresses,
    items: &mut Vec<Item>,
    groups: &mut Vec<Group>,
) -> Option<Batch> {
    let items = std::mem::take(items);
    let groups = std::mem::take(groups);
    (!items.is_empty()).then(|| Batch {
        items,
        instructions: instructions(addresses, &groups),
    })
}

/// The check of signatures over P-256 stands right before what reads it.
fn instructions(addresses: &Addresses, groups: &[Group]) -> Vec<Instruction> {
    let mut all = vec![];
    for group in groups {
        let (start, kind) = (group.start, group.kind);
        match kind {
            Kind::Readings => all.push(addresses.submit_readings(start, group.readings.clone())),
            Kind::Profiles => all.push(addresses.submit_profiles(start, group.profiles.clone())),
            // What has no signature at all was not taken in.
            Kind::Checked => all.extend(
                addresses
                    .submit_checked_profiles(start, &group.checked)
                    .into_iter()
                    .flatten(),
            ),
        }
    }
    all
}
