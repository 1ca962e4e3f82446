//! Small inputs of each kind that failed or misled, and what must come of each. They are beside the checkout; where they
//! are not, the same is asked in `reading.rs` of inputs of its own.

mod common;

use common::{options, refusal, watts, wh};
use joulebook_profiles::{parse, Options, Reading};

/// `None` where they are not at hand.
fn input(name: &str) -> Option<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/inputs/");
    let path = format!("{folder}{name}");
    if !std::path::Path::new(&path).exists() {
        eprintln!("left out: {path} is not there");
        return None;
    }
    Some(std::fs::read(path).expect("can be read"))
}

fn read(name: &str, options: &Options) -> Option<Reading> {
    Some(parse(&input(name)?, options).expect("is read"))
}

fn refused(name: &str, options: &Options, parts: &[&str]) {
    if let Some(bytes) = input(name) {
        let said = refusal(&bytes, options);
        for part in parts {
            assert!(said.contains(part), "{name}: '{part}' is not in: {said}");
        }
    }
}

#[test]
fn given_wh_by_name_when_read_then_100_wh_in_15_minutes_are_400_w() {
    let Some(reading) = read("energy-wh.csv", &options("")) else {
        return;
    };
    assert_eq!(watts(&reading, 0), [400; 4]);
    assert_eq!(watts(&reading, 1), [300; 4]);
    assert_eq!(
        reading.understood.to_string(),
        "15 min, 2 households, W and Wh per interval, times in UTC, decimal point"
    );
}

#[test]
fn given_kw_by_name_when_read_then_0_4_kw_are_400_w() {
    let Some(reading) = read("kw-values.csv", &options("")) else {
        return;
    };
    assert_eq!(watts(&reading, 0), [400; 4]);
    assert_eq!(watts(&reading, 1), [300; 4]);
}

#[test]
fn given_no_unit_when_read_then_the_question_names_both_readings_and_the_option_decides() {
    for name in ["simply-kwh.csv", "ausgrid-unnamed.csv"] {
        refused(
            name,
            &options(""),
            &["kW (", "kWh (", "--unit kW or --unit kWh", "--zone"],
        );
    }
    let Some(simply) = read("simply-kwh.csv", &options("unit=kWh zone=Europe/Berlin")) else {
        return;
    };
    // Each digit of 0.0225599111867358 + 0.0355993651726686 kWh.
    assert_eq!(wh(&simply, 0), "58.1592763594044");
    let ausgrid = read(
        "ausgrid-unnamed.csv",
        &options("unit=kWh zone=Australia/Sydney"),
    );
    let ausgrid = ausgrid.expect("beside the other");
    assert_eq!(ausgrid.understood.length, 1800);
    assert_eq!(wh(&ausgrid, 0), "970");
    assert_eq!(watts(&ausgrid, 0), [784, 1156]);
    let as_power = read(
        "ausgrid-unnamed.csv",
        &options("unit=kW zone=Australia/Sydney"),
    );
    assert_eq!(watts(&as_power.expect("beside the other"), 0), [392, 578]);
}

#[test]
fn given_times_without_zone_when_read_then_with_zone_alone() {
    refused(
        "naive-right-columns.csv",
        &options(""),
        &["line 2", "has no zone: add Z, an offset, or --zone"],
    );
    if let Some(reading) = read("naive-right-columns.csv", &options("zone=Europe/Vienna")) {
        // Ten o'clock of summer in Vienna.
        assert_eq!(reading.profiles.start.0, 1_475_740_800);
        assert_eq!(watts(&reading, 0), [0, 44]);
    }
}

#[test]
fn given_the_doubled_hour_when_read_then_the_day_has_25_hours() {
    let Some(reading) = read("dst-fall-naive-double.csv", &options("zone=Europe/Vienna")) else {
        return;
    };
    assert_eq!(reading.profiles.intervals, 25);
    assert_eq!(
        watts(&reading, 0),
        (0..25).map(|hour| 400 + 10 * hour).collect::<Vec<i128>>()
    );
    assert_eq!(
        reading.understood.to_string(),
        "1 h, 2 households, W, local time Europe/Vienna, decimal point"
    );
}

#[test]
fn given_the_hour_that_never_was_when_read_then_its_line_is_named() {
    refused(
        "dst-spring-phantom-hour.csv",
        &options(""),
        &["line 4", "2026-03-29T02:00:00+01:00", "never was", "line 5"],
    );
}

#[test]
fn given_zones_off_the_hour_when_read_then_rows_are_split_and_no_energy_moves() {
    let Some(reading) = read("hourly-plus0530.csv", &options("")) else {
        return;
    };
    assert!(reading.understood.are_rows_split);
    // 24 hours from 18:30 to 18:30 UTC lie in 25 windows; both ends are half.
    assert_eq!(reading.profiles.intervals, 25);
    assert_eq!(reading.profiles.start.0 % 3600, 0);
    assert_eq!(
        watts(&reading, 0),
        [&[200][..], &[400; 23], &[200]].concat()
    );
    assert_eq!(
        (wh(&reading, 0), wh(&reading, 1)),
        ("9600".into(), "-3840".into())
    );
}

#[test]
fn given_daily_rows_at_local_midnight_when_read_then_rows_are_split_and_no_energy_moves() {
    let Some(reading) = read("daily-local-midnight.csv", &options("")) else {
        return;
    };
    assert_eq!(
        (reading.profiles.intervals, reading.profiles.length.0),
        (4, 86_400)
    );
    // Three days of 400 W; the first hour lies on the day before in UTC.
    assert_eq!(wh(&reading, 0), (3 * 24 * 400).to_string());
    assert_eq!(reading.profiles.households[0].load[0].whole_wh(), 400);
    assert_eq!(reading.profiles.households[0].load[3].whole_wh(), 23 * 400);
}

