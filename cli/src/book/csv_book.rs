//! A book as a table: side, price and quantity, a row for each order.

use csv::{ReaderBuilder, StringRecord, Trim};
use joulebook_profiles::printable;

use super::{read::BookFileError, Number};

const BUY: [&str; 4] = ["buy", "bid", "b", "demand"];
const SELL: [&str; 5] = ["sell", "offer", "ask", "s", "supply"];
const QUANTITY: [&str; 3] = ["quantity", "qty", "wh"];

/// One order: where it stands, and what it says.
#[derive(Debug)]
pub struct Row {
    pub line: u64,
    pub is_bid: bool,
    pub price: Number,
    pub quantity: Number,
}

/// The places of the columns.
struct Columns {
    side: usize,
    price: usize,
    quantity: usize,
}

/// The separator, if a text begins with the heading of such a table.
pub fn separator(text: &str) -> Option<u8> {
    let heading = text.lines().next()?;
    [b',', b';', b'\t'].into_iter().find(|separator| {
        let cells: Vec<&str> = heading.split(char::from(*separator)).map(clean).collect();
        Columns::of(&cells).is_some()
    })
}

/// # Errors
/// [`BookFileError::BadRow`].
pub fn parse(text: &str, separator: u8) -> Result<Vec<Row>, BookFileError> {
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let bad = |line: u64, problem: String| BookFileError::BadRow { line, problem };
    let heading = reader
        .headers()
        .map_err(|error| bad(1, error.to_string()))?;
    let heading: Vec<&str> = heading.iter().map(clean).collect();
    let columns = Columns::of(&heading);
    let columns = columns.ok_or_else(|| bad(1, "the heading is not side,price,quantity".into()))?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| bad(0, error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(row(line, &record, &columns).map_err(|problem| bad(line, problem))?);
    }
    Ok(rows)
}

fn row(line: u64, record: &StringRecord, columns: &Columns) -> Result<Row, String> {
    let cell = |place: usize| record.get(place).unwrap_or_default();
    let number = |name: &str, place: usize| {
        let text = cell(place);
        Number::parse(text).ok_or_else(|| {
            format!(
                "{name} '{}' is no number; write one like 30",
                printable(text)
            )
        })
    };
    let side = cell(columns.side).to_lowercase();
    let is_bid = match side.as_str() {
        side if BUY.contains(&side) => true,
        side if SELL.contains(&side) => false,
        side => {
            return Err(format!(
                "side '{}' is neither buy nor sell; write one",
                printable(side)
            ))
        }
    };
    Ok(Row {
        line,
        is_bid,
        price: number("price", columns.price)?,
        quantity: number("quantity", columns.quantity)?,
    })
}

impl Columns {
    fn of(cells: &[&str]) -> Option<Columns> {
        let place = |names: &[&str]| {
            let mut all = cells.iter();
            all.position(|cell| names.contains(&cell.to_lowercase().as_str()))
        };
        Some(Columns {
            side: place(&["side"])?,
            price: place(&["price"])?,
            quantity: place(&QUANTITY)?,
        })
    }
}

fn clean(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}
