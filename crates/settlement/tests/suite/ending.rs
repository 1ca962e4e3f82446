//! How pages end for seats: by hand, and against a plain model of what the program charges.

use joulebook_layout::{
    market::{Page, PageWindow},
    oracle::{Meter, PageRegisters},
};
use joulebook_settlement::{
    ending::{follows_gap, worst_prices},
    position::Flow,
    Ended, Ending, LeftOver, Silence, Tariff,
};
use joulebook_units::{NetMilliAtoms, Price};
use proptest::{collection::vec, option, prelude::*};

use crate::{
    model,
    support::{net, pays, receives, TARIFF},
    windows::any_tariff,
};

/// Windows of a page, of 300 s.
const WINDOWS: u16 = 4;
const LENGTH: i64 = 1_200;
const START: i64 = 12_000;

fn page() -> Page {
    Page {
        start: START,
        previous: START - LENGTH,
        window_seconds: 300,
        windows: WINDOWS,
        ..Page::default()
    }
}

/// What a page has of a meter that goes on: energy that came to light, and the last boundary at which it was heard.
fn registers(import: u64, export: u64, heard: Option<u16>) -> PageRegisters {
    PageRegisters {
        import,
        export,
        known: heard.is_some().into(),
        last: heard.unwrap_or(0),
        finished: 1,
        ..PageRegisters::default()
    }
}

fn meter() -> Meter {
    Meter {
        service_until: i64::MAX,
        ..Meter::default()
    }
}

fn left_over(meters: &[(Meter, PageRegisters)]) -> LeftOver {
    let mut left = LeftOver::default();
    for (meter, registers) in meters {
        left.add(meter, registers, &page());
    }
    left
}

fn silence(windows: &[(Tariff, i64)]) -> Silence {
    let mut silence = Silence::default();
    for (tariff, owed) in windows {
        silence.extend(*tariff, NetMilliAtoms(*owed));
    }
    silence
}

/// 100 Wh kept silent over one window, in which not taking what was bought kept 5 back.
fn before() -> Silence {
    silence(&[(TARIFF, 5_000_000)])
}

#[test]
fn given_a_silence_that_ends_when_the_page_is_final_then_energy_costs_its_prices_and_the_rest_comes_back(
) {
    let left = left_over(&[(meter(), registers(100, 0, Some(4)))]);
    let ending = Ending::new(left, before(), false);
    assert_eq!(ending.paid_back(), pays(5));
    let ended = ending.finish(Tariff::default());
    // 100 × 300,000
    let expected = Ended {
        pays: pays(30 - 5),
        silence: Silence::default(),
    };
    assert_eq!(ended, expected);
}

#[test]
fn given_a_meter_not_heard_when_the_page_is_final_then_its_silence_goes_on() {
    let left = left_over(&[(meter(), registers(0, 0, None))]);
    let mut ending = Ending::new(left, before(), false);
    assert!((0..WINDOWS).all(|window| ending.is_silent(window, Flow::Whole(net(0)))));
    ending.extend(0, TARIFF, pays(1));
    assert_eq!(ending.paid_back(), pays(0));
    let expected = Ended {
        pays: pays(0),
        silence: silence(&[(TARIFF, 5_000_000), (TARIFF, 1_000_000)]),
    };
    assert_eq!(ending.finish(TARIFF), expected);
}

#[test]
fn given_a_meter_heard_in_the_middle_when_its_windows_are_asked_then_those_behind_are_silent() {
    let left = left_over(&[
        (meter(), registers(0, 0, Some(4))),
        (meter(), registers(0, 0, Some(2))),
    ]);
    let ending = Ending::new(left, Silence::default(), false);
    let silent = |window| ending.is_silent(window, Flow::Whole(net(0)));
    assert_eq!([0, 1, 2, 3].map(silent), [false, false, true, true]);
    assert!(ending.is_silent(0, Flow::Partial(net(0))));
    assert_eq!(left.heard_windows(), Some(2));
}

