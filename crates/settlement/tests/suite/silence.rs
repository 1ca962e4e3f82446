//! Meters that are silent for good, or never heard again: what their owners pay in the end.

use joulebook_settlement::{
    position::{due, final_due, Due, Flow},
    Contract, PageSilence, Silence, Tariff,
};
use joulebook_units::{NetMilliAtoms, Price, Wh, WhSum};
use proptest::{collection::vec, prelude::*};

use crate::{
    support::{contract, net, paid, pays, receives, TARIFF},
    windows::{any_pages, any_tariff, cost_from_the_beginning, cost_of, Page},
};

const NO_DRAW: Wh = Wh(0);

/// What a window comes to, at [`TARIFF`], that became final with no meter heard.
fn unheard(contract: Contract) -> Due {
    final_due(contract, Flow::Partial(net(0)), TARIFF, NO_DRAW)
}

fn silence_of(tariff: Tariff, owed: NetMilliAtoms) -> Silence {
    let mut silence = Silence::default();
    silence.extend(tariff, owed);
    silence
}

/// What is paid when the registers are heard again, in a page whose first reading that is.
fn end(silence: Silence, import: u64, export: u64) -> NetMilliAtoms {
    let page = PageSilence::new(silence, Some(0));
    let (pays, rest) = page.finish(WhSum(import), WhSum(export), TARIFF);
    assert_eq!(rest, Silence::default());
    pays
}

#[test]
fn given_a_seller_silent_once_in_a_dear_window_when_heard_in_a_cheap_one_then_it_gains_nothing() {
    // Sold 1 kWh while short was 0.50, delivered nothing, heard when short is 0.10. At 0.30 it earned 0.30: in all it
    // lost 0.20, as if it had been heard at once. The first version left it 0.10 better off.
    let dear = Tariff {
        short: Price(500_000),
        long: Price(80_000),
    };
    let heard = due(contract(0, 1_000), Flow::Whole(net(0)), dear, NO_DRAW);
    assert_eq!(heard.pays, pays(500));
    let silent = final_due(contract(0, 1_000), Flow::Partial(net(0)), dear, NO_DRAW);
    assert_eq!(silent.pays, heard.pays);
    assert_eq!(end(silence_of(dear, silent.owed), 0, 0), pays(0));
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
    let silent = final_due(contract(0, 0), Flow::Partial(net(0)), peak, NO_DRAW);
    let heard = final_due(contract(0, 0), Flow::Whole(net(1_000)), night, NO_DRAW);
    let gap = end(silence_of(peak, silent.owed), 1_000, 0);
    assert_eq!(silent.pays.0 + heard.pays.0 + gap.0, 1_600_000_000);
}

#[test]
fn given_a_buyer_never_heard_when_final_then_what_it_would_get_back_is_kept_until_it_is() {
    let due = final_due(contract(1_000, 0), Flow::Partial(net(0)), TARIFF, Wh(100));
    let expected = Due {
        // The standard draw of 100 Wh, and nothing for the kWh not taken.
        pays: pays(30),
        is_confirmed: true,
        owed: pays(80 + 30),
    };
    assert_eq!(due, expected);
    // It took its kWh after all: the draw comes back, and the kWh costs 0.30 for which it gets 0.08.
    let gap = end(silence_of(TARIFF, due.owed), 1_000, 0);
    assert_eq!(gap, pays(300 - 80 - 30));
}

#[test]
fn given_a_buyer_who_took_nothing_when_its_registers_are_heard_then_it_gets_what_was_kept() {
    let due = unheard(contract(1_000, 0));
    assert_eq!((due.pays, due.owed), (pays(0), pays(80)));
    assert_eq!(end(silence_of(TARIFF, due.owed), 0, 0), receives(80));
}

#[test]
fn given_a_seller_who_delivered_when_its_registers_are_heard_then_they_earn_the_feed_in_tariff() {
    // As if it had left the grid short, and fed in what nobody had asked for: 0.30 paid for each kWh, 0.08 received.
    let due = unheard(contract(0, 1_000));
    assert_eq!((due.pays, due.owed), (pays(300), pays(0)));
    assert_eq!(end(silence_of(TARIFF, due.owed), 0, 1_000), receives(80));
    assert_eq!(paid(contract(0, 1_000), -1_000), pays(0));
}

