//! The reader of load profiles: any bytes and any options, and files of which one byte is another.

use bolero::{check, produce, TypeGenerator};
use joulebook_profiles::{
    parse, DateOrder, DecimalMark, Energy, Fill, LoadProfiles, Options, RowLength, Separator,
    Stamps, Unit, Values,
};

use crate::time;

/// One number for each option; most leave it out.
#[derive(Clone, Copy, Debug, TypeGenerator)]
struct AnyOptions {
    unit: u8,
    values: u8,
    zone: u8,
    stamps: bool,
    length: u8,
    columns: u8,
    dates: u8,
    decimal: u8,
    separator: u8,
    fill: u8,
}

fn one_of<T: Clone>(choice: u8, all: &[T]) -> Option<T> {
    all.get(usize::from(choice % 16)).cloned()
}

impl AnyOptions {
    fn options(self) -> Options {
        let parsed = |text: &str| text.parse().ok();
        let zones = [
            "Europe/Vienna",
            "Asia/Kolkata",
            "-03:30",
            "Pacific/Apia",
            "UTC",
        ];
        let columns = [
            "time=time,load=*",
            "household=a,time=time,value=kwh",
            "date=#1,time=#2,import=#3,duration=#4",
            "time=#1,net=#2",
        ];
        Options {
            unit: one_of(self.unit, &Unit::ALL),
            values: one_of(self.values, &[Values::Interval, Values::Register]),
            zone: one_of(self.zone, &zones).and_then(|zone| zone.parse().ok()),
            stamps: if self.stamps {
                Stamps::End
            } else {
                Stamps::Start
            },
            length: one_of(self.length, &[60, 900, 3600, 86_400]).and_then(RowLength::new),
            columns: one_of(self.columns, &columns).and_then(parsed),
            dates: one_of(self.dates, &[DateOrder::DayFirst, DateOrder::MonthFirst]),
            decimal: one_of(self.decimal, &[DecimalMark::Point, DecimalMark::Comma]),
            separator: one_of(self.separator, Separator::ALL),
            fill: one_of(
                self.fill,
                &[Fill::Zero, Fill::Previous, Fill::Mean, Fill::Yesterday],
            ),
        }
    }
}

/// What a heading is made of.
const NAMES: &[&str] = &[
    "a_load_w",
    "a_pv_kwh",
    "b_net_wh",
    "import_kwh",
    "export_kwh",
    "1.8.0 kWh",
    "kwh",
    "load",
    "household",
    "a",
    "duration",
    "date",
    "太陽_load_kw",
    "\u{1b}[2J_load_w",
    "",
];

/// Headings that go together; most tables have one of them.
const HEADINGS: [[&str; 3]; 4] = [
    ["a_load_w", "a_pv_kwh", "b_net_wh"],
    ["import_kwh", "export_kwh", "c_load_kw"],
    ["load", "b_pv", "c_net"],
    ["household", "import_register_kwh", "export_kwh"],
];

/// Cells of times; most rows have those of a grid instead.
const TIMES: &[&str] = &[
    "2025-10-26 02:00",
    "2025-10-26 02:30",
    "2026-03-29 02:30",
    "2026-03-29T03:00+02:00",
    "09/04/2024",
    "13/04/2024 12:00:00 AM",
    "31.12.2024 24:00",
    "1717200900",
    "2200-12-31T23:59Z",
    "1900-01-01",
    "later",
    "",
];

/// Cells of values.
const VALUES: &[&str] = &[
    "0",
    "1",
    "2.5",
    "0,5",
    "1.234",
    "1,234.5",
    "-3",
    "12345.678",
    "12345.9",
    "1e3",
    "1e-30",
    "1e300",
    "null",
    "",
    "hour",
    "15 min",
    "\"",
    "\u{1b}[2J",
    "99999999999999999999999999999999999999999",
];

/// A table of such cells.
#[derive(Clone, Debug, TypeGenerator)]
struct AnyTable {
    separator: u8,
    names: [u8; 3],
    style: u8,
    step: u8,
    #[generator(produce::<Vec<(u8, [u8; 3])>>().with().len(2..24usize))]
    rows: Vec<(u8, [u8; 3])>,
    options: AnyOptions,
}

