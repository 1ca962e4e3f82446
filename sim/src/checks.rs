//! What must never break, recomputed from the accounts alone (docs/architecture.md, Invariants).

mod door;

use std::collections::BTreeMap;

use joulebook_client::{
    layout::market::{Order, Phase, Position, Side, TICKS_PER_BLOCK},
    tables::WindowTable,
};
use joulebook_settlement::terms::Terms;
use joulebook_units::{Price, Tick, Wh, MILLI_ATOMS_PER_ATOM};

use crate::{LocalCommunity, Token};

/// Checks the whole state of a community's market.
///
/// # Errors
/// A sentence about the first thing that does not add up.
pub fn invariants(community: &LocalCommunity) -> Result<(), String> {
    let ledger = community.ledger();
    let windows: Vec<WindowTable> = (0..community.parameters.ring)
        .filter_map(|slot| {
            let data = community.chain.data(&community.addresses.window_slot(slot));
            WindowTable::from_bytes(&data).ok()
        })
        .collect();

    let money: u128 = ledger
        .seats
        .iter()
        .map(|seat| u128::from(seat.free) + u128::from(seat.locked) + u128::from(seat.held))
        .sum::<u128>()
        + u128::from(ledger.header.escrow)
        + u128::from(ledger.header.fees);
    expect(
        "what the ledger counts",
        u128::from(ledger.header.money),
        money,
    )?;
    let atoms = Token::balance(&community.chain, &community.addresses.vault);
    let vault = u128::from(atoms) * u128::from(MILLI_ATOMS_PER_ATOM);
    expect("seats, escrow and fees against the vault", money, vault)?;

    let claims = ledger.seats.iter().map(|seat| u128::from(seat.claim)).sum();
    expect("claims", u128::from(ledger.header.claims), claims)?;
    let both = ledger
        .seats
        .iter()
        .position(|seat| seat.debt > 0 && seat.claim > 0);
    if let Some(index) = both {
        return Err(format!("seat {index} owes and is owed at once"));
    }

    let mut locked: BTreeMap<u16, u128> = BTreeMap::new();
    let mut engaged: BTreeMap<u16, u16> = BTreeMap::new();
    let mut escrow: u128 = 0;
    for window in &windows {
        book_adds_up(window)?;
        fills_add_up(window)?;
        for (seat, amount) in locks(window) {
            *locked.entry(seat).or_default() += amount;
        }
        escrow += escrowed(window);
        for seat in engaged_seats(window) {
            *engaged.entry(seat).or_default() += 1;
        }
    }
    expect("the escrow", u128::from(ledger.header.escrow), escrow)?;
    for (index, seat) in (0u16..).zip(&ledger.seats) {
        let due = locked.get(&index).copied().unwrap_or(0);
        expect(
            &format!("what seat {index} has locked"),
            u128::from(seat.locked),
            due,
        )?;
        let windows = engaged.get(&index).copied().unwrap_or(0);
        expect(
            &format!("the windows seat {index} is in"),
            u128::from(seat.engaged),
            u128::from(windows),
        )?;
    }
    door::holds_add_up(community, &ledger)
}

fn expect(what: &str, found: u128, due: u128) -> Result<(), String> {
    if found == due {
        return Ok(());
    }
    Err(format!("{what}: found {found}, should be {due}"))
}

fn terms(window: &WindowTable) -> Terms {
    Terms::from(&window.header)
}

fn price_of(window: &WindowTable, tick: u16) -> Price {
    window.header.price(Tick(tick))
}

fn is(window: &WindowTable, phases: &[Phase]) -> bool {
    window.phase().is_some_and(|phase| phases.contains(&phase))
}

fn lock_of(window: &WindowTable, order: &Order) -> u128 {
    let (quantity, price) = (Wh(order.quantity), price_of(window, order.tick));
    let lock = if order.side() == Some(Side::Buy) {
        terms(window).buy_lock(quantity, price)
    } else {
        terms(window).sell_lock(quantity, price)
    };
    u128::from(lock.map_or(u64::MAX, |lock| lock.0))
}

/// Levels and blocks are the sums of the live orders.
fn book_adds_up(window: &WindowTable) -> Result<(), String> {
    if !is(window, &[Phase::Open, Phase::Cleared]) {
        return Ok(());
    }
    let mut buys = vec![0u128; window.levels.len()];
    let mut sells = vec![0u128; window.levels.len()];
    for (_, order) in window.live_orders() {
        let sums = if order.side() == Some(Side::Buy) {
            &mut buys
        } else {
            &mut sells
        };
        sums[usize::from(order.tick)] += u128::from(order.quantity);
    }
    for (tick, level) in window.levels.iter().enumerate() {
        expect(
            &format!("buys at tick {tick}"),
            level.buy.into(),
            buys[tick],
        )?;
        expect(
            &format!("sells at tick {tick}"),
            level.sell.into(),
            sells[tick],
        )?;
    }
    for (block, ticks) in window.levels.chunks(TICKS_PER_BLOCK).enumerate() {
        let sum: u128 = ticks.iter().map(|level| u128::from(level.buy)).sum();
        expect("a block of buys", window.blocks[block].buy.into(), sum)?;
        let sum: u128 = ticks.iter().map(|level| u128::from(level.sell)).sum();
        expect("a block of sells", window.blocks[block].sell.into(), sum)?;
    }
    Ok(())
}

