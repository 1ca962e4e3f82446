//! Books: their sums, their fills, and what their pages say of them.

use joulebook_client::{
    layout::market::{BookSeat, Order, Phase, Position, Side, WindowStatus, TICKS_PER_BLOCK},
    tables::BookTable,
};
use joulebook_settlement::Terms;
use joulebook_units::{Price, Tick, Wh, WhSum};

use super::{
    contract::{tariff, Contract},
    expect,
    state::{is_busy, State, Window},
};

pub fn add_up(state: &State) -> Result<(), String> {
    for book in &state.books {
        let of_book = |error| format!("the book of {}: {error}", book.header.start);
        levels_add_up(book).map_err(of_book)?;
        rows_add_up(book).map_err(of_book)?;
        fills_add_up(book).map_err(of_book)?;
        page_agrees(state, book).map_err(of_book)?;
    }
    Ok(())
}

fn price_of(book: &BookTable, tick: u16) -> Price {
    book.header.price(Tick(tick))
}

fn is(book: &BookTable, phase: Phase) -> bool {
    book.phase() == Some(phase)
}

fn lock_of(book: &BookTable, order: &Order) -> u128 {
    let terms = Terms::from(&book.header);
    let (quantity, price) = (Wh(order.quantity), price_of(book, order.tick));
    let lock = match order.side() {
        Some(Side::Buy) => terms.buy_lock(quantity, price),
        _ => terms.sell_lock(quantity, price),
    };
    u128::from(lock.map_or(u64::MAX, |lock| lock.0))
}

/// Levels and blocks are the sums of the live orders.
fn levels_add_up(book: &BookTable) -> Result<(), String> {
    if !is_busy(book) {
        return Ok(());
    }
    let mut buys = vec![0u128; book.levels.len()];
    let mut sells = vec![0u128; book.levels.len()];
    for (_, order) in book.live_orders() {
        let sums = match order.side() {
            Some(Side::Buy) => &mut buys,
            _ => &mut sells,
        };
        sums[usize::from(order.tick)] += u128::from(order.quantity);
    }
    for (tick, level) in book.levels.iter().enumerate() {
        let what = |side| format!("{side} at tick {tick}");
        expect(&what("buys"), level.buy.into(), buys[tick])?;
        expect(&what("sells"), level.sell.into(), sells[tick])?;
    }
    for (block, ticks) in book.levels.chunks(TICKS_PER_BLOCK).enumerate() {
        let sum: u128 = ticks.iter().map(|level| u128::from(level.buy)).sum();
        expect("a block of buys", book.blocks[block].buy.into(), sum)?;
        let sum: u128 = ticks.iter().map(|level| u128::from(level.sell)).sum();
        expect("a block of sells", book.blocks[block].sell.into(), sum)?;
    }
    Ok(())
}

/// Every seat's row is the sum of its live orders.
fn rows_add_up(book: &BookTable) -> Result<(), String> {
    let mut locked = vec![0u128; book.seats.len()];
    let mut filled = vec![[0u128; 2]; book.seats.len()];
    let mut orders = vec![0u128; book.seats.len()];
    let mut live = 0;
    for (_, order) in book.live_orders() {
        let seat = usize::from(order.seat);
        let side = usize::from(order.side() == Some(Side::Sell));
        locked[seat] += lock_of(book, order);
        orders[seat] += 1;
        live += 1;
        if !is(book, Phase::Open) {
            filled[seat][side] += u128::from(order.filled);
        }
    }
    expect("live orders", book.header.live_orders.into(), live)?;
    for (seat, row) in book.seats.iter().enumerate() {
        let BookSeat {
            locked: lock,
            bought,
            sold,
            ..
        } = *row;
        let what = |of| format!("{of} of seat {seat}");
        expect(&what("orders"), row.orders.into(), orders[seat])?;
        expect(&what("locks"), lock.into(), locked[seat])?;
        expect(&what("filled buys"), bought.into(), filled[seat][0])?;
        expect(&what("filled sells"), sold.into(), filled[seat][1])?;
    }
    Ok(())
}

