//! What a silence keeps, and what is paid when it ends.

use bolero::{check, produce, ValueGenerator};
use joulebook_settlement::{
    position::{final_due, Flow},
    Contract, PageSilence, Silence, Tariff,
};
use joulebook_units::{NetMilliAtoms, NetWh, Price, Wh, WhSum};

use super::{any_price, any_tariff, at_most_64_bits, cost_of, tariff_of};
use crate::{any_u32, any_u64, time};

/// Windows of a silence: prices, and what is kept back.
type Windows = Vec<(Tariff, i64)>;

fn any_windows() -> impl ValueGenerator<Output = Windows> {
    let windows = produce::<Vec<_>>()
        .with()
        .values((any_price(), any_price(), any_u64()))
        .len(0..8usize);
    let window = |(one, other, owed): (i32, i32, u64)| {
        // Not below zero.
        (tariff_of(one, other), (owed >> 1).cast_signed())
    };
    windows.map_gen(move |windows| windows.into_iter().map(window).collect())
}

fn silence_of(windows: &[(Tariff, i64)]) -> Silence {
    let owed: i128 = windows.iter().map(|(_, owed)| i128::from(*owed)).sum();
    let shorts = windows.iter().map(|(tariff, _)| tariff.short);
    let longs = windows.iter().map(|(tariff, _)| tariff.long);
    Silence {
        windows: u32::try_from(windows.len()).unwrap(),
        dearest: shorts.max().unwrap_or(Price(0)),
        lowest: longs.min().unwrap_or(Price(0)),
        owed: NetMilliAtoms(i64::try_from(at_most_64_bits(owed)).unwrap()),
    }
}

#[test]
fn given_any_silent_windows_when_a_page_is_finished_then_128_bits_say_the_same() {
    let heard = (0..10u16).map_gen(|heard| (heard < 9).then_some(heard));
    let energy = (any_u64(), any_u64());
    check!()
        .with_test_time(time())
        .with_generator((any_windows(), any_windows(), heard, energy, any_tariff()))
        .for_each(|(before, windows, heard, (import, export), prices)| {
            let mut page = PageSilence::new(silence_of(before), *heard);
            for (number, (tariff, owed)) in (0..).zip(windows) {
                page.extend(number, *tariff, NetMilliAtoms(*owed));
            }
            let (pays, silence) = page.finish(WhSum(*import), WhSum(*export), *prices);

            let all = [before.clone(), windows.clone()].concat();
            let mut worst = silence_of(&all);
            if all.is_empty() {
                (worst.dearest, worst.lowest) = (prices.short, prices.long);
            }
            let most = i128::from(i64::MAX);
            let drawn = i128::from(*import) * i128::from(worst.dearest.0);
            let fed_in = i128::from(*export) * i128::from(worst.lowest.0);
            let cost = (drawn - fed_in).clamp(-most, most);
            let Some(heard) = heard else {
                assert_eq!(i128::from(pays.0), cost);
                return assert_eq!(silence, silence_of(&all));
            };
            let (ended, rest) = windows.split_at(windows.len().min(usize::from(*heard)));
            let ended = silence_of(&[before, ended].concat());
            let expected = at_most_64_bits(cost - i128::from(ended.owed.0));
            assert_eq!(i128::from(pays.0), expected);
            assert_eq!(silence, silence_of(rest));
        });
}

/// What was traded in a window, what flowed, whether it was heard, and prices.
#[derive(Clone, Copy, Debug)]
struct Window {
    contract: Contract,
    flow: (u32, u32),
    is_heard: bool,
    tariff: Tariff,
}

/// Bought, sold, imported and exported, Wh.
type Energies = (u32, u32, u32, u32);

/// With energies of 28 bits and prices of 24: no sum is cut off.
fn any_flows() -> impl ValueGenerator<Output = Vec<Window>> {
    let energies = (any_u32(), any_u32(), any_u32(), any_u32());
    let windows = produce::<Vec<_>>()
        .with()
        .values((energies, (any_price(), any_price()), produce::<bool>()))
        .len(0..16usize);
    windows.map_gen(|windows| windows.into_iter().map(window_of).collect())
}

fn window_of((energies, prices, is_heard): (Energies, (i32, i32), bool)) -> Window {
    let (bought, sold, import, export) = energies;
    Window {
        contract: Contract {
            bought: Wh(bought >> 4),
            sold: Wh(sold >> 4),
        },
        flow: (import >> 4, export >> 4),
        is_heard,
        tariff: tariff_of(prices.0 >> 8, prices.1 >> 8),
    }
}

#[test]
fn given_any_windows_silent_when_registers_are_heard_then_no_window_was_cheaper_for_it() {
    check!()
        .with_test_time(time())
        .with_generator((any_flows(), any_u32()))
        .for_each(|(windows, draw)| {
            let mut silence = PageSilence::new(Silence::default(), Some(u16::MAX));
            let (mut paid, mut heard_at_once) = (0, 0);
            let (mut import, mut export) = (0, 0);
            for (number, window) in (0..).zip(windows) {
                let Window {
                    contract,
                    flow,
                    is_heard,
                    tariff,
                } = *window;
                let net = NetWh::between(Wh(flow.0), Wh(flow.1));
                let deviation = i128::from(net.0) - i128::from(contract.net().0);
                heard_at_once += cost_of(deviation, &tariff);
                let flow = if is_heard {
                    Flow::Whole(net)
                } else {
                    import += u64::from(flow.0);
                    export += u64::from(flow.1);
                    Flow::Partial(NetWh(0))
                };
                let due = final_due(contract, flow, tariff, Wh(draw >> 4));
                paid += i128::from(due.pays.0);
                if !is_heard {
                    silence.extend(number, tariff, due.owed);
                }
            }
            let nothing = Tariff::default();
            let (pays, rest) = silence.finish(WhSum(import), WhSum(export), nothing);
            paid += i128::from(pays.0);
            assert_eq!(rest, Silence::default());
            assert!(paid >= heard_at_once, "{paid} is less than {heard_at_once}");
        });
}