/// Bought is sold, nobody gets more than asked for or pays against the limit.
fn fills_add_up(window: &WindowTable) -> Result<(), String> {
    if is(window, &[Phase::Free, Phase::Open]) {
        return Ok(());
    }
    let node = window.nodes[0];
    let cursor = window.header.order_cursor;
    let mut filled = [0u128; 2];
    for (index, order) in window.live_orders().filter(|(index, _)| *index < cursor) {
        if order.filled > order.quantity {
            return Err(format!("order {index} fills beyond its quantity"));
        }
        let Some(side) = order.side() else {
            return Err(format!("order {index} is on no side"));
        };
        let limit = price_of(window, order.tick).0;
        let against = match side {
            Side::Buy => node.price > limit,
            Side::Sell => node.price < limit,
        };
        if order.filled > 0 && against {
            return Err(format!("order {index} fills against its limit"));
        }
        filled[side as usize] += u128::from(order.filled);
    }
    if !is(window, &[Phase::Cleared]) {
        expect("filled buys", filled[0], node.volume.into())?;
        expect("filled sells", filled[1], node.volume.into())?;
        let bought: u128 = window.positions.iter().map(|p| u128::from(p.bought)).sum();
        expect("bought positions", bought, node.volume.into())?;
        let sold: u128 = window.positions.iter().map(|p| u128::from(p.sold)).sum();
        expect("sold positions", sold, node.volume.into())?;
    }
    Ok(())
}

/// What each seat must have locked for a window.
fn locks(window: &WindowTable) -> Vec<(u16, u128)> {
    let cursor = window.header.seat_cursor;
    let mut locks = vec![];
    if is(window, &[Phase::Open, Phase::Cleared]) {
        for (_, order) in window
            .live_orders()
            .filter(|(_, order)| order.seat >= cursor)
        {
            locks.push((order.seat, lock_of(window, order)));
        }
    }
    let price = Price(window.nodes[0].price);
    let shortfall = terms(window).shortfall(price).unwrap_or_default();
    let surplus = terms(window).surplus(price).unwrap_or_default();
    for (seat, position) in (0u16..).zip(&window.positions) {
        let to_deliver = match window.phase() {
            Some(Phase::Cleared) => seat < cursor,
            Some(Phase::Allocated | Phase::Metered) => seat >= cursor,
            _ => false,
        };
        if to_deliver {
            let (bought, sold) = (Wh(position.bought), Wh(position.sold));
            let kept = [sold * shortfall, bought * surplus].map(|lock| u128::from(lock.paid().0));
            locks.push((seat, kept.iter().sum()));
        }
    }
    locks
}

/// What a window must have in escrow: paid by buyers, not yet passed on.
fn escrowed(window: &WindowTable) -> u128 {
    let price = Price(window.nodes[0].price);
    let all_in = terms(window).all_in(price).unwrap_or_default();
    let cursor = usize::from(window.header.seat_cursor);
    let (before, behind) = window.positions.split_at(cursor);
    // A seller pays at a price below zero, and a buyer earns then.
    let value = |energy: u32, price: Price| u128::from((Wh(energy) * price).paid().0);
    let (earned, given) = (Price(price.0.max(0)), Price(-price.0.min(0)));
    let bought = |positions: &[Position]| -> u128 {
        positions
            .iter()
            .map(|p| value(p.bought, all_in) + value(p.sold, given))
            .sum()
    };
    let passed_on = || -> u128 {
        before
            .iter()
            .map(|p| value(p.sold, earned) + value(p.bought, given))
            .sum()
    };
    match window.phase() {
        Some(Phase::Cleared) => bought(before),
        Some(Phase::Allocated | Phase::Metered) => bought(before) + bought(behind) - passed_on(),
        _ => 0,
    }
}

fn engaged_seats(window: &WindowTable) -> impl Iterator<Item = u16> + '_ {
    let cursor = window.header.seat_cursor;
    (0u16..)
        .zip(&window.positions)
        .filter(move |(seat, position)| {
            let unsettled = match window.phase() {
                Some(Phase::Open | Phase::Cleared | Phase::Allocated) => true,
                Some(Phase::Metered) => *seat >= cursor,
                _ => false,
            };
            unsettled && position.orders > 0
        })
        .map(|(seat, _)| seat)
}
