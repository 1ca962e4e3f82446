use std::str::FromStr;

use joulebook_cluster::{Amount, AmountError};

/// What a source's prices are in. A euro stands for whatever the market's token is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PriceUnit {
    #[default]
    PerKwh,
    CentPerKwh,
    PerMwh,
}

impl PriceUnit {
    /// Atoms per kWh of a token with so many decimals.
    ///
    /// # Errors
    /// If that is no whole number, or does not fit.
    pub fn atoms(self, amount: Amount, decimals: u8) -> Result<i32, AmountError> {
        let count = match self {
            PriceUnit::PerKwh => 1,
            PriceUnit::CentPerKwh => 100,
            PriceUnit::PerMwh => 1_000,
        };
        amount.per(count, decimals)
    }
}

impl FromStr for PriceUnit {
    type Err = String;

    fn from_str(text: &str) -> Result<PriceUnit, String> {
        match text.to_ascii_lowercase().as_str() {
            "token/kwh" | "eur/kwh" => Ok(PriceUnit::PerKwh),
            "ct/kwh" => Ok(PriceUnit::CentPerKwh),
            "token/mwh" | "eur/mwh" => Ok(PriceUnit::PerMwh),
            _ => Err("write token/kWh, ct/kWh or EUR/MWh".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_turned_into_atoms_exactly() {
        let atoms = |unit: &str, text: &str| {
            let unit: PriceUnit = unit.parse().expect("a unit");
            unit.atoms(text.parse().expect("a number"), 6)
        };
        assert_eq!(atoms("token/kWh", "0.30"), Ok(300_000));
        assert_eq!(atoms("ct/kWh", "30.125"), Ok(301_250));
        assert_eq!(atoms("EUR/MWh", "-12.345"), Ok(-12_345));
        assert!(atoms("EUR/MWh", "12.3456").is_err());
        assert!("kWh".parse::<PriceUnit>().is_err());
    }
}
