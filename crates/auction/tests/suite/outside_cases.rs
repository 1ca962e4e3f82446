//! Cases from other systems' tests and from a real exchange. They are not part of the repository: where
//! they are not beside it, these tests say so and pass.

use std::{collections::BTreeSet, fs, path::Path};

use joulebook_auction::Side;
use serde::{de::DeserializeOwned, Deserialize};

use crate::support::{clear, fills, total, Order};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases");

/// Cases whose prices are rounded while their welfare is not, and by how much it is less: an offer of
/// 1.00002 there is written as 1,000 thousandths, and 25,000 of it are taken.
const ROUNDED: [(&str, i128); 1] = [("gsy_pac_market1", 500)];

#[derive(Deserialize)]
struct File<T> {
    cases: Vec<T>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    bids: Vec<Step>,
    offers: Vec<Step>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Step {
    price: i64,
    qty: u64,
}

#[derive(Deserialize)]
struct Expected {
    volume: u64,
    price_lo: i64,
    price_hi: i64,
    welfare: Option<i128>,
    published_price: Option<i64>,
}

/// Empty if there is no folder of cases; a file that is missing from it or broken is a failure.
fn cases<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let folder = Path::new(CASES);
    if !folder.is_dir() {
        println!("left out: the cases of {name} are not beside this repository");
        return Vec::new();
    }
    let text = fs::read_to_string(folder.join(name)).expect("the file of cases can be read");
    let file: File<T> = serde_json::from_str(&text).expect("the file of cases is whole");
    assert!(!file.cases.is_empty(), "{name} has cases");
    file.cases
}

impl Case {
    /// Ticks are the case's distinct prices in order: a clearing depends on their order alone.
    fn prices(&self) -> Vec<i64> {
        let steps = self.bids.iter().chain(&self.offers);
        let prices: BTreeSet<i64> = steps.map(|step| step.price).collect();
        prices.into_iter().collect()
    }

    fn orders(&self, prices: &[i64]) -> Vec<Order> {
        let order = |side: Side, step: &Step| Order {
            side,
            tick: prices
                .binary_search(&step.price)
                .expect("one of the prices") as u16,
            quantity: u32::try_from(step.qty).expect("a quantity fits an order"),
        };
        let bids = self.bids.iter().map(|step| order(Side::Buy, step));
        let offers = self.offers.iter().map(|step| order(Side::Sell, step));
        bids.chain(offers).collect()
    }

    fn check(&self) {
        let (id, expected) = (&self.id, &self.expected);
        let prices = self.prices();
        let orders = self.orders(&prices);
        let clearing = clear(prices.len() as u16, &orders).expect("the case trades");
        let (low, high) = (
            prices[usize::from(clearing.low.0)],
            prices[usize::from(clearing.high.0)],
        );
        assert_eq!(clearing.volume, expected.volume, "volume of {id}");
        assert_eq!(
            (low, high),
            (expected.price_lo, expected.price_hi),
            "prices of {id}"
        );
        if let Some(published) = expected.published_price {
            assert!((low..=high).contains(&published), "published price of {id}");
        }
        let fills = fills(Some(clearing), &orders);
        assert_eq!(
            total(Side::Buy, &orders, &fills),
            expected.volume,
            "buys of {id}"
        );
        assert_eq!(
            total(Side::Sell, &orders, &fills),
            expected.volume,
            "sells of {id}"
        );
        if let Some(welfare) = expected.welfare {
            let rounded = ROUNDED.iter().find(|(case, _)| case == id);
            let expected = welfare + rounded.map_or(0, |(_, less)| *less);
            assert_eq!(
                welfare_of(&orders, &fills, &prices),
                expected,
                "welfare of {id}"
            );
        }
    }
}

/// What the buyers would have paid at most, less what the sellers would have taken at least.
fn welfare_of(orders: &[Order], fills: &[u32], prices: &[i64]) -> i128 {
    let value = |(order, fill): (&Order, &u32)| {
        let value = i128::from(prices[usize::from(order.tick)]) * i128::from(*fill);
        match order.side {
            Side::Buy => value,
            Side::Sell => -value,
        }
    };
    orders.iter().zip(fills).map(value).sum()
}

#[test]
fn given_other_systems_auctions_when_cleared_then_volume_interval_and_welfare_are_as_computed() {
    cases::<Case>("uniform.json").iter().for_each(Case::check);
}

#[test]
fn given_real_hours_of_an_exchange_when_cleared_then_the_published_price_lies_in_the_interval() {
    let cases = cases::<Case>("gme_hours.json");
    for case in &cases {
        assert!(
            case.expected.published_price.is_some(),
            "{} was published",
            case.id
        );
        case.check();
    }
}

#[derive(Deserialize)]
struct Trap {
    id: String,
}

/// Traps of other parts: orders of several products, and metering's two, which its own tests cover.
const ELSEWHERE: [&str; 3] = ["assume_584", "powertac_882", "powertac_1054"];
const IN_TRAPS: [&str; 5] = [
    "gridlabd_485",
    "gridlabd_468",
    "assume_843",
    "assume_387",
    "powertac_870",
];

#[test]
fn given_the_list_of_traps_when_read_then_each_has_a_test_here_or_elsewhere() {
    for trap in cases::<Trap>("edge_notes.json") {
        let known = IN_TRAPS.contains(&trap.id.as_str()) || ELSEWHERE.contains(&trap.id.as_str());
        assert!(known, "{} has no test", trap.id);
    }
}
