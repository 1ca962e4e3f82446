//! The tables that `joulebook simulate --csv` writes, read back and added up.

use std::{collections::BTreeMap, fs, path::Path};

use joulebook_cli::{
    output_files::OutputFiles,
    spreadsheet::{write, FILES},
};
use joulebook_profiles::Energy;
use joulebook_settlement::Terms;
use joulebook_sim::simulation::{
    CommunityEnergy, Settled, SettledPosition, SettledWindow, SideOrders, DEFAULT_TERMS,
};
use joulebook_units::{Price, Seconds, UnixTime, WhSum};

type Row = BTreeMap<String, String>;

/// Two quarter hours: one without trade, one in which 10 Wh went from a household to the other at 0.150001 tokens.
fn settled() -> Settled {
    let names = ["=1+1", "Zoë, \"am See\""].map(str::to_owned).to_vec();
    let mut settled = Settled::new(Seconds(900), DEFAULT_TERMS, names);
    let untraded = SettledWindow {
        start: UnixTime(1_717_200_000),
        ..SettledWindow::default()
    };
    settled.push(
        untraded,
        [
            SettledPosition::new(0, 0, 5, 0),
            SettledPosition::new(0, 0, 0, 9),
        ],
    );
    let watt_hours = |energy: i64| Energy::of_watts(energy, Seconds(3600));
    let traded = SettledWindow {
        start: UnixTime(1_717_200_900),
        price: Some(Price(150_001)),
        traded: WhSum(10),
        buys: SideOrders {
            orders: 1,
            quantity: WhSum(30),
        },
        sells: SideOrders {
            orders: 2,
            quantity: WhSum(10),
        },
        energy: CommunityEnergy {
            consumed: watt_hours(16),
            produced: watt_hours(12),
            own: watt_hours(12),
        },
        imported: WhSum(12),
        exported: WhSum(8),
        ..SettledWindow::default()
    };
    settled.push(
        traded,
        [
            SettledPosition::new(10, 0, 12, 0),
            SettledPosition::new(0, 10, 0, 8),
        ],
    );
    settled
}

fn rows(path: &Path) -> Vec<Row> {
    let mut table = csv::Reader::from_path(path).expect("a table");
    let rows = table.deserialize().collect::<Result<_, _>>();
    rows.expect("rows")
}

/// The three tables, as a reader of CSV finds them.
fn written(settled: &Settled) -> [Vec<Row>; 3] {
    let dir = tempfile::tempdir().expect("a folder");
    let files = OutputFiles::default();
    let folder = files.folder(dir.path(), &FILES, false).expect("prepared");
    write(&folder, settled).expect("written");
    files.publish().expect("moved");
    FILES.map(|name| rows(&dir.path().join(name)))
}

/// Milli-atoms, of tokens with all of their nine decimals.
fn milli_atoms(row: &Row, column: &str) -> i128 {
    let (whole, rest) = row[column].split_once('.').expect("decimals");
    assert_eq!(rest.len(), 9, "{column}");
    format!("{whole}{rest}").parse().expect("a number")
}

fn whole(row: &Row, column: &str) -> u64 {
    row[column].parse().expect("a whole number")
}

#[test]
fn given_a_run_when_its_tables_are_read_back_then_bills_are_the_sums_of_positions_and_lines() {
    let [bills, _, positions] = written(&settled());
    assert_eq!((bills.len(), positions.len()), (2, 4));
    let money = [
        "bought_tokens",
        "sold_tokens",
        "grid_fee_tokens",
        "market_fee_tokens",
        "from_supplier_tokens",
        "to_supplier_tokens",
    ];
    let energy = [
        "import_wh",
        "export_wh",
        "bought_wh",
        "sold_wh",
        "from_supplier_wh",
        "to_supplier_wh",
    ];
    for bill in &bills {
        let ours = || {
            let same = |row: &&Row| row["household"] == bill["household"];
            positions.iter().filter(same)
        };
        assert_eq!(ours().count(), 2);
        let bills = ["with_market_tokens", "supplier_alone_tokens"];
        for column in money.iter().chain(&bills) {
            let sum: i128 = ours().map(|row| milli_atoms(row, column)).sum();
            assert_eq!(sum, milli_atoms(bill, column), "{column}");
        }
        for column in energy {
            let sum: u64 = ours().map(|row| whole(row, column)).sum();
            assert_eq!(sum, whole(bill, column), "{column}");
        }
        for row in ours().chain([bill]) {
            let lines: i128 = money.iter().map(|line| milli_atoms(row, line)).sum();
            assert_eq!(lines, milli_atoms(row, "with_market_tokens"));
        }
        let [market, alone] = bills.map(|column| milli_atoms(bill, column));
        assert_eq!(milli_atoms(bill, "saving_tokens"), alone - market);
    }
    // 10 Wh for 150,001 atoms a kWh, 20,000 to the grid and 1,501 to the market, 7 Wh from the supplier.
    let expected = 10 * (150_001 + 20_000 + 1_501) + 7 * 300_000;
    assert_eq!(milli_atoms(&bills[0], "with_market_tokens"), expected);
    assert_eq!(bills[1]["sold_tokens"], "-0.001500010");
}

