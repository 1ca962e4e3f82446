use schemars::JsonSchema;
use serde::Serialize;

/// One property of the market, and how often it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// What must hold.
    pub property: &'static str,
    /// Number of times that it was looked at.
    pub times: u64,
    /// What was seen the first time that it did not hold; null if it always did.
    pub failure: Option<String>,
}

impl Check {
    fn new(property: &'static str) -> Check {
        Check {
            property,
            times: 0,
            failure: None,
        }
    }

    pub fn holds(&self) -> bool {
        self.failure.is_none()
    }

    /// Notes one look; `failure` says what there was to see.
    pub fn that(&mut self, holds: bool, failure: impl FnOnce() -> String) {
        self.times += 1;
        if !holds && self.failure.is_none() {
            self.failure = Some(failure());
        }
    }
}

/// What must never break, as far as a run can see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checks {
    pub ledger: Check,
    pub state: Check,
    pub fills: Check,
    pub clearing: Check,
    pub readings: Check,
    pub energy: Check,
    pub contracts: Check,
    pub bills: Check,
    pub returned: Check,
    pub rent: Check,
}

impl Default for Checks {
    fn default() -> Checks {
        Checks {
            ledger: Check::new(
                "seats, escrow and fees add up to the vault's balance, after every step",
            ),
            state: Check::new(
                "what each seat has locked, the escrow, and every book, fill and contract add up, after \
                 every step",
            ),
            fills: Check::new(
                "as much is sold as bought; no order fills beyond its quantity or limit",
            ),
            clearing: Check::new("price and fills are those that the engine finds off chain"),
            readings: Check::new("every signed reading is counted"),
            energy: Check::new(
                "a window counts the energy that its meters signed, no more and no less",
            ),
            contracts: Check::new(
                "once the meters of a window are heard, all of its contracts are settled",
            ),
            bills: Check::new(
                "every bill is what the rules of settlement give, line by line, to the last milli-atom",
            ),
            returned: Check::new("every token deposited is back with its owner"),
            rent: Check::new("the rent of all tables is back with the authority"),
        }
    }
}

impl Checks {
    pub fn list(&self) -> Vec<Check> {
        [
            &self.ledger,
            &self.state,
            &self.fills,
            &self.clearing,
            &self.readings,
            &self.energy,
            &self.contracts,
            &self.bills,
            &self.returned,
            &self.rent,
        ]
        .map(Check::clone)
        .to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_is_kept() {
        let mut check = Check::new("two is two");
        check.that(true, || "never said".into());
        assert!(check.holds());
        check.that(false, || "first".into());
        check.that(false, || "second".into());
        assert_eq!((check.times, check.failure.as_deref()), (3, Some("first")));
    }
}
