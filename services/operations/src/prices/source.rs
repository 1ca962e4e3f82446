//! What a source says: CSV or JSON, told apart by its first letter. `docs/admin.md` has the format.

use csv::StringRecord;
use joulebook_cluster::{Amount, AmountError};
use serde::{de::Error as _, Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::PriceUnit;
use crate::{time_from, NameError};

/// Rows of a source: two years of quarter hours.
const MOST: usize = 70_080;
/// Of the text of a fault that is repeated.
const SHOWN: usize = 60;

/// How a source's numbers are meant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    pub unit: PriceUnit,
    /// Of the market's token.
    pub decimals: u8,
    /// Seconds that a source's last row holds, if that does not follow from it.
    pub step: u32,
    /// Added to `price` for what energy drawn costs, in the source's unit; `short` is taken as it is.
    pub short_plus: Option<Amount>,
    /// Added to `price` for what energy left over earns, in the source's unit; `long` is taken as it is.
    pub long_plus: Option<Amount>,
    /// Of all rows, in the source's unit, where they have none of their own.
    pub grid_fee: Option<Amount>,
}

/// Prices that hold from `start` on, and before `end`; unix seconds, and atoms per kWh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub start: i64,
    pub end: i64,
    pub short: i32,
    pub long: i32,
    /// None where what is posted stays.
    pub grid_fee: Option<i32>,
}

/// Why prices are not posted. Rows count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    #[error("the source has no rows")]
    Empty,
    #[error("the source has more than {MOST} rows; name less")]
    TooMany,
    #[error("the source is no CSV of prices: {0}")]
    NoCsv(String),
    #[error("the source is no JSON of prices: {0}")]
    NoJson(String),
    #[error("the source's columns are {found}; name them start, and price or short and long, and if you like end and grid_fee")]
    Columns { found: String },
    #[error("the source's lists hold from {least} to {most} numbers; give all that are there the same length, with null where nothing is to be posted")]
    Unequal { least: usize, most: usize },
    #[error("row {row}: {error}")]
    Time { row: usize, error: NameError },
    #[error("row {row}: {what}: {error}")]
    Amount {
        row: usize,
        what: &'static str,
        error: AmountError,
    },
    #[error("row {row}: {what} is missing; write price, or short and long")]
    Missing { row: usize, what: &'static str },
    #[error(
        "row {row} does not come after the one before it; sort them by start, and name none twice"
    )]
    Unsorted { row: usize },
    #[error("the window at {window} would have two prices, since the source's rows are shorter; use one with rows as long as a window, or longer")]
    Finer { window: String },
    #[error("prices from {start} on are out of the market's bounds: {what}; nothing was posted")]
    OutOfBounds { start: String, what: String },
}

/// A row as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "text")]
    start: Option<String>,
    #[serde(default, deserialize_with = "text")]
    end: Option<String>,
    #[serde(default, deserialize_with = "text")]
    price: Option<String>,
    #[serde(default, deserialize_with = "text")]
    short: Option<String>,
    #[serde(default, deserialize_with = "text")]
    long: Option<String>,
    #[serde(default, deserialize_with = "text")]
    grid_fee: Option<String>,
}

impl Row {
    /// Whether it names no price.
    fn is_blank(&self) -> bool {
        self.price.is_none() && self.short.is_none() && self.long.is_none()
    }
}

/// Rows of equal length, one after the other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    #[serde(deserialize_with = "text")]
    start: Option<String>,
    seconds: u32,
    #[serde(default)]
    price: Vec<Number>,
    #[serde(default)]
    short: Vec<Number>,
    #[serde(default)]
    long: Vec<Number>,
    #[serde(default)]
    grid_fee: Vec<Number>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Number(#[serde(deserialize_with = "text")] Option<String>);

/// A text or a number, as it is written: a float would not be exact.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw: Box<RawValue> = Deserialize::deserialize(deserializer)?;
    let written = raw.get();
    match written.as_bytes().first() {
        Some(b'"') => serde_json::from_str(written)
            .map(Some)
            .map_err(D::Error::custom),
        Some(b'-' | b'0'..=b'9') => Ok(Some(written.to_owned())),
        _ if written == "null" => Ok(None),
        _ => Err(D::Error::custom(format!(
            "a text or a number is expected, not {}",
            shown(written)
        ))),
    }
}

