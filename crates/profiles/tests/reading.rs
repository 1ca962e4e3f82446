//! What becomes of files of every kind: small ones of our own, with figures that can be checked by hand.

mod common;

use std::io::Write;

use common::{options, read, refusal, watts, wh};
use flate2::{write::GzEncoder, Compression};
use joulebook_profiles::{Energy, Profile, Warning};

fn refused(text: &str, words: &str, parts: &[&str]) {
    let said = refusal(text, &options(words));
    for part in parts {
        assert!(said.contains(part), "'{part}' is not in: {said}");
    }
}

const TWO: &str =
    "time,a_load_w,a_pv_w\n2024-06-01T00:00:00Z,400,100.5\n2024-06-01T00:15:00Z,0,0\n";

#[test]
fn given_w_with_decimals_when_read_then_nothing_is_lost() {
    let reading = read(TWO, "");
    assert_eq!(reading.profiles.start.0, 1_717_200_000);
    assert_eq!(
        (reading.profiles.length.0, reading.profiles.intervals),
        (900, 2)
    );
    assert_eq!(wh(&reading, 0), "74.875");
    assert_eq!(
        reading.understood.to_string(),
        "15 min, 1 household, W, times in UTC, decimal point"
    );
    assert_eq!(reading.warnings, []);
}

#[test]
fn given_each_unit_when_read_then_400_w_are_400_w() {
    for (unit, value) in [
        ("W", "400"),
        ("kW", "0.4"),
        ("Wh", "100"),
        ("kWh", "0.1"),
        ("MWh", "0.0001"),
    ] {
        let rows = |name: &str| {
            format!("time,{name}\n2024-06-01T00:00Z,{value}\n2024-06-01T00:15Z,{value}\n")
        };
        let by_name = read(rows(&format!("a_load_{}", unit.to_lowercase())), "");
        assert_eq!(watts(&by_name, 0), [400, 400], "{unit}");
        let by_option = read(rows("a_load"), &format!("unit={unit}"));
        assert_eq!(watts(&by_option, 0), [400, 400], "{unit}");
        let renamed = read(rows("a_load_w"), &format!("unit={unit}"));
        assert_eq!(watts(&renamed, 0), [400, 400], "{unit}");
    }
}

#[test]
fn given_columns_of_two_units_when_an_option_names_a_third_then_names_stay_and_a_warning_says_so() {
    let text = "time,a_load_wh,b_load_w,c_load\n2024-06-01T00:00Z,100,300,0.1\n2024-06-01T00:15Z,100,300,0.1\n";
    let reading = read(text, "unit=kWh");
    assert_eq!(
        [0, 1, 2].map(|household| watts(&reading, household)[0]),
        [400, 300, 400]
    );
    let stays = |warning: &&Warning| matches!(warning, Warning::UnitStays { .. });
    assert_eq!(reading.warnings.iter().filter(stays).count(), 2);
}

#[test]
fn given_values_that_can_hardly_be_when_read_then_a_warning_names_the_unit() {
    let text = "time,a_load_w,b_load_kwh\n2024-06-01T00:00Z,0.4,100\n2024-06-01T00:15Z,0.3,100\n";
    let warnings: Vec<String> = read(text, "")
        .warnings
        .iter()
        .map(Warning::to_string)
        .collect();
    assert_eq!(warnings.len(), 2);
    assert!(
        warnings[0].contains("household 'a' never draws more than 0.4 W, read as W;"),
        "{}",
        warnings[0]
    );
    assert!(
        warnings[1].contains("'b' draws 400000 W on average, read as kWh per interval"),
        "{}",
        warnings[1]
    );
}