/// Bought is sold, nobody gets more than asked for or pays against the limit.
fn fills_add_up(book: &BookTable) -> Result<(), String> {
    if is(book, Phase::Open) {
        return Ok(());
    }
    let node = book.nodes[0];
    let cursor = book.header.order_cursor;
    let mut filled = [0u128; 2];
    for (index, order) in book.live_orders() {
        if order.filled > 0 && index >= cursor {
            return Err(format!("order {index} has a fill before its turn"));
        }
        if order.filled > order.quantity {
            return Err(format!("order {index} fills beyond its quantity"));
        }
        let Some(side) = order.side() else {
            return Err(format!("order {index} is on no side"));
        };
        let limit = price_of(book, order.tick).0;
        let against = match side {
            Side::Buy => node.price > limit,
            Side::Sell => node.price < limit,
        };
        if order.filled > 0 && against {
            return Err(format!("order {index} fills against its limit"));
        }
        filled[side as usize] += u128::from(order.filled);
    }
    if is(book, Phase::Allocated) {
        expect("filled buys", filled[0], node.volume.into())?;
        expect("filled sells", filled[1], node.volume.into())?;
    }
    Ok(())
}

/// A window has the prices that its orders were placed at, and the contracts that they came to.
fn page_agrees(state: &State, book: &BookTable) -> Result<(), String> {
    let Some(window) = state.window_of(book) else {
        return match is_busy(book) {
            true => Err("has orders, and no page has its window".to_string()),
            false => Ok(()),
        };
    };
    let header = &book.header;
    let row = window.row;
    if [header.short, header.long, header.grid_fee] != [row.short, row.long, row.grid_fee] {
        return Err("has other prices than its page".to_string());
    }
    let status = match is_busy(book) {
        true => WindowStatus::Open,
        false => WindowStatus::Allocated,
    };
    if !window.is(status) {
        return Err(format!(
            "its page should say {status:?}, not {}",
            row.status
        ));
    }
    contracts_agree(book, &window)?;
    match is(book, Phase::Allocated) {
        true => outcome_agrees(book, &window),
        false => Ok(()),
    }
}

/// Seats up to the cursor have their contracts, the others none. A confirmed position keeps what was bought and sold.
fn contracts_agree(book: &BookTable, window: &Window) -> Result<(), String> {
    let price = Price(book.nodes[0].price);
    for ((seat, position), row) in window.seats().zip(&book.seats) {
        let is_allocated = !is_busy(book) || seat < book.header.seat_cursor;
        let due = match is_allocated {
            true => Contract::at(price, row.bought, row.sold, tariff(window.row)),
            false => Contract::default(),
        };
        let found = Contract::of(position);
        let agrees = match is_busy(book) {
            true => found == due && *position == in_progress(position),
            false => (found.bought, found.sold) == (due.bought, due.sold),
        };
        if !agrees {
            return Err(format!("seat {seat} should have {due:?}, has {position:?}"));
        }
    }
    Ok(())
}

/// A position with contracts that nothing was settled of.
fn in_progress(position: &Position) -> Position {
    Position {
        bought: position.bought,
        sold: position.sold,
        earns: position.earns,
        locked: position.locked,
        ..Position::default()
    }
}

fn outcome_agrees(book: &BookTable, window: &Window) -> Result<(), String> {
    let (node, row) = (&book.nodes[0], window.row);
    let fee = Terms::from(&book.header).market_fee(Price(node.price));
    let fees = WhSum(node.volume).value(fee).map(|fees| fees.paid().0);
    let outcome = (row.volume, row.price, row.low, row.high, row.orders);
    let due = (
        node.volume,
        node.price,
        node.low,
        node.high,
        book.header.live_orders,
    );
    if outcome != due || Some(row.market_fees) != fees {
        return Err(format!("its page has another outcome: {row:?}"));
    }
    Ok(())
}
