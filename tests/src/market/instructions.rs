//! The market's instructions that are not of everyday life, as a community's authority and households would
//! send them.

use joulebook_client::{
    instructions::{Actor, Owner},
    layout::market::{DelegateBounds, ImbalancePrices, MarketTerms, WindowPrices},
    oracle::types::ReplacedValue,
};
use joulebook_sim::{Household, LocalCommunity};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

fn authority(community: &LocalCommunity) -> Address {
    community.authority.pubkey()
}

fn actor(community: &LocalCommunity) -> Actor {
    Actor::authority(authority(community))
}

pub fn create_ledger(community: &LocalCommunity) -> Instruction {
    community.addresses.create_ledger(authority(community))
}

pub fn create_history(community: &LocalCommunity) -> Instruction {
    community.addresses.create_history(authority(community))
}

pub fn create_book(community: &LocalCommunity, slot: u16) -> Instruction {
    community.addresses.create_book(authority(community), slot)
}

pub fn create_page(community: &LocalCommunity, slot: u16) -> Instruction {
    community.addresses.create_page(authority(community), slot)
}

pub fn grow(community: &LocalCommunity, table: Address) -> Instruction {
    let payer = community.chain.payer.pubkey();
    community.addresses.grow_market_table(payer, table)
}

/// The supplier signs, too, if it must.
pub fn set_terms(community: &LocalCommunity, terms: MarketTerms) -> Instruction {
    let market = community.market();
    let calendar = |terms: &MarketTerms| (terms.utc_offset, terms.holidays);
    let is_put_off = market.planned_terms_from > community.chain.now()
        && calendar(&market.terms) != calendar(&market.planned_terms);
    let is_other = is_put_off || calendar(&terms) != calendar(&market.planned_terms);
    let supplier = is_other.then(|| community.supplier.address());
    community
        .addresses
        .set_terms(authority(community), supplier, terms)
}

/// The supplier signs, too.
pub fn set_tariff(
    community: &LocalCommunity,
    working_day: bool,
    first_half_hour: u8,
    entries: Vec<ImbalancePrices>,
) -> Instruction {
    let (authority, supplier) = (authority(community), community.supplier.address());
    let at = &community.addresses;
    at.set_tariff(authority, supplier, working_day, first_half_hour, entries)
}

/// The new supplier signs, too.
pub fn replace_supplier(community: &LocalCommunity, new: &Household) -> Instruction {
    let at = &community.addresses;
    let events = community.market().events;
    at.replace_supplier(authority(community), new.address(), events)
}

/// Prices of the window at `start` and those behind it.
pub fn post_prices(
    community: &LocalCommunity,
    start: i64,
    prices: Vec<WindowPrices>,
) -> Instruction {
    let supplier = community.supplier.address();
    community.addresses.post_prices(supplier, start, prices)
}

pub fn close_seat(community: &LocalCommunity, owner: &Household) -> Instruction {
    community.addresses.close_seat(owner.address(), owner.seat)
}

pub fn set_delegate(
    community: &LocalCommunity,
    owner: &Household,
    delegate: Option<Address>,
) -> Instruction {
    set_bounded_delegate(
        community,
        owner,
        delegate,
        DelegateBounds::of_a_day(u64::MAX),
    )
}

/// A delegate whose orders may lock so many milli-atoms a day.
pub fn set_bounded_delegate(
    community: &LocalCommunity,
    owner: &Household,
    delegate: Option<Address>,
    bounds: DelegateBounds,
) -> Instruction {
    community
        .addresses
        .set_delegate(owner.address(), owner.seat, delegate, bounds)
}

pub fn withdraw_fees(community: &LocalCommunity, destination: Address, amount: u64) -> Instruction {
    let authority = authority(community);
    community
        .addresses
        .withdraw_fees(authority, destination, amount)
}

pub fn sweep_surplus(community: &LocalCommunity) -> Instruction {
    community.addresses.sweep_surplus()
}

/// Settles all seats in the window at `start`.
pub fn settle(community: &LocalCommunity, start: i64) -> Instruction {
    let window = community.addresses.window_number(start);
    let seats = 0..community.parameters.seats;
    let at = &community.addresses;
    at.settle(start, window..window + 1, seats)
}

pub fn finish_page(community: &LocalCommunity, start: i64) -> Instruction {
    community.addresses.finish_page(start, u16::MAX)
}

pub fn finish_interval_page(community: &LocalCommunity, start: i64) -> Instruction {
    community.addresses.finish_interval_page(start, u16::MAX)
}

pub fn close_book(community: &LocalCommunity, slot: u16) -> Instruction {
    community.addresses.close_book(authority(community), slot)
}

