use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use rust_decimal::Decimal;
use serde::Deserialize;

/// A number as people write it, such as `"0.30"`: exact, in whatever unit its place has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Amount(Decimal);

impl Display for Amount {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number that does not mean what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    #[error("{0:?} is no number; write it as text with a point, such as \"0.30\"")]
    NoNumber(String),
    #[error("{amount} has more than {decimals} decimals, which is finer than the smallest unit")]
    TooFine { amount: String, decimals: u8 },
    #[error("{0} is too large")]
    TooLarge(String),
}

impl Amount {
    /// So many units, of which 10^`decimals` make one.
    pub fn of_units(units: i64, decimals: u8) -> Amount {
        // Finer than any number has places for: nothing.
        let exact = Decimal::try_from_i128_with_scale(units.into(), decimals.into());
        Amount(exact.unwrap_or_default().normalize())
    }

    pub fn is_positive(self) -> bool {
        self.0 > Decimal::ZERO
    }

    pub fn is_negative(self) -> bool {
        self.0 < Decimal::ZERO
    }

    /// # Errors
    /// If the sum does not fit.
    pub fn plus(self, other: Amount) -> Result<Amount, AmountError> {
        let sum = self.0.checked_add(other.0);
        sum.map(Amount)
            .ok_or_else(|| AmountError::TooLarge(self.0.to_string()))
    }

    /// In units of which 10^`decimals` make one.
    ///
    /// # Errors
    /// If it is finer than that, or does not fit.
    pub fn in_units<T: TryFrom<i128>>(self, decimals: u8) -> Result<T, AmountError> {
        self.per(1, decimals)
    }

    /// The same of what is for `count` of something, for one of it.
    ///
    /// # Errors
    /// If it is finer than that, or does not fit.
    pub fn per<T: TryFrom<i128>>(self, count: u16, decimals: u8) -> Result<T, AmountError> {
        let too_large = || AmountError::TooLarge(self.0.to_string());
        let power = 10_i128.checked_pow(decimals.into()).ok_or_else(too_large)?;
        let scaled = Decimal::try_from_i128_with_scale(power, 0)
            .ok()
            .and_then(|power| self.0.checked_mul(power))
            .and_then(|scaled| scaled.checked_div(count.into()))
            .ok_or_else(too_large)?;
        if !scaled.fract().is_zero() {
            return Err(AmountError::TooFine {
                amount: self.0.to_string(),
                decimals,
            });
        }
        let whole = scaled.trunc().normalize();
        T::try_from(whole.mantissa()).map_err(|_| too_large())
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Amount, AmountError> {
        let number = Decimal::from_str_exact(text.trim());
        number
            .map(Amount)
            .map_err(|_| AmountError::NoNumber(text.into()))
    }
}

impl TryFrom<String> for Amount {
    type Error = AmountError;

    fn try_from(text: String) -> Result<Amount, AmountError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Result<i32, AmountError> {
        text.parse::<Amount>()?.in_units(6)
    }

    #[test]
    fn amounts_are_exact() {
        assert_eq!(units("0.30"), Ok(300_000));
        assert_eq!(units("-0.05"), Ok(-50_000));
        assert_eq!(units("12"), Ok(12_000_000));
        assert_eq!(units("0.000001"), Ok(1));
        assert_eq!(units("100.0"), Ok(100_000_000));
    }

    #[test]
    fn what_is_for_many_is_shared_out_exactly_or_not_at_all() {
        let per = |text: &str, count| {
            let amount = text.parse::<Amount>().expect("a number");
            amount.per::<i32>(count, 6)
        };
        assert_eq!(per("87.35", 1_000), Ok(87_350));
        assert_eq!(per("-4.5", 100), Ok(-45_000));
        assert!(matches!(
            per("0.0001", 1_000),
            Err(AmountError::TooFine { .. })
        ));
        assert!(matches!(per("1", 3), Err(AmountError::TooFine { .. })));
    }

    #[test]
    fn units_are_shown_as_people_write_them() {
        assert_eq!(Amount::of_units(300_000, 6).to_string(), "0.3");
        assert_eq!(Amount::of_units(-1, 6).to_string(), "-0.000001");
        assert_eq!(Amount::of_units(7, 0).to_string(), "7");
        assert_eq!(Amount::of_units(i64::MAX, 255).to_string(), "0");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        assert!(matches!(units("0,30"), Err(AmountError::NoNumber(_))));
        assert!(matches!(units(""), Err(AmountError::NoNumber(_))));
        assert!(matches!(
            units("0.0000001"),
            Err(AmountError::TooFine { .. })
        ));
        assert!(matches!(units("3000"), Err(AmountError::TooLarge(_))));
        assert!(units("99999999999999999999999999999").is_err());
    }
}