/// The prices that a source names.
///
/// # Errors
/// [`PriceError`], with the row.
pub fn parse(source: &[u8], reading: &Reading) -> Result<Vec<Entry>, PriceError> {
    let source = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source);
    let first = source.iter().find(|byte| !byte.is_ascii_whitespace());
    let rows = match first {
        None => return Err(PriceError::Empty),
        Some(b'[') => serde_json::from_slice(source).map_err(no_json)?,
        Some(b'{') => from_series(serde_json::from_slice(source).map_err(no_json)?)?,
        Some(_) => from_csv(source)?,
    };
    entries(&rows, reading)
}

fn no_json(error: serde_json::Error) -> PriceError {
    PriceError::NoJson(shown(&error.to_string()))
}

fn from_csv(source: &[u8]) -> Result<Vec<Row>, PriceError> {
    let no_csv = |error: csv::Error| PriceError::NoCsv(shown(&error.to_string()));
    let separator = match source.split(|byte| *byte == b'\n').next() {
        Some(heading) if heading.contains(&b';') => b';',
        _ => b',',
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(source);
    let names = reader.headers().map_err(no_csv)?.clone();
    let place = |name: &str| names.iter().position(|one| one.eq_ignore_ascii_case(name));
    let known = ["start", "end", "price", "short", "long", "grid_fee"];
    let places = known.map(place);
    let named = places.iter().flatten().count();
    if places[0].is_none() || named != names.len() {
        let found: Vec<&str> = names.iter().collect();
        return Err(PriceError::Columns {
            found: shown(&found.join(", ")),
        });
    }
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(no_csv)?;
        if rows.len() >= MOST {
            return Err(PriceError::TooMany);
        }
        let [start, end, price, short, long, grid_fee] =
            places.map(|place| place.and_then(|place| cell(&record, place)));
        rows.push(Row {
            start,
            end,
            price,
            short,
            long,
            grid_fee,
        });
    }
    Ok(rows)
}

fn cell(record: &StringRecord, place: usize) -> Option<String> {
    let cell = record.get(place).filter(|cell| !cell.is_empty());
    cell.map(str::to_owned)
}

fn from_series(series: Series) -> Result<Vec<Row>, PriceError> {
    let start = series.start.as_deref().unwrap_or_default();
    let start = time_from(start).map_err(|error| PriceError::Time { row: 1, error })?;
    let lists = [&series.price, &series.short, &series.long, &series.grid_fee];
    let named = lists.iter().map(|list| list.len()).filter(|len| *len > 0);
    let count = named.clone().max().unwrap_or(0);
    let least = named.min().unwrap_or(0);
    if least < count {
        return Err(PriceError::Unequal { least, most: count });
    }
    if count > MOST {
        return Err(PriceError::TooMany);
    }
    let length = i64::from(series.seconds);
    let row = |place: usize| {
        let offset = length.saturating_mul(i64::try_from(place).unwrap_or(i64::MAX));
        let from = start.saturating_add(offset);
        let of = |list: &[Number]| list.get(place).and_then(|number| number.0.clone());
        Row {
            start: Some(from.to_string()),
            end: Some(from.saturating_add(length).to_string()),
            price: of(&series.price),
            short: of(&series.short),
            long: of(&series.long),
            grid_fee: of(&series.grid_fee),
        }
    };
    Ok((0..count).map(row).collect())
}

fn entries(rows: &[Row], reading: &Reading) -> Result<Vec<Entry>, PriceError> {
    match rows.len() {
        0 => return Err(PriceError::Empty),
        count if count > MOST => return Err(PriceError::TooMany),
        _ => {}
    }
    // Where a list names nothing, nothing is posted; but not nothing at all.
    if let (true, Some(row)) = (rows.iter().all(Row::is_blank), rows.first()) {
        let what = if row.short.is_none() { "short" } else { "long" };
        return Err(PriceError::Missing { row: 1, what });
    }
    let times = rows.iter().zip(1..).map(|(row, number)| {
        let read =
            |text: &str| time_from(text).map_err(|error| PriceError::Time { row: number, error });
        let start = row.start.as_deref().unwrap_or_default();
        let end = row.end.as_deref().map(read).transpose()?;
        Ok((read(start)?, end))
    });
    let times: Vec<(i64, Option<i64>)> = times.collect::<Result<_, PriceError>>()?;
    let mut entries: Vec<Entry> = vec![];
    for (place, (row, (start, own_end))) in rows.iter().zip(&times).enumerate() {
        let number = place.saturating_add(1);
        let next = times.get(number).map(|(next, _)| *next);
        let last = entries.last();
        let before = last.map(|last| last.end.saturating_sub(last.start));
        let length = before.unwrap_or_else(|| reading.step.into());
        let end = own_end
            .or(next)
            .unwrap_or_else(|| start.saturating_add(length.max(1)));
        let overlaps = last.is_some_and(|last| last.end > *start);
        // Of two that are in the wrong sequence, the later one is named.
        let is_next = next.is_some_and(|next| next <= *start || next < end);
        if overlaps || own_end.is_some_and(|end| end <= *start) || end <= *start && !is_next {
            return Err(PriceError::Unsorted { row: number });
        }
        if is_next {
            let row = number.saturating_add(1);
            return Err(PriceError::Unsorted { row });
        }
        if !row.is_blank() {
            entries.push(entry(number, row, (*start, end), reading)?);
        }
    }
    Ok(entries)
}

