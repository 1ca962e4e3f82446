//! A buyer, a seller, a supplier with money, and what they do window after window.

use joulebook_client::{
    events::Event,
    market::{events::MarketEvent, types::NewOrder, types::OrderRef},
    tables::Phase,
};
use joulebook_testkit::{check, Failure, Receipt, Setup, World};
use solana_instruction::Instruction;

use super::make;

/// Places in [`World::households`].
pub const BUYER: usize = 0;
pub const SELLER: usize = 1;
/// What every household has deposited, atoms.
pub const DEPOSIT: u64 = 10_000_000;
/// The same in milli-atoms.
pub const FREE: u64 = DEPOSIT * 1000;
/// What the supplier has deposited, atoms.
pub const SUPPLIER_DEPOSIT: u64 = 100_000_000;

/// Milli-atoms that [`trade`] settles at, computed by hand from the default setup. Bought 1000 Wh up to
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
    order(0, quantity, tick)
}

pub fn sell(quantity: u32, tick: u16) -> NewOrder {
    order(1, quantity, tick)
}

fn order(side: u8, quantity: u32, tick: u16) -> NewOrder {
    NewOrder {
        quantity,
        tick,
        side,
        node: 0,
    }
}

pub fn id(index: u16, sequence: u16) -> OrderRef {
    OrderRef { index, sequence }
}

/// A village of the default setup.
pub fn village() -> World {
    village_of(Setup::default())
}

pub fn village_of(setup: Setup) -> World {
    settle_down(World::new(setup).unwrap())
}

/// Gives a world its buyer, its seller and its supplier's money.
pub fn settle_down(mut world: World) -> World {
    world.join("buyer", DEPOSIT).unwrap();
    world.join("seller", DEPOSIT).unwrap();
    world.fund_supplier(SUPPLIER_DEPOSIT).unwrap();
    world
}

pub fn length(world: &World) -> i64 {
    i64::from(world.setup.window_seconds)
}

/// The start of a window that can be opened now, with a whole window in between.
pub fn first_start(world: &World) -> i64 {
    world.next_start() + length(world)
}

/// A village with an open window; returns its start.
pub fn open_village(setup: Setup) -> (World, i64) {
    let mut world = village_of(setup);
    let start = first_start(&world);
    world.open_window(start).unwrap();
    (world, start)
}

/// Enters the orders that [`amounts`] is about.
pub fn trade(world: &mut World, start: i64) {
    world.place(BUYER, start, vec![buy(1000, 60)]).unwrap();
    world.place(SELLER, start, vec![sell(1200, 50)]).unwrap();
}

/// Lets time pass until the window's gate has closed.
pub fn close_gate(world: &mut World, start: i64) {
    let gate = start - i64::from(world.setup.terms.gate_lead);
    pass_until(world, gate);
}

pub fn pass_until(world: &mut World, time: i64) {
    let now = world.chain.now();
    world.chain.set_time(now.max(time));
}

/// Opens a window, trades in it, clears and allocates it.
pub fn contract(world: &mut World, start: i64) {
    world.open_window(start).unwrap();
    trade(world, start);
    close_gate(world, start);
    world.clear_and_allocate(start).unwrap();
}

/// A village that has contracts for a window; returns its start.
pub fn contracted(setup: Setup) -> (World, i64) {
    let mut world = village_of(setup);
    let start = first_start(&world);
    contract(&mut world, start);
    (world, start)
}

/// Has every meter read at the window's start, so that its energy is that of the window alone.
pub fn read_start(world: &mut World, start: i64) {
    let before = start - length(world);
    let count = usize::from(world.meters().header.count);
    let up_to_date = world.meters().meters[..count]
        .iter()
        .all(|meter| meter.boundary >= start || meter.status != 1);
    if up_to_date {
        return;
    }
    pass_until(world, start);
    if world.interval(before).header.start < before {
        world.open_interval(before).unwrap();
    }
    let readings = world.read_meters(before, &[]);
    world.submit(before, readings).unwrap();
}

/// Delivers in the window that starts at `start`: import and export of each household, Wh. Time passes
/// to its end, and every meter is heard.
pub fn deliver(world: &mut World, start: i64, flows: &[(u64, u64)]) {
    read_start(world, start);
    pass_until(world, start);
    world.open_interval(start).unwrap();
    pass_until(world, start + length(world));
    let readings = world.read_meters(start, flows);
    world.submit(start, readings).unwrap();
}

/// Delivers and settles.
pub fn deliver_and_settle(world: &mut World, start: i64, flows: &[(u64, u64)]) {
    deliver(world, start, flows);
    world.meter_and_settle(start).unwrap();
    assert_eq!(world.window(start).phase(), Some(Phase::Settled));
}

/// Lets the window's metering grace pass with nobody heard; its interval is open.
pub fn stay_silent(world: &mut World, start: i64) {
    pass_until(world, start);
    world.open_interval(start).unwrap();
    let grace = i64::from(world.setup.terms.metering_grace);
    pass_until(world, start + length(world) + grace);
}

/// Sends an instruction that household `place` signs.
pub fn send_as(
    world: &mut World,
    place: usize,
    instruction: Instruction,
) -> Result<Receipt, Failure> {
    let World {
        chain, households, ..
    } = world;
    chain.send(&[instruction], &[&households[place].wallet])
}

/// Takes a household's meters out of service, and lets the round go by in which their last windows settle.
pub fn retire_meters(world: &mut World, place: usize) {
    for meter in meters_of(world, place) {
        let retire = make::retire_meter(world, meter);
        govern(world, retire).unwrap();
    }
    let round = i64::from(world.setup.window_seconds) * i64::from(world.setup.ring);
    let now = world.chain.now();
    world.chain.set_time(now + round);
}

/// The numbers of a household's meters.
pub fn meters_of(world: &World, place: usize) -> Vec<u32> {
    let devices = world.households[place].devices.iter();
    devices.map(|device| device.number).collect()
}

/// Sends an instruction that the authority signs.
pub fn govern(world: &mut World, instruction: Instruction) -> Result<Receipt, Failure> {
    let World {
        chain, authority, ..
    } = world;
    chain.send(&[instruction], &[authority])
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

/// What must never break, held against a world.
#[track_caller]
pub fn sound(world: &World) {
    check::invariants(world).unwrap();
}