#[test]
fn given_a_counting_that_begins_when_the_page_is_final_then_nothing_of_before_is_paid_back() {
    let begins = PageRegisters {
        begins: 1,
        ..registers(0, 0, Some(4))
    };
    let counted = Meter {
        counted_from: START,
        ..meter()
    };
    let left = left_over(&[(counted, begins)]);
    assert!(left.forgets());
    let ended = Ending::new(left, before(), false).finish(TARIFF);
    assert_eq!((ended.pays, ended.silence), (pays(0), Silence::default()));
}

#[test]
fn given_a_service_that_ends_when_the_page_is_final_then_nobody_waits_for_its_meter() {
    let gone = Meter {
        service_until: START + LENGTH,
        ..meter()
    };
    let alone = left_over(&[(gone, registers(0, 0, None))]);
    let ended = Ending::new(alone, before(), false).finish(TARIFF);
    assert_eq!((ended.pays, ended.silence), (pays(0), Silence::default()));
    // Beside one that goes on, the silence does; what it kept is not paid.
    let beside = left_over(&[
        (gone, registers(0, 0, None)),
        (meter(), registers(0, 0, Some(4))),
    ]);
    let ended = Ending::new(beside, before(), false).finish(TARIFF);
    let kept = Silence {
        owed: pays(0),
        ..before()
    };
    assert_eq!((ended.pays, ended.silence), (pays(0), kept));
}

#[test]
fn given_another_supplier_when_a_silence_ends_then_it_pays_nothing_for_what_was_before() {
    let left = left_over(&[(meter(), registers(0, 100, Some(4)))]);
    let ended = |is_of_another| {
        Ending::new(left, before(), is_of_another)
            .finish(TARIFF)
            .pays
    };
    // 100 × 80,000 fed in, and what was kept.
    assert_eq!((ended(false), ended(true)), (receives(8 + 5), pays(0)));
}

#[test]
fn given_a_page_behind_a_gap_when_it_is_asked_then_it_says_so() {
    let previous = |previous| Page { previous, ..page() };
    assert!(!follows_gap(&previous(START - LENGTH)));
    assert!(!follows_gap(&previous(Page::NEVER)));
    assert!(follows_gap(&previous(START - 2 * LENGTH)));
}

#[test]
fn given_prices_of_windows_when_the_worst_are_asked_then_each_may_be_of_another() {
    let window = |short, long| PageWindow {
        short,
        long,
        ..PageWindow::default()
    };
    let worst = worst_prices(&[window(300, 80), window(500, 90), window(200, -10)]);
    assert_eq!((worst.short, worst.long), (Price(500), Price(-10)));
    assert_eq!(worst_prices(&[]), Tariff::default());
}

/// A meter in a page.
#[derive(Clone, Debug)]
struct MeterCase {
    import: u64,
    export: u64,
    heard: Option<u16>,
    begins: bool,
    is_counted_before: bool,
    late: Option<(u64, u64)>,
    ends: bool,
}

impl MeterCase {
    fn told(&self) -> (Meter, PageRegisters) {
        let (late_import, late_export) = self.late.unwrap_or_default();
        let meter = Meter {
            late_import,
            late_export,
            counted_from: if self.is_counted_before {
                START - 1
            } else {
                START
            },
            service_until: if self.ends { START + LENGTH } else { i64::MAX },
            ..Meter::default()
        };
        let registers = PageRegisters {
            begins: self.begins.into(),
            begins_late: self.late.is_some().into(),
            ..registers(self.import, self.export, self.heard)
        };
        (meter, registers)
    }
}

fn any_meter() -> impl Strategy<Value = MeterCase> {
    let energy = || prop_oneof![Just(0), 0..2_000u64];
    let heard = prop_oneof![Just(None), Just(Some(WINDOWS)), option::of(0..=WINDOWS)];
    let late = option::of((energy(), energy()));
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.2));
    let parts = (energy(), energy(), heard, late, flags);
    parts.prop_map(|(import, export, heard, late, flags)| MeterCase {
        import,
        export,
        heard,
        begins: flags.0,
        is_counted_before: flags.1,
        late,
        ends: flags.2,
    })
}

