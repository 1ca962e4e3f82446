//! Meters not heard in time: their windows count as delivered as contracted, and what was assumed is
//! trued up at the imbalance prices once they are heard.

use joulebook_settlement::{difference, Contract, Difference, Metered};
use joulebook_units::NetWh;

use crate::support::{contract, contract_gain, gain, net, paid, MARKET_PRICE, TARIFF};

const SHORT: i128 = TARIFF.short.0 as i128;
const LONG: i128 = TARIFF.long.0 as i128;

/// Settles windows in the order given; returns what the seat is better off by, fees apart, and what is
/// still only estimated.
fn settle(windows: &[(Contract, Metered)]) -> (i128, NetWh) {
    let mut estimated = net(0);
    let mut sum = 0;
    for (contract, metered) in windows {
        let difference = difference(*contract, *metered, estimated).expect("it fits");
        estimated = difference.estimated;
        sum += contract_gain(*contract, MARKET_PRICE) + gain(paid(difference));
    }
    (sum, estimated)
}

/// What `energy` Wh fed in earn at the market price.
fn worth(energy: i64) -> i128 {
    i128::from(energy) * i128::from(MARKET_PRICE.0)
}

/// powertac/powertac-server issue 882: a charge was carried over to a customer without readings.
#[test]
fn given_a_missing_meter_when_settled_then_nothing_is_charged_for_the_window() {
    let found = difference(contract(0, 500), Metered::Missing(net(0)), net(0));
    let expected = Difference {
        imbalance: net(0),
        true_up: net(0),
        estimated: net(-500),
    };
    assert_eq!(found, Some(expected));
    assert_eq!(gain(paid(expected)), 0);
}

#[test]
fn given_one_of_two_meters_missing_when_settled_then_the_contract_less_what_was_heard_is_assumed() {
    let found = difference(contract(800, 0), Metered::Missing(net(300)), net(40));
    assert_eq!(found.map(|found| found.estimated), Some(net(540)));
}

#[test]
fn given_a_lost_packet_of_a_seller_on_contract_when_heard_again_then_it_earns_what_it_would_have() {
    let sold = contract(0, 500);
    let heard = settle(&[
        (sold, Metered::Measured(net(-500))),
        (sold, Metered::Measured(net(-500))),
    ]);
    let lost = settle(&[
        (sold, Metered::Missing(net(0))),
        (sold, Metered::CaughtUp(net(-1_000))),
    ]);
    assert_eq!(heard, (worth(1_000), net(0)));
    assert_eq!(lost, heard);
}

#[test]
fn given_two_windows_missing_when_caught_up_then_the_rest_is_paid_at_the_tariff() {
    // Contracts of 600 sold on balance, 1350 fed in: 750 left over.
    let total = settle(&[
        (contract(0, 500), Metered::Missing(net(0))),
        (contract(200, 0), Metered::Missing(net(0))),
        (contract(0, 300), Metered::CaughtUp(net(-1_350))),
    ]);
    assert_eq!(total, (worth(600) + 750 * LONG, net(0)));
}

/// What it sold and did not deliver it pays at the retail price, as if it had been heard at once: staying silent
/// is worth nothing.
#[test]
fn given_a_seller_who_did_not_deliver_when_caught_up_then_it_pays_what_it_would_have() {
    let heard = settle(&[
        (contract(0, 500), Metered::Measured(net(0))),
        (contract(0, 0), Metered::Measured(net(0))),
    ]);
    let silent = settle(&[
        (contract(0, 500), Metered::Missing(net(0))),
        (contract(0, 0), Metered::CaughtUp(net(0))),
    ]);
    assert_eq!(heard, (worth(500) - 500 * SHORT, net(0)));
    assert_eq!(silent, heard);
}

#[test]
fn given_a_buyer_who_drew_more_when_caught_up_then_it_pays_the_retail_price_for_it() {
    let total = settle(&[
        (contract(500, 0), Metered::Missing(net(0))),
        (contract(500, 0), Metered::CaughtUp(net(1_700))),
    ]);
    assert_eq!(total, (worth(-1_000) - 700 * SHORT, net(0)));
}

/// The market settles windows in the order in which they were allocated. Where that was not the order of
/// their times, the energy still comes out even, though not the money.
#[test]
fn given_the_caught_up_window_settled_before_the_missing_one_then_no_energy_is_paid_twice() {
    let sold = contract(0, 500);
    let total = settle(&[
        (sold, Metered::CaughtUp(net(-1_000))),
        (sold, Metered::Missing(net(0))),
        (sold, Metered::Measured(net(-500))),
    ]);
    assert_eq!(total, (worth(1_500) + 500 * LONG - 500 * SHORT, net(0)));
}

#[test]
fn given_all_meters_on_time_when_energy_is_still_estimated_then_no_device_signed_it_and_it_is_undone(
) {
    let found = difference(contract(0, 500), Metered::Measured(net(-400)), net(-200));
    let expected = Difference {
        imbalance: net(100),
        true_up: net(200),
        estimated: net(0),
    };
    assert_eq!(found, Some(expected));
}