#[test]
fn given_one_of_two_meters_missing_when_final_then_the_other_counts() {
    // Bought 1 kWh; the meter that was heard drew 1.2.
    let flow = Flow::Partial(net(1_200));
    let due = final_due(contract(1_000, 0), flow, TARIFF, NO_DRAW);
    let expected = Due {
        pays: pays(60),
        is_confirmed: true,
        owed: pays(0),
    };
    assert_eq!(due, expected);
}

#[test]
fn given_all_meters_heard_when_final_then_it_is_what_was_due_before() {
    let flow = Flow::Whole(net(700));
    // The draw is that of no meter.
    let last = final_due(contract(1_000, 0), flow, TARIFF, NO_DRAW);
    assert_eq!(last, due(contract(1_000, 0), flow, TARIFF, NO_DRAW));
    assert_eq!(last.pays, receives(24));
}

/// Contracts of 0.6 kWh sold on balance, 1.35 fed in, 0.3 of it in the window that is heard.
#[test]
fn given_two_windows_missing_when_registers_are_heard_then_each_contract_has_its_price() {
    let (first, second) = (unheard(contract(0, 500)), unheard(contract(200, 0)));
    assert_eq!((first.pays, first.owed), (pays(150), pays(0)));
    assert_eq!((second.pays, second.owed), (pays(0), pays(16)));
    let mut silence = silence_of(TARIFF, first.owed);
    silence.extend(TARIFF, second.owed);
    assert_eq!(paid(contract(0, 300), -300), pays(0));
    assert_eq!(end(silence, 0, 1_050), receives(84 + 16));
}

/// 1.7 kWh drawn, 0.8 of it in the window that is heard: 0.11 more than if both had been.
#[test]
fn given_a_buyer_who_drew_more_when_registers_are_heard_then_it_pays_at_least_what_it_would_have() {
    let first = unheard(contract(500, 0));
    let second = paid(contract(500, 0), 800);
    let gap = end(silence_of(TARIFF, first.owed), 900, 0);
    assert_eq!((first.pays, second), (pays(0), pays(90)));
    assert_eq!(gap, pays(270 - 40));
    assert_eq!(paid(contract(500, 0), 900), pays(120));
}

#[test]
fn given_prices_that_change_when_silent_then_the_dearest_and_the_lowest_are_kept() {
    let prices = [(30, 8), (25, -2), (50, 20), (-10, -10)];
    let mut silence = Silence::default();
    for (short, long) in prices {
        let tariff = Tariff {
            short: Price(short),
            long: Price(long),
        };
        silence.extend(tariff, NetMilliAtoms(7));
    }
    let expected = Silence {
        windows: 4,
        dearest: Price(50),
        lowest: Price(-10),
        owed: NetMilliAtoms(28),
    };
    assert_eq!(silence, expected);
    // 2 Wh drawn, 3 Wh fed in, which costs at a price below zero.
    let cost = silence.cost(WhSum(2), WhSum(3));
    assert_eq!(cost, NetMilliAtoms(100 + 30));
    assert_eq!(end(silence, 2, 3), NetMilliAtoms(100 + 30 - 28));
}

#[test]
fn given_prices_below_zero_alone_when_silent_then_no_price_of_zero_is_taken_for_one() {
    let tariff = Tariff {
        short: Price(-5),
        long: Price(-9),
    };
    let silence = silence_of(tariff, NetMilliAtoms::ZERO);
    assert_eq!((silence.dearest, silence.lowest), (Price(-5), Price(-9)));
    let tariff = Tariff {
        short: Price(9),
        long: Price(5),
    };
    let silence = silence_of(tariff, NetMilliAtoms::ZERO);
    assert_eq!((silence.dearest, silence.lowest), (Price(9), Price(5)));
}

const DEAR: Tariff = Tariff {
    short: Price(1_500_000),
    long: Price(-1_000_000),
};

