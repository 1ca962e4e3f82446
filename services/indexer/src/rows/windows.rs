//! Pages, windows, and what seats have in them.

use super::table::row;

row! {
    /// A page, and how far it has come.
    PageRow in pages by [start] {
        /// Unix seconds, as all times here.
        start: i64,
        /// Of the page opened before it.
        previous: Option<i64>,
        /// Seats whose positions are final.
        final_seats: i64,
        /// Whether all positions are, and all readings: nothing of it changes any more.
        is_final: bool,
    }
}

row! {
    /// A window.
    WindowRow in windows by [start] {
        start: i64,
        /// Start of its page.
        page: i64,
        /// `unopened`, `open`, `cleared` or `allocated`.
        phase: String,
        /// Atoms per kWh; none if nothing was traded, or not yet.
        price: Option<i64>,
        /// Traded, Wh.
        volume: i64,
        /// Retail price, atoms per kWh.
        short: i64,
        /// Feed-in tariff, atoms per kWh.
        long: i64,
        /// Atoms per kWh; none where only the history told of the window.
        grid_fee: Option<i64>,
        /// On bought energy at the window's price, atoms per kWh; none where only the history told of it.
        market_fee: Option<i64>,
        /// Seat of the supplier; none where only the history told of it.
        supplier: Option<i64>,
        /// Seat of the grid operator; likewise.
        grid_operator: Option<i64>,
        /// Lowest clearing tick.
        low: i64,
        /// Highest clearing tick.
        high: i64,
        /// Allocated.
        orders: i64,
    }
}

row! {
    /// A window, as far as the history tells of it.
    PastWindowRow in windows by [start] {
        start: i64,
        page: i64,
        /// `unopened` or `allocated`.
        phase: String,
        price: Option<i64>,
        volume: i64,
        short: i64,
        long: i64,
        low: i64,
        high: i64,
        orders: i64,
    }
}

row! {
    /// What a seat has in a window, and what its meters showed.
    PositionRow in positions by [start, seat] {
        start: i64,
        seat: i64,
        /// Wh.
        bought: i64,
        /// Wh.
        sold: i64,
        /// What its contracts earn, milli-atoms.
        earns: i64,
        /// Milli-atoms.
        locked: i64,
        /// To the supplier for its imbalance so far, milli-atoms; below zero, received.
        paid: i64,
        /// Whether all its meters were heard, or never will be.
        is_confirmed: bool,
        /// Whether it changes no more.
        is_final: bool,
        /// Of its meters that have a value, Wh.
        import: i64,
        /// Likewise.
        export: i64,
        /// In service.
        meters: i64,
        /// Of these, those without a value.
        missing: i64,
    }
}

row! {
    /// An order.
    OrderRow in orders by [start, place, sequence] {
        /// Of its window.
        start: i64,
        /// Its slot in the book.
        place: i64,
        /// How often the slot was used before.
        sequence: i64,
        seat: i64,
        /// `buy` or `sell`.
        side: String,
        tick: i64,
        /// Its limit, atoms per kWh; none where only an event told of the order.
        price: Option<i64>,
        /// Wh.
        quantity: i64,
        /// Wh, once allocated.
        filled: i64,
        client_id: i64,
        /// Whether it is a standing order that the owner entered.
        is_owners: bool,
        /// `open`, `allocated`, `cancelled`, or `unknown` where its window went by unseen.
        state: String,
    }
}

row! {
    /// What was paid for a window otherwise than it had been settled with before: values came late, or were corrected. Several changes
    /// between two reads are one.
    CorrectionRow in corrections by [seat, start, slot, before] {
        seat: i64,
        /// Of the window.
        start: i64,
        /// The chain's clock when it was seen.
        time: i64,
        /// What had been paid before, milli-atoms.
        before: i64,
        /// What has been paid since, milli-atoms.
        paid: i64,
    }
}

row! {
    /// How a page ended for a seat: what was charged for energy that no window tells of, and what its silence was then.
    EndingRow in endings by [page, seat] {
        /// Start of the page.
        page: i64,
        seat: i64,
        /// Of the page's last window, with which it is charged.
        start: i64,
        /// That came to light, settled as drawn, Wh; an amount that no column holds stays at the most.
        import: i64,
        /// Likewise, settled as fed in.
        export: i64,
        /// That meters moved at most until their counting began, late, Wh.
        most_import: i64,
        /// Likewise.
        most_export: i64,
        /// Of what the silence kept, milli-atoms; none if the silence of the pages before is not known.
        paid_back: Option<i64>,
        /// To the supplier, less what is paid back, milli-atoms; below zero, received. None likewise.
        amount: Option<i64>,
        /// Silent windows behind the page's end, since all meters were heard; none if that is not known.
        silent_windows: Option<i64>,
        /// The highest retail price of these, atoms per kWh.
        dearest: Option<i64>,
        /// The lowest feed-in tariff of these, atoms per kWh.
        lowest: Option<i64>,
        /// What they keep, milli-atoms.
        owed: Option<i64>,
        /// Place of the page's supplier in the ledger.
        place: i64,
    }
}
