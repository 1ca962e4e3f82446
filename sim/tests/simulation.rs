//! Whole runs, by the reference and on the real programs.

mod reference;

use joulebook_profiles::{LoadProfiles, Options, Values};
use joulebook_settlement::{Tariff, Terms};
use joulebook_sim::{
    simulation::{
        self, ChainVenue, Costs, OrderWay, ReadingWay, Report, Scenario, Traders, Ways,
        DEFAULT_CORRECTION_DAYS, DEFAULT_TERMS,
    },
    synthetic::{SyntheticProfiles, DEFAULT_LATITUDE},
};
use joulebook_units::{Price, Seconds};
use reference::{Fault, ReferenceVenue};

const SYNTHETIC: SyntheticProfiles = SyntheticProfiles {
    seed: 1,
    households: 12,
    length: Seconds(900),
    days: 2,
    latitude: DEFAULT_LATITUDE,
};

const BY_HAND: Ways = Ways {
    orders: OrderWay::Own,
    readings: ReadingWay::Register,
    traders: Traders::Newsvendor,
};

const BY_AGENT: Ways = Ways {
    orders: OrderWay::Agent,
    ..BY_HAND
};

const STANDING: Ways = Ways {
    orders: OrderWay::Standing,
    readings: ReadingWay::Profile,
    traders: Traders::Newsvendor,
};

fn scenario(profiles: &LoadProfiles, ways: Ways) -> Scenario {
    Scenario::new(profiles, DEFAULT_TERMS, DEFAULT_CORRECTION_DAYS, ways).expect("a scenario")
}

fn run(profiles: &LoadProfiles, fault: Fault) -> Report {
    run_by(profiles, fault, BY_HAND)
}

fn run_by(profiles: &LoadProfiles, fault: Fault, ways: Ways) -> Report {
    let scenario = scenario(profiles, ways);
    let mut venue = ReferenceVenue::new(&scenario, fault);
    simulation::run(&mut venue, profiles, &scenario, 1, || ()).expect("runs")
}

#[test]
fn two_days_of_a_made_up_community() {
    let report = run(&SYNTHETIC.generate(), Fault::None);
    assert!(report.holds(), "{:#?}", report.checks);
    assert!(report.checks.iter().all(|check| check.times > 0));
    // Meters are read at the start of the first window too.
    assert_eq!((report.windows, report.readings), (192, 193 * 12));
    assert!(report.ledger_conserved && report.deposited_atoms == report.withdrawn_atoms);
    assert!(report.traded_wh > 10_000 && report.orders > 1000);
    let prices = report.prices.expect("trade");
    assert!(80_000 <= prices.lowest && prices.lowest <= prices.average);
    assert!(prices.average <= prices.highest && prices.highest <= 277_000);
}

