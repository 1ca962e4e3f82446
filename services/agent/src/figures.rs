//! What an agent says of itself in numbers. Lamports are of its own wallet, money is that of the households' seats.

use joulebook_client::order_packing::SeatOrders;
use joulebook_units::{UnixTime, SECONDS_PER_DAY};
use metrics::{counter, describe_counter, describe_gauge, gauge};
use solana_address::Address;

use crate::{
    decision::WindowPlan,
    store::{Store, StoreError},
    view::View,
};

/// Days of a month.
const MONTH: i64 = 30;
const MILLI_ATOMS_PER_ATOM: f64 = 1_000.0;

/// Describes the metrics, once.
pub fn describe() {
    describe_counter!("joulebook_agent_looks_total", "Windows looked at");
    describe_counter!("joulebook_agent_orders_total", "Orders placed, by side");
    describe_counter!(
        "joulebook_agent_cancelled_total",
        "Orders cancelled for others"
    );
    describe_counter!(
        "joulebook_agent_left_total",
        "Seats for which nothing was ordered in a look, by why"
    );
    describe_counter!(
        "joulebook_agent_transactions_total",
        "Transactions, by what became of them"
    );
    describe_counter!("joulebook_agent_lamports_total", "Lamports paid in fees");
    describe_counter!(
        "joulebook_agent_expected_gain_atoms_total",
        "What orders were expected to bring, fees of transactions not in it"
    );
    describe_gauge!(
        "joulebook_agent_seats",
        "Seats that have named this delegate, by how it orders for them, or that it does not as they are unlisted"
    );
    describe_gauge!(
        "joulebook_agent_locked_atoms",
        "Money that these seats have locked"
    );
    describe_gauge!(
        "joulebook_agent_free_atoms",
        "Money that these seats have free"
    );
    describe_gauge!(
        "joulebook_agent_delegate_locked_atoms",
        "What the delegate's orders have locked today"
    );
    describe_gauge!(
        "joulebook_agent_in_doubt",
        "Transactions of which nobody has told what became"
    );
    describe_gauge!(
        "joulebook_agent_measured_until_seconds",
        "End of the latest interval of which something was measured"
    );
    describe_gauge!(
        "joulebook_agent_lamports_per_household_month",
        "Fees of the last 30 days, for each household and 30 days"
    );
    describe_gauge!(
        "joulebook_agent_balance_lamports",
        "Lamports in the agent's wallet"
    );
    describe_gauge!("joulebook_agent_chain_time_seconds", "The chain's clock");
}

/// A window was looked at.
pub fn planned(plan: &WindowPlan) {
    counter!("joulebook_agent_looks_total").increment(1);
    for (because, seats) in &plan.left {
        counter!("joulebook_agent_left_total", "because" => *because).increment(*seats as u64);
    }
}

/// Orders are in the book.
pub fn placed(seats: &[SeatOrders]) {
    for seat in seats {
        for order in &seat.placed {
            let side = if order.side == 0 { "buy" } else { "sell" };
            counter!("joulebook_agent_orders_total", "side" => side).increment(1);
        }
        counter!("joulebook_agent_cancelled_total").increment(seat.cancelled.len() as u64);
    }
}

/// What a window's orders were expected to bring, milli-atoms.
pub fn expected(gain: f64) {
    let atoms = (gain.max(0.0) / MILLI_ATOMS_PER_ATOM) as u64;
    counter!("joulebook_agent_expected_gain_atoms_total").increment(atoms);
}

pub fn sent(outcome: &'static str, fee: u64) {
    counter!("joulebook_agent_transactions_total", "outcome" => outcome).increment(1);
    counter!("joulebook_agent_lamports_total").increment(fee);
}

/// The seats, as they stand.
pub fn found(view: &View, delegate: &Address, measured_until: i64) {
    let seats = view.seats_of(delegate);
    let today = UnixTime(view.now).day();
    let standing = seats
        .iter()
        .filter(|(index, seat)| !view.standing(*index, seat).is_empty());
    let standing = standing.count();
    gauge!("joulebook_agent_seats", "way" => "standing").set(standing as f64);
    gauge!("joulebook_agent_seats", "way" => "own").set((seats.len() - standing) as f64);
    gauge!("joulebook_agent_seats", "way" => "unlisted").set(view.unlisted(delegate) as f64);
    let atoms = |of: &dyn Fn(&joulebook_client::layout::market::Seat) -> u64| {
        let sum: f64 = seats.iter().map(|(_, seat)| of(seat) as f64).sum();
        sum / MILLI_ATOMS_PER_ATOM
    };
    gauge!("joulebook_agent_locked_atoms").set(atoms(&|seat| seat.locked));
    gauge!("joulebook_agent_free_atoms").set(atoms(&|seat| seat.free));
    let by_delegate = atoms(&|seat| match i64::from(seat.delegate_day) == today {
        true => seat.delegate_locked,
        false => 0,
    });
    gauge!("joulebook_agent_delegate_locked_atoms").set(by_delegate);
    gauge!("joulebook_agent_chain_time_seconds").set(view.now as f64);
    if measured_until > i64::MIN {
        gauge!("joulebook_agent_measured_until_seconds").set(measured_until as f64);
    }
}

/// What was spent of late.
///
/// # Errors
/// Those of the store.
pub fn spent(store: &Store, now: i64, seats: usize) -> Result<(), StoreError> {
    let today = now.div_euclid(SECONDS_PER_DAY);
    let days = store.spent(today - MONTH + 1..=today)?;
    let lamports: u64 = days.values().sum();
    let first = days.keys().next().copied().unwrap_or(today);
    let counted = (today - first + 1).max(1) as f64;
    let monthly = lamports as f64 / counted * MONTH as f64 / seats.max(1) as f64;
    gauge!("joulebook_agent_lamports_per_household_month").set(monthly);
    Ok(())
}