fn entry(
    number: usize,
    row: &Row,
    (start, end): (i64, i64),
    reading: &Reading,
) -> Result<Entry, PriceError> {
    let atoms = |what, text: &str, plus: Option<Amount>| {
        let amount = text.parse::<Amount>();
        let amount = amount.and_then(|amount| match plus {
            Some(plus) => amount.plus(plus),
            None => Ok(amount),
        });
        let atoms = amount.and_then(|amount| reading.unit.atoms(amount, reading.decimals));
        atoms.map_err(|error| PriceError::Amount {
            row: number,
            what,
            error,
        })
    };
    let side = |what, own: &Option<String>, plus| match (own, &row.price) {
        (Some(own), _) => atoms(what, own, None),
        (None, Some(price)) => atoms(what, price, plus),
        (None, None) => Err(PriceError::Missing { row: number, what }),
    };
    let grid_fee = match (&row.grid_fee, reading.grid_fee) {
        (Some(text), _) => Some(atoms("grid_fee", text, None)?),
        (None, Some(all)) => {
            let all = reading.unit.atoms(all, reading.decimals);
            Some(all.map_err(|error| PriceError::Amount {
                row: number,
                what: "grid_fee",
                error,
            })?)
        }
        (None, None) => None,
    };
    Ok(Entry {
        start,
        end,
        short: side("short", &row.short, reading.short_plus)?,
        long: side("long", &row.long, reading.long_plus)?,
        grid_fee,
    })
}

