//! How a page ends for a seat: what no interval's value tells of is charged, and what a silence kept back is paid back.
//!
//! Section *final* of decision 23. The program charges it, and whoever explains a bill works out the same.

use joulebook_layout::{
    market::{Page, PageWindow},
    oracle::{Meter, PageRegisters},
};
use joulebook_units::{NetMilliAtoms, Price, WhSum};

use crate::{position::Flow, PageSilence, Silence, Tariff};

/// What a seat's meters leave over in a page that the oracle has finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOver {
    /// Wh that came to light, to be settled as drawn.
    pub charged: WhSum,
    /// Wh that came to light, to be settled as fed in.
    pub credited: WhSum,
    /// Wh that meters drew and fed in at most until their counting began, late; they never pay.
    pub most_charged: WhSum,
    pub most_credited: WhSum,
    /// The last boundary at which all meters are known, if none is silent.
    heard: Option<u16>,
    is_silent: bool,
    /// Not the counting of all meters begins with this page.
    goes_on: bool,
    /// The service of a meter goes on behind this page.
    stays: bool,
    /// The service of a meter ends with this page, and it was not heard until then: no register will ever tell of it.
    is_lost: bool,
}

impl LeftOver {
    /// Adds a meter that serves in the page. Sums stay at the most that fits.
    #[inline]
    pub fn add(&mut self, meter: &Meter, registers: &PageRegisters, page: &Page) {
        // Where it begins later because values tell of all before, registers of before were silent.
        self.goes_on |= registers.begins == 0 || meter.counted_from < page.start;
        let ends = meter.service_until <= page.start.saturating_add(page.length());
        self.stays |= !ends;
        self.is_lost |= ends && registers.heard_until() != Some(page.windows);
        self.charged.0 = self.charged.0.saturating_add(registers.import);
        self.credited.0 = self.credited.0.saturating_add(registers.export);
        if registers.begins_late != 0 {
            self.most_charged.0 = self.most_charged.0.saturating_add(meter.late_import);
            self.most_credited.0 = self.most_credited.0.saturating_add(meter.late_export);
        }
        match registers.heard_until() {
            Some(last) => self.heard = Some(self.heard.map_or(last, |heard| heard.min(last))),
            None => self.is_silent = true,
        }
    }

    /// Whether a window is behind the last boundary at which all meters are known.
    #[inline]
    fn is_behind(&self, window: u16) -> bool {
        self.is_silent || self.heard.is_some_and(|heard| heard <= window)
    }

    /// Windows of the page before the last boundary at which all meters are known; none if one was not heard, or there is
    /// none.
    #[inline]
    pub fn heard_windows(&self) -> Option<u16> {
        self.heard.filter(|_| !self.is_silent)
    }

    /// Whether what a silence kept back until then has no part in what is paid: it is not needed to know it.
    pub fn forgets(&self) -> bool {
        !self.goes_on
    }
}

/// How a page ends for a seat: its windows one after the other, then [`finish`](Ending::finish).
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    silence: PageSilence,
    left: LeftOver,
}

/// What a page's end comes to for a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// For what came to light, less what is paid back; below zero, received.
    pub pays: NetMilliAtoms,
    /// What goes on.
    pub silence: Silence,
}

impl Ending {
    /// With the silence of the pages before; `is_of_another` if its last windows had another supplier than this page.
    ///
    /// Where no register will ever tell of it, there is nothing to be paid back: before all of the seat's meters begin to be
    /// counted with this page, and once no meter is in service. Nor does one supplier pay for the windows of another.
    #[inline]
    pub fn new(left: LeftOver, before: Silence, is_of_another: bool) -> Ending {
        let before = match (left.goes_on, is_of_another) {
            (false, _) => Silence::default(),
            (true, false) => before,
            (true, true) => before.with_another_supplier(),
        };
        let mut silence = PageSilence::new(before, left.heard_windows());
        silence.begin_late(left.most_charged, left.most_credited);
        Ending { silence, left }
    }

    /// Pages before this one were left out: energy of them has no prices of its own, and has the [worst](worst_prices) of the
    /// page in which it comes to light.
    #[inline]
    pub fn follow_gap(&mut self, worst: Tariff, is_of_another: bool) {
        self.silence.follow_gap(if is_of_another {
            worst.with_another_supplier()
        } else {
            worst
        });
    }

    /// Whether window number `window` of the page is silent. What registers tell of it later has its prices at least, whatever a
    /// verifier's value says by now.
    #[inline]
    pub fn is_silent(&self, window: u16, flow: Flow) -> bool {
        matches!(flow, Flow::Partial(_)) || self.left.is_behind(window)
    }

    /// Adds a silent window of the page, and what it keeps back.
    #[inline]
    pub fn extend(&mut self, window: u16, tariff: Tariff, owed: NetMilliAtoms) {
        self.silence.extend(window, tariff, owed);
    }

    /// What is paid back of what the silence kept, whatever is charged.
    pub fn paid_back(&self) -> NetMilliAtoms {
        self.silence.paid_back()
    }

    /// What no interval's value tells of is charged at the worst prices; what a silence kept back is paid if it has ended, and
    /// never if the meter that was silent is out of service.
    #[inline]
    pub fn finish(self, worst: Tariff) -> Ended {
        let left = self.left;
        let (pays, mut silence) = self.silence.finish(left.charged, left.credited, worst);
        if !left.stays {
            silence = Silence::default();
        } else if left.is_lost {
            silence.owed = NetMilliAtoms::ZERO;
        }
        Ended { pays, silence }
    }
}

/// Whether pages before this one were left out. The first one has none before it.
#[inline]
pub fn follows_gap(page: &Page) -> bool {
    page.previous != Page::NEVER && page.previous.saturating_add(page.length()) != page.start
}

/// The highest retail price and the lowest feed-in tariff of a page's windows.
#[inline]
pub fn worst_prices(windows: &[PageWindow]) -> Tariff {
    Tariff {
        short: Price(windows.iter().map(|window| window.short).max().unwrap_or(0)),
        long: Price(windows.iter().map(|window| window.long).min().unwrap_or(0)),
    }
}
