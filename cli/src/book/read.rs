use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

use serde::{
    de::{Error as _, IgnoredAny},
    Deserialize,
};

use super::{csv_book, BookOrder, Number, NumberError, OrderBook, PriceScale};

/// Why a file is no book.
#[derive(Debug, thiserror::Error)]
pub enum BookFileError {
    #[error("can't be read")]
    Unreadable(#[from] io::Error),
    /// Packed or encoded in a way that can't be undone.
    #[error(transparent)]
    NotText(joulebook_profiles::ProfileError),
    #[error("is not JSON: {0}")]
    NotJson(serde_json::Error),
    /// JSON, but not what a book looks like; the place is like `bids[3].qty`.
    #[error("{place}{problem}; a book is {{\"bids\":[{{\"price\":…,\"qty\":…}}],\"offers\":[…]}}")]
    NotABook {
        place: String,
        problem: serde_json::Error,
    },
    #[error("line {line}: {problem}; a book's rows are side,price,quantity")]
    BadRow { line: u64, problem: String },
}

/// Reads a book; `-` is stdin.
///
/// # Errors
/// [`BookFileError`].
pub fn load(path: &Path, scale: PriceScale) -> Result<OrderBook, BookFileError> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.read_to_end(&mut bytes)?;
    }
    parse(&bytes, scale)
}

/// Reads a book out of JSON, or of CSV with the columns side, price and quantity; packed by gzip or not. Fields and
/// columns that it does not know are left alone. Prices are counted in units of `scale`.
///
/// # Errors
/// [`BookFileError`].
pub fn parse(bytes: &[u8], scale: PriceScale) -> Result<OrderBook, BookFileError> {
    let text;
    let bytes = if joulebook_profiles::is_wrapped(bytes) {
        text = joulebook_profiles::text(bytes).map_err(BookFileError::NotText)?;
        text.as_bytes()
    } else {
        bytes
    };
    let as_text = std::str::from_utf8(bytes).ok();
    let separator = as_text.and_then(csv_book::separator);
    if let Some((text, separator)) = as_text.zip(separator) {
        return of_rows(&csv_book::parse(text, separator)?, scale);
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let file: BookFile = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let place = match error.path().to_string() {
            path if path == "." => String::new(),
            path => format!("{path}: "),
        };
        match error.into_inner() {
            problem if problem.is_data() => BookFileError::NotABook { place, problem },
            problem => BookFileError::NotJson(problem),
        }
    })?;
    json.end().map_err(BookFileError::NotJson)?;
    of_file(&file, scale)
}

fn of_file(file: &BookFile, scale: PriceScale) -> Result<OrderBook, BookFileError> {
    let all = file.bids.iter().chain(&file.offers);
    let needed = needed_scale(all.map(|order| &order.price));
    let orders = |side: &str, list: &[OrderEntry]| {
        let numbered = list.iter().enumerate();
        numbered
            .map(|(index, order)| {
                let problem = |field: &str, error: NumberError| BookFileError::NotABook {
                    place: format!("{side}[{index}].{field}: "),
                    problem: serde_json::Error::custom(error),
                };
                Ok(BookOrder {
                    price: order
                        .price
                        .price(scale, needed)
                        .map_err(|error| problem("price", error))?,
                    qty: order
                        .qty
                        .quantity()
                        .map_err(|error| problem("qty", error))?,
                })
            })
            .collect::<Result<_, BookFileError>>()
    };
    Ok(OrderBook {
        bids: orders("bids", &file.bids)?,
        offers: orders("offers", &file.offers)?,
    })
}

fn of_rows(rows: &[csv_book::Row], scale: PriceScale) -> Result<OrderBook, BookFileError> {
    let needed = needed_scale(rows.iter().map(|row| &row.price));
    let mut book = OrderBook::default();
    for row in rows {
        let problem = |field: &str, error: NumberError| BookFileError::BadRow {
            line: row.line,
            problem: format!("{field} {error}"),
        };
        let price = row.price.price(scale, needed);
        let order = BookOrder {
            price: price.map_err(|error| problem("price", error))?,
            qty: row
                .quantity
                .quantity()
                .map_err(|error| problem("quantity", error))?,
        };
        match row.is_bid {
            true => book.bids.push(order),
            false => book.offers.push(order),
        }
    }
    Ok(book)
}

/// The coarsest scale in which all prices are whole; `None` if none is fine enough.
fn needed_scale<'a>(prices: impl Iterator<Item = &'a Number>) -> Option<PriceScale> {
    PriceScale::for_decimals(prices.map(Number::decimals).max().unwrap_or(0))
}

/// What the file says. A struct with a flattened field is read from objects only; without it, serde
/// would take arrays as well.
#[derive(Deserialize)]
struct BookFile {
    bids: Vec<OrderEntry>,
    offers: Vec<OrderEntry>,
    #[serde(flatten)]
    _others: BTreeMap<String, IgnoredAny>,
}