#[test]
fn the_community_gains_what_the_supplier_and_the_fees_do_not_take() {
    let report = run(&SYNTHETIC.generate(), Fault::None);
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
fn run_on_chain(profiles: &LoadProfiles, ways: Ways) -> Report {
    let scenario = scenario(profiles, ways);
    let mut announced = Vec::new();
    let venue = ChainVenue::start(&scenario, 1, |rents| announced = rents.to_vec());
    let mut venue = venue.expect("starts");
    let report = simulation::run(&mut venue, profiles, &scenario, 1, || ());
    let report = report.expect("runs");
    assert!(report.holds(), "{:#?}", report.checks);
    assert_eq!(report.tables, announced);
    assert!(report.rent_locked_lamports > 0);
    assert_eq!(report.rent_returned_lamports, report.rent_locked_lamports);
    report
}

/// The report without what only a chain can tell.
fn without_chain(report: Report) -> Report {
    Report {
        transactions: 0,
        compute_units: 0,
        lamports: 0,
        lamports_per_household_month: 0,
        transactions_per_window: 0.0,
        lamports_per_kwh_traded: None,
        break_even_tokens_per_sol: None,
        costs: Costs::default(),
        tables: Vec::new(),
        rent_locked_lamports: 0,
        rent_returned_lamports: 0,
        ..report
    }
}

#[test]
fn the_programs_come_to_the_same_result_as_the_rules_without_chain() {
    let profiles = SyntheticProfiles {
        days: 1,
        ..SYNTHETIC
    }
    .generate();
    let (programs, reference) = (
        run_on_chain(&profiles, BY_HAND),
        run(&profiles, Fault::None),
    );
    assert!(programs.compute_units > 0 && programs.lamports > 0);
    assert_eq!(without_chain(programs), without_chain(reference));
}

#[test]
fn given_meters_that_count_both_ways_in_one_window_when_run_then_flows_are_those_of_the_file_and_nets_are_settled(
) {
    let text =
        "time,a_import_kwh,a_export_kwh,b_load_kwh,b_pv_kwh\n2024-06-01T00:00Z,1,1,0.5,0.2\n\
                2024-06-01T01:00Z,1,0.5,0.1,0.4\n2024-06-01T02:00Z,1,1,0,0\n";
    let options = Options {
        values: Some(Values::Interval),
        ..Options::default()
    };
    let reading = joulebook_profiles::parse(text.as_bytes(), &options);
    let profiles = reading.expect("profiles").profiles;
    for ways in [BY_HAND, STANDING] {
        let report = run_on_chain(&profiles, ways);
        let moved = |household: usize| {
            let positions = report.settled.positions_of(household);
            positions.fold((0, 0), |(import, export), (_, position)| {
                let flow = position.flow;
                (import + flow.import.0, export + flow.export.0)
            })
        };
        assert_eq!((moved(0), moved(1)), ((3000, 2500), (300, 300)));
        let shared = report
            .settled
            .windows()
            .map(|(window, _)| window.shared().0);
        assert_eq!(shared.collect::<Vec<_>>(), [0, 300, 0]);
        // Only the net of the second window costs anything: 500 Wh at 0.3 tokens each kWh.
        assert_eq!(report.settled.supplier_alone(0), 500 * 300_000);
        let reference = run_by(&profiles, Fault::None, ways);
        assert_eq!(without_chain(report), without_chain(reference));
    }
}

#[test]
fn the_programs_take_windows_and_communities_of_any_size() {
    for (households, seconds, days) in [(2, 86_400, 4), (40, 7200, 1), (3, 60, 1)] {
        let profiles = SyntheticProfiles {
            households,
            length: Seconds(seconds),
            days,
            ..SYNTHETIC
        }
        .generate();
        let programs = run_on_chain(&profiles, BY_HAND);
        assert_eq!(
            without_chain(programs),
            without_chain(run(&profiles, Fault::None))
        );
    }
}

#[test]
fn windows_that_begin_within_a_page_come_to_the_same_result() {
    let mut profiles = SyntheticProfiles {
        days: 1,
        ..SYNTHETIC
    }
    .generate();
    profiles.start.0 -= 3600;
    let (programs, reference) = (
        run_on_chain(&profiles, BY_HAND),
        run(&profiles, Fault::None),
    );
    assert_eq!(without_chain(programs), without_chain(reference));
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let profiles = SYNTHETIC.generate();
    assert_eq!(run(&profiles, Fault::None), run(&profiles, Fault::None));
}

#[test]
fn communities_and_windows_of_any_size_run_through() {
    for (households, seconds, days) in [(2, 86_400, 3), (3, 7200, 2), (40, 3600, 1), (2, 60, 1)] {
        let synthetic = SyntheticProfiles {
            households,
            length: Seconds(seconds),
            days,
            ..SYNTHETIC
        };
        let report = run(&synthetic.generate(), Fault::None);
        assert!(report.holds(), "{synthetic:?}: {:#?}", report.checks);
        assert_eq!(report.windows as i64, i64::from(days) * 86_400 / seconds);
    }
}

#[test]
fn every_fault_is_found_by_the_check_that_is_for_it() {
    let failed = |fault| {
        let report = run(&SYNTHETIC.generate(), fault);
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
    assert!(failed(Fault::DeafMeter).contains("all of its contracts are settled"));
    assert!(failed(Fault::Overcharge).contains("rules of settlement"));
    assert!(failed(Fault::Keep).contains("back with its owner"));
}

#[test]
fn two_days_of_fifteen_real_households() {
    let Some(mut profiles) = fifteen_households() else {
        return;
    };
    profiles.limit_days(2).expect("thirty days");
    for ways in [BY_HAND, STANDING] {
        let reference = run_by(&profiles, Fault::None, ways);
        let programs = run_on_chain(&profiles, ways);
        assert_eq!(programs.windows, 192);
        assert_eq!(without_chain(programs), without_chain(reference));
    }
}

/// `None` where they are not at hand.
fn fifteen_households() -> Option<LoadProfiles> {
    let profiles = measured("community15.csv")?;
    assert_eq!((profiles.households.len(), profiles.intervals), (15, 2880));
    Some(profiles)
}

/// Thirteen households and a plant, July.
fn fourteen_households() -> Option<LoadProfiles> {
    let profiles = measured("community14.csv")?;
    assert_eq!((profiles.households.len(), profiles.intervals), (14, 2976));
    Some(profiles)
}

fn measured(file: &str) -> Option<LoadProfiles> {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let path = std::path::Path::new(data).join(file);
    if !path.exists() {
        eprintln!("left out: {} is not there", path.display());
        return None;
    }
    let reading = joulebook_profiles::load(&path, &Options::default());
    Some(reading.expect("profiles").profiles)
}

fn by_hand_of(traders: Traders) -> Ways {
    Ways { traders, ..BY_HAND }
}

/// Whether each household pays at most a thousandth more than with the supplier alone.
fn assert_nobody_is_worse_off(report: &Report) {
    assert!(report.holds(), "{:#?}", report.checks);
    for bill in &report.bills {
        let more = bill.with_market - bill.supplier_alone;
        println!("{}: {more} of {}", bill.household, bill.supplier_alone);
        assert!(
            more * 1_000 <= bill.supplier_alone.abs(),
            "{}: {more}",
            bill.household
        );
    }
}

/// What they save, in percent of what could be saved by who knows what will flow.
fn percent_of_foresight(profiles: &LoadProfiles, report: &Report) -> i64 {
    let foresight = run_by(profiles, Fault::None, by_hand_of(Traders::Foresight));
    assert!(foresight.holds(), "{:#?}", foresight.checks);
    println!("{} of {}", report.savings_atoms, foresight.savings_atoms);
    report.savings_atoms * 100 / foresight.savings_atoms
}

#[test]
fn given_a_month_of_real_households_when_they_bid_for_each_window_then_nobody_is_worse_off_and_most_is_saved(
) {
    let communities = [fifteen_households(), fourteen_households()];
    for profiles in communities.into_iter().flatten() {
        let report = run(&profiles, Fault::None);
        assert_nobody_is_worse_off(&report);
        let percent = percent_of_foresight(&profiles, &report);
        assert!(percent >= 80, "{percent} % of what foresight saves");
    }
}

#[test]
fn given_a_month_of_real_households_when_they_have_standing_orders_then_nobody_is_worse_off_and_more_is_saved_than_at_random(
) {
    let communities = [fifteen_households(), fourteen_households()];
    for profiles in communities.into_iter().flatten() {
        let standing = run_by(&profiles, Fault::None, STANDING);
        assert_nobody_is_worse_off(&standing);
        let random = by_hand_of(Traders::ZeroIntelligence);
        let random = run_by(&profiles, Fault::None, random).savings_atoms;
        let savings = standing.savings_atoms;
        assert!(savings > random * 6 / 5, "{savings}, at random {random}");
    }
}

#[test]
fn given_made_up_households_when_they_order_then_nobody_is_worse_off_and_most_is_saved() {
    for seed in 1..=5 {
        let synthetic = SyntheticProfiles {
            seed,
            days: 14,
            ..SYNTHETIC
        };
        let profiles = synthetic.generate();
        for (ways, least) in [(BY_HAND, 80), (STANDING, 50), (BY_AGENT, 75)] {
            let report = run_by(&profiles, Fault::None, ways);
            assert_nobody_is_worse_off(&report);
            let percent = percent_of_foresight(&profiles, &report);
            assert!(percent >= least, "seed {seed}: {percent} %");
        }
    }
}

/// All ways to take part.
fn all_ways() -> impl Iterator<Item = Ways> {
    let ways = [OrderWay::Standing, OrderWay::Own, OrderWay::Agent];
    ways.into_iter().flat_map(|orders| {
        let readings = [ReadingWay::Profile, ReadingWay::Register];
        readings.map(|readings| Ways {
            orders,
            readings,
            traders: Traders::Newsvendor,
        })
    })
}

#[test]
fn with_standing_orders_and_profiles_the_programs_come_to_the_same_result_as_the_rules() {
    let profiles = SYNTHETIC.generate();
    for ways in all_ways() {
        let reference = run_by(&profiles, Fault::None, ways);
        assert!(reference.holds(), "{ways:?}: {:#?}", reference.checks);
        let programs = run_on_chain(&profiles, ways);
        assert_eq!(
            without_chain(programs),
            without_chain(reference),
            "{ways:?}"
        );
    }
}

#[test]
fn given_prices_below_zero_when_simulated_then_households_trade_at_them_and_all_checks_hold() {
    let profiles = SYNTHETIC.generate();
    for (retail, feed_in) in [(-20_000, -200_000), (10_000, -200_000), (300_000, -80_000)] {
        let terms = Terms {
            tariff: Tariff {
                short: Price(retail),
                long: Price(feed_in),
            },
            ..DEFAULT_TERMS
        };
        for ways in [BY_HAND, STANDING] {
            let scenario = Scenario::new(&profiles, terms, DEFAULT_CORRECTION_DAYS, ways);
            let scenario = scenario.expect("a scenario");
            let mut venue = ChainVenue::start(&scenario, 1, |_| ()).expect("starts");
            let report = simulation::run(&mut venue, &profiles, &scenario, 1, || ());
            let report = report.expect("runs");
            assert!(report.holds(), "{:#?}", report.checks);
            let prices = report.prices.expect("trade");
            assert!(feed_in <= prices.lowest && prices.highest <= retail);
            assert!(report.savings_atoms > 0, "{terms:?}, {ways:?}");
        }
    }
}

#[test]
fn given_an_agent_when_it_bids_for_all_then_that_takes_a_fifteenth_of_the_transactions() {
    let profiles = SYNTHETIC.generate();
    let [by_hand, by_agent] = [BY_HAND, BY_AGENT].map(|ways| run_on_chain(&profiles, ways));
    let [hand, agent] = [&by_hand, &by_agent].map(|report| report.costs.orders.transactions);
    assert!(agent * 15 < hand, "{agent} of {hand}");
    assert!(by_agent.savings_atoms * 100 > by_hand.savings_atoms * 95);
}

#[test]
fn given_a_dear_sol_when_an_agent_orders_then_it_bids_less_or_not_at_all() {
    let profiles = SYNTHETIC.generate();
    let orders = |atoms_per_sol: u64| {
        let mut scenario = scenario(&profiles, BY_AGENT);
        scenario.atoms_per_sol = atoms_per_sol;
        let mut venue = ReferenceVenue::new(&scenario, Fault::None);
        let report = simulation::run(&mut venue, &profiles, &scenario, 1, || ()).expect("runs");
        assert!(report.holds(), "{:#?}", report.checks);
        report.orders
    };
    let [free, usual, dear] = [0, 150_000_000, 1_000_000_000_000].map(orders);
    assert!(
        free >= usual && usual > 100 && dear == 0,
        "{free}, {usual}, {dear}"
    );
}

#[test]
fn profiles_and_readings_give_the_same_money() {
    let profiles = SYNTHETIC.generate();
    for orders in [OrderWay::Standing, OrderWay::Own] {
        let [profile, register] = [ReadingWay::Profile, ReadingWay::Register].map(|readings| {
            let ways = Ways {
                orders,
                readings,
                traders: Traders::Newsvendor,
            };
            run_on_chain(&profiles, ways)
        });
        assert_eq!(profile.bills, register.bills, "{orders:?}");
        assert_eq!(profile.supplier_received, register.supplier_received);
        assert_eq!(profile.market_fees, register.market_fees);
        assert_eq!(profile.grid_fees, register.grid_fees);
    }
}

#[test]
fn standing_orders_and_profiles_take_a_transaction_a_window_and_few_more() {
    let report = run_on_chain(&SYNTHETIC.generate(), STANDING);
    let windows = report.costs.windows.transactions;
    assert!(windows <= report.windows + 3, "{windows} transactions");
    assert_eq!(report.costs.readings.transactions, 2 * 12 / 3);
}
