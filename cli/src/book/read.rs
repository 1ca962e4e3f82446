use std::{
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{self, Read},
    path::Path,
};

use serde::{
    de::{self, Deserializer, IgnoredAny, Unexpected, Visitor},
    Deserialize,
};

use super::{BookOrder, OrderBook};

/// Why a file is no book.
#[derive(Debug, thiserror::Error)]
pub enum BookFileError {
    #[error("can't be read")]
    Unreadable(#[from] io::Error),
    #[error("is not JSON: {0}")]
    NotJson(serde_json::Error),
    /// JSON, but not what a book looks like; the place is like `bids[3].qty`.
    #[error("{place}{problem}; a book is {{\"bids\":[{{\"price\":…,\"qty\":…}}],\"offers\":[…]}}")]
    NotABook {
        place: String,
        problem: serde_json::Error,
    },
}

/// Reads a book; `-` is stdin.
///
/// # Errors
/// [`BookFileError`].
pub fn load(path: &Path) -> Result<OrderBook, BookFileError> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.read_to_end(&mut bytes)?;
    }
    parse(&bytes)
}

/// Reads a book out of JSON. Fields it does not know are left alone.
///
/// # Errors
/// [`BookFileError`].
pub fn parse(bytes: &[u8]) -> Result<OrderBook, BookFileError> {
    // Some editors put a byte order mark before UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
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
    let orders = |list: Vec<OrderEntry>| {
        list.into_iter()
            .map(|OrderEntry { price, qty, .. }| BookOrder { price, qty })
            .collect()
    };
    Ok(OrderBook {
        bids: orders(file.bids),
        offers: orders(file.offers),
    })
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
    #[serde(deserialize_with = "price")]
    price: i64,
    #[serde(deserialize_with = "quantity")]
    qty: u32,
    #[serde(flatten)]
    _others: BTreeMap<String, IgnoredAny>,
}

fn price<'de, D: Deserializer<'de>>(input: D) -> Result<i64, D::Error> {
    let number = input.deserialize_any(Whole("a whole number of at most 64 bits"))?;
    i64::try_from(number).map_err(|_| {
        de::Error::custom(format_args!(
            "{number} is too large, the highest price is {}",
            i64::MAX
        ))
    })
}

fn quantity<'de, D: Deserializer<'de>>(input: D) -> Result<u32, D::Error> {
    let number = input.deserialize_any(Whole("a whole number of Wh from 1 to 4294967295"))?;
    match u32::try_from(number) {
        Ok(quantity) if quantity > 0 => Ok(quantity),
        _ => Err(de::Error::custom(format_args!(
            "{number} is no quantity, expected a whole number of Wh from 1 to {}",
            u32::MAX
        ))),
    }
}

/// Reads whole numbers only, and says in its own words what it expected.
struct Whole(&'static str);

impl Visitor<'_> for Whole {
    type Value = i128;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<i128, E> {
        Ok(i128::from(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<i128, E> {
        Ok(i128::from(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<i128, E> {
        Err(E::invalid_type(Unexpected::Float(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse(text.as_bytes())
            .expect_err("must not be read")
            .to_string()
    }

    #[test]
    fn reads_orders_and_leaves_other_fields_alone() {
        let text = br#"{"id":"x","bids":[{"price":-5,"qty":3,"who":[1]}],"offers":[],"n":{"a":1}}"#;
        let book = parse(text).expect("a book");
        assert_eq!(book.bids, [BookOrder { price: -5, qty: 3 }]);
        assert!(book.offers.is_empty());
    }

    #[test]
    fn says_where_and_what() {
        let order = |order: &str| refusal(&format!(r#"{{"bids":[],"offers":[{order}]}}"#));
        assert!(order(r#"{"price":1,"qty":0}"#).starts_with("offers[0].qty: 0 is no quantity"));
        assert!(order(r#"{"price":1,"qty":-1}"#).starts_with("offers[0].qty: -1 is no"));
        assert!(order(r#"{"price":1,"qty":1.5}"#).starts_with("offers[0].qty: invalid type: float"));
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
        assert!(parse(b"{\"bids\":[\xff]}").is_err());
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert!(parse("\u{feff}{\"bids\":[],\"offers\":[]}".as_bytes()).is_ok());
    }
}
