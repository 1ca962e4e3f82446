//! Whole numbers however they are written: `30`, `30.0`, `5e2`, `-0`.

use std::fmt;

use joulebook_profiles::{printable, Decimal, DecimalMark};
use serde::{
    de::{Deserializer, Error as _, Unexpected},
    Deserialize,
};
use serde_json::value::RawValue;

use super::PriceScale;

/// A number of a book: as it stands there, and exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    text: String,
    decimal: Decimal,
}

/// Why a number is no price or quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error(
        "{0} is no whole number of Wh; expected one from 1 to {max}, round it",
        max = u32::MAX
    )]
    NotWhole(String),
    #[error("{0} is no quantity, expected a whole number of Wh from 1 to {max}", max = u32::MAX)]
    NotAQuantity(String),
    #[error("{price} is no whole number; pass --price-scale {} for prices with decimals", scale.factor())]
    Decimals { price: String, scale: PriceScale },
    #[error("{0} has more than 9 decimals; round it")]
    TooFine(String),
    #[error("{0} is too large, expected a whole number of at most 64 bits")]
    TooLarge(String),
}

impl Number {
    /// Out of text, with a decimal point. A comma could be one as well as thousands, so there is none.
    pub fn parse(text: &str) -> Option<Number> {
        if text.contains(',') {
            return None;
        }
        let decimal = Decimal::parse(text, DecimalMark::Point)?;
        Some(Number {
            text: text.to_owned(),
            decimal,
        })
    }

    /// Decimals that are not 0.
    pub fn decimals(&self) -> u32 {
        let mut all = (0..).take(400);
        all.find(|decimals| self.is_whole(*decimals))
            .unwrap_or(u32::MAX)
    }

    /// # Errors
    /// [`NumberError`] for what is no price; `needed` is the scale that all prices of the book need.
    pub fn price(&self, scale: PriceScale, needed: Option<PriceScale>) -> Result<i64, NumberError> {
        if !self.is_whole(scale.decimals()) {
            let price = self.to_string();
            return Err(match needed {
                Some(scale) => NumberError::Decimals { price, scale },
                None => NumberError::TooFine(price),
            });
        }
        let units = self.decimal.scaled(1, scale.decimals().cast_signed());
        let units = units.and_then(|(units, _)| i64::try_from(units).ok());
        units.ok_or_else(|| NumberError::TooLarge(self.to_string()))
    }

    /// # Errors
    /// [`NumberError`] for what is no quantity.
    pub fn quantity(&self) -> Result<u32, NumberError> {
        if !self.is_whole(0) {
            return Err(NumberError::NotWhole(self.to_string()));
        }
        let whole = self.decimal.scaled(1, 0);
        let quantity = whole.and_then(|(whole, _)| u32::try_from(whole).ok());
        quantity
            .filter(|quantity| *quantity > 0)
            .ok_or_else(|| NumberError::NotAQuantity(self.to_string()))
    }

    /// Whether it is a whole number of 10^−`decimals`.
    fn is_whole(&self, decimals: u32) -> bool {
        let scaled = self.decimal.scaled(1, decimals.cast_signed());
        // What does not fit has no decimals that count.
        scaled.is_none_or(|(_, is_rounded)| !is_rounded)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&printable(&self.text))
    }
}

impl<'de> Deserialize<'de> for Number {
    /// Out of its text in the file: a float would round it.
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Number, D::Error> {
        let json = Box::<RawValue>::deserialize(input)?;
        let text = json.get();
        Number::parse(text).ok_or_else(|| D::Error::invalid_type(kind(text), &"a number"))
    }
}

/// What a JSON value is that is no number.
fn kind(json: &str) -> Unexpected<'_> {
    match json.as_bytes().first() {
        Some(b'"') => Unexpected::Str(json.trim_matches('"')),
        Some(b'[') => Unexpected::Seq,
        Some(b'{') => Unexpected::Map,
        Some(b'n') => Unexpected::Unit,
        Some(b't') => Unexpected::Bool(true),
        Some(b'f') => Unexpected::Bool(false),
        _ => Unexpected::Other("number with an exponent beyond 32 bits"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Number {
        serde_json::from_str(text).expect("a number")
    }

    #[test]
    fn whole_numbers_are_whole_however_they_are_written() {
        let one = PriceScale::default();
        for (text, price) in [
            ("30", 30),
            ("30.0", 30),
            ("5e2", 500),
            ("-0", 0),
            ("-0.0", 0),
            ("-7.00", -7),
            ("9007199254740993.0", 9_007_199_254_740_993),
            ("9223372036854775807.000", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(json(text).price(one, None), Ok(price), "{text}");
            assert_eq!(
                Number::parse(text).expect("a number").price(one, None),
                Ok(price),
                "{text}"
            );
        }
        assert_eq!(json("5e2").quantity(), Ok(500));
        assert_eq!(json("4294967295.0").quantity(), Ok(u32::MAX));
    }

    #[test]
    fn a_comma_is_no_part_of_a_number() {
        assert_eq!(Number::parse("1,234"), None);
        assert_eq!(Number::parse("1,5"), None);
    }

    #[test]
    fn decimals_need_a_scale() {
        let tenths = PriceScale::for_decimals(1);
        let error = json("3.5")
            .price(PriceScale::default(), tenths)
            .expect_err("refused");
        assert_eq!(
            error.to_string(),
            "3.5 is no whole number; pass --price-scale 10 for prices with decimals"
        );
        assert_eq!(json("3.5").price(tenths.expect("a scale"), tenths), Ok(35));
        assert_eq!(json("-0.1").price(tenths.expect("a scale"), tenths), Ok(-1));
        assert_eq!((json("2.675").decimals(), json("30.0").decimals()), (3, 0));
        assert!(matches!(
            json("2.5").quantity(),
            Err(NumberError::NotWhole(_))
        ));
    }

    #[test]
    fn no_digit_of_a_number_is_lost() {
        let one = PriceScale::default();
        for text in ["30.00000000000000000001", "9007199254740993.25", "1e-400"] {
            let number = json(text);
            assert_eq!(number, Number::parse(text).expect("a number"));
            let refused = number.price(one, None);
            assert_eq!(refused, Err(NumberError::TooFine(text.to_owned())));
            let refused = number.quantity();
            assert_eq!(refused, Err(NumberError::NotWhole(text.to_owned())));
        }
        let cents = PriceScale::for_decimals(2);
        let price = json("9007199254740993.25").price(cents.expect("a scale"), None);
        assert_eq!(price, Ok(900_719_925_474_099_325));
    }

    #[test]
    fn what_is_no_number_is_called_what_it_is() {
        for (text, kind) in [
            ("\"1\"", "string \"1\""),
            ("null", "type: null"),
            ("[1]", "sequence"),
            ("{}", "map"),
            ("true", "boolean `true`"),
            ("1e99999999999", "exponent beyond 32 bits"),
        ] {
            let error = serde_json::from_str::<Number>(text).expect_err("refused");
            assert!(error.to_string().contains(kind), "{error}");
        }
    }

    #[test]
    fn numbers_beyond_64_bits_are_refused() {
        let one = PriceScale::default();
        for text in ["1e30", "9223372036854775808", "1e400"] {
            assert!(
                matches!(json(text).price(one, None), Err(NumberError::TooLarge(_))),
                "{text}"
            );
        }
        for text in ["0", "-1", "4294967296", "1e30", "-0.0"] {
            assert!(
                matches!(json(text).quantity(), Err(NumberError::NotAQuantity(_))),
                "{text}"
            );
        }
    }
}
