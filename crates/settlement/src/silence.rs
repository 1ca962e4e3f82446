//! What a seat's row remembers of windows in which its meters were missing for good.

use joulebook_layout::market::Seat;
use joulebook_units::{NetMilliAtoms, Price, WhSum};

use crate::Tariff;

/// From the first window in which a meter was missing until all are heard again. Sums stay at the most that fits: nobody
/// can hold a page up by what is too large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silence {
    /// Windows with a missing meter.
    pub windows: u32,
    /// The highest short price of those windows.
    pub dearest: Price,
    /// The lowest long price of those windows.
    pub lowest: Price,
    /// Paid back when the silence ends.
    pub owed: NetMilliAtoms,
}

impl From<&Seat> for Silence {
    fn from(seat: &Seat) -> Silence {
        Silence {
            windows: seat.silent_windows,
            dearest: Price(seat.dearest),
            lowest: Price(seat.lowest),
            owed: NetMilliAtoms(seat.owed),
        }
    }
}

impl Silence {
    /// Adds a window in which a meter was missing, and what that window keeps back.
    pub fn extend(&mut self, tariff: Tariff, owed: NetMilliAtoms) {
        self.worsen(tariff);
        self.owed.0 = self.owed.0.saturating_add(owed.0);
        self.windows = self.windows.saturating_add(1);
    }

    /// Has its energy cost what it would at these prices, where that is more.
    fn worsen(&mut self, tariff: Tariff) {
        let is_first = self.windows == 0;
        if is_first || tariff.short > self.dearest {
            self.dearest = tariff.short;
        }
        if is_first || tariff.long < self.lowest {
            self.lowest = tariff.long;
        }
    }

    /// As it goes on in the pages of another supplier. Nobody can tell how much of what comes to light flowed before: the
    /// new one pays nothing for it, neither what is owed nor for energy fed in.
    pub fn with_another_supplier(self) -> Silence {
        Silence {
            lowest: self.lowest.min(Price::ZERO),
            owed: NetMilliAtoms::ZERO,
            ..self
        }
    }

    /// What energy costs that flowed unseen: all import at the dearest short price, all export at the lowest long
    /// price.
    pub fn cost(&self, import: WhSum, export: WhSum) -> NetMilliAtoms {
        let drawn = i128::from(import.0).saturating_mul(self.dearest.0.into());
        let fed_in = i128::from(export.0).saturating_mul(self.lowest.0.into());
        let cost = drawn.saturating_sub(fed_in);
        // The lowest number has no opposite.
        let most = i128::from(i64::MAX);
        NetMilliAtoms(cost.clamp(most.saturating_neg(), most) as i64)
    }

    /// What energy costs of which only the most is known that it can have been: it never pays.
    pub fn cost_at_most(&self, import: WhSum, export: WhSum) -> NetMilliAtoms {
        let prices = Silence {
            dearest: self.dearest.max(Price(0)),
            lowest: self.lowest.min(Price(0)),
            ..*self
        };
        prices.cost(import, export)
    }

    /// Writes it into the seat's row.
    pub fn store(&self, seat: &mut Seat) {
        seat.silent_windows = self.windows;
        seat.dearest = self.dearest.0;
        seat.lowest = self.lowest.0;
        seat.owed = self.owed.0;
    }
}

/// What becomes of a seat's silence in a page that is finished: its windows one after the other, then
/// [`finish`](PageSilence::finish).
#[derive(Clone, Copy, Debug)]
pub struct PageSilence {
    /// Windows before the seat's meters were heard, those of earlier pages too.
    heard: Silence,
    /// Windows behind that.
    rest: Silence,
    /// Windows of the page that lie before the last boundary at which all of the seat's meters are known; none if a
    /// meter was not heard at all.
    heard_windows: Option<u16>,
    /// The worst prices of the page, where energy of pages that nobody opened may come to light in it.
    behind_gap: Option<Tariff>,
    /// Import and export of meters until their counting began, late: the most that it can have been.
    at_most: (WhSum, WhSum),
}

impl PageSilence {
    pub fn new(silence: Silence, heard_windows: Option<u16>) -> PageSilence {
        PageSilence {
            heard: silence,
            rest: Silence::default(),
            heard_windows,
            behind_gap: None,
            at_most: (WhSum(0), WhSum(0)),
        }
    }

    /// Pages before this one were left out: their energy has no prices of its own, and what comes to light has these at
    /// least, the highest short and the lowest long price of this page.
    pub fn follow_gap(&mut self, page: Tariff) {
        self.behind_gap = Some(page);
    }

    /// The counting of meters began late in this page: this is the most that they can have moved until then.
    pub fn begin_late(&mut self, import: WhSum, export: WhSum) {
        self.at_most = (import, export);
    }

    /// Adds window number `window` of the page, in which a meter was missing, and what that window keeps back.
    pub fn extend(&mut self, window: u16, tariff: Tariff, owed: NetMilliAtoms) {
        let is_heard = self.heard_windows.is_none_or(|heard| window < heard);
        if is_heard {
            self.heard.extend(tariff, owed);
        } else {
            self.rest.extend(tariff, owed);
        }
    }

    /// What is paid back of what was kept: all of windows before the seat's meters were heard, if they were.
    pub fn paid_back(&self) -> NetMilliAtoms {
        match self.heard_windows {
            Some(_) => self.heard.owed,
            None => NetMilliAtoms::ZERO,
        }
    }

    /// What the seat pays for energy that came to light, less what is paid back; and the silence that goes on. The
    /// energy of one meter may lie behind the last boundary of another: its prices are those of all silent windows. If
    /// there were none, a value was taken back: then `page` has the highest short and the lowest long price of this page.
    pub fn finish(self, import: WhSum, export: WhSum, page: Tariff) -> (NetMilliAtoms, Silence) {
        let mut prices = self.heard;
        if self.rest.windows > 0 {
            let rest = Tariff {
                short: self.rest.dearest,
                long: self.rest.lowest,
            };
            prices.extend(rest, NetMilliAtoms::ZERO);
        }
        if let Some(worst) = self.behind_gap {
            prices.extend(worst, NetMilliAtoms::ZERO);
        }
        if prices.windows == 0 {
            prices.extend(page, NetMilliAtoms::ZERO);
        }
        let (most_import, most_export) = self.at_most;
        let at_most = prices.cost_at_most(most_import, most_export);
        let cost = prices.cost(import, export);
        let cost = NetMilliAtoms(cost.0.saturating_add(at_most.0));
        match self.heard_windows {
            Some(_) => {
                let pays = cost.0.saturating_sub(self.heard.owed.0);
                (NetMilliAtoms(pays), self.rest)
            }
            None => {
                let mut silence = self.heard;
                // Energy of the gap comes to light later, at no better prices than it would have now.
                if let Some(worst) = self.behind_gap {
                    silence.worsen(worst);
                }
                (cost, silence)
            }
        }
    }
}
