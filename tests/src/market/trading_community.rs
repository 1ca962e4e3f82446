//! A buyer, a seller, a supplier with money, and what they do window after window.

use joulebook_client::{
    events::Event,
    layout::{
        market::{NewOrder, OrderRef, PositionStatus, Side},
        oracle::MeterStatus,
    },
    market::events::MarketEvent,
};
use joulebook_sim::{checks, Failure, LocalCommunity, Parameters, Receipt};
use solana_instruction::Instruction;
use solana_keypair::Keypair;

use crate::refused::needed;

/// Places in [`LocalCommunity::households`].
pub const BUYER: usize = 0;
pub const SELLER: usize = 1;
/// What a household's connection carries each way in a window of the default parameters, Wh: 100 kW for 300 s.
pub const CARRIED: u32 = 8_333;
/// What every household has deposited, atoms.
pub const DEPOSIT: u64 = 10_000_000;
/// The same in milli-atoms.
pub const FREE: u64 = DEPOSIT * 1000;
/// What the supplier has deposited, atoms.
pub const SUPPLIER_DEPOSIT: u64 = 100_000_000;

/// Milli-atoms that [`trade`] settles at, computed by hand from the default parameters. Bought 1000 Wh up to
/// tick 60, 170,000 atoms/kWh; sold 1200 Wh from tick 50, 150,000, which is the price as that order is
/// filled in part.
pub mod amounts {
    /// 1000 × (170,000 + 20,000 grid fee + 1,700 market fee)
    pub const BUY_LOCK: u64 = 191_700_000;
    /// 1200 × (300,000 − 150,000)
    pub const SELL_LOCK: u64 = 180_000_000;
    /// 1000 × (150,000 + 20,000 + 1,500)
    pub const PAID: u64 = 171_500_000;
    /// 1000 × (300,000 − 150,000): what the seller goes on locking until it has delivered.
    pub const DELIVERY_LOCK: u64 = 150_000_000;
    /// 1000 × 150,000
    pub const INCOME: u64 = 150_000_000;
    /// 1000 × 20,000
    pub const GRID_FEES: u64 = 20_000_000;
    /// 1000 × 1,500
    pub const MARKET_FEES: u64 = 1_500_000;
}

pub fn buy(quantity: u32, tick: u16) -> NewOrder {
    order(Side::Buy, quantity, tick)
}

pub fn sell(quantity: u32, tick: u16) -> NewOrder {
    order(Side::Sell, quantity, tick)
}

fn order(side: Side, quantity: u32, tick: u16) -> NewOrder {
    NewOrder {
        quantity,
        tick,
        side: side as u8,
        ..NewOrder::default()
    }
}

pub fn id(index: u16, sequence: u16) -> OrderRef {
    OrderRef { index, sequence }
}

/// A community of the default parameters.
pub fn trading_community() -> LocalCommunity {
    trading_community_with(Parameters::default())
}

pub fn trading_community_with(parameters: Parameters) -> LocalCommunity {
    with_traders(LocalCommunity::new(parameters).unwrap())
}

/// Gives a community its buyer, its seller and its supplier's money, and lets time pass until the first page of their
/// meters' service is two windows away.
pub fn with_traders(mut community: LocalCommunity) -> LocalCommunity {
    community.join("buyer", DEPOSIT).unwrap();
    community.join("seller", DEPOSIT).unwrap();
    community.fund_supplier(SUPPLIER_DEPOSIT).unwrap();
    let first = first_start(&community);
    let two_windows = 2 * length(&community);
    pass_until(&mut community, first - two_windows);
    community
}

pub fn length(community: &LocalCommunity) -> i64 {
    community.window_length()
}

/// The start of a window that can be opened now, with a whole window in between, and all meters in service.
pub fn first_start(community: &LocalCommunity) -> i64 {
    community.first_start()
}

/// A community with an open window; returns its start.
pub fn community_with_open_window(parameters: Parameters) -> (LocalCommunity, i64) {
    let mut community = trading_community_with(parameters);
    let start = first_start(&community);
    community.open_window(start).unwrap();
    (community, start)
}

/// Enters the orders that [`amounts`] is about.
pub fn trade(community: &mut LocalCommunity, start: i64) {
    community.place(BUYER, start, vec![buy(1000, 60)]).unwrap();
    community
        .place(SELLER, start, vec![sell(1200, 50)])
        .unwrap();
}