#[test]
fn given_gaps_when_read_then_all_are_listed_with_lines_and_sizes() {
    refused(
        "first-gap.csv",
        &options(""),
        &["gap after line 2: 1 row is missing", "--fill"],
    );
    refused(
        "many-gaps.csv",
        &options(""),
        &[
            "4 findings",
            "after line 20:",
            "after line 39:",
            "after line 58:",
            "after line 77:",
        ],
    );
    refused(
        "missing-values.csv",
        &options(""),
        &[
            "line 21, column 3 'north_pv_w'",
            "household 'north'",
            "the cell is empty",
        ],
    );
}

#[test]
fn given_gaps_when_filled_by_choice_then_they_are_counted() {
    let filled = |name, option| Some(read(name, &options(option))?.profiles.filled());
    let Some(first) = filled("first-gap.csv", "fill=zero") else {
        return;
    };
    // A row is missing for three columns.
    assert_eq!(first, 3);
    assert_eq!(filled("many-gaps.csv", "fill=previous"), Some(12));
    assert_eq!(filled("missing-values.csv", "fill=mean"), Some(1));
}

#[test]
fn given_a_signed_net_column_when_read_then_positive_draws_and_negative_feeds_in() {
    let Some(reading) = read("net-column.csv", &options("")) else {
        return;
    };
    assert_eq!(watts(&reading, 0), [2485, -16, -239, 1165]);
    let power = |series: &[joulebook_profiles::Energy]| {
        let all = series.iter();
        all.map(|energy| energy.milliwatts(reading.profiles.length) / 1000)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        power(&reading.profiles.households[0].import),
        [2485, 0, 0, 1165]
    );
    assert_eq!(
        power(&reading.profiles.households[0].export),
        [0, 16, 239, 0]
    );
}

#[test]
fn given_registers_when_read_then_as_differences() {
    let Some(reading) = read("registers.csv", &options("")) else {
        return;
    };
    assert_eq!(
        (reading.profiles.intervals, wh(&reading, 0)),
        (1, "100".into())
    );
    assert_eq!(
        reading.understood.to_string(),
        "15 min, 1 household, kWh of registers, times in UTC, decimal point"
    );
}

#[test]
fn given_semicolons_and_decimal_commas_when_read_then_values_are_right() {
    let Some(reading) = read("semicolon-decimal-comma.csv", &options("")) else {
        return;
    };
    assert_eq!(
        (
            reading.profiles.intervals,
            reading.profiles.households.len()
        ),
        (96, 2)
    );
    assert!(reading.understood.to_string().ends_with("decimal comma"));
    // 25,5 W.
    let north = &reading.profiles.households[0];
    let first_sun = north.pv.iter().find(|energy| energy.0 > 0).expect("sun");
    assert_eq!(first_sun.milliwatts(reading.profiles.length), 25_500);
}

#[test]
fn given_a_preamble_and_am_and_pm_when_read_then_with_columns() {
    let chosen = "zone=America/Los_Angeles unit=kWh \
                  columns=date=Date,time=\"Start_Time\",duration=Duration,value=Consumed";
    refused(
        "sdge-ampm.csv",
        &options(chosen),
        &["'09/04/2024'", "--dates dmy or --dates mdy"],
    );
    let dates = format!("{chosen} dates=mdy");
    // One of the two rows is eight hours after the other, and lasts an hour.
    refused(
        "sdge-ampm.csv",
        &options(&dates),
        &["gap after line 5: 7 rows are missing"],
    );
    let Some(reading) = read("sdge-ampm.csv", &options(&format!("{dates} fill=zero"))) else {
        return;
    };
    assert_eq!(reading.profiles.start.0, 1_725_433_200);
    assert_eq!(watts(&reading, 0), [340, 0, 0, 0, 0, 0, 0, 0, -221]);
}

#[test]
fn given_long_format_when_read_then_with_columns() {
    let chosen = "zone=Europe/London columns=household=LCLid,time=DateTime,value=\"KWH/hh\"";
    refused(
        "lcl-long.csv",
        &options(chosen),
        &["line 3", "household 'MAC000099'", "but 'Null'"],
    );
    let Some(reading) = read("lcl-long.csv", &options(&format!("{chosen} fill=zero"))) else {
        return;
    };
    assert_eq!(reading.profiles.households[0].name, "MAC000099");
    assert_eq!(
        (reading.understood.length, reading.profiles.filled()),
        (1800, 1)
    );
}

#[test]
fn given_long_names_when_read_then_they_are_kept() {
    let name = |file| {
        Some(
            read(file, &options(""))?.profiles.households[0]
                .name
                .clone(),
        )
    };
    let Some(long) = name("long-name.csv") else {
        return;
    };
    assert_eq!(
        long,
        "CHR15 Multigenerational Home working couple, 2 children, 2 seniors HH1"
    );
    assert_eq!(
        name("grid-id-name.csv").as_deref(),
        Some("Load_mvgd_32866_lvgd_1009200004_103_residential")
    );
}

#[test]
fn given_9_megawatts_a_day_when_read_then_they_are_within_the_limit() {
    let Some(reading) = read("9.0MW-daily.csv", &options("")) else {
        return;
    };
    assert_eq!(wh(&reading, 0), (3 * 24 * 9_000_000_i64).to_string());
}

#[test]
fn given_the_real_sets_when_read_then_whole() {
    for (name, households, intervals) in
        [("community14.csv", 14, 2976), ("community15.csv", 15, 2880)]
    {
        let Some(reading) = read(&format!("../../data/{name}"), &options("")) else {
            return;
        };
        assert_eq!(reading.profiles.households.len(), households);
        assert_eq!(reading.profiles.intervals, intervals);
    }
}