const CHEAP: Tariff = Tariff {
    short: Price(100_000),
    long: Price(100_000),
};

#[test]
fn given_a_silence_heard_within_a_page_when_finished_then_it_ends_and_another_begins() {
    // Heard up to boundary 2; windows 1 and 3 were missing.
    let mut page = PageSilence::new(silence_of(TARIFF, pays(5)), Some(2));
    page.extend(1, CHEAP, pays(1));
    page.extend(3, CHEAP, pays(7));
    let (paid, silence) = page.finish(WhSum(1_000), WhSum(0), DEAR);
    // At the dearest price of all of them, and what the first two kept comes back.
    assert_eq!(paid, pays(300 - 5 - 1));
    assert_eq!(silence, silence_of(CHEAP, pays(7)));
}

#[test]
fn given_windows_behind_the_last_reading_when_finished_then_their_prices_count_and_they_wait() {
    // The reading of one meter lies behind that of another: its energy may be of the dear window.
    let mut page = PageSilence::new(Silence::default(), Some(2));
    page.extend(1, CHEAP, pays(1));
    page.extend(2, DEAR, pays(7));
    let (paid, silence) = page.finish(WhSum(1_000), WhSum(1_000), TARIFF);
    assert_eq!(paid, pays(1_500 + 1_000 - 1));
    assert_eq!(silence, silence_of(DEAR, pays(7)));
}

#[test]
fn given_a_meter_not_heard_at_all_when_finished_then_the_silence_goes_on() {
    let mut page = PageSilence::new(silence_of(CHEAP, pays(5)), None);
    page.extend(0, TARIFF, pays(1));
    // Energy of another meter, of before.
    let (paid, silence) = page.finish(WhSum(1_000), WhSum(0), DEAR);
    assert_eq!(paid, pays(300));
    let mut expected = silence_of(CHEAP, pays(5));
    expected.extend(TARIFF, pays(1));
    assert_eq!(silence, expected);
}

#[test]
fn given_no_silence_when_energy_comes_to_light_then_the_page_s_prices_count() {
    for heard in [None, Some(4)] {
        let page = PageSilence::new(Silence::default(), heard);
        let (paid, silence) = page.finish(WhSum(1_000), WhSum(2_000), DEAR);
        assert_eq!(paid, pays(1_500 + 2_000));
        assert_eq!(silence, Silence::default());
    }
}

/// At 1.50 drawn; fed in it would earn at prices above zero, and costs below.
#[test]
fn given_a_bound_alone_when_it_comes_to_light_then_it_costs_and_never_pays() {
    let below = Tariff {
        short: Price(-1_000_000),
        long: Price(-1_500_000),
    };
    for (tariff, expected) in [
        (DEAR, 1_500 + 2_000),
        (TARIFF, 300),
        (CHEAP, 100),
        (below, 3_000),
    ] {
        let mut page = PageSilence::new(silence_of(tariff, pays(5)), Some(4));
        page.begin_late(WhSum(1_000), WhSum(2_000));
        let (paid, silence) = page.finish(WhSum(0), WhSum(0), TARIFF);
        // What the silence kept is paid back as ever.
        assert_eq!((paid, silence), (pays(expected - 5), Silence::default()));
    }
}

#[test]
fn given_all_meters_heard_to_the_end_when_finished_then_no_silence_is_left() {
    let mut page = PageSilence::new(silence_of(DEAR, pays(10)), Some(4));
    page.extend(3, TARIFF, pays(1));
    let (paid, silence) = page.finish(WhSum(0), WhSum(0), TARIFF);
    assert_eq!((paid, silence), (receives(11), Silence::default()));
    // Nothing of it is left in the next one.
    let mut page = PageSilence::new(silence, Some(4));
    page.extend(0, TARIFF, pays(1));
    let (paid, _) = page.finish(WhSum(1_000), WhSum(0), DEAR);
    assert_eq!(paid, pays(300 - 1));
}

