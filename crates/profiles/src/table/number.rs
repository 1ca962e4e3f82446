use super::DecimalMark;

/// Significant digits that are kept; what an interval's length and a unit multiply it by still fits 128 bits.
const DIGITS: i128 = 10_i128.pow(30);

/// A number as it is written: digits × 10^exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    pub digits: i128,
    pub exponent: i32,
    /// Whether digits beyond the thirtieth were left out.
    pub is_cut: bool,
}

impl Decimal {
    /// `None` for what is no number.
    pub fn parse(text: &str, mark: DecimalMark) -> Option<Decimal> {
        let (is_negative, unsigned) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, power) = match unsigned.split_once(['e', 'E']) {
            Some((number, power)) => (number, exponent(power)?),
            None => (unsigned, 0),
        };
        let (mark, group) = match mark {
            DecimalMark::Point => ('.', ','),
            DecimalMark::Comma => (',', '.'),
        };
        let (whole, decimals) = number.split_once(mark).unwrap_or((number, ""));
        if whole.is_empty() && decimals.is_empty() {
            return None;
        }
        let mut parsed = Decimal {
            digits: 0,
            exponent: power,
            is_cut: false,
        };
        for digit in ungrouped(whole, group)?.bytes() {
            parsed.push(digit, 0)?;
        }
        for digit in decimals.bytes() {
            parsed.push(digit, 1)?;
        }
        if is_negative {
            parsed.digits = parsed.digits.saturating_neg();
        }
        Some(parsed)
    }

    /// Takes one more digit, which makes the exponent smaller by `decimals`.
    fn push(&mut self, digit: u8, decimals: i32) -> Option<()> {
        let digit = char::from(digit).to_digit(10)?;
        if self.digits >= DIGITS {
            self.is_cut |= digit != 0;
            // A digit before the mark that is left out counts ten times as much.
            self.exponent = self.exponent.saturating_add(1_i32.saturating_sub(decimals));
            return Some(());
        }
        self.digits = self.digits.saturating_mul(10).saturating_add(digit.into());
        self.exponent = self.exponent.saturating_sub(decimals);
        Some(())
    }

    /// Times `factor` × 10^`power`, to the nearest whole number, and whether it was rounded. `None` if it does not fit.
    pub fn scaled(self, factor: i128, power: i32) -> Option<(i128, bool)> {
        let product = self.digits.checked_mul(factor)?;
        let power = self.exponent.saturating_add(power);
        let Some(size) = 10_i128.checked_pow(power.unsigned_abs()) else {
            // Nothing, or further from a whole number than 128 bits reach.
            return match (product, power < 0) {
                (0, _) => Some((0, self.is_cut)),
                (_, true) => Some((0, true)),
                (_, false) => None,
            };
        };
        if power >= 0 {
            return Some((product.checked_mul(size)?, self.is_cut));
        }
        let whole = product.checked_div(size)?;
        let rest = product.checked_rem(size)?;
        let is_half = rest.saturating_abs() >= size.saturating_sub(rest.saturating_abs());
        let up = if is_half { product.signum() } else { 0 };
        Some((whole.checked_add(up)?, self.is_cut || rest != 0))
    }
}

fn exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// Without the marks between groups of three digits; `None` if the groups have another length.
fn ungrouped(whole: &str, group: char) -> Option<String> {
    let mut groups = whole.split(group);
    let first = groups.next()?;
    let is_even = groups.clone().all(|group| group.len() == 3);
    let is_grouped = groups.next().is_some();
    let is_first_short = (1..=3).contains(&first.len());
    (!is_grouped || (is_even && is_first_short)).then(|| whole.replace(group, ""))
}

/// Whether a cell says that there is no value.
pub fn is_missing(cell: &str) -> bool {
    const WORDS: [&str; 11] = [
        "", "null", "nan", "na", "n/a", "#n/a", "none", "nil", "-", "--", "?",
    ];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(text: &str) -> Option<(i128, bool)> {
        // In thousandths.
        Decimal::parse(text, DecimalMark::Point)?.scaled(1, 3)
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, thousandths) in [
            ("0", 0),
            ("12.345", 12_345),
            ("-0.5", -500),
            ("−0.5", -500),
            ("+7", 7000),
            (".5", 500),
            ("5.", 5000),
            ("1,234,567.8", 1_234_567_800),
            ("5e2", 500_000),
            ("2.5E-2", 25),
            ("0.000", 0),
        ] {
            assert_eq!(point(text), Some((thousandths, false)), "{text}");
        }
        let comma = Decimal::parse("1.234,5", DecimalMark::Comma).expect("a number");
        assert_eq!(comma.scaled(1, 1), Some((12_345, false)));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e+",
            "1,23",
            "1.2.3",
            "inf",
            "NaN",
            "0x10",
            "5 W",
            "1 2",
            "--1",
            "١",
            "1,,234",
            ",234",
            "1e99999999999",
        ] {
            assert_eq!(Decimal::parse(text, DecimalMark::Point), None, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_rounded_or_refused() {
        assert_eq!(point("0.0005"), Some((1, true)));
        assert_eq!(point("-0.0005"), Some((-1, true)));
        assert_eq!(point("0.00049"), Some((0, true)));
        assert_eq!(point("1e-300"), Some((0, true)));
        assert_eq!(point("1e300"), None);
        assert_eq!(point("0e300"), Some((0, false)));
        let long = format!("1{}", "0".repeat(40));
        assert_eq!(point(&long), None);
        let fine = format!("1.{}1", "0".repeat(40));
        assert_eq!(point(&fine), Some((1000, true)));
    }
}
