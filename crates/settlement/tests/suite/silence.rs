//! Meters that are late, silent or never heard again: what their owners pay in the end.

use joulebook_settlement::{
    position::{cost, due, final_due, Due, Flow},
    Contract, Silence, Tariff,
};
use joulebook_units::{NetMilliAtoms, Price, Wh, WhSum};
use proptest::{collection::vec, prelude::*};

use crate::support::{contract, net};

/// A window of a seat: contracts, what its two meters really drew and fed in, prices.
#[derive(Clone, Debug)]
struct Window {
    contract: Contract,
    flows: [(u32, u32); 2],
    tariff: Tariff,
    draw: Wh,
}

fn any_tariff() -> impl Strategy<Value = Tariff> {
    (-500..500i32, -500..500i32).prop_map(|(one, other)| Tariff {
        short: Price(one.max(other)),
        long: Price(one.min(other)),
    })
}

fn any_window() -> impl Strategy<Value = Window> {
    let flow = || (0..1_000u32, 0..1_000u32);
    (
        0..2_000u32,
        0..2_000u32,
        flow(),
        flow(),
        any_tariff(),
        0..300u32,
    )
        .prop_map(|(bought, sold, one, other, tariff, draw)| Window {
            contract: contract(bought, sold),
            flows: [one, other],
            tariff,
            draw: Wh(draw),
        })
}

impl Window {
    fn flow(&self, heard: [bool; 2]) -> Flow {
        let meters = self.flows.iter().zip(heard).filter(|(_, heard)| *heard);
        let sum = meters.map(|((import, export), _)| i64::from(*import) - i64::from(*export));
        let net = net(sum.sum());
        match heard {
            [true, true] => Flow::Whole(net),
            _ => Flow::Partial(net),
        }
    }
}

/// What all windows cost in the end, contracts apart, if in each of them these meters were heard, and registers after
/// the last one: energy that no value told is paid then.
fn cost_of(windows: &[(Window, [bool; 2])]) -> i64 {
    let mut silence = Silence::default();
    let mut paid = 0;
    let mut unseen = (0, 0);
    for (window, heard) in windows {
        let flow = window.flow(*heard);
        let due = final_due(window.contract, flow, window.tariff, window.draw).expect("it fits");
        paid += due.pays.0;
        if let Flow::Partial(_) = flow {
            silence.extend(window.tariff, due.owed).expect("it fits");
        }
        for ((import, export), heard) in window.flows.iter().zip(heard) {
            if !heard {
                unseen = (unseen.0 + u64::from(*import), unseen.1 + u64::from(*export));
            }
        }
    }
    paid + silence
        .end(WhSum(unseen.0), WhSum(unseen.1))
        .expect("it fits")
        .0
}

fn all_heard(windows: &[(Window, [bool; 2])]) -> Vec<(Window, [bool; 2])> {
    windows
        .iter()
        .map(|(window, _)| (window.clone(), [true; 2]))
        .collect()
}

#[test]
fn given_a_seller_silent_once_in_a_dear_window_when_heard_in_a_cheap_one_then_it_gains_nothing() {
    // Sold 1 kWh while short was 0.50, delivered nothing, heard when short is 0.10. At 0.30 it earned 0.30: in all it
    // lost 0.20, as if it had been heard at once. The first version left it 0.10 better off.
    let dear = Tariff {
        short: Price(500_000),
        long: Price(80_000),
    };
    let heard = due(contract(0, 1_000), Flow::Whole(net(0)), dear, Wh(0)).expect("it fits");
    assert_eq!(heard.pays, NetMilliAtoms(500_000_000));
    let silent =
        final_due(contract(0, 1_000), Flow::Partial(net(0)), dear, Wh(0)).expect("it fits");
    assert_eq!(silent.pays, heard.pays);
    let mut silence = Silence::default();
    silence.extend(dear, silent.owed).expect("it fits");
    assert_eq!(silence.end(WhSum(0), WhSum(0)), Some(NetMilliAtoms::ZERO));
}

#[test]
fn given_a_load_that_withholds_its_peak_when_heard_then_it_pays_the_peak_price() {
    // 1 kWh at 1.50 and 1 kWh at 0.10: 1.60. Silent in the first it pays 1.50 for it all the same, not 0.10.
    let peak = Tariff {
        short: Price(1_500_000),
        long: Price(0),
    };
    let night = Tariff {
        short: Price(100_000),
        long: Price(0),
    };
    let silent = final_due(contract(0, 0), Flow::Partial(net(0)), peak, Wh(0)).expect("it fits");
    let heard = final_due(contract(0, 0), Flow::Whole(net(1_000)), night, Wh(0)).expect("it fits");
    let mut silence = Silence::default();
    silence.extend(peak, silent.owed).expect("it fits");
    let gap = silence.end(WhSum(1_000), WhSum(0)).expect("it fits");
    assert_eq!(silent.pays.0 + heard.pays.0 + gap.0, 1_600_000_000);
}

