//! What people and programs read of a simulation.

use joulebook_cli::report::render;
use joulebook_sim::{
    simulation::{Bill, Check, PriceRange, Report, Tariffs},
    AccountRent,
};

fn report() -> Report {
    let bill = |household: &str, with_market, supplier_alone| Bill {
        household: household.into(),
        with_market,
        supplier_alone,
    };
    Report {
        households: 2,
        window_seconds: 300,
        windows: 288,
        windows_traded: 100,
        orders: 1234,
        readings: 576,
        traded_wh: 2_000,
        prices: Some(PriceRange {
            average: 170_000,
            lowest: 80_000,
            highest: 277_000,
        }),
        tariffs: Tariffs {
            retail: 300_000,
            feed_in: 80_000,
            grid_fee: 20_000,
            fee_bps: 150,
        },
        consumed_wh: 10_000,
        self_sufficiency: Some(0.25),
        deposited_atoms: 9,
        withdrawn_atoms: 9,
        ledger_conserved: true,
        bills: vec![
            bill("a", -1_000_000, -500_000),
            bill("bakery", 2_500_000, 2_750_000),
        ],
        supplier_received: 0,
        grid_fees: 0,
        market_fees: 0,
        transactions: 10,
        compute_units: 1_440_000,
        lamports: 50_000,
        tables: vec![AccountRent {
            name: "windows",
            accounts: 4,
            bytes: 40_000,
            rent_lamports: 281_962_880,
        }],
        rent_locked_lamports: 281_962_880,
        rent_returned_lamports: 281_962_880,
        checks: vec![Check {
            property: "two is two",
            times: 5,
            failure: None,
        }],
    }
}

#[test]
fn tables_are_aligned_and_add_up() {
    let text = render(&report());
    let expected = "\
household  with the market  supplier alone  saving
a                   -1.000          -0.500   0.500
bakery               2.500           2.750   0.250
together             1.500           2.250   0.750";
    assert!(text.contains(expected), "{text}");
    assert!(
        text.contains("compute units     1,440,000       5,000         720,000"),
        "{text}"
    );
    assert!(
        text.starts_with("2 households, 288 windows of 5 minutes (1.000 days)"),
        "{text}"
    );
    let rent = "0.282 SOL locked in 4 accounts of 40,000 bytes together; all of it came back";
    assert!(text.contains(rent), "{text}");
    assert!(text.ends_with("ok         5 times  two is two"), "{text}");
}

#[test]
fn a_run_without_trade_can_be_told() {
    let mut report = report();
    report.prices = None;
    report.traded_wh = 0;
    report.self_sufficiency = None;
    report.checks[0].failure = Some("three".into());
    let text = render(&report);
    assert!(text.contains("nothing was traded"), "{text}");
    assert!(
        text.contains("FAILED              two is two\n                    three"),
        "{text}"
    );
    assert!(!report.holds());
}

#[test]
fn json_has_the_documented_fields() {
    let json = serde_json::to_value(report()).expect("serializes");
    for field in [
        "windows",
        "orders",
        "readings",
        "matched_wh",
        "deposited_atoms",
        "withdrawn_atoms",
        "ledger_conserved",
        "bills",
        "compute_units",
    ] {
        assert!(json.get(field).is_some(), "{field}");
    }
    assert_eq!(json["bills"][0]["with_market"], -1_000_000);
}