#[derive(Deserialize)]
struct OrderEntry {
    price: Number,
    qty: Number,
    #[serde(flatten)]
    _others: BTreeMap<String, IgnoredAny>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse(text.as_bytes(), PriceScale::default())
            .expect_err("must not be read")
            .to_string()
    }

    #[test]
    fn reads_orders_and_leaves_other_fields_alone() {
        let text = br#"{"id":"x","bids":[{"price":-5,"qty":3,"who":[1]}],"offers":[],"n":{"a":1}}"#;
        let book = parse(text, PriceScale::default()).expect("a book");
        assert_eq!(book.bids, [BookOrder { price: -5, qty: 3 }]);
        assert!(book.offers.is_empty());
    }

    #[test]
    fn says_where_and_what() {
        let order = |order: &str| refusal(&format!(r#"{{"bids":[],"offers":[{order}]}}"#));
        assert!(order(r#"{"price":1,"qty":0}"#).starts_with("offers[0].qty: 0 is no quantity"));
        assert!(order(r#"{"price":1,"qty":-1}"#).starts_with("offers[0].qty: -1 is no"));
        assert!(
            order(r#"{"price":1,"qty":1.5}"#).starts_with("offers[0].qty: 1.5 is no whole number")
        );
        assert!(order(r#"{"price":1,"qty":4294967296}"#).contains("from 1 to 4294967295"));
        assert!(order(r#"{"price":"1","qty":1}"#).starts_with("offers[0].price: invalid type: str"));
        assert!(order(r#"{"price":9223372036854775808,"qty":1}"#).contains("is too large"));
        assert!(order(r#"{"price":1e30,"qty":1}"#).contains("whole number of at most 64 bits"));
        assert!(order(r#"{"price":1}"#).contains("missing field `qty`"));
        assert!(order("[1,2]").starts_with("offers[0]: invalid type"));
        assert!(order("null").starts_with("offers[0]: invalid type"));
    }

    #[test]
    fn a_book_has_both_lists_once() {
        assert!(refusal(r#"{"bids":[]}"#).contains("missing field `offers`"));
        assert!(refusal(r#"{"bids":[],"bids":[],"offers":[]}"#).contains("duplicate field"));
        assert!(refusal(r#"{"bids":null,"offers":[]}"#).starts_with("bids: invalid type: null"));
        assert!(refusal("[[],[]]").contains("invalid type"));
    }

    #[test]
    fn what_is_not_json_is_called_so() {
        for text in ["", "{", "hello", r#"{"bids":[],"offers":[]} x"#, "\u{0}"] {
            assert!(refusal(text).starts_with("is not JSON"), "{text:?}");
        }
        assert!(parse(b"{\"bids\":[\xff]}", PriceScale::default()).is_err());
        assert!(parse("[".repeat(100_000).as_bytes(), PriceScale::default()).is_err());
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let marked = "\u{feff}{\"bids\":[],\"offers\":[]}";
        assert!(parse(marked.as_bytes(), PriceScale::default()).is_ok());
    }

    #[test]
    fn a_table_is_a_book_as_well() {
        let text = "side;price;quantity\nbuy;30.0;5e2\nsell;10;800\nbid;20;1\n";
        let book = parse(text.as_bytes(), PriceScale::default()).expect("a book");
        let order = |price, qty| BookOrder { price, qty };
        assert_eq!(book.bids, [order(30, 500), order(20, 1)]);
        assert_eq!(book.offers, [order(10, 800)]);
        let says = |row: &str, part: &str| {
            let text = refusal(&format!("Quantity,Side,Price\n1,buy,2\n{row}\n"));
            assert!(
                text.starts_with("line 3: ") && text.contains(part),
                "{text}"
            );
        };
        says("1,hold,2", "side 'hold' is neither buy nor sell");
        says("x,buy,2", "quantity 'x' is no number");
        says("1,buy", "price '' is no number");
        says("0,buy,2", "0 is no quantity");
        says("1,buy,2.25", "--price-scale 100");
    }

    #[test]
    fn prices_with_decimals_are_counted_in_their_scale() {
        let text = br#"{"bids":[{"price":3.5,"qty":1}],"offers":[{"price":1.25,"qty":2}]}"#;
        let text = |scale: &str| parse(text, scale.parse().expect("a scale"));
        let error = text("1").expect_err("must be refused").to_string();
        assert!(error.starts_with("bids[0].price: 3.5"), "{error}");
        assert!(error.contains("--price-scale 100 "), "{error}");
        let book = text("100").expect("a book");
        assert_eq!((book.bids[0].price, book.offers[0].price), (350, 125));
    }
}
