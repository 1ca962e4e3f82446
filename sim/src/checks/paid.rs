//! What positions have paid for their deviations, held against the meters' entries.

use joulebook_client::layout::market::{PageWindow, Position, PositionStatus, WindowStatus};

use super::{
    meters::Metered,
    state::{State, Window},
};
use crate::LocalCommunity;

/// Every position has paid what it must for what its meters said when it was settled. What a verifier replaced later may
/// not be settled yet.
pub fn adds_up(state: &State) -> Result<(), String> {
    for window in state.windows() {
        for (seat, position) in window.seats() {
            check_paid(state, &window, seat, position)
                .map_err(|error| format!("{}, seat {seat}: {error}", window.name()))?;
        }
    }
    Ok(())
}

/// Whether all positions of the page that holds `start` are exactly in line with what is known of their meters now: those
/// of the windows that have ended and have their contracts.
///
/// # Errors
/// A sentence about the first that is not.
pub fn settled(community: &LocalCommunity, start: i64) -> Result<(), String> {
    let state = State::of(community);
    let page = community.addresses.page_start(start);
    if state.pages.iter().all(|table| table.header.start != page) {
        return Err(format!("no slot holds the page of {page}"));
    }
    let windows = state.windows().filter(|window| window.page.start == page);
    for window in windows.filter(|window| window.end() <= state.now) {
        for (seat, position) in window.seats() {
            let of_seat = |error| format!("{}, seat {seat}: {error}", window.name());
            check_paid(&state, &window, seat, position).map_err(of_seat)?;
            check_settled(&state, &window, seat, position).map_err(of_seat)?;
        }
    }
    Ok(())
}

fn check_paid(
    state: &State,
    window: &Window,
    seat: u16,
    position: &Position,
) -> Result<(), String> {
    // It would pay its deviations to itself.
    if seat == window.row.supplier {
        return expect_paid(position, 0);
    }
    let Some(metered) = Metered::in_window(state, window, seat, 0) else {
        return Ok(());
    };
    let cost = cost(position, &metered, window.row);
    let paid = i128::from(position.paid);
    let could_be = if window.is_final(seat) && metered.is_missing {
        // What it would earn waits until the meters are heard.
        is_draw(paid - cost.max(0), window.row)
    } else if window.is_final(seat) {
        paid == cost
    } else if position.is(PositionStatus::Open) {
        is_draw(paid, window.row)
    } else if metered.is_missing {
        return Err("it is confirmed and a meter is missing".to_string());
    } else {
        paid == cost || (metered.is_replaced && is_cost(paid, window.row))
    };
    if could_be {
        return Ok(());
    }
    Err(format!("it has {position:?} for {metered:?}"))
}

/// A position that nothing can be due for any more, as things are now.
fn check_settled(
    state: &State,
    window: &Window,
    seat: u16,
    position: &Position,
) -> Result<(), String> {
    if window.is_final(seat) || window.is(WindowStatus::Open) {
        return Ok(());
    }
    let silent = state.ledger.seats[usize::from(seat)].silent_windows;
    let Some(metered) = Metered::in_window(state, window, seat, silent) else {
        return Err("the oracle's page is gone".to_string());
    };
    let is_idle = position.bought | position.sold == 0 && metered.net == 0 && position.paid == 0;
    if is_idle && !metered.is_missing {
        return Ok(());
    }
    let is_own = seat == window.row.supplier;
    if metered.is_missing {
        let grace = i64::from(window.page.metering_grace);
        let is_late = state.now >= window.end() + grace;
        let draw = i128::from(metered.draw) * i128::from(window.row.short);
        // What the others drew beyond what was bought.
        let beyond = (metered.net - i64::from(position.bought)).max(0);
        let measured = i128::from(beyond) * i128::from(window.row.short);
        let due = draw.max(0) + measured.max(0);
        let due = if is_late && !is_own { due } else { 0 };
        return expect_paid(position, due);
    }
    if !position.is(PositionStatus::Confirmed) {
        return Err("all its meters were heard, and it is not confirmed".to_string());
    }
    let due = cost(position, &metered, window.row);
    expect_paid(position, if is_own { 0 } else { due })
}

fn expect_paid(position: &Position, due: i128) -> Result<(), String> {
    if i128::from(position.paid) == due {
        return Ok(());
    }
    Err(format!("it has paid {}, should have {due}", position.paid))
}

/// What the deviation of what flowed from what was contracted costs, milli-atoms.
fn cost(position: &Position, metered: &Metered, window: &PageWindow) -> i128 {
    let contracted = i64::from(position.bought) - i64::from(position.sold);
    let deviation = i128::from(metered.net) - i128::from(contracted);
    let price = if deviation > 0 {
        window.short
    } else {
        window.long
    };
    deviation * i128::from(price)
}

/// Whether some deviation costs that.
fn is_cost(amount: i128, window: &PageWindow) -> bool {
    let of = |price: i32, is_drawn: bool| {
        let price = i128::from(price);
        price != 0 && amount % price == 0 && (amount / price > 0) == is_drawn
    };
    amount == 0 || of(window.short, true) || of(window.long, false)
}

/// Whether some standard draw costs that: nobody is paid for being silent.
fn is_draw(amount: i128, window: &PageWindow) -> bool {
    let short = i128::from(window.short);
    amount == 0 || (short > 0 && amount > 0 && amount % short == 0)
}
