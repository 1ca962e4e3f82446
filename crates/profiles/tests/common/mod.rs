//! Options in a line, and what a reading holds in figures that can be checked by hand.

#![allow(dead_code, reason = "each file of tests uses a part of it")]

use joulebook_profiles::{parse, Energy, Fill, Options, Reading, Stamps, Values};

/// Like `unit=kWh zone=Europe/Vienna`; `_` stands for a space within a value.
pub fn options(text: &str) -> Options {
    let mut options = Options::default();
    for word in text.split_whitespace() {
        let (name, value) = word.split_once('=').expect("name=value");
        let value = &value.replace('_', " ");
        match name {
            "unit" => options.unit = Some(value.parse().expect("a unit")),
            "zone" => options.zone = Some(word[5..].parse().expect("a zone")),
            "columns" => options.columns = Some(value.parse().expect("columns")),
            "dates" => options.dates = Some(value.parse().expect("an order")),
            "decimal" => options.decimal = Some(value.parse().expect("a mark")),
            "separator" => options.separator = Some(value.parse().expect("a separator")),
            "interval" => options.length = Some(value.parse().expect("a length")),
            "stamps" => options.stamps = [Stamps::Start, Stamps::End][usize::from(value == "end")],
            "values" => {
                options.values =
                    Some([Values::Interval, Values::Register][usize::from(value == "register")]);
            }
            "fill" => {
                options.fill = Some(match value.as_str() {
                    "zero" => Fill::Zero,
                    "previous" => Fill::Previous,
                    "mean" => Fill::Mean,
                    "yesterday" => Fill::Yesterday,
                    other => panic!("{other}"),
                });
            }
            other => panic!("{other}"),
        }
    }
    options
}

pub fn read(text: impl AsRef<[u8]>, words: &str) -> Reading {
    parse(text.as_ref(), &options(words)).expect("is read")
}

/// What is said of bytes that are refused.
pub fn refusal(bytes: impl AsRef<[u8]>, options: &Options) -> String {
    parse(bytes.as_ref(), options)
        .expect_err("must be refused")
        .to_string()
}

/// A household's net power, window by window, in whole W.
pub fn watts(reading: &Reading, household: usize) -> Vec<i128> {
    let profiles = &reading.profiles;
    let net = |interval| profiles.households[household].net(interval);
    (0..profiles.intervals)
        .map(|interval| net(interval).milliwatts(profiles.length) / 1000)
        .collect()
}

/// All of a household's net energy, in Wh with all its digits.
pub fn wh(reading: &Reading, household: usize) -> String {
    let profiles = &reading.profiles;
    let net = |interval| profiles.households[household].net(interval);
    let sum =
        (0..profiles.intervals).fold(Energy(0), |sum, interval| sum.saturating_add(net(interval)));
    // 3600 J are 36 × 10²⁰ aJ.
    assert_eq!(sum.0 % 36, 0, "digits that no file of Wh has");
    let size = (sum.0 / 36).unsigned_abs();
    let unit = 10_u128.pow(20);
    let sign = if sum.0 < 0 { "-" } else { "" };
    let decimals = format!("{:020}", size % unit);
    let text = format!("{sign}{}.{}", size / unit, decimals);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
