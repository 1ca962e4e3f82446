//! Whole numbers on the command line, refused with what is allowed.

use std::ops::RangeInclusive;

use indicatif::HumanCount;

/// A parser of whole numbers of a range; with `allow_negative_numbers`, it is asked of those below zero too.
pub fn whole_number<T: TryFrom<i128>>(
    range: RangeInclusive<i128>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| allowed(&range))
    }
}

fn allowed(range: &RangeInclusive<i128>) -> String {
    let (least, most) = (shown(*range.start()), shown(*range.end()));
    format!("write a whole number from {least} to {most}, without commas")
}

fn shown(number: i128) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = u64::try_from(number.unsigned_abs()).unwrap_or(u64::MAX);
    format!("{sign}{}", HumanCount(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_range_are_taken_and_others_answered_with_it() {
        let parse = whole_number::<i32>(-5..=1_000_000_000);
        assert_eq!([parse("-5"), parse("7")], [Ok(-5), Ok(7)]);
        let allowed = "write a whole number from -5 to 1,000,000,000, without commas";
        for wrong in [
            "-6",
            "abc",
            "",
            "1.5",
            "1,000",
            "99999999999999999999999999999999999999999",
        ] {
            assert_eq!(parse(wrong), Err(allowed.to_owned()), "{wrong}");
        }
        let seed = whole_number::<u64>(0..=u64::MAX.into());
        assert_eq!(seed("18446744073709551615"), Ok(u64::MAX));
    }
}
