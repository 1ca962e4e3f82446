//! Seats, and money.

use super::table::row;

row! {
    /// A seat's money, as it was last.
    SeatRow in seats by [seat] {
        seat: i64,
        /// Of the wallet; none of a seat that nobody opened.
        owner: Option<String>,
        /// `unopened`, `open` or `closed`.
        state: String,
        /// Milli-atoms.
        free: i64,
        /// Milli-atoms.
        locked: i64,
        /// Milli-atoms.
        held: i64,
        /// To suppliers, milli-atoms.
        debt: i64,
        /// On suppliers, milli-atoms.
        claim: i64,
        /// Paid back once its meters are heard again, milli-atoms.
        owed: i64,
        /// Final windows without its meters, since all were heard.
        silent_windows: i64,
    }
}

row! {
    /// From when on a seat has been a wallet's.
    OwnerRow in owners by [seat, since] {
        seat: i64,
        /// When the community approved it; from the beginning on for the first that had the seat.
        since: i64,
        owner: String,
    }
}

row! {
    /// Money that moved otherwise than in a window.
    MovementRow in movements by [number] {
        /// The ledger's number of the event.
        number: i64,
        kind: String,
        seat: Option<i64>,
        /// Which has it now, where it went to another.
        to_seat: Option<i64>,
        /// Milli-atoms.
        amount: i64,
        /// Of it, what paid debt, milli-atoms.
        debt_paid: i64,
        /// Of the window that it is for, if it is for one.
        start: Option<i64>,
        signature: String,
        /// When its block was made; none if the node does not say.
        time: Option<i64>,
    }
}
