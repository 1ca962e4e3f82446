//! What events tell that accounts don't keep: money that came and went, and orders that were placed and cancelled between two
//! reads. Numbers tell whether any is missing.

use joulebook_client::{
    event_counts::{number_of, Counter},
    events::{events, Event},
    layout::market::Side,
    market::events::MarketEvent,
};
use joulebook_cluster::PastTransaction;
use joulebook_units::MILLI_ATOMS_PER_ATOM;
use solana_address::Address;

use crate::{
    rows::{number, MovementRow, OrderRow, RowError},
    store::Told,
};

/// Events of the ledger that are missing: those with the numbers `from` to before `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    pub from: u64,
    pub until: u64,
}

/// What a node writes where it cuts a log short, after 10 kB. A transaction can write so much ahead of its events.
const CUT: &str = "Log truncated";

/// Whether a transaction's log was cut short, so that nobody can tell all of its events.
pub fn is_cut(transaction: &PastTransaction) -> bool {
    transaction.logs.iter().any(|line| line == CUT)
}

/// The number of a transaction's first event; the highest of one without.
pub fn first_number(market: &Address, transaction: &PastTransaction) -> u64 {
    let numbers = numbered(market, transaction).into_iter();
    numbers.map(|(number, _)| number).min().unwrap_or(u64::MAX)
}

/// Adds what a transaction tells of a market, in a block of that time, up to the first event that is missing. `next` is the number of
/// the next event, and goes on.
///
/// # Errors
/// [`RowError`] if a number does not fit.
pub fn tell(
    market: &Address,
    transaction: &PastTransaction,
    time: Option<i64>,
    next: &mut u64,
    told: &mut Told,
) -> Result<Option<Missing>, RowError> {
    for (number, event) in numbered(market, transaction) {
        if number > *next {
            // Of an earlier transaction, or of a log that was cut short.
            return Ok(Some(Missing {
                from: *next,
                until: number,
            }));
        }
        if number == *next {
            add(transaction, time, number, event, told)?;
            *next = next.saturating_add(1);
        }
    }
    Ok(None)
}

/// The events that the market's ledger has counted, with their numbers.
fn numbered(market: &Address, transaction: &PastTransaction) -> Vec<(u64, MarketEvent)> {
    let counted = events(&transaction.logs).into_iter().filter_map(|event| {
        let (counter, number) = number_of(&event)?;
        match event {
            Event::Market(event) if counter == Counter::LedgerOf(*market) => Some((number, event)),
            _ => None,
        }
    });
    counted.collect()
}

fn add(
    transaction: &PastTransaction,
    time: Option<i64>,
    count: u64,
    event: MarketEvent,
    told: &mut Told,
) -> Result<(), RowError> {
    let atoms = |atoms: u64| atoms.saturating_mul(MILLI_ATOMS_PER_ATOM);
    let mut moved = |kind: &str, seat: Option<u16>, amount: u64| -> Result<(), RowError> {
        told.movements.push(MovementRow {
            number: number("the number of an event", count)?,
            kind: kind.to_owned(),
            seat: seat.map(i64::from),
            to_seat: None,
            amount: number("what an event tells", amount)?,
            debt_paid: 0,
            start: None,
            signature: transaction.signature.to_string(),
            time,
        });
        Ok(())
    };
    match event {
        MarketEvent::Deposited(one) => {
            moved("deposited", Some(one.seat), atoms(one.amount))?;
            paid(told, one.debt_paid)?;
        }
        MarketEvent::Withdrawn(one) => {
            moved("withdrawn", Some(one.seat), atoms(one.amount))?;
            paid(told, one.debt_paid)?;
        }
        MarketEvent::PaidOut(one) => moved("paid-out", Some(one.seat), atoms(one.amount))?,
        MarketEvent::FeesWithdrawn(one) => moved("fees-withdrawn", None, atoms(one.amount))?,
        MarketEvent::SurplusSwept(one) => moved("surplus-swept", None, atoms(one.amount))?,
        MarketEvent::Held(one) => moved("held", Some(one.seat), one.amount)?,
        MarketEvent::Released(one) => {
            moved("released", Some(one.seat), one.amount)?;
            paid(told, one.debt_paid)?;
        }
        MarketEvent::TakenBack(one) => {
            moved("taken-back", Some(one.seat), one.amount)?;
            paid(told, one.debt_paid)?;
        }
        MarketEvent::Captured(one) => {
            moved("captured", Some(one.seat), one.amount)?;
            paid(told, one.debt_paid)?;
            if let Some(last) = told.movements.last_mut() {
                last.to_seat = Some(one.to_seat.into());
            }
        }
        MarketEvent::DebtIncurred(one) => {
            moved("debt-incurred", Some(one.seat), one.amount)?;
            of_window(told, one.window);
        }
        MarketEvent::ClaimIncurred(one) => {
            moved("claim-incurred", Some(one.seat), one.amount)?;
            of_window(told, one.window);
        }
        MarketEvent::KeeperRewarded(one) => {
            moved("keeper-rewarded", Some(one.seat), one.amount)?;
            of_window(told, one.window);
        }
        MarketEvent::DebtsPaid(one) => moved("debts-paid", None, one.amount)?,
        MarketEvent::ClaimsPaid(one) => moved("claims-paid", None, one.amount)?,
        MarketEvent::OwingSetOff(one) => moved("owing-set-off", None, one.amount)?,
        MarketEvent::OrdersPlaced(one) => {
            let orders = one.orders.iter().map(|order| OrderRow {
                start: one.window,
                place: order.index.into(),
                sequence: order.sequence.into(),
                seat: one.seat.into(),
                side: if order.side == Side::Buy as u8 {
                    "buy"
                } else {
                    "sell"
                }
                .to_owned(),
                tick: order.tick.into(),
                price: None,
                quantity: order.quantity.into(),
                filled: 0,
                client_id: order.client_id.into(),
                is_owners: false,
                state: "unknown".to_owned(),
            });
            told.placed.extend(orders);
        }
        MarketEvent::OrdersCancelled(one) => {
            let orders = one
                .orders
                .iter()
                .map(|order| (one.window, order.index.into(), order.sequence.into()));
            told.cancelled.extend(orders);
        }
        // What the others say stands in accounts.
        _ => {}
    }
    Ok(())
}

/// Of the last movement, what paid debt.
fn paid(told: &mut Told, debt: u64) -> Result<(), RowError> {
    if let Some(last) = told.movements.last_mut() {
        last.debt_paid = number("the debt that an event tells of", debt)?;
    }
    Ok(())
}

/// The last movement is for a window.
fn of_window(told: &mut Told, start: i64) {
    if let Some(last) = told.movements.last_mut() {
        last.start = Some(start);
    }
}