#[test]
fn given_a_buyer_never_heard_when_final_then_what_it_would_get_back_is_kept_until_it_is() {
    let tariff = Tariff {
        short: Price(300_000),
        long: Price(80_000),
    };
    let due =
        final_due(contract(1_000, 0), Flow::Partial(net(0)), tariff, Wh(100)).expect("it fits");
    let expected = Due {
        // The standard draw of 100 Wh, and nothing for the kWh not taken.
        pays: NetMilliAtoms(30_000_000),
        is_confirmed: true,
        owed: NetMilliAtoms(80_000_000 + 30_000_000),
    };
    assert_eq!(due, expected);
    let mut silence = Silence::default();
    silence.extend(tariff, due.owed).expect("it fits");
    // It took its kWh after all: the draw comes back, and the kWh costs 0.30 for which it gets 0.08.
    let gap = silence.end(WhSum(1_000), WhSum(0));
    assert_eq!(
        gap,
        Some(NetMilliAtoms(300_000_000 - 80_000_000 - 30_000_000))
    );
}

#[test]
fn given_values_still_to_come_when_due_then_contracts_count_as_kept_and_nothing_is_confirmed() {
    let tariff = Tariff {
        short: Price(300_000),
        long: Price(80_000),
    };
    let due = due(contract(0, 1_000), Flow::Partial(net(-400)), tariff, Wh(0)).expect("it fits");
    assert_eq!(due, Due::default());
}

#[test]
fn given_a_short_price_below_zero_when_a_meter_is_silent_then_its_standard_draw_earns_nothing() {
    let tariff = Tariff {
        short: Price(-100),
        long: Price(-200),
    };
    let due = due(contract(0, 0), Flow::Partial(net(0)), tariff, Wh(1_000)).expect("it fits");
    assert_eq!(due.pays, NetMilliAtoms::ZERO);
}

#[test]
fn given_the_ends_of_energy_and_price_when_priced_then_it_answers_or_says_none() {
    let tariff = Tariff {
        short: Price(i32::MAX),
        long: Price(-i32::MAX),
    };
    for energy in [
        i64::MIN,
        i64::MAX,
        i64::from(u32::MAX) + 1,
        -i64::from(u32::MAX) - 1,
        0,
    ] {
        let _ = cost(net(energy), tariff);
        let _ = final_due(
            contract(u32::MAX, 0),
            Flow::Partial(net(energy)),
            tariff,
            Wh(u32::MAX),
        );
    }
    let mut silence = Silence {
        windows: u32::MAX,
        owed: NetMilliAtoms(i64::MAX),
        ..Silence::default()
    };
    let before = silence;
    assert_eq!(silence.extend(tariff, NetMilliAtoms(1)), None);
    assert_eq!(silence.end(WhSum(0), WhSum(u64::MAX)), None);
    assert_eq!(silence, before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// Alone: whichever values are withheld, once the registers are heard nothing was gained by it.
    #[test]
    fn given_any_values_withheld_when_registers_are_heard_then_nothing_is_gained(
        windows in vec((any_window(), any::<[bool; 2]>()), 1..20)
    ) {
        prop_assert!(cost_of(&windows) >= cost_of(&all_heard(&windows)));
    }

    /// With a friend who takes the other side of every contract: together they pay what the tariff says, at least.
    #[test]
    fn given_any_values_withheld_by_two_friends_when_registers_are_heard_then_nothing_is_gained(
        windows in vec((any_window(), any_window(), any::<[[bool; 2]; 2]>()), 1..20)
    ) {
        let mut mine = Vec::new();
        let mut theirs = Vec::new();
        for (window, friend, heard) in windows {
            let swapped = Window {
                contract: contract(window.contract.sold.0, window.contract.bought.0),
                tariff: window.tariff,
                ..friend
            };
            mine.push((window, heard[0]));
            theirs.push((swapped, heard[1]));
        }
        let together = cost_of(&mine) + cost_of(&theirs);
        let honest = cost_of(&all_heard(&mine)) + cost_of(&all_heard(&theirs));
        prop_assert!(together >= honest);
        // What trading with each other can save them is what their flows net to, never more.
        let netted: i64 = mine.iter().zip(&theirs).map(|((mine, _), (theirs, _))| {
            let sum = mine.flows.iter().chain(&theirs.flows);
            let sum: i64 = sum.map(|(import, export)| i64::from(*import) - i64::from(*export)).sum();
            cost(net(sum), mine.tariff).expect("it fits").0
        }).sum();
        prop_assert!(together >= netted);
    }

    /// Whatever was paid on the way, the last call brings a position in line: paths do not matter.
    #[test]
    fn given_any_sequence_of_values_when_settled_after_each_then_what_was_paid_in_all_is_what_is_due(
        window in any_window(), heard in vec((any::<[bool; 2]>(), any::<bool>()), 0..8)
    ) {
        let mut paid = 0;
        for (heard, is_long_silent) in heard {
            let draw = if is_long_silent { window.draw } else { Wh(0) };
            let due = due(window.contract, window.flow(heard), window.tariff, draw).expect("it fits");
            paid += due.pays.0 - paid;
            prop_assert_eq!(due.is_confirmed, heard == [true; 2]);
        }
        let whole = due(window.contract, window.flow([true; 2]), window.tariff, window.draw).expect("it fits");
        paid += whole.pays.0 - paid;
        let deviation = window.flows.iter().map(|(import, export)| i64::from(*import) - i64::from(*export)).sum::<i64>()
            - window.contract.net().0;
        let price = if deviation > 0 { window.tariff.short } else { window.tariff.long };
        prop_assert_eq!(paid, deviation * i64::from(price.0));
    }
}