impl AnyTable {
    fn text(&self) -> String {
        let separator = [",", ";", "\t", "|"][usize::from(self.separator % 4)];
        let pick = |all: &[&'static str], choice: u8| all[usize::from(choice) % all.len()];
        let heading = HEADINGS[usize::from(self.style / 3 % 4)];
        let mut names = heading;
        for (name, choice) in names.iter_mut().zip(self.names) {
            if choice >= 240 {
                *name = pick(NAMES, choice);
            }
        }
        let names = names.join(separator);
        let mut text = format!("time{separator}{names}\n");
        let step = [900, 1800, 3600, 86_400][usize::from(self.step % 4)];
        for (row, (time, cells)) in (0_i64..).zip(&self.rows) {
            let moment = 1_761_429_600 + row * step;
            let time = match (time, self.style % 3) {
                (0..254, 0) => moment.to_string(),
                (0..254, style) => {
                    let text = jiff::Timestamp::from_second(moment).unwrap().to_string();
                    if style == 1 {
                        text
                    } else {
                        text.trim_end_matches('Z').to_owned()
                    }
                }
                (254.., _) => pick(TIMES, *time).to_owned(),
            };
            // The first ones are numbers, and most cells are one of them.
            let cells = cells.map(|choice| {
                if choice < 250 {
                    pick(&VALUES[..3], choice)
                } else {
                    pick(VALUES, choice)
                }
            });
            text += &format!("{time}{separator}{}\n", cells.join(separator));
        }
        text
    }
}

/// What holds of all profiles.
fn check_profiles(profiles: &LoadProfiles) {
    let LoadProfiles {
        start,
        length,
        intervals,
        households,
    } = profiles;
    assert!(joulebook_profiles::is_window_length(length.0));
    assert_eq!(start.0.rem_euclid(length.0), 0);
    assert!(*intervals > 0 && !households.is_empty());
    for household in households {
        let behind = [&household.load, &household.pv];
        for series in behind
            .into_iter()
            .chain([&household.import, &household.export])
        {
            assert!(series.is_empty() || series.len() == *intervals);
            assert!(series.iter().all(|energy| *energy >= Energy(0)));
        }
        assert!(household.filled.iter().all(|place| place < intervals));
    }
}

/// Reads, and looks at what is said of it either way.
fn look_at(bytes: &[u8], options: &Options) -> Option<LoadProfiles> {
    match parse(bytes, options) {
        Ok(reading) => {
            check_profiles(&reading.profiles);
            let said: Vec<String> = reading.warnings.iter().map(ToString::to_string).collect();
            let said = said.join(" ") + &reading.understood.to_string();
            assert!(!said.contains(char::is_control));
            Some(reading.profiles)
        }
        Err(error) => {
            let said = error.to_string();
            assert!(!said.is_empty());
            let is_harmless = |letter: char| letter == '\n' || !letter.is_control();
            assert!(said.chars().all(is_harmless), "{said:?}");
            None
        }
    }
}

#[test]
fn given_any_bytes_and_options_when_read_then_they_are_refused_by_name_or_are_profiles() {
    check!()
        .with_test_time(time())
        .with_type::<(AnyOptions, Vec<u8>)>()
        .for_each(|(options, bytes)| {
            look_at(bytes, &options.options());
        });
}

#[test]
fn given_any_table_and_options_when_read_then_it_is_refused_by_name_or_is_profiles() {
    check!()
        .with_test_time(time())
        .with_type::<AnyTable>()
        .for_each(|table| {
            look_at(table.text().as_bytes(), &table.options.options());
        });
}

/// Rows of a file, one byte of it changed or none.
#[derive(Clone, Debug, TypeGenerator)]
struct AnyFile {
    minutes: u8,
    shift: u16,
    #[generator(produce::<Vec<(u32, i32)>>().with().len(2..20usize))]
    rows: Vec<(u32, i32)>,
    place: u16,
    /// A digit, a sign, a mark or an end of line for the byte there.
    change: u8,
    options: AnyOptions,
}

impl AnyFile {
    fn text(&self) -> String {
        let minutes = [1, 15, 30, 60, 1440][usize::from(self.minutes % 5)];
        let mut text = String::from("time,a_load_wh,b_net_wh\n");
        for (row, (used, moved)) in (0_i64..).zip(&self.rows) {
            let time = 1_717_200_000 + i64::from(self.shift) * 60 + row * minutes * 60;
            let (used, net) = (used % 1_000_000, moved % 1_000_000);
            text += &format!("{time},{}.{:03},{}\n", used / 1000, used % 1000, net);
        }
        let changes = b"0123456789.-,\n ";
        if let Some(change) = changes.get(usize::from(self.change)) {
            let place = usize::from(self.place) % text.len();
            text.replace_range(place..=place, std::str::from_utf8(&[*change]).unwrap());
        }
        text
    }
}

/// Thousandths of Wh in a column, line by line as they stand there; `None` if one is no plain number.
fn thousandths(text: &str, column: usize) -> Option<i128> {
    let rows = text
        .lines()
        .skip(1)
        .filter(|line| !line.trim_matches([',', ' ']).is_empty());
    rows.map(|line| {
        let cell = line.split(',').nth(column)?.trim();
        let digits = cell.strip_prefix('-').unwrap_or(cell);
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let is_plain = !whole.is_empty()
            && (whole.to_owned() + decimals)
                .bytes()
                .all(|byte| byte.is_ascii_digit());
        let size: i128 = format!("{whole}{decimals:0<3}")
            .parse()
            .ok()
            .filter(|_| is_plain && decimals.len() <= 3)?;
        Some(if cell.starts_with('-') { -size } else { size })
    })
    .sum()
}

#[test]
fn given_a_file_with_a_byte_changed_when_it_is_accepted_then_its_energy_is_that_of_its_lines() {
    const ATTOJOULES: i128 = joulebook_profiles::ATTOJOULES_PER_WH / 1000;
    check!()
        .with_test_time(time())
        .with_type::<AnyFile>()
        .for_each(|file| {
            let text = file.text();
            // What an option makes of it is another file.
            let options = Options {
                stamps: file.options.options().stamps,
                zone: file.options.options().zone,
                ..Options::default()
            };
            let Some(profiles) = look_at(text.as_bytes(), &options) else {
                return;
            };
            let is_heading_whole = text.starts_with("time,a_load_wh,b_net_wh\n");
            let expected = [1, 2].map(|column| thousandths(&text, column));
            let ([Some(a), Some(b)], true) = (expected, is_heading_whole) else {
                return;
            };
            let net = |household: usize| {
                let household = &profiles.households[household];
                let all = 0..profiles.intervals;
                all.map(|interval| household.net(interval).0).sum::<i128>()
            };
            assert_eq!((net(0), net(1)), (a * ATTOJOULES, b * ATTOJOULES), "{text}");
        });
}