pub fn close_page(community: &LocalCommunity, slot: u16) -> Instruction {
    community.addresses.close_page(authority(community), slot)
}

pub fn close_history(community: &LocalCommunity) -> Instruction {
    community.addresses.close_history(authority(community))
}

pub fn close_ledger(community: &LocalCommunity) -> Instruction {
    community.addresses.close_ledger(authority(community))
}

pub fn close_market(community: &LocalCommunity) -> Instruction {
    community.addresses.close_market(authority(community))
}

/// Moves tokens as anyone can, past the market.
pub fn transfer(
    community: &LocalCommunity,
    from: &Household,
    to: Address,
    amount: u64,
) -> Instruction {
    spl_token_2022_interface::instruction::transfer_checked(
        &community.addresses.token_program,
        &from.tokens,
        &community.addresses.quote_mint,
        &to,
        &from.address(),
        &[],
        amount,
        joulebook_sim::chain::token::DECIMALS,
    )
    .expect("the program id is a token program's")
}

/// Changes who settles the meter table from `present` to `new`.
pub fn set_settlement(community: &LocalCommunity, present: Address, new: Address) -> Instruction {
    community
        .addresses
        .set_settlement(authority(community), present, new)
}

pub fn close_interval_page(community: &LocalCommunity, slot: u16) -> Instruction {
    let authority = authority(community);
    community.addresses.close_interval_page(authority, slot)
}

pub fn close_meter_table(community: &LocalCommunity, settlement: Address) -> Instruction {
    community
        .addresses
        .close_meter_table(authority(community), settlement)
}

/// With the registers that the meter's device shows.
pub fn retire_meter(community: &LocalCommunity, meter: u32) -> Instruction {
    let devices = community
        .households
        .iter()
        .flat_map(|owner| owner.devices.iter().map(move |device| (owner, device)));
    let mut devices = devices;
    let shown = devices.rfind(|(_, device)| device.number == meter);
    let (owner, device) = shown.expect("a household has the meter");
    let actor = actor(community);
    let registers = device.final_registers();
    community
        .addresses
        .retire_meter(actor, owner.address(), meter, Some(registers))
}

/// Retires a meter of `owner` by the authority alone: without its final registers.
pub fn retire_meter_alone(
    community: &LocalCommunity,
    owner: &Household,
    meter: u32,
) -> Instruction {
    let owner = Owner::absent(owner.address());
    community
        .addresses
        .retire_meter(actor(community), owner, meter, None)
}

/// What is charged for an interval of a meter of `owner` that is silent for long, Wh; the owner signs, too.
pub fn set_standard_draw(
    community: &LocalCommunity,
    owner: &Household,
    meter: u32,
    draw: u32,
) -> Instruction {
    let actor = actor(community);
    let at = &community.addresses;
    at.set_standard_draw(actor, owner.address(), meter, draw)
}

/// What a meter of `owner` can carry each way from the next page on, W; the owner signs, too.
pub fn set_power_limits(
    community: &LocalCommunity,
    owner: &Household,
    meter: u32,
    [import, export]: [u32; 2],
) -> Instruction {
    let actor = actor(community);
    let at = &community.addresses;
    at.set_power_limits(actor, owner.address(), meter, import, export)
}

/// Import and export in Wh of a meter of `owner` in the window at `start` and those behind it, for reason 7; the owner
/// signs, too.
pub fn replace_values(
    community: &LocalCommunity,
    owner: &Household,
    start: i64,
    meter: u32,
    values: &[(u32, u32)],
) -> Instruction {
    let value = |&(import, export)| ReplacedValue { import, export };
    let values = values.iter().map(value).collect();
    let (actor, at) = (actor(community), &community.addresses);
    let first = at.window_number(start);
    at.replace_values(actor, owner.address(), start, meter, first, values, 7)
}

pub fn quarantine_meter(community: &LocalCommunity, meter: u32) -> Instruction {
    community
        .addresses
        .quarantine_meter(actor(community), meter, 1)
}

pub fn set_pause(community: &LocalCommunity, paused: u8) -> Instruction {
    community.addresses.set_pause(actor(community), paused)
}

pub fn set_roles(community: &LocalCommunity, of: &Household, roles: u16) -> Instruction {
    community
        .addresses
        .set_roles(actor(community), &of.address(), roles)
}

pub fn suspend(community: &LocalCommunity, who: &Household) -> Instruction {
    community
        .addresses
        .suspend(actor(community), &who.address(), 1, None)
}

/// By which `who` leaves the community.
pub fn leave(community: &LocalCommunity, who: &Household) -> Instruction {
    let wallet = who.address();
    community.addresses.leave(Actor::authority(wallet), &wallet)
}
