//! Amounts as programs and as people read them.

use serde::Serialize;
use utoipa::ToSchema;

/// Of an atom.
const MILLI_DIGITS: u8 = 3;

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Money {
    /// Thousandths of a token's smallest unit. Beyond 2^53, not every reader of JSON keeps all digits: then go by `tokens`.
    pub milli_atoms: i64,
    /// The same in tokens, exactly.
    #[schema(example = "1.234567")]
    pub tokens: String,
}

/// A price of energy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EnergyPrice {
    /// A token's smallest units per kWh.
    pub atoms_per_kwh: i64,
    /// The same in tokens per kWh, exactly.
    #[schema(example = "0.25")]
    pub tokens_per_kwh: String,
}

impl Money {
    /// An amount beyond 64 bits, which no market has, stays at the most.
    pub fn new(milli_atoms: i128, decimals: u8) -> Money {
        let most = milli_atoms.clamp(i64::MIN.into(), i64::MAX.into());
        Money {
            // Within bounds.
            milli_atoms: i64::try_from(most).unwrap_or(i64::MAX),
            tokens: decimal(milli_atoms, decimals.saturating_add(MILLI_DIGITS)),
        }
    }
}

impl EnergyPrice {
    pub fn new(atoms: i64, decimals: u8) -> EnergyPrice {
        EnergyPrice {
            atoms_per_kwh: atoms,
            tokens_per_kwh: decimal(atoms.into(), decimals),
        }
    }
}

/// `number` / 10^`digits`, exactly, without zeros at the end.
pub fn decimal(number: i128, digits: u8) -> String {
    let digits = usize::from(digits);
    let sign = if number < 0 { "-" } else { "" };
    let width = digits.saturating_add(1);
    let text = format!("{:0>width$}", number.unsigned_abs());
    let (whole, part) = text.split_at(text.len().saturating_sub(digits));
    let part = part.trim_end_matches('0');
    match part.is_empty() {
        true => format!("{sign}{whole}"),
        false => format!("{sign}{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_told_exactly() {
        assert_eq!(decimal(0, 9), "0");
        assert_eq!(decimal(1_234_567_890, 9), "1.23456789");
        assert_eq!(decimal(-5, 9), "-0.000000005");
        assert_eq!(decimal(-2_000, 3), "-2");
        assert_eq!(decimal(7, 0), "7");
        assert_eq!(
            decimal(i128::MIN, 3),
            "-170141183460469231731687303715884105.728"
        );
        assert_eq!(Money::new(1_500, 6).tokens, "0.0000015");
        assert_eq!(Money::new(i128::MAX, 6).milli_atoms, i64::MAX);
        assert_eq!(EnergyPrice::new(250_000, 6).tokens_per_kwh, "0.25");
    }
}