#[test]
fn given_registers_heard_at_the_start_of_a_page_when_finished_then_its_windows_begin_a_silence() {
    let mut page = PageSilence::new(silence_of(TARIFF, pays(5)), Some(0));
    page.extend(0, CHEAP, pays(1));
    let (paid, silence) = page.finish(WhSum(0), WhSum(0), DEAR);
    assert_eq!(paid, receives(5));
    assert_eq!(silence, silence_of(CHEAP, pays(1)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Alone: whichever readings are withheld, once the registers are heard nothing was gained by it.
    #[test]
    fn given_any_values_withheld_when_registers_are_heard_then_nothing_is_gained(pages in any_pages()) {
        let honest: Vec<_> = pages.iter().map(Page::all_heard).collect();
        prop_assert!(cost_of(&pages) >= cost_of(&honest));
    }

    /// From the beginning of a market or of a service, when nobody knows what the registers showed: nor by that.
    #[test]
    fn given_meters_silent_from_the_beginning_when_they_are_heard_then_nothing_is_gained(
        pages in any_pages(), more in [(0..2_000u64, 0..2_000u64), (0..2_000u64, 0..2_000u64)]
    ) {
        let honest: Vec<_> = pages.iter().map(Page::all_heard).collect();
        let cost = cost_of(&honest);
        prop_assert!(cost_from_the_beginning(&pages, more) >= cost);
        // Who is heard there pays for nothing of before.
        prop_assert_eq!(cost_from_the_beginning(&honest, more), cost);
    }

    /// With a friend who takes the other side of every contract: together they pay what the tariff says, at least.
    #[test]
    fn given_any_values_withheld_by_two_friends_when_registers_are_heard_then_nothing_is_gained(
        mine in any_pages(), friends in any_pages()
    ) {
        let theirs: Vec<_> = mine.iter().zip(friends.iter().cycle()).map(|(mine, theirs)| {
            let mut theirs = theirs.clone();
            for (theirs, mine) in theirs.windows.iter_mut().zip(&mine.windows) {
                theirs.contract = contract(mine.contract.sold.0, mine.contract.bought.0);
                theirs.tariff = mine.tariff;
            }
            theirs
        }).collect();
        let honest = |pages: &[Page]| cost_of(&pages.iter().map(Page::all_heard).collect::<Vec<_>>());
        let together = cost_of(&mine) + cost_of(&theirs);
        prop_assert!(together >= honest(&mine) + honest(&theirs));
        // What trading with each other can save them is what their flows net to, never more.
        let windows = |pages: &[Page]| pages.iter().flat_map(|page| page.windows.clone()).collect::<Vec<_>>();
        let netted: i64 = windows(&mine).iter().zip(windows(&theirs)).map(|(mine, theirs)| {
            let net = mine.moved() + theirs.moved();
            net * i64::from(if net > 0 { mine.tariff.short.0 } else { mine.tariff.long.0 })
        }).sum();
        prop_assert!(together >= netted);
    }

    #[test]
    fn given_silent_windows_when_added_in_any_order_then_the_silence_is_the_same(
        (windows, shuffled) in vec((any_tariff(), 0..1_000i64), 0..20)
            .prop_flat_map(|windows| (Just(windows.clone()), Just(windows).prop_shuffle()))
    ) {
        let silence_of = |windows: &[(Tariff, i64)]| {
            let mut silence = Silence::default();
            for (tariff, owed) in windows {
                silence.extend(*tariff, NetMilliAtoms(*owed));
            }
            silence
        };
        prop_assert_eq!(silence_of(&windows), silence_of(&shuffled));
    }
}

#[test]
fn given_a_silence_when_another_supplier_goes_on_then_it_pays_nothing_for_what_was_before() {
    let silence = |lowest, owed| Silence {
        windows: 3,
        dearest: Price(300_000),
        lowest: Price(lowest),
        owed: NetMilliAtoms(owed),
    };
    assert_eq!(silence(80_000, 9).with_another_supplier(), silence(0, 0));
    assert_eq!(silence(-5, 9).with_another_supplier(), silence(-5, 0));
    let cost = silence(80_000, 9).with_another_supplier();
    assert_eq!(cost.cost(WhSum(2), WhSum(7)), NetMilliAtoms(600_000));
}
