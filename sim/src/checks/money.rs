//! Money: in the vault, in seats, in escrow, locked; and claims, which are none.

use std::collections::BTreeMap;

use joulebook_client::layout::market::{Owing, Position, PositionStatus, Supplier, WindowStatus};
use joulebook_settlement::Terms;
use joulebook_units::{Price, MILLI_ATOMS_PER_ATOM};

use super::{
    contract::payment,
    expect,
    state::{is_busy, State},
};
use crate::{LocalCommunity, Token};

/// What seats have, the escrow and the fees are what the ledger counts, and what the vault holds.
pub fn vault_adds_up(community: &LocalCommunity, state: &State) -> Result<(), String> {
    let ledger = &state.ledger;
    let seats = ledger.seats.iter();
    let of_seats: u128 = seats
        .flat_map(|seat| [seat.free, seat.locked, seat.held])
        .map(u128::from)
        .sum();
    let money = of_seats + u128::from(ledger.header.escrow) + u128::from(ledger.header.fees);
    let counted = u128::from(ledger.header.money);
    expect("what the ledger counts", counted, money)?;
    let atoms = Token::balance(&community.chain, &community.addresses.vault);
    let vault = u128::from(atoms) * u128::from(MILLI_ATOMS_PER_ATOM);
    expect("seats, escrow and fees against the vault", money, vault)
}

pub fn claims_add_up(state: &State) -> Result<(), String> {
    let ledger = &state.ledger;
    for place in [0, 1] {
        let supplier = ledger.header.supplier(place);
        let claims = ledger.seats.iter().map(|seat| seat.owing(place).claim);
        let claims = claims.map(u128::from).sum();
        expect("claims", u128::from(supplier.claims), claims)?;
        for (index, seat) in (0u16..).zip(&ledger.seats) {
            let Owing { debt, claim } = *seat.owing(place);
            if debt > 0 && claim > 0 {
                return Err(format!("seat {index} owes and is owed at once"));
            }
            if debt | claim > 0 && [index, Supplier::NOBODY].contains(&supplier.seat) {
                return Err(format!("seat {index} owes itself or nobody"));
            }
        }
    }
    Ok(())
}

/// The escrow has what positions earn that no meter has confirmed, and all that an allocation in progress has taken in.
pub fn escrow_adds_up(state: &State) -> Result<(), String> {
    let contracted = state
        .windows()
        .filter(|window| !window.is(WindowStatus::Open));
    let earned: u128 = contracted
        .flat_map(|window| window.positions)
        .map(|position| u128::from(position.earns))
        .sum();
    let mut taken_in = 0;
    for book in state.books.iter().filter(|book| is_busy(book)) {
        let terms = Terms::from(&book.header);
        let price = Price(book.nodes[0].price);
        let allocated = &book.seats[..usize::from(book.header.seat_cursor)];
        taken_in += allocated
            .iter()
            .map(|seat| payment(&terms, price, seat))
            .sum::<u128>();
    }
    let escrow = u128::from(state.ledger.header.escrow);
    expect("the escrow", escrow, earned + taken_in)
}

/// Every seat has locked what its orders and its contracts can still cost, and counts the windows it has them in.
pub fn locks_add_up(state: &State) -> Result<(), String> {
    let mut locked: BTreeMap<u16, u128> = BTreeMap::new();
    let mut engaged: BTreeMap<u16, u128> = BTreeMap::new();
    for book in state.books.iter().filter(|book| is_busy(book)) {
        let cursor = book.header.seat_cursor;
        let waiting = (0u16..).zip(&book.seats).skip(cursor.into());
        for (seat, row) in waiting.filter(|(_, row)| row.orders > 0) {
            *locked.entry(seat).or_default() += u128::from(row.locked);
            *engaged.entry(seat).or_default() += 1;
        }
    }
    for window in state.windows() {
        for (seat, position) in window.seats().filter(|(_, position)| is_engaged(position)) {
            *locked.entry(seat).or_default() += u128::from(position.locked);
            *engaged.entry(seat).or_default() += 1;
        }
    }
    for (index, seat) in (0u16..).zip(&state.ledger.seats) {
        let due = |of: &BTreeMap<u16, u128>| of.get(&index).copied().unwrap_or(0);
        let what = format!("what seat {index} has locked");
        expect(&what, seat.locked.into(), due(&locked))?;
        let what = format!("the windows seat {index} is in");
        expect(&what, seat.engaged.into(), due(&engaged))?;
    }
    Ok(())
}

fn is_engaged(position: &Position) -> bool {
    position.is(PositionStatus::Open) && position.bought | position.sold > 0
}
