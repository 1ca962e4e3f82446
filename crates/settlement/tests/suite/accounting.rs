//! Every Wh is accounted for once: what was settled is what the meters measured, and what is still
//! estimated.

use joulebook_settlement::{difference, Contract, Metered, Tariff};
use joulebook_units::{NetMilliAtoms, NetWh, Price};
use proptest::{collection::vec, prelude::*};

use crate::support::{contract, contract_gain, gain, net};

fn any_contract() -> impl Strategy<Value = Contract> {
    (0..2_000u32, 0..2_000u32).prop_map(|(bought, sold)| contract(bought, sold))
}

fn any_metered() -> impl Strategy<Value = Metered> {
    (0..3u8, -3_000..3_000i64).prop_map(|(kind, energy)| match kind {
        0 => Metered::Measured(net(energy)),
        1 => Metered::CaughtUp(net(energy)),
        _ => Metered::Missing(net(energy)),
    })
}

fn energy(metered: Metered) -> i64 {
    match metered {
        Metered::Measured(net) | Metered::CaughtUp(net) | Metered::Missing(net) => net.0,
    }
}

/// A window of a seat with three meters: what each really moved, and whether it was heard.
type Window = (Contract, [i64; 3], [bool; 3]);

fn windows() -> impl Strategy<Value = Vec<Window>> {
    let flows = [-800..800i64, -800..800i64, -800..800i64];
    vec((any_contract(), flows, any::<[bool; 3]>()), 1..30).prop_map(|mut windows| {
        // At the end every meter is heard.
        windows.push((contract(0, 0), [0; 3], [true; 3]));
        windows
    })
}

/// What the oracle tells the market: a meter brings all it moved since it was last heard.
fn told(windows: &[Window]) -> Vec<(Contract, Metered)> {
    let mut unheard = [0i64; 3];
    let mut behind = [false; 3];
    let mut told = Vec::new();
    for (contract, flows, heard) in windows {
        let mut sum = 0;
        let mut caught_up = false;
        for meter in 0..3 {
            unheard[meter] += flows[meter];
            if heard[meter] {
                sum += unheard[meter];
                unheard[meter] = 0;
                caught_up |= behind[meter];
            }
            behind[meter] = !heard[meter];
        }
        let metered = if behind.contains(&true) {
            Metered::Missing(net(sum))
        } else if caught_up {
            Metered::CaughtUp(net(sum))
        } else {
            Metered::Measured(net(sum))
        };
        told.push((*contract, metered));
    }
    told
}

/// Energy settled, and still estimated, after windows settled in the order given.
fn settle(windows: &[(Contract, Metered)]) -> (i64, NetWh) {
    let mut settled = 0;
    let mut estimated = net(0);
    for (contract, metered) in windows {
        let found = difference(*contract, *metered, estimated).expect("it fits");
        settled += contract.net().0 + found.imbalance.0 + found.true_up.0;
        estimated = found.estimated;
    }
    (settled, estimated)
}

/// The windows as told, and the same with all but the last in another order.
fn reordered() -> impl Strategy<Value = (Vec<Window>, Vec<(Contract, Metered)>)> {
    windows().prop_flat_map(|windows| {
        let mut told = told(&windows);
        let last = told.pop();
        let order = Just(told).prop_shuffle().prop_map(move |mut told| {
            told.extend(last);
            told
        });
        (Just(windows), order)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn given_any_windows_when_settled_then_energy_is_what_was_measured_and_what_is_estimated(
        windows in vec((any_contract(), any_metered()), 0..40)
    ) {
        let (settled, estimated) = settle(&windows);
        let measured: i64 = windows.iter().map(|(_, metered)| energy(*metered)).sum();
        prop_assert_eq!(settled, measured + estimated.0);
    }

    #[test]
    fn given_meters_heard_now_and_then_when_all_were_heard_then_all_they_moved_is_settled(
        windows in windows()
    ) {
        let moved: i64 = windows.iter().flat_map(|(_, flows, _)| flows).sum();
        prop_assert_eq!(settle(&told(&windows)), (moved, net(0)));
    }

    #[test]
    fn given_windows_settled_in_any_order_when_all_were_heard_then_all_they_moved_is_settled(
        (windows, told) in reordered()
    ) {
        let moved: i64 = windows.iter().flat_map(|(_, flows, _)| flows).sum();
        prop_assert_eq!(settle(&told), (moved, net(0)));
    }

    /// With one price for everything, money is energy times price, however late the readings are.
    #[test]
    fn given_one_price_for_everything_when_all_were_heard_then_the_seat_paid_for_what_it_drew(
        (windows, told) in reordered(), price in any::<i32>()
    ) {
        let price = Price(price);
        let flat = Tariff { short: price, long: price };
        let mut estimated = net(0);
        let mut sum = 0;
        for (contract, metered) in told {
            let found = difference(contract, metered, estimated).expect("it fits");
            estimated = found.estimated;
            sum += contract_gain(contract, price);
            sum += gain(found.payment(flat).expect("it fits"));
        }
        let moved: i64 = windows.iter().flat_map(|(_, flows, _)| flows).sum();
        prop_assert_eq!(sum, -i128::from(moved) * i128::from(price.0));
    }

    #[test]
    fn given_a_missing_meter_when_settled_then_no_money_moves(
        contract in any_contract(), energy in -3_000..3_000i64, estimated in -9_000..9_000i64,
        (short, long) in any::<(i32, i32)>()
    ) {
        let found = difference(contract, Metered::Missing(net(energy)), net(estimated)).expect("it fits");
        let tariff = Tariff { short: Price(short), long: Price(long) };
        prop_assert_eq!(found.payment(tariff), Some(NetMilliAtoms::ZERO));
    }

    #[test]
    fn given_prices_in_order_when_a_window_is_measured_then_trading_right_never_costs_more_than_not(
        metered in -3_000..3_000i64, (one, two, three) in any::<(i32, i32, i32)>()
    ) {
        let mut prices = [one, two, three];
        prices.sort();
        let [long, price, short] = prices.map(Price);
        let tariff = Tariff { short, long };
        let worth = |contract: Contract| {
            let found = difference(contract, Metered::Measured(net(metered)), net(0)).expect("it fits");
            contract_gain(contract, price) + gain(found.payment(tariff).expect("it fits"))
        };
        let right = if metered > 0 {
            contract(metered as u32, 0)
        } else {
            contract(0, metered.unsigned_abs() as u32)
        };
        prop_assert!(worth(right) >= worth(contract(0, 0)));
    }
}
