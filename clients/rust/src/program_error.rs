//! What a program refused, by its own name and words.

use num_traits::FromPrimitive;

use crate::{market, oracle, registry};

/// A named error of one of the three programs. Their codes differ.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    #[error("registry: {0}")]
    Registry(registry::errors::RegistryError),
    #[error("oracle: {0}")]
    Oracle(oracle::errors::OracleError),
    #[error("market: {0}")]
    Market(market::errors::MarketError),
}

impl ProgramError {
    /// That of a code; `None` if it is none of theirs.
    pub fn from_code(code: u32) -> Option<ProgramError> {
        let of_registry =
            || registry::errors::RegistryError::from_u32(code).map(ProgramError::Registry);
        let of_oracle = || oracle::errors::OracleError::from_u32(code).map(ProgramError::Oracle);
        let of_market = || market::errors::MarketError::from_u32(code).map(ProgramError::Market);
        of_registry().or_else(of_oracle).or_else(of_market)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart() {
        let error = |code| ProgramError::from_code(code);
        assert!(matches!(error(6000), Some(ProgramError::Registry(_))));
        assert!(matches!(error(6100), Some(ProgramError::Oracle(_))));
        assert!(matches!(error(6200), Some(ProgramError::Market(_))));
        assert_eq!(error(0), None);
        assert_eq!(error(u32::MAX), None);
    }
}
