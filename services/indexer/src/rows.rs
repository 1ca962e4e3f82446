//! Rows of the database, as the accounts say them. Each is keyed within its market; the writer adds the market and the slot of
//! the read.
//!
//! All numbers are of 64 bits with a sign, as both databases have them. Energies of windows and positions fit: they are sums of
//! 32-bit numbers. Of money, what a contract moves is energy times price, 32 bits by 31, and all money of a market is whole
//! tokens of a mint: only one with more than 9.2 · 10¹⁸ milli-atoms in it, nine billion tokens of six decimals, would not fit.
//! Such a number is refused by name ([`RowError`]) and never cut.

use sqlx::{any::AnyRow, Row as _};

/// A number that no database column holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} is {amount}, more than the database holds (2^63 - 1); nothing of this read is kept"
)]
pub struct RowError {
    pub what: &'static str,
    pub amount: u64,
}

/// # Errors
/// [`RowError`] beyond 63 bits.
pub fn number(what: &'static str, amount: u64) -> Result<i64, RowError> {
    i64::try_from(amount).map_err(|_| RowError { what, amount })
}

/// One column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Number(Option<i64>),
    Text(Option<String>),
}

/// What a column holds; `None` where it may hold nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    NumberOrNone,
    /// 0 or 1.
    Flag,
    Text,
    TextOrNone,
}

/// What a column can hold.
pub trait Field: Sized {
    const KIND: Kind;
    fn value(&self) -> Value;
    /// # Errors
    /// If the column is missing, or of another type.
    fn get(row: &AnyRow, column: &str) -> Result<Self, sqlx::Error>;
}

impl Field for i64 {
    const KIND: Kind = Kind::Number;
    fn value(&self) -> Value {
        Value::Number(Some(*self))
    }
    fn get(row: &AnyRow, column: &str) -> Result<i64, sqlx::Error> {
        row.try_get(column)
    }
}

impl Field for Option<i64> {
    const KIND: Kind = Kind::NumberOrNone;
    fn value(&self) -> Value {
        Value::Number(*self)
    }
    fn get(row: &AnyRow, column: &str) -> Result<Option<i64>, sqlx::Error> {
        row.try_get(column)
    }
}

impl Field for bool {
    const KIND: Kind = Kind::Flag;
    fn value(&self) -> Value {
        Value::Number(Some((*self).into()))
    }
    fn get(row: &AnyRow, column: &str) -> Result<bool, sqlx::Error> {
        Ok(row.try_get::<i64, _>(column)? != 0)
    }
}

impl Field for String {
    const KIND: Kind = Kind::Text;
    fn value(&self) -> Value {
        Value::Text(Some(self.clone()))
    }
    fn get(row: &AnyRow, column: &str) -> Result<String, sqlx::Error> {
        row.try_get(column)
    }
}

impl Field for Option<String> {
    const KIND: Kind = Kind::TextOrNone;
    fn value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn get(row: &AnyRow, column: &str) -> Result<Option<String>, sqlx::Error> {
        row.try_get(column)
    }
}

/// A table, without the columns `market`, `slot` and `revision` that all have.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    /// What tells its rows apart within a market.
    pub key: &'static [&'static str],
    pub columns: &'static [&'static str],
    /// Of each column.
    pub kinds: &'static [Kind],
}

/// A row of a table.
pub trait Row: Sized {
    const TABLE: Table;
    /// In the sequence of the table's columns.
    fn values(&self) -> Vec<Value>;
    /// # Errors
    /// If a column is missing, or of another type.
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error>;
}

macro_rules! row {
    (
        $(#[$doc:meta])*
        $name:ident in $table:ident by [$($key:ident),+] {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)+
        }

        impl Row for $name {
            const TABLE: Table = Table {
                name: stringify!($table),
                key: &[$(stringify!($key)),+],
                columns: &[$(stringify!($field)),+],
                kinds: &[$(<$type as Field>::KIND),+],
            };

            fn values(&self) -> Vec<Value> {
                vec![$(Field::value(&self.$field)),+]
            }

            fn read(row: &AnyRow) -> Result<$name, sqlx::Error> {
                Ok($name { $($field: Field::get(row, stringify!($field))?),+ })
            }
        }
    };
}

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
    /// What a meter moved in an interval.
    ReadingRow in readings by [meter, start] {
        /// Its row in the meter table.
        meter: i64,
        start: i64,
        /// The meter's number, which is given once.
        number: i64,
        /// Wh.
        import: i64,
        /// Wh.
        export: i64,
        /// `missing`, `gap`, `measured` or `replaced`.
        quality: String,
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
        /// When it was seen first.
        since: i64,
        owner: String,
    }
}

row! {
    /// A meter.
    MeterRow in meters by [meter] {
        /// Its row in the meter table.
        meter: i64,
        number: i64,
        seat: i64,
        /// `active`, `quarantined` or `retired`.
        state: String,
        /// What it measures.
        asset: String,
        /// Where what it exports comes from.
        source: String,
        zone: i64,
        service_from: i64,
        /// None while it is in service.
        service_until: Option<i64>,
        /// W.
        max_import: i64,
        /// W.
        max_export: i64,
        /// Its device's public key, as base58.
        device: String,
    }
}

row! {
    /// What could not be read while it stood on chain.
    GapRow in gaps by [kind, since] {
        /// `windows`: positions and readings were never seen. `unfinished`: they were, but not as they were in the end.
        /// `events`: by number.
        kind: String,
        since: i64,
        until: i64,
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
