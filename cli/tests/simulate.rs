//! The arguments and files of `joulebook simulate`.

use anyhow::bail;
use clap::Parser;
use joulebook_cli::commands::simulate::SimulateArgs;
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
            |_: &_| -> anyhow::Result<ChainVenue> { bail!("no venue was to be asked for") };
        let error = simulate::run(&args, no_venue).expect_err("must be refused");
        assert!(
            matches!(error, CommandError::Input(_)),
            "{line:?}: {error:?}"
        );
    }
}