/// A page of a seat: its meters, its windows' prices, and of each whether a value is missing and what it keeps then.
#[derive(Clone, Debug)]
struct Case {
    meters: Vec<MeterCase>,
    windows: Vec<(Tariff, bool, i64)>,
    before: Vec<(Tariff, i64)>,
    is_of_another: bool,
    is_behind_gap: bool,
}

fn any_case() -> impl Strategy<Value = Case> {
    let window = (any_tariff(), any::<bool>(), 0..1_000i64);
    let before = vec((any_tariff(), 0..1_000i64), 0..4);
    let parts = (
        vec(any_meter(), 0..4),
        vec(window, usize::from(WINDOWS)),
        before,
        any::<bool>(),
        any::<bool>(),
    );
    parts.prop_map(
        |(meters, windows, before, is_of_another, is_behind_gap)| Case {
            meters,
            windows,
            before,
            is_of_another,
            is_behind_gap,
        },
    )
}

impl Case {
    fn worst(&self) -> Tariff {
        let windows = self.windows.iter().map(|(tariff, ..)| PageWindow {
            short: tariff.short.0,
            long: tariff.long.0,
            ..PageWindow::default()
        });
        worst_prices(&windows.collect::<Vec<_>>())
    }

    fn ended(&self) -> Ended {
        let told: Vec<_> = self.meters.iter().map(MeterCase::told).collect();
        let left = left_over(&told);
        let mut ending = Ending::new(left, silence(&self.before), self.is_of_another);
        if self.is_behind_gap {
            ending.follow_gap(self.worst(), self.is_of_another);
        }
        for (number, (tariff, is_missing, owed)) in (0..).zip(&self.windows) {
            let flow = match is_missing {
                true => Flow::Partial(net(0)),
                false => Flow::Whole(net(0)),
            };
            if ending.is_silent(number, flow) {
                ending.extend(number, *tariff, NetMilliAtoms(*owed));
            }
        }
        ending.finish(self.worst())
    }

