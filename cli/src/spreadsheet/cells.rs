//! What a cell of a spreadsheet can hold: names, times, and money with all of its digits.

use jiff::Timestamp;
use joulebook_units::UnixTime;

/// Of the token, whose atom is a millionth.
const TOKEN_DECIMALS: usize = 6;
const MILLI_ATOM_DECIMALS: usize = 3;

/// What a spreadsheet would begin a formula with, as OWASP lists it: signs, their wide forms, tab and line ends.
const FORMULA_SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A name, which a spreadsheet must not take for a formula: an apostrophe before it says that it is text.
pub fn name(name: &str) -> String {
    match name.starts_with(FORMULA_SIGNS) {
        true => format!("'{name}"),
        false => name.to_owned(),
    }
}

/// ISO 8601, in UTC.
pub fn moment(time: UnixTime) -> String {
    Timestamp::from_second(time.0).map_or_else(|_| time.0.to_string(), |moment| moment.to_string())
}

/// Tokens, of milli-atoms.
pub fn tokens(milli_atoms: i128) -> String {
    decimal(milli_atoms, TOKEN_DECIMALS + MILLI_ATOM_DECIMALS)
}

/// Tokens per kWh, of atoms per kWh.
pub fn tokens_per_kwh(atoms: i32) -> String {
    decimal(atoms.into(), TOKEN_DECIMALS)
}

/// A number of units of 10^−`decimals`, with all of its digits.
fn decimal(units: i128, decimals: usize) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", units.unsigned_abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    format!("{sign}{whole}.{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_keeps_all_of_its_digits() {
        assert_eq!(tokens(1), "0.000000001");
        assert_eq!(tokens(-1_234_567_890_123), "-1234.567890123");
        assert_eq!(tokens(0), "0.000000000");
        assert_eq!(tokens_per_kwh(277_000), "0.277000");
        assert_eq!(tokens_per_kwh(-5), "-0.000005");
    }

    #[test]
    fn names_are_never_formulas() {
        assert_eq!(name("Ada = Bob"), "Ada = Bob");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert_eq!(name(formula), format!("'{formula}"));
        }
    }

    #[test]
    fn times_are_in_utc() {
        assert_eq!(moment(UnixTime(1_717_200_000)), "2024-06-01T00:00:00Z");
        assert_eq!(moment(UnixTime(-1)), "1969-12-31T23:59:59Z");
        assert_eq!(moment(UnixTime(i64::MAX)), "9223372036854775807");
    }
}
