//! Standing orders: entered once, placed by anybody in every window that they name.
//!
//! | module | subject |
//! | --- | --- |
//! | `account` | the account is created, grown and closed |
//! | `applied` | what is placed, and what it leaves behind |
//! | `applying` | calls that are refused or have nothing to do |
//! | `skipped` | why an order is not placed, and that the others are |
//! | `prices`, `quantities`, `moved`, `several_meters` | at which tick, and how much |
//! | `schedule` | in which windows |
//! | `unit_lock` | prices that are posted later |
//! | `several_windows`, `silent` | what the keeper does about them |
//! | `once`, `caps`, `strangers` | what whoever applies can't do |
//! | `delegates` | what a delegate may enter |
//! | `entering`, `rules`, `reviews` | what may be entered, and by whom; what is known of participants |
//! | `compute` | what it costs |

mod account;
mod applied;
mod applying;
mod caps;
mod compute;
mod delegates;
mod entering;
mod moved;
mod once;
mod prices;
mod quantities;
mod reviews;
mod rules;
mod schedule;
mod several_meters;
mod several_windows;
mod silent;
mod skipped;
mod strangers;
mod unit_lock;

use joulebook_client::{
    layout::market::{
        LimitKind, Order, QuantityKind, Side, StandingOrder, StandingOutcome, StandingRule,
        StandingSeat,
    },
    market::types::StandingEntry,
    tables::StandingTable,
};
use joulebook_sim::{Failure, LocalCommunity, Parameters, Receipt};
use joulebook_tests::market::{
    community_with_open_window, first_start, govern, instructions, pass_until,
    trading_community_with,
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// An open window, its start, and an account of standing orders at its full length.
fn with_standing_orders() -> (LocalCommunity, i64) {
    with_standing_orders_of(Parameters::default())
}

fn with_standing_orders_of(parameters: Parameters) -> (LocalCommunity, i64) {
    let (mut community, start) = community_with_open_window(parameters);
    create(&mut community);
    (community, start)
}

/// The same before a window is open; the start of the one that can be.
fn before_a_window(parameters: Parameters) -> (LocalCommunity, i64) {
    let mut community = trading_community_with(parameters);
    create(&mut community);
    let start = first_start(&community);
    (community, start)
}

/// Creates the account and takes it to its full length.
pub fn create(community: &mut LocalCommunity) {
    let authority = community.authority.pubkey();
    let create = community.addresses.create_standing_orders(authority);
    govern(community, create).unwrap();
    loop {
        let table = community.addresses.standing_orders;
        if StandingTable::from_bytes(&community.chain.data(&table)).is_ok() {
            return;
        }
        let grow = instructions::grow(community, table);
        govern(community, grow).unwrap();
    }
}

/// Buys 1,000 Wh at up to 170,000 atoms per kWh, tick 60, in every window.
pub fn rule() -> StandingRule {
    StandingRule {
        valid_until: i64::MAX,
        half_hours: (1 << 48) - 1,
        lock_cap: u64::MAX,
        unit_lock_cap: i32::MAX,
        energy_cap: u64::MAX,
        limit: 170_000,
        quantity: 1_000,
        client_id: 7,
        side: Side::Buy as u8,
        limit_kind: LimitKind::Fixed as u8,
        quantity_kind: QuantityKind::Fixed as u8,
        weekdays: 0b0111_1111,
        ..StandingRule::default()
    }
}

/// Sells 1,000 Wh from 200,000 atoms per kWh on, tick 75, in every window.
fn sell() -> StandingRule {
    StandingRule {
        limit: 200_000,
        side: Side::Sell as u8,
        ..rule()
    }
}

pub fn entry(place: u8, rule: StandingRule) -> StandingEntry {
    StandingEntry {
        place,
        rule: Some(rule),
    }
}

/// Takes away what stands in a place.
fn nothing(place: u8) -> StandingEntry {
    StandingEntry { place, rule: None }
}

/// The instruction by which the owner of household `place` enters standing orders.
fn entering(community: &LocalCommunity, place: usize, entries: Vec<StandingEntry>) -> Instruction {
    let owner = community.households[place].address();
    let at = &community.addresses;
    at.set_standing_orders(owner, &owner, entries)
}

pub fn enter(
    community: &mut LocalCommunity,
    place: usize,
    entries: Vec<StandingEntry>,
) -> Result<Receipt, Failure> {
    let set = entering(community, place, entries);
    let key = community.households[place].wallet.insecure_clone();
    community.chain.send(&[set], &[&key])
}

/// By the delegate of household `place`.
fn enter_by(
    community: &mut LocalCommunity,
    delegate: &Keypair,
    place: usize,
    entries: Vec<StandingEntry>,
) -> Result<Receipt, Failure> {
    let owner = community.households[place].address();
    let at = &community.addresses;
    let set = at.set_standing_orders(delegate.pubkey(), &owner, entries);
    community.chain.send(&[set], &[delegate])
}

const DAY: i64 = 86_400;

/// The instruction that applies those of all seats, with the page of a day before.
pub fn applying(community: &LocalCommunity, start: i64) -> Instruction {
    applying_with(community, start, start - DAY)
}

/// With the page that holds `earlier`.
fn applying_with(community: &LocalCommunity, start: i64, earlier: i64) -> Instruction {
    let seats = 0..community.parameters.seats;
    let at = &community.addresses;
    at.apply_standing_orders(start, seats, earlier)
}

/// By anybody, for all seats.
pub fn apply(community: &mut LocalCommunity, start: i64) -> Result<Receipt, Failure> {
    let apply = applying(community, start);
    community.send_with_full_budget(&[apply])
}

fn review(community: &mut LocalCommunity, place: usize) {
    let wallet = community.households[place].address();
    let review = community.addresses.review_participant(&wallet);
    community.chain.send(&[review], &[]).unwrap();
}

fn row(community: &LocalCommunity, place: usize) -> StandingSeat {
    row_of(community, community.households[place].seat)
}

fn row_of(community: &LocalCommunity, seat: u16) -> StandingSeat {
    let data = community.chain.data(&community.addresses.standing_orders);
    let table = StandingTable::from_bytes(&data).unwrap();
    table.seats[usize::from(seat)]
}

/// What household `place` has in one of its seat's places.
fn standing_order(community: &LocalCommunity, place: usize, number: usize) -> StandingOrder {
    row(community, place).orders[number]
}

#[track_caller]
fn expect_outcome(
    community: &LocalCommunity,
    place: usize,
    number: usize,
    outcome: StandingOutcome,
) {
    let found = StandingOutcome::from_byte(standing_order(community, place, number).outcome);
    assert_eq!(found, Some(outcome));
}

/// Live orders of household `place` in the window at `start`, in their sequence.
fn orders_of(community: &LocalCommunity, place: usize, start: i64) -> Vec<Order> {
    let seat = community.households[place].seat;
    let book = community.book(start);
    let orders = book.live_orders().map(|(_, order)| *order);
    orders.filter(|order| order.seat == seat).collect()
}

/// Their quantities, Wh.
fn quantities(community: &LocalCommunity, place: usize, start: i64) -> Vec<u32> {
    let orders = orders_of(community, place, start);
    orders.iter().map(|order| order.quantity).collect()
}

/// Their ticks.
fn ticks(community: &LocalCommunity, place: usize, start: i64) -> Vec<u16> {
    let orders = orders_of(community, place, start);
    orders.iter().map(|order| order.tick).collect()
}

/// Opens the window at `start` as soon as its horizon lets it.
fn open_next(community: &mut LocalCommunity, start: i64) {
    let horizon = i64::from(community.parameters.terms.horizon);
    pass_until(community, start - horizon);
    community.open_window(start).unwrap();
}