#[test]
fn given_packed_or_wide_or_marked_bytes_when_read_then_as_if_they_were_plain() {
    let plain = read(TWO, "").profiles;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(TWO.as_bytes()).expect("written");
    assert_eq!(read(encoder.finish().expect("packed"), "").profiles, plain);
    let wide: Vec<u8> = format!("\u{feff}{TWO}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let reading = read(wide, "");
    assert_eq!(reading.profiles, plain);
    assert!(reading.understood.to_string().ends_with("UTF-16LE"));
    assert_eq!(read(format!("\u{feff}{TWO}"), "").profiles, plain);
    assert_eq!(
        read(TWO.replace(',', "\t").replace('\n', "\r\n"), "").profiles,
        plain
    );
    assert_eq!(
        read(TWO.replace(',', ";").replace("100.5", "100,5"), "").profiles,
        plain
    );
    assert_eq!(
        read(
            TWO.replace(',', "\",\"")
                .replace('\n', "\"\n\"")
                .trim_end_matches('"')
                .replacen("time", "\"time", 1),
            ""
        )
        .profiles,
        plain
    );
}

#[test]
fn given_what_is_no_number_or_time_when_read_then_line_and_column_are_named() {
    let with = |row: &str| format!("time,a_load_w\n2024-06-01T00:00:00Z,1\n{row}\n");
    refused(
        &with("later,1"),
        "",
        &["line 3, column 1 'time': 'later' is not a time"],
    );
    refused(
        &with("2024-06-31T00:00Z,1"),
        "",
        &["line 3, column 1", "'2024-06-31T00:00Z'"],
    );
    refused(
        &with("2024-06-01T00:15:00Z,much"),
        "",
        &["line 3, column 2 'a_load_w': 'much' is not a number"],
    );
    refused(
        &with("2024-06-01T00:15:00Z,\u{1b}[2J"),
        "",
        &["'\\u{1b}[2J'"],
    );
    refused(
        &with("2024-06-01T00:15:00Z,-2"),
        "",
        &["line 3", "'-2' is negative", "--columns \"net=a_load_w\""],
    );
    refused(
        &with("2024-06-01T00:15:00Z,10000001"),
        "",
        &["line 3", "household 'a'", "at most 10000000 W"],
    );
    refused(
        &with("2024-06-01T00:15:00Z,1e300"),
        "",
        &["line 3", "'1e300'"],
    );
    refused(
        &with("2024-06-01T00:15:00Z"),
        "",
        &["line 3: 1 values where the heading names 2"],
    );
    refused("time,a_load_w\n", "", &["rows of values: 0"]);
    refused(
        "time,a_load_w\n2024-06-01T00:00:00Z,1\n",
        "",
        &["rows of values: 1", "--interval"],
    );
    refused("", "", &["the file is empty"]);
}

#[test]
fn given_a_column_of_durations_when_read_then_rows_last_so_long_whoever_chose_the_others() {
    let text = |name: &str, value: &str| {
        format!("Date,Start Time,{name},Consumed\n2024-09-04,12:00 AM,{value},0.34\n2024-09-04,08:00 AM,{value},0.2\n")
    };
    let chosen = "columns=date=Date,time=\"Start_Time\",value=Consumed";
    for columns in ["", chosen] {
        let words = format!("zone=UTC unit=kWh {columns}");
        for (name, value) in [
            ("Duration", "Hour"),
            ("duration", "60 min"),
            ("Duration (min)", "60"),
        ] {
            refused(
                &text(name, value),
                &words,
                &["gap after line 2: 7 rows are missing"],
            );
            let filled = read(text(name, value), &format!("{words} fill=zero"));
            assert_eq!(watts(&filled, 0), [340, 0, 0, 0, 0, 0, 0, 0, 200]);
        }
        // Of a number alone nobody knows the unit.
        let part = "line 2, column 3 'Duration': '60' is no length of an interval";
        refused(&text("Duration", "60"), &words, &[part, "--interval"]);
        let by_option = read(
            text("Duration", "60"),
            &format!("{words} interval=4h fill=zero"),
        );
        assert_eq!(watts(&by_option, 0), [85, 0, 50]);
    }
    let two = text("Duration", "Hour").replacen("AM,Hour", "AM,15 min", 1);
    let part = "line 3, column 3 'Duration': 'Hour', where rows above last 15 min";
    refused(&two, "zone=UTC unit=kWh", &[part]);
}

#[test]
fn given_a_table_that_names_do_not_explain_when_the_advice_is_followed_then_it_is_read() {
    let long =
        "LCLid,std,DateTime,KWH/hh (per half hour) ,Acorn\nMAC9,Std,2012-10-12 00:30,0.5,A\n\
                MAC9,Std,2012-10-12 01:00,0.25,A\n";
    let parts = ["--columns 'household=LCLid,time=DateTime,value=\"KWH/hh (per half hour)\"'"];
    refused(long, "zone=UTC", &parts);
    let advice = "columns=household=LCLid,time=DateTime,value=\"KWH/hh_(per_half_hour)\"";
    let reading = read(long, &format!("zone=UTC {advice}"));
    assert_eq!(reading.profiles.households[0].name, "MAC9");
    assert_eq!(watts(&reading, 0), [1000, 500]);

    let meter = "Meter Number,Date,Start Time,Duration,Consumed\n0,2024-09-04,12:00 AM,Hour,0.34\n";
    let parts = [
        "column 1 'Meter Number'",
        "--columns 'date=Date,time=\"Start Time\",load=Consumed'",
    ];
    refused(meter, "zone=UTC", &parts);
    let advice = "columns=date=Date,time=\"Start_Time\",load=Consumed";
    let reading = read(meter, &format!("zone=UTC unit=kWh {advice}"));
    assert_eq!(watts(&reading, 0), [340]);

    let wide = "When,Ada,Bob\n2024-09-04T00:00Z,100,200\n2024-09-04T01:00Z,100,200\n";
    refused(
        wide,
        "",
        &["no column of times", "--columns 'time=When,load=*'"],
    );
    let reading = read(wide, "unit=W columns=time=When,load=*");
    assert_eq!(
        (watts(&reading, 0), watts(&reading, 1)),
        (vec![100; 2], vec![200; 2])
    );

    let times = "Start,Time,load\n2024-09-04T00:00Z,2024-09-04T01:00Z,100\n2024-09-04T01:00Z,2024-09-04T02:00Z,100\n";
    refused(times, "", &["--columns 'time=Start,load=load'"]);
    assert_eq!(
        watts(&read(times, "unit=W columns=time=Start,load=load"), 0),
        [100; 2]
    );
}

#[test]
fn given_a_column_of_text_when_it_is_taken_for_values_then_it_is_said_to_hold_no_numbers() {
    let long = "LCLid,std,DateTime,x\nMAC000099,Std,2012-10-12 00:30,0.5\nMAC000099,Std,2012-10-12 01:00,0.5\n";
    for choice in ["columns=load=*", "columns=time=DateTime,load=*"] {
        refused(
            long,
            choice,
            &[
                "column 1 'LCLid' holds no numbers, line 2 has 'MAC000099'",
                "'household=LCLid'",
            ],
        );
    }
    refused(
        long,
        "columns=household=LCLid,time=DateTime,load=*",
        &["columns 2 and 4 'x' both are the load of each row's household; name one in --columns"],
    );
    refused(
        long,
        "columns=household=LCLid,time=DateTime,load=std",
        &["column 2 'std' holds no numbers, line 2 has 'Std'"],
    );
}

#[test]
fn given_lengths_that_no_window_has_when_read_then_that_is_said() {
    let rows = |second: &str| format!("time,a_load_w\n2024-06-01T00:00:00Z,1\n{second},1\n");
    for second in [
        "2024-06-01T00:00:59Z",
        "2024-06-01T00:07:00Z",
        "2024-06-03T00:00:00Z",
    ] {
        refused(&rows(second), "", &["60 s to 86400 s"]);
    }
}

#[test]
fn given_one_row_when_its_length_is_said_then_it_is_read() {
    let reading = read("time,a_load_kwh\n2024-06-01T00:00:00Z,0.5\n", "interval=1h");
    assert_eq!(watts(&reading, 0), [500]);
    refused(
        TWO,
        "interval=20min",
        &["rows last 20 min by --interval, and are 15 min apart"],
    );
}

#[test]
fn given_gaps_duplicates_and_swapped_rows_when_read_then_all_are_listed_and_called_what_they_are() {
    let text = "time,a_load_w\n2024-06-01T00:00Z,1\n2024-06-01T00:15Z,\n2024-06-01T00:15Z,2\n\
                2024-06-01T01:00Z,1\n2024-06-01T00:45Z,1\n2024-06-01T01:15Z,null\n2024-06-01T01:30Z,null\n";
    refused(
        text,
        "fill=zero",
        &[
            "5 findings",
            "line 3, column 2 'a_load_w': no value of household 'a', the cell is empty",
            "gap after line 3: 1 row is missing, from 2024-06-01T00:30:00Z on",
            "line 4: duplicate: 2024-06-01T00:15:00Z stands in line 3 already",
            "line 6: swapped: 2024-06-01T00:45:00Z is before the time of line 5",
            "lines 7 to 8, column 2 'a_load_w': no value of household 'a', but 'null'",
        ],
    );
}

#[test]
fn given_times_of_any_kind_when_rows_are_not_in_order_then_their_times_are_named_as_the_file_does()
{
    let text = |times: [&str; 5]| {
        let rows: Vec<String> = times.iter().map(|time| format!("{time},1\n")).collect();
        format!("time,a_load_w\n{}", rows.concat())
    };
    let local = text([
        "2024-09-04 12:00 AM",
        "2024-09-04 01:00 AM",
        "2024-09-04 04:00 AM",
        "2024-09-04 04:00 AM",
        "2024-09-04 03:00 AM",
    ]);
    let named = |at: fn(u8) -> String| {
        [
            format!("from {} on", at(2)),
            format!("duplicate: {} stands", at(4)),
            format!("swapped: {} is before", at(3)),
        ]
    };
    let check = |text: &str, words: &str, at: fn(u8) -> String| {
        let parts = named(at);
        refused(text, words, &parts.each_ref().map(String::as_str));
    };
    check(&local, "zone=America/Los_Angeles", |hour| {
        format!("2024-09-04T{hour:02}:00:00-07:00")
    });
    check(&local, "zone=UTC", |hour| {
        format!("2024-09-04T{hour:02}:00:00Z")
    });
    let offset = text([
        "2024-09-04T00:00+05:30",
        "2024-09-04T01:00+05:30",
        "2024-09-04T04:00+05:30",
        "2024-09-04T04:00+05:30",
        "2024-09-04T03:00+05:30",
    ]);
    check(&offset, "", |hour| {
        format!("2024-09-04T{hour:02}:00:00+05:30")
    });
    check(&offset, "zone=Europe/Vienna", |hour| {
        format!("2024-09-04T{hour:02}:00:00+05:30")
    });
}

#[test]
fn given_gaps_when_filled_then_by_choice_and_counted() {
    let text = "time,a_load_w\n2024-06-01T00:00Z,100\n2024-06-01T06:00Z,500\n2024-06-01T12:00Z,\n\
                2024-06-01T18:00Z,0\n2024-06-02T06:00Z,700\n";
    for (fill, expected) in [
        ("zero", [100, 500, 0, 0, 0, 700]),
        ("previous", [100, 500, 500, 0, 0, 700]),
        ("mean", [100, 500, 325, 0, 325, 700]),
    ] {
        let reading = read(text, &format!("fill={fill}"));
        assert_eq!(watts(&reading, 0), expected, "{fill}");
        assert_eq!(reading.profiles.filled(), 2);
        let said = format!("2 missing values filled: {fill}");
        assert!(reading.understood.to_string().ends_with(&said));
    }
    refused(
        text,
        "fill=yesterday",
        &[
            "line 4, column 2",
            "the day before",
            "use another --fill than yesterday",
        ],
    );
    let later = text.replace("12:00Z,\n", "12:00Z,9\n");
    assert_eq!(
        watts(&read(later, "fill=yesterday"), 0),
        [100, 500, 9, 0, 100, 700]
    );
    refused(
        &text.replace("00:00Z,100", "00:00Z,"),
        "fill=previous",
        &["line 2", "no value is before it"],
    );
}

#[test]
fn given_end_stamps_when_read_then_rows_end_there() {
    let reading = read(TWO, "stamps=end");
    assert_eq!(reading.profiles.start.0, 1_717_200_000 - 900);
    assert_eq!(watts(&reading, 0), [299, 0]);
    // Days that end at midnight in Vienna, the second of 23 hours.
    let days = "time,a_load_w\n2026-03-29,100\n2026-03-30,100\n2026-03-31,100\n";
    let reading = read(days, "stamps=end zone=Europe/Vienna");
    assert_eq!(wh(&reading, 0), "7100");
}

#[test]
fn given_days_of_23_and_25_hours_when_read_then_power_lasts_as_long_as_the_day() {
    let days = |first: &str, last: &str| format!("time,a_load_kw\n{first},1\n{last},1\n");
    let spring = read(days("2026-03-29", "2026-03-30"), "zone=Europe/Vienna");
    assert_eq!(wh(&spring, 0), "47000");
    let autumn = read(days("25.10.2025", "26.10.2025"), "zone=Europe/Vienna");
    assert_eq!(wh(&autumn, 0), "49000");
    let offsets = read(
        days("2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"),
        "interval=1day",
    );
    assert_eq!(wh(&offsets, 0), "47000");
}

#[test]
fn given_clock_changes_in_local_time_when_read_then_by_order_and_the_phantom_by_line() {
    let rows = |times: &[&str]| {
        let rows: Vec<String> = times
            .iter()
            .map(|time| format!("2025-10-26 {time},100"))
            .collect();
        format!("time,a_load_w\n{}\n", rows.join("\n"))
    };
    let doubled = rows(&["01:00", "02:00", "02:00", "03:00"]);
    assert_eq!(watts(&read(&doubled, "zone=Europe/Vienna"), 0), [100; 4]);
    let once = rows(&["01:00", "02:00", "03:00", "04:00"]);
    refused(
        &once,
        "zone=Europe/Vienna",
        &["gap after line 3: 1 row is missing, from 2025-10-26T02:00:00+01:00 on"],
    );
    let spring = "time,a_load_w\n2026-03-29 01:00,1\n2026-03-29 02:00,1\n2026-03-29 03:00,1\n2026-03-29 04:00,1\n";
    refused(
        spring,
        "zone=Europe/Vienna",
        &["line 3: '2026-03-29T02:00:00' never was"],
    );
}

#[test]
fn given_the_newest_row_first_when_read_then_in_the_order_of_time() {
    let text = "time,a_load_w\n2024-06-01T00:30Z,3\n2024-06-01T00:15Z,2\n2024-06-01T00:00Z,1\n";
    let reading = read(text, "");
    assert_eq!(watts(&reading, 0), [1, 2, 3]);
    assert!(reading.understood.to_string().ends_with("newest row first"));
}

#[test]
fn given_unix_seconds_when_read_then_they_are_moments() {
    let text = "timestamp,a_load_w\n1717200000,1\n1717200900,2\n";
    let reading = read(text, "");
    assert_eq!(
        (reading.profiles.start.0, watts(&reading, 0)),
        (1_717_200_000, vec![1, 2])
    );
    assert!(reading.understood.to_string().contains("unix seconds"));
}

#[test]
fn given_households_in_rows_when_read_then_each_has_its_own() {
    let text = "id,when,kWh,tariff\nA,2024-06-01 00:00,0.1,x\nB,2024-06-01 00:00,0.2,x\nA,2024-06-01 00:30,0.3,y\n\
                B,2024-06-01 00:30,-0.4,y\n";
    let chosen = "zone=UTC columns=household=id,time=when,value=kWh";
    let reading = read(text, chosen);
    assert_eq!(
        (watts(&reading, 0), watts(&reading, 1)),
        (vec![200, 600], vec![400, -800])
    );
    let late = format!("{text}B,2024-06-01 01:00,1,y\nC,2024-06-01 00:30,1,z\n");
    refused(
        &late,
        &format!("{chosen} interval=30min"),
        &[
            "line 4: household 'A' ends before others: 1 row is missing after it",
            "line 7: household 'C' begins after others: 1 row is missing before it",
            "line 7: household 'C' ends before others",
        ],
    );
    let filled = read(late, &format!("{chosen} interval=30min fill=zero"));
    assert_eq!(
        (filled.profiles.intervals, filled.profiles.filled()),
        (3, 3)
    );
    assert_eq!(watts(&filled, 2), [0, 2000, 0]);
}

#[test]
fn given_names_that_differ_in_their_last_sign_when_read_then_they_are_two_households() {
    let names = |heading: &str, words: &str| {
        let text =
            format!("time,{heading}\n2024-06-01T00:00Z,100,200\n2024-06-01T00:15Z,100,200\n");
        let reading = read(text, words);
        assert_eq!((watts(&reading, 0)[0], watts(&reading, 1)[0]), (100, 200));
        let names = reading.profiles.households.into_iter();
        names.map(|household| household.name).collect::<Vec<_>>()
    };
    assert_eq!(names("A+_load_w,A-_load_w", ""), ["A+", "A-"]);
    assert_eq!(names("50%_load_w,50‰_load_w", ""), ["50%", "50‰"]);
    assert_eq!(names("🔋_load_w,load_w", ""), ["🔋", "household"]);
    assert_eq!(names("A+,A-", "unit=W columns=load=*"), ["A+", "A-"]);
}

#[test]
fn given_registers_when_read_then_differences_and_what_is_wrong_with_them_is_named() {
    let text = "time,import_kwh,export_kwh\n2024-06-01T00:00Z,12345.678,9876.5\n2024-06-01T00:15Z,12345.778,9876.5\n\
                2024-06-01T00:30Z,12345.778,9876.9\n";
    assert_eq!(watts(&read(text, ""), 0), [400, -1600]);
    // A register shows its value at the row's time, whichever end of an interval that is.
    assert_eq!(read(text, "stamps=end").profiles, read(text, "").profiles);
    let reset = format!("{text}2024-06-01T00:45Z,0.1,9877.0\n");
    refused(
        &reset,
        "",
        &["line 5, column 2 'import_kwh': the register fell from 12345.778 kWh to 0.1 kWh"],
    );
    let gap = format!("{text}2024-06-01T01:00Z,12346.778,9876.9\n");
    refused(&gap, "", &["gap after line 4: 1 row is missing"]);
    refused(
        &gap,
        "fill=zero",
        &["a register tells how much flowed", "--fill than zero"],
    );
    let spread = read(gap, "fill=mean");
    assert!(!spread.understood.are_rows_split);
    assert_eq!(watts(&spread, 0), [400, -1600, 2000, 2000]);
    assert_eq!(wh(&spread, 0), "700");
}

#[test]
fn given_import_and_export_in_one_interval_when_read_then_both_are_kept() {
    let rows = "2024-06-01T00:00Z,1,1\n2024-06-01T01:00Z,1,0.5\n2024-06-01T02:00Z,1.2,1.3\n";
    let text = format!("time,a_import_kwh,a_export_kwh\n{rows}");
    let kept = |values: &str| {
        let reading = read(&text, values);
        let household = &reading.profiles.households[0];
        let wh = |energy: fn(&Profile, usize) -> Energy| -> Vec<i128> {
            let all = 0..reading.profiles.intervals;
            all.map(|interval| energy(household, interval).whole_wh())
                .collect()
        };
        (wh(Profile::drawn), wh(Profile::fed_in), wh(Profile::net))
    };
    assert_eq!(
        kept("values=interval"),
        (
            vec![1000, 1000, 1200],
            vec![1000, 500, 1300],
            vec![0, 500, -100]
        )
    );
    let rows = "2024-06-01T00:00Z,1,1\n2024-06-01T01:00Z,1.2,1.1\n";
    let text = format!("time,a_import_kwh,a_export_kwh\n{rows}");
    let reading = read(text, "values=register");
    let household = &reading.profiles.households[0];
    let both = (
        household.drawn(0).whole_wh(),
        household.fed_in(0).whole_wh(),
    );
    assert_eq!(both, (200, 100));
}

#[test]
fn given_energies_that_never_fall_when_read_then_it_is_asked_whether_they_are_registers() {
    let text =
        "time,import_kwh\n2024-06-01T00:00Z,0.1\n2024-06-01T00:15Z,0.2\n2024-06-01T00:30Z,0.4\n";
    refused(
        text,
        "",
        &[
            "column 2 'import_kwh'",
            "--values interval or --values register",
        ],
    );
    assert_eq!(watts(&read(text, "values=interval"), 0), [400, 800, 1600]);
    assert_eq!(watts(&read(text, "values=register"), 0), [400, 800]);
    let named = text.replace("import_kwh", "1.8.0_kWh");
    assert_eq!(watts(&read(named, ""), 0), [400, 800]);
}

#[test]
fn given_two_readings_when_read_then_the_question_names_both_and_the_option_decides() {
    let dates = "time,a_load_w\n01/02/2024,1\n02/02/2024,1\n03/02/2024,1\n";
    refused(dates, "zone=UTC", &["--dates dmy or --dates mdy"]);
    assert_eq!(read(dates, "zone=UTC dates=dmy").profiles.intervals, 3);
    let numbers = "time;a_load_w\n2024-06-01T00:00Z;1,234\n2024-06-01T00:15Z;2,345\n";
    refused(
        numbers,
        "",
        &[
            "line 2: does '1,234' have decimals or thousands",
            "--decimal comma or --decimal point",
        ],
    );
    assert_eq!(watts(&read(numbers, "decimal=comma"), 0), [1, 2]);
    assert_eq!(watts(&read(numbers, "decimal=point"), 0), [1234, 2345]);
    let direction = "time,MAC1_kwh\n2024-06-01T00:00Z,1\n2024-06-01T00:15Z,2\n";
    refused(
        direction,
        "",
        &[
            "column 2 'MAC1_kwh'",
            "(load)",
            "(pv)",
            "(net)",
            "--columns",
        ],
    );
    let chosen = read(direction, "columns=time=time,pv=*");
    assert_eq!(
        (
            watts(&chosen, 0),
            chosen.profiles.households[0].name.as_str()
        ),
        (vec![-4000, -8000], "MAC1")
    );
}

#[test]
fn given_digits_below_an_attojoule_when_read_then_they_are_rounded_and_that_is_said() {
    let text = "time,a_load_kwh\n2024-06-01T00:00Z,5.551115123125783e-17\n2024-06-01T00:15Z,1\n";
    let reading = read(text, "");
    assert!(reading.warnings.contains(&Warning::Rounded { values: 1 }));
}

#[test]
fn given_a_wrong_year_when_read_then_memory_is_not_filled_with_its_gap() {
    let text = "time,a_load_w\n1970-06-01T00:00Z,1\n2024-06-01T00:00Z,1\n2024-06-01T00:01Z,1\n";
    let said = refusal(text, &options("fill=zero"));
    assert!(
        said.contains("line 3") || said.contains("far more rows are missing"),
        "{said}"
    );
}
