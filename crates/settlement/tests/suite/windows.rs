//! Pages of a seat with two meters, some of whose readings come, and what they cost in the end.

use joulebook_settlement::{
    position::{final_due, Flow},
    Contract, PageSilence, Silence, Tariff,
};
use joulebook_units::{Price, Wh, WhSum};
use proptest::{collection::vec, prelude::*};

use crate::support::{contract, net};

/// Windows of a page.
const WINDOWS: usize = 4;

/// Prices that nobody would ever pay or get: an energy priced at them shows.
const NO_PRICES: Tariff = Tariff {
    short: Price(i32::MIN),
    long: Price(i32::MAX),
};

/// A window of a seat: contracts, what its two meters really drew and fed in, prices.
#[derive(Clone, Debug)]
pub struct Window {
    pub contract: Contract,
    pub flows: [(u32, u32); 2],
    pub tariff: Tariff,
    pub draw: Wh,
}

/// A page, and of each meter the boundaries that readings are known at, as bits.
#[derive(Clone, Debug)]
pub struct Page {
    pub windows: [Window; WINDOWS],
    pub known: [u8; 2],
}

pub fn any_tariff() -> impl Strategy<Value = Tariff> {
    (-500..500i32, -500..500i32).prop_map(|(one, other)| Tariff {
        short: Price(one.max(other)),
        long: Price(one.min(other)),
    })
}

pub fn any_window() -> impl Strategy<Value = Window> {
    let flow = || (0..1_000u32, 0..1_000u32);
    let traded = (0..2_000u32, 0..2_000u32);
    let parts = (traded, flow(), flow(), any_tariff(), 0..300u32);
    parts.prop_map(|((bought, sold), one, other, tariff, draw)| Window {
        contract: contract(bought, sold),
        flows: [one, other],
        tariff,
        draw: Wh(draw),
    })
}

/// All readings, none, or any of them.
fn any_known() -> impl Strategy<Value = [u8; 2]> {
    let known = || prop_oneof![Just(Page::ALL), Just(0), 0..=Page::ALL];
    [known(), known()]
}

pub fn any_pages() -> impl Strategy<Value = Vec<Page>> {
    let windows = [any_window(), any_window(), any_window(), any_window()];
    let page = (windows, any_known()).prop_map(|(windows, known)| Page { windows, known });
    vec(page, 1..6)
}

impl Window {
    /// What is known of it if these meters were heard.
    pub fn flow(&self, heard: [bool; 2]) -> Flow {
        let meters = self.flows.iter().zip(heard).filter(|(_, heard)| *heard);
        let sum = meters.map(|((import, export), _)| i64::from(*import) - i64::from(*export));
        let net = net(sum.sum());
        match heard {
            [true, true] => Flow::Whole(net),
            _ => Flow::Partial(net),
        }
    }

    /// Energy that its meters drew, less what they fed in.
    pub fn moved(&self) -> i64 {
        let flows = self.flows.iter();
        flows
            .map(|(import, export)| i64::from(*import) - i64::from(*export))
            .sum()
    }
}

impl Page {
    /// All boundaries.
    const ALL: u8 = (1 << (WINDOWS + 1)) - 1;

    /// The same page if every reading had come.
    pub fn all_heard(&self) -> Page {
        Page {
            windows: self.windows.clone(),
            known: [Page::ALL; 2],
        }
    }

    /// A window has a meter's value if both of its boundaries are known.
    fn has_value(&self, meter: usize, window: usize) -> bool {
        self.known[meter] >> window & 0b11 == 0b11
    }

    fn last_known(&self, meter: usize) -> Option<u16> {
        let known = self.known[meter];
        (0..=WINDOWS as u16)
            .rev()
            .find(|boundary| known >> boundary & 1 == 1)
    }

    /// The last boundary at which both meters are known.
    fn heard_windows(&self) -> Option<u16> {
        Some(self.last_known(0)?.min(self.last_known(1)?))
    }
}