/// Lets time pass until the window's gate has closed.
pub fn close_gate(community: &mut LocalCommunity, start: i64) {
    let gate = start - i64::from(community.parameters.terms.gate_lead);
    pass_until(community, gate);
}

pub fn pass_until(community: &mut LocalCommunity, time: i64) {
    community.pass_until(time);
}

/// Opens a window, trades in it, clears and allocates it.
pub fn contract(community: &mut LocalCommunity, start: i64) {
    community.open_window(start).unwrap();
    trade(community, start);
    close_gate(community, start);
    community.clear_and_allocate(start).unwrap();
}

/// A community that has contracts for a window; returns its start.
pub fn contracted(parameters: Parameters) -> (LocalCommunity, i64) {
    let mut community = trading_community_with(parameters);
    let start = first_start(&community);
    contract(&mut community, start);
    (community, start)
}

/// Has every meter read at the window's start, so that its energy is that of the window alone. Time passes to the start,
/// and the window's page is open.
pub fn read_start(community: &mut LocalCommunity, start: i64) {
    pass_until(community, start);
    community.open_pages(start).unwrap();
    let table = community.meters();
    let is_read = table.meters[..usize::from(table.header.count)]
        .iter()
        .all(|meter| meter.boundary >= start || !meter.is(MeterStatus::Active));
    if !is_read {
        community.read_start(start).unwrap();
    }
}

/// Delivers in the window that starts at `start`: import and export of each household, Wh. Time passes
/// to its end, and every meter is heard.
pub fn deliver(community: &mut LocalCommunity, start: i64, flows: &[(u64, u64)]) {
    read_start(community, start);
    pass_until(community, start + length(community));
    let readings = community.read_meters(start, flows);
    community.submit(start, readings).unwrap();
}

/// Delivers and settles.
#[track_caller]
pub fn deliver_and_settle(community: &mut LocalCommunity, start: i64, flows: &[(u64, u64)]) {
    deliver(community, start, flows);
    community.settle(start).unwrap();
    assert!(is_confirmed(community, start));
}

/// Whether the meters of all seats with contracts in the window have confirmed them.
pub fn is_confirmed(community: &LocalCommunity, start: i64) -> bool {
    let positions = community.positions(start);
    let mut contracts = positions
        .iter()
        .filter(|position| position.bought | position.sold > 0);
    contracts.all(|position| position.is(PositionStatus::Confirmed))
}

/// Lets the window's metering grace pass with nobody heard; its page is open.
pub fn stay_silent(community: &mut LocalCommunity, start: i64) {
    pass_until(community, start);
    community.open_pages(start).unwrap();
    let grace = i64::from(community.parameters.terms.metering_grace);
    pass_until(community, start + length(community) + grace);
}

/// Sends an instruction that household `place` signs.
pub fn send_as(
    community: &mut LocalCommunity,
    place: usize,
    instruction: Instruction,
) -> Result<Receipt, Failure> {
    let LocalCommunity {
        chain, households, ..
    } = community;
    chain.send(&[instruction], &[&households[place].wallet])
}

/// Takes a household's meters out of service, and lets all pages of their service become final.
pub fn retire_meters(community: &mut LocalCommunity, place: usize) {
    community.retire_meters(place).unwrap();
}

/// The numbers of a household's meters.
pub fn meters_of(community: &LocalCommunity, place: usize) -> Vec<u32> {
    let devices = community.households[place].devices.iter();
    devices.map(|device| device.number).collect()
}

/// Sends an instruction that the authority signs, and supplier and households where they must.
pub fn govern(
    community: &mut LocalCommunity,
    instruction: Instruction,
) -> Result<Receipt, Failure> {
    let LocalCommunity {
        chain,
        authority,
        supplier,
        households,
        ..
    } = community;
    let wallets = households.iter().map(|household| &household.wallet);
    let keys: Vec<&Keypair> = [&*authority, &supplier.wallet]
        .into_iter()
        .chain(wallets)
        .collect();
    let signers = needed(&instruction, &keys);
    chain.send(&[instruction], &signers)
}

/// The market's events in a receipt, in order.
pub fn market_events(receipt: &Receipt) -> Vec<MarketEvent> {
    receipt
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Market(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// What must never break, held against a community.
#[track_caller]
pub fn check_invariants(community: &LocalCommunity) {
    checks::invariants(community).unwrap();
}

/// The page that holds `start` is exactly in line with what is known of the meters.
#[track_caller]
pub fn check_settled(community: &LocalCommunity, start: i64) {
    checks::settled(community, start).unwrap();
}
