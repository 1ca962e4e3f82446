//! Whole runs, in a market on paper and on the real programs.

mod paper;

use clap::Parser;
use joulebook_cli::{
    chain,
    commands::simulate::SimulateArgs,
    profiles::{self, Community},
    progress::Progress,
    report::Report,
    simulate::{self, Scenario},
    synthetic::{SyntheticProfiles, DEFAULT_LATITUDE},
};
use joulebook_metering::{settlement::Terms, tariff::Tariff};
use joulebook_units::{Price, Seconds};
use paper::{Fault, ReferenceVenue};

const TERMS: Terms = Terms {
    tariff: Tariff {
        short: Price(300_000),
        long: Price(80_000),
    },
    grid_fee: Price(20_000),
    fee_bps: 100,
};

const SYNTHETIC: SyntheticProfiles = SyntheticProfiles {
    seed: 1,
    households: 12,
    length: Seconds(900),
    days: 2,
    latitude: DEFAULT_LATITUDE,
};

fn run(community: &Community, fault: Fault) -> Report {
    let scenario = Scenario::new(community, TERMS).expect("a scenario");
    let mut venue = ReferenceVenue::new(&scenario, fault);
    simulate::run(&mut venue, community, &scenario, 1, &mut Progress::silent()).expect("runs")
}

#[test]
fn two_days_of_a_made_up_community() {
    let report = run(&SYNTHETIC.community(), Fault::None);
    assert!(report.holds(), "{:#?}", report.checks);
    assert!(report.checks.iter().all(|check| check.times > 0));
    assert_eq!((report.windows, report.readings), (192, 192 * 12));
    assert!(report.ledger_conserved && report.deposited_atoms == report.withdrawn_atoms);
    assert!(report.matched_wh > 10_000 && report.orders > 1000);
    let prices = report.prices.expect("trade");
    assert!(80_000 <= prices.lowest && prices.lowest <= prices.average);
    assert!(prices.average <= prices.highest && prices.highest <= 277_000);
}

#[test]
fn the_community_gains_what_the_supplier_and_the_fees_do_not_take() {
    let report = run(&SYNTHETIC.community(), Fault::None);
    let market: i64 = report.bills.iter().map(|bill| bill.with_market).sum();
    let alone: i64 = report.bills.iter().map(|bill| bill.supplier_alone).sum();
    let others = report.supplier_received + (report.grid_fees + report.market_fees) as i64;
    assert_eq!(
        market, others,
        "what households pay is what the others receive"
    );
    assert!(market < alone, "{market} with the market, {alone} without");
}

/// Runs on the real programs; the tables are those that were announced.
fn run_on_chain(community: &Community) -> Report {
    let scenario = Scenario::new(community, TERMS).expect("a scenario");
    let mut announced = Vec::new();
    let venue = chain::Community::start(&scenario, |tables| announced = tables.to_vec());
    let mut venue = venue.expect("starts");
    let report = simulate::run(&mut venue, community, &scenario, 1, &mut Progress::silent());
    let report = report.expect("runs");
    assert!(report.holds(), "{:#?}", report.checks);
    assert_eq!(report.tables, announced);
    assert!(report.rent_locked_lamports > 0);
    assert_eq!(report.rent_returned_lamports, report.rent_locked_lamports);
    report
}

/// The report without what only a chain can tell.
fn on_paper(report: Report) -> Report {
    Report {
        transactions: 0,
        compute_units: 0,
        lamports: 0,
        tables: Vec::new(),
        rent_locked_lamports: 0,
        rent_returned_lamports: 0,
        ..report
    }
}

#[test]
fn the_programs_come_to_the_same_result_as_the_rules_on_paper() {
    let community = SyntheticProfiles { days: 1, ..SYNTHETIC }.community();
    let (programs, paper) = (run_on_chain(&community), run(&community, Fault::None));
    assert!(programs.compute_units > 0 && programs.lamports > 0);
    assert_eq!(on_paper(programs), on_paper(paper));
}