/// What a stranger wrote, short and without what a terminal would obey.
fn shown(text: &str) -> String {
    let shown = text.chars().take(SHOWN);
    shown
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> Reading {
        Reading {
            decimals: 6,
            step: 900,
            ..Reading::default()
        }
    }

    fn read(source: &str) -> Result<Vec<Entry>, PriceError> {
        parse(source.as_bytes(), &reading())
    }

    fn said(source: &str) -> String {
        read(source).expect_err("refused").to_string()
    }

    fn entry(start: i64, end: i64, prices: [i32; 2], grid_fee: Option<i32>) -> Entry {
        let [short, long] = prices;
        Entry {
            start,
            end,
            short,
            long,
            grid_fee,
        }
    }

    #[test]
    fn given_a_csv_when_it_is_read_then_each_row_holds_until_the_next() {
        let source = "start,short,long,grid_fee\n\
                      1970-01-01T00:00:00Z,0.30,0.08,0.01\n3600,0.25,-0.01,\n";
        let expected = [
            entry(0, 3_600, [300_000, 80_000], Some(10_000)),
            entry(3_600, 7_200, [250_000, -10_000], None),
        ];
        assert_eq!(read(source), Ok(expected.to_vec()));
        let source = source.replace(',', ";");
        assert_eq!(read(&source), Ok(expected.to_vec()));
    }

    #[test]
    fn given_json_of_both_shapes_when_it_is_read_then_numbers_are_exact() {
        let rows = r#" [{"start": 0, "price": 0.1}, {"start": 3600, "end": 4500, "price": "0.2"}]"#;
        let expected = [
            entry(0, 3_600, [100_000; 2], None),
            entry(3_600, 4_500, [200_000; 2], None),
        ];
        assert_eq!(read(rows), Ok(expected.to_vec()));
        let series = r#"{"start": "1970-01-01T00:00:00Z", "seconds": 3600, "price": [0.1, 0.2]}"#;
        let found = read(series).expect("read");
        assert_eq!(found[1], entry(3_600, 7_200, [200_000; 2], None));
    }

    #[test]
    fn given_a_wholesale_price_when_it_is_read_then_what_is_added_comes_in_its_unit() {
        let reading = Reading {
            unit: PriceUnit::PerMwh,
            short_plus: Some("180.5".parse().expect("a number")),
            long_plus: Some("-5".parse().expect("a number")),
            grid_fee: Some("10".parse().expect("a number")),
            ..reading()
        };
        let read = parse(b"start,price\n0,87.35\n", &reading);
        let expected = entry(0, 900, [267_850, 82_350], Some(10_000));
        assert_eq!(read, Ok(vec![expected]));
    }

    #[test]
    fn given_short_and_long_when_they_are_read_then_what_is_added_to_a_price_is_not_added_to_them()
    {
        let reading = Reading {
            short_plus: Some("0.1".parse().expect("a number")),
            long_plus: Some("-0.02".parse().expect("a number")),
            ..reading()
        };
        let read = parse(b"start,price,short\n0,0.2,0.4\n", &reading);
        assert_eq!(read, Ok(vec![entry(0, 900, [400_000, 180_000], None)]));
        let read = parse(b"start,short,long\n0,0.4,0.1\n", &reading);
        assert_eq!(read, Ok(vec![entry(0, 900, [400_000, 100_000], None)]));
    }

    #[test]
    fn given_lists_of_unequal_length_when_they_are_read_then_none_is_filled_up() {
        let series = |lists: &str| format!(r#"{{"start": 0, "seconds": 900, {lists}}}"#);
        let unequal = series(r#""price": [1, 2], "grid_fee": [1]"#);
        assert!(said(&unequal).starts_with("the source's lists hold from 1 to 2 numbers"));
        let unequal = series(r#""price": [1], "short": [1, 2], "long": [1, 2]"#);
        assert!(said(&unequal).starts_with("the source's lists hold"));
        let equal = series(r#""price": [0.1, 0.1], "grid_fee": [0.1, null]"#);
        let found = read(&equal).expect("read");
        assert_eq!(
            (found[0].grid_fee, found[1].grid_fee),
            (Some(100_000), None)
        );
    }

    #[test]
    fn given_rows_without_a_price_when_they_are_read_then_nothing_is_posted_there() {
        let series = r#"{"start": 0, "seconds": 900, "price": [0.1, null, 0.2]}"#;
        let found = read(series).expect("read");
        let expected = [
            entry(0, 900, [100_000; 2], None),
            entry(1_800, 2_700, [200_000; 2], None),
        ];
        assert_eq!(found, expected);
        let rows = "start,price\n0,0.1\n900,\n1800,0.2\n";
        assert_eq!(read(rows).expect("read"), expected);
        let none = r#"{"start": 0, "seconds": 900, "price": [null, null]}"#;
        assert!(said(none).starts_with("row 1: short is missing"));
    }

    #[test]
    fn given_rows_that_overlap_or_go_back_when_they_are_read_then_the_row_is_named() {
        assert_eq!(
            said("start,price\n900,1\n0,1\n"),
            "row 2 does not come after the one before it; sort them by start, and name none twice"
        );
        assert!(said("start,price\n0,1\n0,1\n").starts_with("row 2 "));
        assert!(said("start,end,price\n0,1800,1\n900,1800,1\n").starts_with("row 2 "));
        assert!(said("start,end,price\n900,900,1\n").starts_with("row 1 "));
    }

    #[test]
    fn given_what_is_no_source_when_it_is_read_then_it_is_refused_in_one_short_line() {
        for (source, expected) in [
            ("", "the source has no rows"),
            ("start,price\n", "the source has no rows"),
            ("[]", "the source has no rows"),
            (
                "<html>oops</html>",
                "the source's columns are <html>oops</html>;",
            ),
            ("start,price,colour\n0,1,red\n", "the source's columns are"),
            ("start,price\n0\n", "the source is no CSV of prices"),
            ("start,price\nnow,1\n", "row 1: \"now\" is no time"),
            ("start,price\n0,one\n", "row 1: short: \"one\" is no number"),
            (
                "start,price\n0,1e-3\n",
                "row 1: short: \"1e-3\" is no number",
            ),
            ("start,short\n0,1\n", "row 1: long is missing"),
            (
                "start,price\n0,0.0000001\n",
                "row 1: short: 0.0000001 has more",
            ),
            ("[{]", "the source is no JSON of prices"),
            ("[{\"start\": 0, \"price\": true}]", "the source is no JSON"),
            ("[{\"start\": 0, \"prize\": 1}]", "the source is no JSON"),
            ("{\"start\": 0}", "the source is no JSON"),
        ] {
            let said = said(source);
            assert!(said.starts_with(expected), "{source}: {said}");
            assert!(!said.contains('\n') && !said.contains('\u{1b}'), "{said}");
        }
        let esc = said("\u{1b}[2J,price\n0,1\n");
        assert!(!esc.contains('\u{1b}'), "{esc}");
        let long = "0,1\n".repeat(MOST + 1);
        assert_eq!(
            said(&format!("start,price\n{long}")),
            PriceError::TooMany.to_string()
        );
    }
}
