//! Whole numbers however they are written: `30`, `30.0`, `5e2`, `-0`.

use std::fmt;

use joulebook_profiles::{Decimal, DecimalMark};
use serde::{
    de::{self, Deserializer, Visitor},
    Deserialize,
};

use super::PriceScale;

/// A number of a book as it stands there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Whole(i128),
    /// Digits × 10^exponent.
    Decimal(Decimal),
    /// More than can be told exactly.
    Huge(f64),
}

/// Beyond it, a float is no longer the number that was written.
const EXACT: f64 = 9_007_199_254_740_992.0;

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
        match text.parse::<i128>() {
            Ok(whole) => Some(Number::Whole(whole)),
            Err(_) => Decimal::parse(text, DecimalMark::Point).map(Number::Decimal),
        }
    }

    /// Decimals that are not 0.
    pub fn decimals(self) -> u32 {
        match self {
            Number::Decimal(decimal) => (0..)
                .take(400)
                .find(|decimals| is_whole(decimal, *decimals))
                .unwrap_or(u32::MAX),
            Number::Whole(_) | Number::Huge(_) => 0,
        }
    }

    /// # Errors
    /// [`NumberError`] for what is no price; `needed` is the scale that all prices of the book need.
    pub fn price(self, scale: PriceScale, needed: Option<PriceScale>) -> Result<i64, NumberError> {
        let units = match self {
            Number::Whole(whole) => whole.checked_mul(scale.factor().into()),
            Number::Huge(_) => None,
            Number::Decimal(decimal) => {
                if !is_whole(decimal, scale.decimals()) {
                    let price = self.to_string();
                    return Err(match needed {
                        Some(scale) => NumberError::Decimals { price, scale },
                        None => NumberError::TooFine(price),
                    });
                }
                let power = scale.decimals().cast_signed();
                decimal.scaled(1, power).map(|(units, _)| units)
            }
        };
        let units = units.and_then(|units| i64::try_from(units).ok());
        units.ok_or_else(|| NumberError::TooLarge(self.to_string()))
    }

    /// # Errors
    /// [`NumberError`] for what is no quantity.
    pub fn quantity(self) -> Result<u32, NumberError> {
        let whole = match self {
            Number::Whole(whole) => Some(whole),
            Number::Huge(_) => None,
            Number::Decimal(decimal) => {
                if !is_whole(decimal, 0) {
                    return Err(NumberError::NotWhole(self.to_string()));
                }
                decimal.scaled(1, 0).map(|(whole, _)| whole)
            }
        };
        let quantity = whole.and_then(|whole| u32::try_from(whole).ok());
        quantity
            .filter(|quantity| *quantity > 0)
            .ok_or_else(|| NumberError::NotAQuantity(self.to_string()))
    }
}

/// Whether it is a whole number of 10^−`decimals`.
fn is_whole(decimal: Decimal, decimals: u32) -> bool {
    let power = decimals.cast_signed();
    let scaled = decimal.scaled(1, power);
    // What does not fit has no decimals that count.
    scaled.is_none_or(|(_, is_rounded)| !is_rounded)
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Number::Whole(whole) => write!(f, "{whole}"),
            Number::Huge(number) => write!(f, "{number:e}"),
            Number::Decimal(decimal) => {
                let decimals = decimal.exponent.min(0).unsigned_abs();
                match PriceScale::for_decimals(decimals) {
                    Some(scale) if decimal.exponent <= 0 => {
                        f.write_str(&scale.show(decimal.digits))
                    }
                    _ => write!(f, "{}e{}", decimal.digits, decimal.exponent),
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Number, D::Error> {
        input.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Number, E> {
        Ok(Number::Whole(number.into()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Number, E> {
        Ok(Number::Whole(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Number, E> {
        if number.abs() >= EXACT {
            return Ok(Number::Huge(number));
        }
        // The shortest text of a float is the one that was written, up to 15 digits.
        let decimal = Decimal::parse(&number.to_string(), DecimalMark::Point);
        decimal
            .map(Number::Decimal)
            .ok_or_else(|| E::custom(format_args!("{number} is no number")))
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
    fn numbers_beyond_64_bits_are_refused() {
        let one = PriceScale::default();
        for text in ["1e30", "9223372036854775808", "9007199254740993.0"] {
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
