use std::str::FromStr;

/// How finely prices are counted: in units of 10^−`decimals`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriceScale {
    decimals: u32,
}

const MOST_DECIMALS: u32 = 9;

impl PriceScale {
    /// The coarsest for prices with so many decimals; `None` for too many.
    pub fn for_decimals(decimals: u32) -> Option<PriceScale> {
        (decimals <= MOST_DECIMALS).then_some(PriceScale { decimals })
    }

    pub fn decimals(self) -> u32 {
        self.decimals
    }

    /// Units in one.
    pub fn factor(self) -> i64 {
        10_i64.pow(self.decimals)
    }

    /// A number of units, as the book writes prices.
    pub fn show(self, units: i128) -> String {
        let factor = u128::from(self.factor().unsigned_abs());
        let (whole, rest) = (units.unsigned_abs() / factor, units.unsigned_abs() % factor);
        let sign = if units < 0 { "-" } else { "" };
        let width = self.decimals as usize;
        let decimals = if rest == 0 {
            String::new()
        } else {
            format!(".{rest:0width$}")
        };
        format!("{sign}{whole}{}", decimals.trim_end_matches('0'))
    }
}

impl FromStr for PriceScale {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<PriceScale, Self::Err> {
        (0..=MOST_DECIMALS)
            .map(|decimals| PriceScale { decimals })
            .find(|scale| scale.factor().to_string() == text)
            .ok_or("write 1, 10, 100 … up to 1000000000: what prices are multiplied by to be whole")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_shown_as_the_book_writes_prices() {
        let tenths: PriceScale = "10".parse().expect("a scale");
        assert_eq!(
            [35, 30, -5, 0].map(|units| tenths.show(units)),
            ["3.5", "3", "-0.5", "0"]
        );
        assert_eq!(PriceScale::default().show(-7), "-7");
        let fine = PriceScale::for_decimals(3).expect("a scale");
        assert_eq!(fine.show(1050), "1.05");
    }

    #[test]
    fn a_scale_is_a_power_of_ten() {
        for text in ["", "0", "5", "-10", "1.0", "10000000000"] {
            assert!(text.parse::<PriceScale>().is_err(), "{text}");
        }
    }
}