/// What all pages cost in the end, contracts apart: what they leave over is settled once the registers are heard again,
/// at last those after all pages.
pub fn cost_of(pages: &[Page]) -> i64 {
    cost_of_seat(pages, Seat::default())
}

/// The same where the counting of both meters begins with the first window. Unless they are heard there, the most that they
/// can have moved until they are is so much more than what they have, import and export.
pub fn cost_from_the_beginning(pages: &[Page], more: [(u64, u64); 2]) -> i64 {
    let is_told = |meter: usize| pages.first().is_some_and(|page| page.known[meter] & 1 == 1);
    let seat = Seat {
        late: [0, 1].map(|meter| (!is_told(meter)).then_some(more[meter])),
        ..Seat::default()
    };
    cost_of_seat(pages, seat)
}

fn cost_of_seat(pages: &[Page], mut seat: Seat) -> i64 {
    for page in pages {
        seat.finish(page);
    }
    // Registers alone: nothing is bought, sold or moved.
    let mut silence = PageSilence::new(seat.silence, Some(0));
    let mut sums = Sums::default();
    for meter in [0, 1] {
        sums.add(seat.unseen[meter], seat.late[meter]);
    }
    silence.begin_late(sums.at_most.0, sums.at_most.1);
    let (pays, silence) = silence.finish(sums.certain.0, sums.certain.1, NO_PRICES);
    assert_eq!(silence, Silence::default());
    seat.paid + pays.0
}

/// What a seat has paid so far, and what is not known yet.
#[derive(Default)]
struct Seat {
    paid: i64,
    silence: Silence,
    /// Import and export of each meter since its last reading.
    unseen: [(u64, u64); 2],
    /// By how much the most that a meter can have moved is above that, while its counting has not begun.
    late: [Option<(u64, u64)>; 2],
}

/// Energy that came to light.
#[derive(Default)]
struct Sums {
    certain: (WhSum, WhSum),
    at_most: (WhSum, WhSum),
}

impl Sums {
    fn add(&mut self, (import, export): (u64, u64), late: Option<(u64, u64)>) {
        let sum = match late {
            None => &mut self.certain,
            Some(_) => &mut self.at_most,
        };
        let more = late.unwrap_or_default();
        sum.0 .0 += import + more.0;
        sum.1 .0 += export + more.1;
    }
}

impl Seat {
    fn finish(&mut self, page: &Page) {
        let mut silence = PageSilence::new(self.silence, page.heard_windows());
        for (number, window) in page.windows.iter().enumerate() {
            let heard = [0, 1].map(|meter| page.has_value(meter, number));
            let flow = window.flow(heard);
            let due = final_due(window.contract, flow, window.tariff, window.draw);
            self.paid += due.pays.0;
            if heard != [true; 2] {
                silence.extend(number as u16, window.tariff, due.owed);
            }
        }
        let mut sums = Sums::default();
        for meter in [0, 1] {
            let late = match page.last_known(meter) {
                Some(_) => self.late[meter].take(),
                None => None,
            };
            sums.add(self.hear(page, meter), late);
        }
        silence.begin_late(sums.at_most.0, sums.at_most.1);
        let pays;
        (pays, self.silence) = silence.finish(sums.certain.0, sums.certain.1, NO_PRICES);
        self.paid += pays.0;
    }

    /// Import and export of a meter that its last reading brings to light, and no window's value tells of.
    fn hear(&mut self, page: &Page, meter: usize) -> (u64, u64) {
        let unseen = &mut self.unseen[meter];
        let mut seen = (0, 0);
        let last = page.last_known(meter).map(usize::from);
        for boundary in 0..=WINDOWS {
            if last == Some(boundary) {
                seen = std::mem::take(unseen);
            }
            if boundary < WINDOWS && !page.has_value(meter, boundary) {
                let (import, export) = page.windows[boundary].flows[meter];
                unseen.0 += u64::from(import);
                unseen.1 += u64::from(export);
            }
        }
        seen
    }
}