    /// What the rules say, window by window.
    fn expected(&self) -> (i128, model::Silence) {
        let heard: Option<Vec<u16>> = self.meters.iter().map(|meter| meter.heard).collect();
        let is_unheard = heard.is_none();
        let heard = heard.and_then(|heard| heard.into_iter().min());
        let mut goes_on = self
            .meters
            .iter()
            .map(|one| !one.begins || one.is_counted_before);
        let mut before = match goes_on.any(|goes_on| goes_on) {
            true => self.before.clone(),
            false => vec![],
        };
        for (tariff, owed) in before.iter_mut().filter(|_| self.is_of_another) {
            tariff.long = tariff.long.min(Price(0));
            *owed = 0;
        }
        let numbered = (0u16..).zip(&self.windows);
        let is_behind = |number: u16| is_unheard || heard.is_some_and(|heard| heard <= number);
        let silent: Vec<(u16, Tariff, i64)> = numbered
            .filter(|(number, (_, is_missing, _))| *is_missing || is_behind(*number))
            .map(|(number, (tariff, _, owed))| (number, *tariff, *owed))
            .collect();
        let mut prices: Vec<Tariff> = before.iter().map(|(tariff, _)| *tariff).collect();
        prices.extend(silent.iter().map(|(_, tariff, _)| *tariff));
        let is_without = prices.is_empty();
        if self.is_behind_gap || is_without {
            prices.extend(self.windows.iter().map(|(tariff, ..)| Tariff {
                long: match self.is_behind_gap && self.is_of_another {
                    true => tariff.long.min(Price(0)),
                    false => tariff.long,
                },
                ..*tariff
            }));
        }
        let dearest = prices
            .iter()
            .map(|tariff| tariff.short.0)
            .max()
            .map_or(0, i128::from);
        let lowest = prices
            .iter()
            .map(|tariff| tariff.long.0)
            .min()
            .map_or(0, i128::from);
        let mut amount = 0;
        for meter in &self.meters {
            amount += i128::from(meter.import) * dearest - i128::from(meter.export) * lowest;
            let (import, export) = meter.late.unwrap_or_default();
            amount += i128::from(import) * dearest.max(0) - i128::from(export) * lowest.min(0);
        }
        let mut rest: Vec<(Tariff, i64)> = vec![];
        match heard {
            Some(heard) => {
                amount -= before
                    .iter()
                    .map(|(_, owed)| i128::from(*owed))
                    .sum::<i128>();
                for (number, tariff, owed) in silent {
                    if number < heard {
                        amount -= i128::from(owed);
                    } else {
                        rest.push((tariff, owed));
                    }
                }
            }
            None => {
                rest = before;
                rest.extend(silent.into_iter().map(|(_, tariff, owed)| (tariff, owed)));
                // What was left out has the prices of this page at least, whenever it comes to light.
                if let Some((tariff, _)) = rest.first_mut().filter(|_| self.is_behind_gap) {
                    tariff.short = tariff.short.max(Price(i32::try_from(dearest).unwrap()));
                    tariff.long = tariff.long.min(Price(i32::try_from(lowest).unwrap()));
                }
            }
        }
        if self.meters.iter().all(|meter| meter.ends) {
            rest.clear();
        }
        if self
            .meters
            .iter()
            .any(|meter| meter.ends && meter.heard != Some(WINDOWS))
        {
            rest.iter_mut().for_each(|(_, owed)| *owed = 0);
        }
        (amount, model::Silence(rest))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn given_any_page_when_it_is_final_then_it_costs_what_the_model_says(case in any_case()) {
        let ended = case.ended();
        let (amount, rest) = case.expected();
        prop_assert_eq!(i128::from(ended.pays.0), amount);
        let silence = ended.silence;
        prop_assert_eq!(silence.windows as usize, rest.0.len());
        prop_assert_eq!(i128::from(silence.owed.0), rest.owed());
        if silence.windows > 0 {
            prop_assert_eq!((silence.dearest.0, silence.lowest.0), (rest.dearest(), rest.lowest()));
        }
    }

    /// Whoever is silent for a page longer gains nothing by it.
    #[test]
    fn given_energy_of_a_gap_when_it_is_told_a_page_later_then_it_pays_no_less(
        case in any_case(),
        next in vec(any_tariff(), usize::from(WINDOWS)),
        (import, export) in (0..2_000u64, 0..2_000u64),
    ) {
        let meter = |heard, import, export| MeterCase {
            import,
            export,
            heard,
            begins: false,
            is_counted_before: true,
            late: None,
            ends: false,
        };
        let page = |meter, prices: &Case| Case {
            meters: vec![meter],
            is_behind_gap: true,
            windows: prices.windows.iter().map(|(tariff, ..)| (*tariff, false, 0)).collect(),
            before: vec![],
            ..prices.clone()
        };
        let at_once = page(meter(Some(WINDOWS), import, export), &case).ended();
        let silent = page(meter(None, 0, 0), &case).ended();
        prop_assert_eq!(silent.pays.0, 0);
        let (next_meter, registers) = meter(Some(WINDOWS), import, export).told();
        let left = left_over(&[(next_meter, registers)]);
        let worst = next.iter().map(|tariff| PageWindow {
            short: tariff.short.0,
            long: tariff.long.0,
            ..PageWindow::default()
        });
        let worst = worst_prices(&worst.collect::<Vec<_>>());
        let later = Ending::new(left, silent.silence, false).finish(worst);
        prop_assert!(later.pays >= at_once.pays, "{later:?} {at_once:?}");
    }
}