#[test]
fn the_programs_take_windows_and_communities_of_any_size() {
    for (households, seconds, days) in [(2, 86_400, 4), (40, 7200, 1), (3, 60, 1)] {
        let community = SyntheticProfiles {
            households,
            length: Seconds(seconds),
            days,
            ..SYNTHETIC
        }
        .community();
        let programs = run_on_chain(&community);
        assert_eq!(on_paper(programs), on_paper(run(&community, Fault::None)));
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let community = SYNTHETIC.community();
    assert_eq!(run(&community, Fault::None), run(&community, Fault::None));
}

#[test]
fn communities_and_windows_of_any_size_run_through() {
    for (households, seconds, days) in [(2, 86_400, 3), (3, 7200, 2), (40, 3600, 1), (2, 60, 1)] {
        let recipe = SyntheticProfiles {
            households,
            length: Seconds(seconds),
            days,
            ..SYNTHETIC
        };
        let report = run(&recipe.community(), Fault::None);
        assert!(report.holds(), "{recipe:?}: {:#?}", report.checks);
        assert_eq!(report.windows as i64, i64::from(days) * 86_400 / seconds);
    }
}

#[test]
fn every_fault_is_found_by_the_check_that_is_for_it() {
    let failed = |fault| {
        let report = run(&SYNTHETIC.community(), fault);
        let checks = report.checks.iter().filter(|check| !check.holds());
        checks
            .map(|check| check.property)
            .collect::<Vec<_>>()
            .join("; ")
    };
    assert_eq!(failed(Fault::None), "");
    assert!(failed(Fault::Leak).contains("vault's balance"));
    assert!(failed(Fault::Overfill).contains("off chain"));
    assert!(failed(Fault::Overfill).contains("as much is sold as bought"));
    assert!(failed(Fault::DeafMeter).contains("every signed reading"));
    assert!(failed(Fault::DeafMeter).contains("no more and no less"));
    assert!(failed(Fault::Overcharge).contains("rules of settlement"));
    assert!(failed(Fault::Keep).contains("back with its owner"));
}

#[test]
fn two_days_of_fifteen_real_households() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/community15.csv"
    );
    let path = std::path::Path::new(path);
    if !path.exists() {
        eprintln!("left out: {} is not there", path.display());
        return;
    }
    let mut community = profiles::load(path).expect("profiles");
    assert_eq!(
        (community.households.len(), community.intervals),
        (15, 2880)
    );
    community.limit_days(2).expect("thirty days");
    let (programs, paper) = (run_on_chain(&community), run(&community, Fault::None));
    assert_eq!(programs.windows, 192);
    assert_eq!(on_paper(programs), on_paper(paper));
}

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
    ] {
        assert!(parse(&format!("simulate {fine}")).is_ok(), "{fine}");
    }
    for wrong in [
        "--days 0",
        "--days -1",
        "--days 367",
        "--days 1.5",
        "--days 99999999999999999999",
        "--households 1",
        "--households 201",
        "--window 59",
        "--window 7000",
        "--window 86401",
        "--latitude 67",
        "--latitude NaN",
        "--retail 1000000001",
        "--market-fee 1001",
        "--seed x",
        "--profiles a.csv --households 5",
        "--profiles a.csv --window 300",
        "--profiles",
        "--colour",
    ] {
        assert!(parse(&format!("simulate {wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn input_that_can_not_be_used_ends_with_exit_code_2() {
    use joulebook_cli::{commands::simulate, command_error::CommandError};
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("short.csv");
    let rows = "time,a_load_w\n1970-01-01T00:00:00Z,1\n1970-01-01T00:15:00Z,1\n";
    std::fs::write(&file, rows).expect("written");
    let file = file.display().to_string();
    let lines: [&[&str]; 4] = [
        &["--profiles", "/no/such/file.csv"],
        &["--profiles", &file, "--days", "1"],
        &["--retail", "80000"],
        &["--retail", "0", "--feed-in", "0"],
    ];
    for line in lines {
        let words = std::iter::once(&"simulate").chain(line);
        let args = Line::try_parse_from(words).expect("arguments").args;
        let failure = simulate::run(&args, |scenario| Ok(ReferenceVenue::new(scenario, Fault::None)));
        let failure = failure.expect_err("must be refused");
        assert!(
            matches!(failure, CommandError::Input(_)),
            "{line:?}: {failure:?}"
        );
    }
}