#[test]
fn given_a_window_when_its_row_is_read_back_then_it_tells_price_orders_and_energy() {
    let [_, windows, positions] = written(&settled());
    let cells = |row: &Row, columns: &[&str]| -> String {
        let cells: Vec<&str> = columns.iter().map(|column| row[*column].as_str()).collect();
        cells.join(" ")
    };
    let times = ["start_utc", "end_utc", "price_tokens_per_kwh"];
    assert_eq!(
        cells(&windows[0], &times),
        "2024-06-01T00:00:00Z 2024-06-01T00:15:00Z "
    );
    assert_eq!(windows[0]["self_sufficiency"], "");
    assert_eq!(windows[1]["price_tokens_per_kwh"], "0.150001");
    assert_eq!(positions[2]["price_tokens_per_kwh"], "0.150001");
    let orders = [
        "buy_orders",
        "buy_orders_wh",
        "sell_orders",
        "sell_orders_wh",
    ];
    assert_eq!(cells(&windows[1], &orders), "1 30 2 10");
    let energy = [
        "traded_wh",
        "delivered_wh",
        "shared_wh",
        "import_wh",
        "export_wh",
        "consumed_wh",
        "produced_wh",
        "self_consumed_wh",
        "self_sufficiency",
    ];
    assert_eq!(cells(&windows[1], &energy), "10 8 8 12 8 16 12 12 0.750000");
}

#[test]
fn given_energies_of_parts_of_a_watt_hour_when_written_then_they_add_up_to_the_whole_run() {
    let mut settled = Settled::new(Seconds(900), Terms::default(), vec!["a".into()]);
    let quarters = |number: i64| Energy::of_watts(number, Seconds(900));
    for window in 0..10 {
        let window = SettledWindow {
            start: UnixTime(900 * window),
            energy: CommunityEnergy {
                consumed: quarters(7),
                produced: quarters(6),
                own: quarters(6),
            },
            ..SettledWindow::default()
        };
        settled.push(window, []);
    }
    let [_, windows, _] = written(&settled);
    let sum = |column| -> u64 { windows.iter().map(|row| whole(row, column)).sum() };
    // Ten times 1.75 and 1.5 Wh.
    let sums = ["consumed_wh", "produced_wh", "self_consumed_wh"].map(sum);
    assert_eq!(sums, [17, 15, 15]);
}

#[test]
fn given_the_columns_when_looked_for_then_the_page_explains_each() {
    let page = include_str!("../../docs/simulation.md");
    for row in written(&settled()).iter().map(|table| &table[0]) {
        for column in row.keys() {
            assert!(page.contains(&format!("`{column}`")), "{column}");
        }
    }
}

#[test]
fn given_names_that_a_spreadsheet_would_run_or_split_when_written_then_they_are_text() {
    let dir = tempfile::tempdir().expect("a folder");
    let files = OutputFiles::default();
    let folder = files.folder(dir.path(), &FILES, false).expect("prepared");
    write(&folder, &settled()).expect("written");
    files.publish().expect("moved");
    let text = fs::read_to_string(dir.path().join("bills.csv")).expect("is there");
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert!(lines[0].starts_with("household,import_wh,"), "{text}");
    assert!(lines[1].starts_with("'=1+1,17,0,"), "{text}");
    assert!(
        lines[2].starts_with("\"Zoë, \"\"am See\"\"\",0,17,"),
        "{text}"
    );
    assert_eq!(lines.len(), 3);
}
