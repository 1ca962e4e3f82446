//! What people and programs read of a simulation.

use joulebook_cli::{paragraph::WIDTH, report::render};
use joulebook_sim::{
    simulation::{
        Bill, BillLines, Check, Cost, Costs, Effect, HourLoss, Losses, OrderWay, Pages, PriceRange,
        ReadingWay, Report, Settled, Statement, Tariffs, TradeEffects, Traders, Ways, WindowLoss,
    },
    AccountRent,
};
use unicode_width::UnicodeWidthStr;

fn report() -> Report {
    let bill = |household: &str, with_market, supplier_alone| Bill {
        household: household.into(),
        with_market,
        supplier_alone,
    };
    Report {
        households: 2,
        window_seconds: 300,
        ways: Ways {
            orders: OrderWay::Standing,
            readings: ReadingWay::Register,
            traders: Traders::Newsvendor,
        },
        windows: 288,
        windows_traded: 100,
        orders: 1234,
        readings: 576,
        traded_wh: 2_000,
        delivered_wh: 1_500,
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
        filled_values: 0,
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
        lamports_per_household_month: 750_000,
        transactions_per_window: 10.0 / 288.0,
        lamports_per_kwh_traded: Some(25_000.0),
        savings_atoms: 750_000,
        break_even_tokens_per_sol: Some(15_000.0),
        costs: Costs {
            orders: Cost {
                transactions: 9,
                compute_units: 1_000_000,
                lamports: 45_000,
            },
            pages: Cost {
                transactions: 1,
                compute_units: 440_000,
                lamports: 5000,
            },
            ..Costs::default()
        },
        pages: Pages {
            windows: 96,
            pages: 12,
            reading_seconds: 129_600,
            correction_seconds: 172_800,
        },
        tables: vec![AccountRent {
            name: "pages",
            accounts: 12,
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
        statements: Vec::new(),
        settled: Settled::default(),
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
    let costs = "\
deposits                             0              0                 0
orders                               9      1,000,000            45,000
readings                             0              0                 0
windows with their pages             0              0                 0
pages alone                          1        440,000             5,000
together                            10      1,440,000            50,000
per window                           0          5,000               174
per kWh traded                       5        720,000            25,000
per household, 30 days             150     21,600,000           750,000";
    assert!(text.contains(costs), "{text}");
    let traded = "\
traded            contracts for 2.0 kWh in 100 windows, 1,234 orders
delivered         1.5 kWh of them (75.0 %), fed in by sellers and drawn by
                  buyers";
    assert!(text.contains(traded), "{text}");
    let heading = "\
2 households, 288 windows of 5 minutes (1.000 days), with standing orders and
readings at each boundary";
    assert!(text.starts_with(heading), "{text}");
    let rent = "\
rent: 0.282 SOL locked in 12 accounts of 40,000 bytes together, 0.141 SOL a
household; all of it came back when the market was closed";
    assert!(text.contains(rent), "{text}");
    let worth = "\
worth: all households together save 0.750 tokens. Fees eat that where a SOL
costs 15000 tokens; they are 2 % of it where one costs 300";
    assert!(text.contains(worth), "{text}");
    let late = "\
96 windows, 8 hours, make a page. Readings of its meters count until 36 hours
after its end";
    assert!(text.contains(late), "{text}");
    assert!(text.ends_with("ok         5 times  two is two"), "{text}");
}

#[test]
fn a_run_without_trade_can_be_told() {
    let mut report = report();
    report.prices = None;
    report.savings_atoms = -1_000_000;
    report.break_even_tokens_per_sol = Some(-20_000.0);
    report.traded_wh = 0;
    report.delivered_wh = 0;
    report.self_sufficiency = None;
    report.checks[0].failure = Some("three".into());
    let text = render(&report);
    assert!(text.contains("nothing was traded"), "{text}");
    assert!(text.contains("save -1.000 tokens\n"), "{text}");
    assert!(
        text.contains("FAILED              two is two\n                    three"),
        "{text}"
    );
    assert!(!report.holds());
}

#[test]
fn given_no_more_than_a_day_with_standing_orders_when_reported_then_it_says_why_nothing_was_traded()
{
    let short = Report {
        prices: None,
        orders: 0,
        traded_wh: 0,
        ..report()
    };
    let why = "standing orders when they";
    let text = render(&short)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        text.contains(why) && text.contains("--orders own"),
        "{text}"
    );
    let own = Ways {
        orders: OrderWay::Own,
        ..short.ways
    };
    let long = short.windows + 2;
    for other in [
        Report {
            ways: own,
            ..short.clone()
        },
        Report {
            windows: long,
            ..short.clone()
        },
        Report { orders: 1, ..short },
    ] {
        let text = render(&other);
        assert!(text.contains("nothing was traded\n"), "{text}");
        assert!(!text.contains(why), "{text}");
    }
}

#[test]
fn given_one_of_each_when_reported_then_nothing_is_said_in_the_plural() {
    let one = report();
    let report = Report {
        households: 1,
        windows: 1,
        windows_traded: 1,
        orders: 1,
        pages: Pages {
            windows: 1,
            ..one.pages
        },
        tables: vec![AccountRent {
            accounts: 1,
            ..one.tables[0].clone()
        }],
        checks: vec![Check {
            times: 1,
            ..one.checks[0].clone()
        }],
        ..one
    };
    let text = render(&report);
    for part in [
        "1 household, 1 window of",
        "in 1 window, 1 order\n",
        "1 window, 5 minutes, makes a page",
        "in 1 account of",
        "1 time   two is two",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// A thousand households that order by hand for a year of minutes.
#[test]
fn given_large_numbers_when_rendered_then_every_line_fits_80_columns() {
    let cost = Cost {
        transactions: 527_040_000,
        compute_units: 15_811_200_000_000,
        lamports: 2_635_200_000_000,
    };
    let long = "an outcome that the rules do not give, with numbers of many digits, ".repeat(4);
    let report = Report {
        households: 1000,
        windows: 527_040,
        windows_traded: 527_040,
        orders: 1_054_080_000,
        readings: 527_040_000,
        traded_wh: 9_999_999_999_999,
        consumed_wh: 99_999_999_999_999,
        prices: Some(PriceRange {
            average: -1_000_000_000,
            lowest: -1_000_000_000,
            highest: 1_000_000_000,
        }),
        tariffs: Tariffs {
            retail: 1_000_000_000,
            feed_in: -1_000_000_000,
            grid_fee: 1_000_000_000,
            fee_bps: 999,
        },
        filled_values: 527_040_000,
        deposited_atoms: u64::MAX,
        withdrawn_atoms: u64::MAX,
        bills: vec![Bill {
            household: "household 1000".into(),
            with_market: i64::MIN / 1000,
            supplier_alone: i64::MAX / 1000,
        }],
        savings_atoms: i64::MAX,
        break_even_tokens_per_sol: Some(1e15),
        costs: Costs {
            orders: cost,
            ..Costs::default()
        },
        rent_locked_lamports: u64::MAX,
        rent_returned_lamports: u64::MAX - 1_000_000,
        checks: vec![Check {
            property:
                "a property that is told in more words than a line of a terminal has room for",
            times: 9_999_999,
            failure: Some(long),
        }],
        ..report()
    };
    let text = render(&report);
    for line in text.lines() {
        assert!(line.width() <= WIDTH, "{line}\n{text}");
    }
}

/// A household that bought 10 kWh and used 4 of them, and sold 2 kWh in another window that it did not have.
fn statement() -> Statement {
    let effect = |energy_wh, saved_milli_atoms| Effect {
        energy_wh,
        saved_milli_atoms,
    };
    let unused = effect(6_000, -720_000_000);
    let undelivered = effect(2_000, -200_000_000);
    let loss = |start, bought_wh, sold_wh, import_wh, lost_milli_atoms, effects| WindowLoss {
        start,
        price: 200_000,
        bought_wh,
        sold_wh,
        import_wh,
        export_wh: 0,
        lost_milli_atoms,
        effects,
    };
    let first = TradeEffects {
        used: effect(4_000, 400_000_000),
        unused,
        ..TradeEffects::default()
    };
    let second = TradeEffects {
        undelivered,
        ..TradeEffects::default()
    };
    let mut both = first;
    both += second;
    let hour = |hour, lost_milli_atoms| HourLoss {
        hour,
        windows: 1,
        lost_milli_atoms,
    };
    Statement {
        household: "bakery".into(),
        import_wh: 4_000,
        export_wh: 0,
        bought_wh: 10_000,
        sold_wh: 2_000,
        from_supplier_wh: 2_000,
        to_supplier_wh: 6_000,
        average_bought: Some(200_000),
        average_sold: Some(200_000),
        lines_milli_atoms: BillLines {
            bought: 2_000_000_000,
            sold: -400_000_000,
            from_supplier: 600_000_000,
            to_supplier: -480_000_000,
            ..BillLines::default()
        },
        with_market_milli_atoms: 1_720_000_000,
        supplier_alone_milli_atoms: 1_200_000_000,
        effects: both,
        losses: Losses {
            windows: 2,
            lost_milli_atoms: 520_000_000,
            effects: both,
            by_hour: vec![hour(7, 200_000_000), hour(18, 320_000_000)],
            largest: vec![
                loss(64_800, 10_000, 0, 4_000, 320_000_000, first),
                loss(25_200, 0, 2_000, 0, 200_000_000, second),
            ],
        },
    }
}

#[test]
fn given_a_household_that_was_named_when_reported_then_its_bill_is_explained_in_80_columns() {
    let report = Report {
        statements: vec![statement()],
        ..report()
    };
    let text = render(&report);
    let expected = "\
Household bakery
4.000 kWh drawn from the grid, 0.000 kWh fed in

Its bill (negative: earned)
                             kWh  tokens per kWh   tokens
bought in the market      10.000           0.200   2.0000
sold in the market         2.000           0.200  -0.4000
grid fee                  10.000           0.020   0.0000
market fee                10.000                   0.0000
bought from the supplier   2.000           0.300   0.6000
sold to the supplier       6.000           0.080  -0.4800
with the market                                    1.7200
with the supplier alone                            1.2000
saving                                            -0.5200

What trade saved (negative: lost)
                                                   kWh   tokens
bought and used: not at the retail price         4.000   0.4000
sold and delivered: not at the feed-in tariff    0.000   0.0000
bought and not used: left at the feed-in tariff  6.000  -0.7200
sold and not there: made up at the retail price  2.000  -0.2000
bought and sold in the same window: fees         0.000   0.0000
saving                                                  -0.5200

Where it paid more than with the supplier alone
in 2 of 288 windows, 0.5200 tokens together
                                                            kWh     cost
bought energy it did not use, left at the feed-in tariff  6.000   0.7200
sold energy it did not have, bought at the retail price   2.000   0.2000
saved in the same windows                                        -0.4000
the dearest hours (UTC): 18:00 (0.3200), 07:00 (0.2000)

The largest losses, in kWh and tokens
from (UTC)        bought   sold  drawn  fed in  price    lost    because
1970-01-01 18:00  10.000  0.000  4.000   0.000  0.200  0.3200   not used
1970-01-01 07:00   0.000  2.000  0.000   0.000  0.200  0.2000  not there";
    let found = text.find("Household").map_or("", |start| &text[start..]);
    assert_eq!(found, expected);
    let page = include_str!("../../docs/simulation.md");
    assert!(page.contains(expected), "docs/simulation.md shows another");
    assert!(
        found.lines().all(|line| line.chars().count() <= 80),
        "{found}"
    );
}

#[test]
fn given_a_household_that_lost_nowhere_when_reported_then_that_is_said() {
    let lucky = Statement {
        losses: Losses::default(),
        ..statement()
    };
    let report = Report {
        statements: vec![lucky],
        ..report()
    };
    let text = render(&report);
    let last = "It paid more in no window than with the supplier alone.";
    assert!(text.ends_with(last), "{text}");
}

#[test]
fn json_has_the_documented_fields() {
    let json = serde_json::to_value(report()).expect("serializes");
    for field in [
        "windows",
        "orders",
        "readings",
        "matched_wh",
        "lamports_per_household_month",
        "transactions_per_window",
        "savings_atoms",
        "break_even_tokens_per_sol",
        "deposited_atoms",
        "withdrawn_atoms",
        "ledger_conserved",
        "bills",
        "compute_units",
        "costs",
        "pages",
    ] {
        assert!(json.get(field).is_some(), "{field}");
    }
    assert_eq!(json["bills"][0]["with_market"], -1_000_000);
    assert_eq!(json["costs"]["orders"]["transactions"], 9);
    assert_eq!(json["pages"]["correction_seconds"], 172_800);
}
