//! The arguments and files of `joulebook simulate`.

use anyhow::bail;
use clap::Parser;
use joulebook_cli::{
    commands::simulate::SimulateArgs, output_files::OutputFiles, progress::Progress,
};
use joulebook_sim::simulation::ChainVenue;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    args: SimulateArgs,
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let parse = |line: &str| Line::try_parse_from(line.split(' ').filter(|word| !word.is_empty()));
    for fine in [
        "",
        "--days 2 --json",
        "--window 60 --households 200 --latitude -35.5",
        "--seed 0",
        "--correction-days 92",
        "--profiles - --unit kWh --zone Europe/Vienna --columns time=a,load=* --stamps end --fill mean",
        "--profiles a.csv --zone -03:30 --values register --interval 15min --dates dmy --decimal comma --separator tab",
        "--profiles a.csv --days 1000",
        "--household a --household b",
        "--csv out --plot out --overwrite",
    ] {
        assert!(parse(&format!("simulate {fine}")).is_ok(), "{fine}");
    }
    for wrong in [
        "--days 0",
        "--days -1",
        "--days 1.5",
        "--days 99999999999999999999",
        "--households 1",
        "--households 1001",
        "--window 59",
        "--window 7000",
        "--window 86401",
        "--latitude 67",
        "--latitude NaN",
        "--retail 1000000001",
        "--market-fee 1001",
        "--correction-days 0",
        "--correction-days 93",
        "--overwrite",
        "--seed x",
        "--profiles a.csv --households 5",
        "--profiles a.csv --window 300",
        "--profiles",
        "--colour",
        "--unit kWh",
        "--profiles a.csv --unit joule",
        "--profiles a.csv --zone Vienna",
        "--profiles a.csv --columns time",
        "--profiles a.csv --fill guess",
        "--profiles a.csv --interval soon",
    ] {
        assert!(parse(&format!("simulate {wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn given_a_number_that_is_none_or_beyond_when_refused_then_the_range_is_named() {
    for (option, wrong, range) in [
        ("--days", "-1", "from 1 to 4,294,967,295"),
        ("--seed", "-1", "from 0 to 18,446,744,073,709,551,615"),
        ("--households", "-2", "from 2 to 1,000"),
        ("--correction-days", "-5", "from 1 to 92"),
        ("--retail", "abc", "from -1,000,000,000 to 1,000,000,000"),
        ("--feed-in", "0.08", "from -1,000,000,000 to 1,000,000,000"),
        ("--grid-fee", "-1", "from 0 to 1,000,000,000"),
        ("--market-fee", "-1", "from 0 to 1,000"),
        ("--window", "-60", "seconds, 60 to 86400"),
    ] {
        let refused = Line::try_parse_from(["simulate", option, wrong]);
        let said = refused.expect_err("refused").to_string();
        assert!(said.contains(range) && said.contains(option), "{said}");
    }
}

#[test]
fn input_that_can_not_be_used_ends_with_exit_code_2() {
    use joulebook_cli::{command_error::CommandError, commands::simulate};
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("short.csv");
    let rows = "time,a_load_w\n1970-01-01T00:00:00Z,1\n1970-01-01T00:15:00Z,1\n";
    std::fs::write(&file, rows).expect("written");
    let file = file.display().to_string();
    let lines: [&[&str]; 6] = [
        &["--days", "367"],
        &["--profiles", "/no/such/file.csv"],
        &["--profiles", &file, "--days", "1"],
        &["--retail", "80000"],
        &["--retail", "0", "--feed-in", "0"],
        &["--window", "60", "--correction-days", "34"],
    ];
    for line in lines {
        let words = std::iter::once(&"simulate").chain(line);
        let args = Line::try_parse_from(words).expect("arguments").args;
        let no_venue =
            |_: &_, _: u64| -> anyhow::Result<ChainVenue> { bail!("no venue was to be asked for") };
        let error = simulate::run(
            &args,
            &Progress::default(),
            &OutputFiles::default(),
            no_venue,
        )
        .expect_err("must be refused");
        assert!(
            matches!(error, CommandError::Input(_)),
            "{line:?}: {error:?}"
        );
    }
}

/// What is said of a file that is refused before any venue is asked for.
fn refusal(name: &str, text: &str, more: &[&str]) -> String {
    use joulebook_cli::{command_error::CommandError, commands::simulate};
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join(name);
    std::fs::write(&file, text).expect("written");
    let file = file.display().to_string();
    let words = ["simulate", "--profiles", &file];
    let args = Line::try_parse_from(words.iter().chain(more)).expect("arguments");
    let no_venue =
        |_: &_, _: u64| -> anyhow::Result<ChainVenue> { bail!("no venue was to be asked for") };
    match simulate::run(
        &args.args,
        &Progress::default(),
        &OutputFiles::default(),
        no_venue,
    ) {
        Err(CommandError::Input(error)) => format!("{error:#}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn given_a_limit_is_passed_when_simulated_then_file_household_and_limit_are_named_before_anything_is_printed(
) {
    let rows = |watts: &str| {
        format!("time,ada_load_w\n2024-06-01T00:00Z,{watts}\n2024-06-02T00:00Z,{watts}\n")
    };
    let said = refusal("power.csv", &rows("10000001"), &[]);
    for part in ["power.csv: ", "household 'ada'", "10000000 W"] {
        assert!(said.contains(part), "{said}");
    }
    let names: Vec<String> = (0..1001)
        .map(|number| format!("h{number}_load_w"))
        .collect();
    let cells = vec!["1"; 1001].join(",");
    let many = format!(
        "time,{}\n2024-06-01T00:00Z,{cells}\n2024-06-01T00:15Z,{cells}\n",
        names.join(",")
    );
    let said = refusal("many.csv", &many, &[]);
    for part in ["many.csv: 1001 households", "'h1000'", "at most 1000"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn given_more_money_than_a_ledger_holds_when_simulated_then_that_is_said_before_anything_is_printed(
) {
    let names: Vec<String> = (0..100).map(|number| format!("h{number}_pv_w")).collect();
    let cells = vec!["10000000"; 100].join(",");
    let rows = format!(
        "time,{}\n2024-06-01T00:00Z,{cells}\n2024-06-02T00:00Z,{cells}\n",
        names.join(",")
    );
    let prices = ["--retail", "1000000000", "--feed-in", "900000000"];
    let said = refusal("money.csv", &rows, &prices);
    for part in ["money.csv: the supplier", "lower prices"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn given_a_household_that_is_not_there_when_simulated_then_the_nearest_are_named_before_anything_is_printed(
) {
    let rows = "time,ada_load_w,bob_load_w\n2024-06-01T00:00Z,1,1\n2024-06-01T00:15Z,1,1\n";
    let said = refusal("two.csv", rows, &["--household", "Bob"]);
    assert_eq!(said, "no household is called 'Bob'; did you mean 'bob'?");
}

#[test]
fn given_a_table_that_is_there_when_simulated_then_it_is_named_before_anything_is_printed() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("positions.csv"), "").expect("written");
    let rows = "time,ada_load_w,bob_load_w\n2024-06-01T00:00Z,1,1\n2024-06-01T00:15Z,1,1\n";
    let folder = dir.path().display().to_string();
    let said = refusal("two.csv", rows, &["--csv", &folder]);
    assert!(said.contains("positions.csv is there already"), "{said}");
    let said = refusal("two.csv", rows, &["--csv", "/proc/none"]);
    assert!(
        said.starts_with("the folder /proc/none can't be made: "),
        "{said}"
    );
}

#[test]
fn given_a_file_that_can_be_read_in_two_ways_when_simulated_then_both_and_the_options_are_named() {
    let said = refusal(
        "two.csv",
        "time,load\n2024-06-01 00:00,0.4\n2024-06-01 00:15,0.4\n",
        &[],
    );
    for part in [
        "two.csv: ",
        "--zone",
        "kW (400 W)",
        "kWh (1600 W)",
        "--unit",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn given_the_help_when_read_then_it_shows_an_example_of_each_form() {
    use clap::CommandFactory;
    let help = Line::command().render_long_help().to_string();
    for part in [
        "ada_load_w",
        "bob_net_kwh",
        "--unit kWh",
        "--zone Europe/Vienna",
        "household=LCLid,time=DateTime,value=\"KWH/hh\"",
        "--stamps end",
        "--fill previous",
        "--values register",
        "--dates mdy",
        "time=#1,load=*",
    ] {
        assert!(help.contains(part), "{part}");
    }
}

#[test]
fn given_many_households_are_counted_twice_when_refused_then_the_first_is_named() {
    let names: Vec<String> = (1..=50)
        .map(|number| format!("h{number}_load_w,h{number}_net_w"))
        .collect();
    let cells = vec!["1"; 100].join(",");
    let twice = format!(
        "time,{}\n2024-06-01T00:00Z,{cells}\n2024-06-01T00:15Z,{cells}\n",
        names.join(",")
    );
    let said = refusal("twice.csv", &twice, &[]);
    assert!(
        said.contains("columns 2 and 3 ") && said.contains("'h1'"),
        "{said}"
    );
}
