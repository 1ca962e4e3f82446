//! Pages: each window's contracts, and how far they are settled.

use joulebook_client::layout::market::{PageWindow, Position, PositionStatus, WindowStatus};

use super::{
    contract::{tariff, Contract},
    expect,
    state::{State, Window},
};

pub fn add_up(state: &State) -> Result<(), String> {
    final_in_sequence(state)?;
    for window in state.windows() {
        let of_window = |error| format!("{}: {error}", window.name());
        volume_adds_up(state, &window).map_err(of_window)?;
        for (seat, position) in window.seats() {
            let of_seat = |error| format!("{}, seat {seat}: {error}", window.name());
            position_adds_up(&window, seat, position).map_err(of_seat)?;
        }
    }
    Ok(())
}

/// Pages become final one after the other, and the ledger names the latest.
fn final_in_sequence(state: &State) -> Result<(), String> {
    let last_final = state.ledger.header.last_final;
    for page in &state.pages {
        let (start, is_final) = (page.header.start, page.header.is_final());
        if is_final != (start <= last_final) {
            return Err(format!(
                "the page of {start} is final: {is_final}, the latest that is starts at {last_final}"
            ));
        }
    }
    Ok(())
}

/// Bought is sold. A window that a book has orders for has contracts as far as that has come, and no outcome; one that never
/// had a book has neither.
fn volume_adds_up(state: &State, window: &Window) -> Result<(), String> {
    if !window.is(WindowStatus::Allocated) {
        has_no_outcome(window)?;
    }
    if window.is(WindowStatus::Open) {
        return match state.book_of(window) {
            Some(_) => Ok(()),
            None => Err("it is open and has no book".to_string()),
        };
    }
    let sum = |energy: fn(&Position) -> u32| -> u128 {
        let energies = window.positions.iter().map(energy);
        energies.map(u128::from).sum()
    };
    let volume = u128::from(window.row.volume);
    expect("bought", sum(|position| position.bought), volume)?;
    expect("sold", sum(|position| position.sold), volume)
}

fn has_no_outcome(window: &Window) -> Result<(), String> {
    let empty = PageWindow {
        short: window.row.short,
        long: window.row.long,
        grid_fee: window.row.grid_fee,
        supplier: window.row.supplier,
        grid_operator: window.row.grid_operator,
        status: window.row.status,
        ..PageWindow::default()
    };
    if *window.row == empty {
        return Ok(());
    }
    Err(format!("it has an outcome already: {:?}", window.row))
}

/// A confirmed position has got what it earned and locks nothing; one that is open waits for both.
fn position_adds_up(window: &Window, seat: u16, position: &Position) -> Result<(), String> {
    if position.is(PositionStatus::Confirmed) {
        if window.is(WindowStatus::Open) {
            return Err("it is confirmed before its contracts are known".to_string());
        }
        expect("what it earns", position.earns.into(), 0)?;
        return expect("what it locks", position.locked.into(), 0);
    }
    if !position.is(PositionStatus::Open) {
        return Err(format!("it has the status {}", position.status));
    }
    if window.is_final(seat) {
        return Err("it is final and not confirmed".to_string());
    }
    // Those of an allocation in progress are held against their book.
    if window.is(WindowStatus::Open) {
        return Ok(());
    }
    let Position { bought, sold, .. } = *position;
    let due = Contract::at(window.price(), bought, sold, tariff(window.row));
    if Contract::of(position) != due {
        return Err(format!("it should be {due:?}, is {position:?}"));
    }
    Ok(())
}
