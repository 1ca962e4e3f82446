//! Two pages of trade and one more in which meters run on, with the same orders, flows and prices whenever it is told.

use joulebook_client::layout::market::{NewOrder, WindowPrices};
use joulebook_sim::Parameters;

use crate::{
    model::{Energy, NewMeter, SUPPLIER},
    random::Random,
    walker::{Flows, Walker},
};

pub const WINDOWS: u16 = 3;
/// Pages with trade, and one behind them.
pub const PAGES: i64 = 3;
/// Five households with seats, the first with two meters.
pub const METERS: u32 = 6;
/// By meter.
const OWNERS: [u16; METERS as usize] = [2, 2, 3, 4, 5, 6];
/// Atoms.
const DEPOSIT: u64 = 400_000_000;

pub struct Story {
    /// By window: who places what.
    orders: Vec<Vec<(u16, NewOrder)>>,
    prices: Vec<WindowPrices>,
    flows: Flows,
    /// What the supplier deposits, atoms.
    pub supplier: u64,
    /// Of every meter, Wh an interval.
    pub standard_draw: u32,
}

/// What everyone has in the end, milli-atoms: what one may still owe taken off.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    pub wealth: Vec<i128>,
    pub fees: i128,
    /// What one can take out of it now, and what one owes.
    pub free_and_debt: Vec<(i128, i128)>,
}

/// The story being told.
pub struct Telling {
    pub walker: Walker,
    /// Start of the first page with trade.
    pub first: i64,
}

/// Start of everything: of a page.
fn beginning() -> i64 {
    let now = Parameters::default().now;
    now - now % (i64::from(WINDOWS) * 300)
}

impl Story {
    pub fn new(seed: u64) -> Story {
        let random = &mut Random::new(seed);
        let mut orders = vec![];
        let mut prices = vec![];
        for _ in 0..PAGES * i64::from(WINDOWS) {
            let batch = (0..random.between(4, 9)).map(|_| some_order(random));
            orders.push(batch.collect());
            prices.push(some_prices(random));
        }
        let mut flows = Flows::new();
        for boundary in 1..=(PAGES + 1) * i64::from(WINDOWS) {
            for meter in 0..METERS {
                let flow = match random.below(4) {
                    0 => (0, 0),
                    1 => (random.below(900), random.below(900)),
                    2 => (0, random.below(900)),
                    _ => (random.below(900), 0),
                };
                flows.insert((meter, beginning() + 300 * boundary), flow);
            }
        }
        Story {
            orders,
            prices,
            flows,
            supplier: DEPOSIT,
            standard_draw: random.below(400) as u32,
        }
    }

    /// Up to the end of the last page; nothing is read or settled yet.
    pub fn tell(&self) -> Result<Telling, String> {
        let mut parameters = Parameters {
            now: beginning(),
            page_windows: WINDOWS,
            pages: 8,
            reading_seconds: 2400,
            correction_seconds: 3600,
            seats: 8,
            lowest_price: -1_000_000,
            highest_price: 1_000_000,
            notice_seconds: 0,
            ..Parameters::default()
        };
        parameters.terms.draw_after = 1;
        let mut walker = Walker::of(parameters, Random::new(0))?;
        walker.flows = Some(self.flows.clone());
        for owner in OWNERS {
            walker.register_meter(NewMeter {
                owner,
                signs: true,
                zone: 0,
                max_import: 100_000,
                max_export: 100_000,
                standard_draw: self.standard_draw,
                shown: Energy::default(),
            })?;
        }
        walker.deposit_atoms(SUPPLIER, SUPPLIER, self.supplier)?;
        for seat in 2..7 {
            walker.deposit_atoms(seat, seat, DEPOSIT)?;
        }
        let first = beginning() + walker.model.span();
        let mut telling = Telling { walker, first };
        telling.trade(self)?;
        Ok(telling)
    }
}

fn some_order(random: &mut Random) -> (u16, NewOrder) {
    let order = NewOrder {
        quantity: random.between(1, 900) as u32,
        tick: random.between(10, 20) as u16,
        client_id: 0,
        side: random.below(2) as u8,
        node: 0,
        reserved: 0,
    };
    (random.between(2, 6) as u16, order)
}

/// Dear, cheap and below zero.
fn some_prices(random: &mut Random) -> WindowPrices {
    let short = random.pick(&[300_000, 100_000, 900_000, 40_000, -50_000]);
    let below = random.pick(&[0, 20_000, 220_000, 600_000]);
    WindowPrices {
        short,
        long: short - below,
        grid_fee: 20_000,
    }
}

impl Telling {
    /// Start of page number `page` of those with meters in service.
    pub fn page(&self, page: i64) -> i64 {
        self.first + page * self.walker.model.span()
    }

    pub fn slot(&self, page: i64) -> i64 {
        self.walker.model.page_slot(self.page(page))
    }

    fn trade(&mut self, story: &Story) -> Result<(), String> {
        let length = self.walker.model.length();
        let traded = (PAGES - 1) * i64::from(WINDOWS);
        let starts = (0..).map(|number| self.first + number * length);
        let starts: Vec<i64> = starts.take(story.orders.len()).collect();
        let windows = starts.iter().zip(&story.orders).zip(&story.prices);
        for (number, ((start, orders), prices)) in windows.enumerate() {
            self.walker.open_pages_up_to(*start)?;
            let model = &self.walker.model;
            let (slot, page_slot) = (model.book_slot(*start), model.page_slot(*start));
            let window = model.window_number(*start);
            self.walker
                .post(page_slot, SUPPLIER, window, vec![*prices])?;
            if (number as i64) < traded {
                self.walker.open_window_in(slot, page_slot, *start)?;
                for (who, order) in orders {
                    self.walker.place(*who, *who, slot, vec![*order])?;
                }
            }
            self.walker.wait_until(*start);
            if (number as i64) < traded {
                self.walker.clear(slot)?;
                self.walker.allocate(slot, page_slot, u16::MAX, None)?;
            }
        }
        self.walker.wait_until(self.page(PAGES));
        self.walker.compare()
    }

    /// Hands in what a meter signed at a boundary of a page, 0 to the number of windows, with that page.
    pub fn read(&mut self, page: i64, meter: u32, boundary: u16) -> Result<(), String> {
        let time = self.page(page) + i64::from(boundary) * self.walker.model.length();
        let signed = self.walker.devices.signed(meter, time);
        let signed = signed.ok_or("the meter has signed nothing then")?;
        self.walker.submit(self.slot(page), vec![(signed, true)])
    }

    /// Every reading of every page, seams with both.
    pub fn readings(&self) -> Vec<(i64, u32, u16)> {
        let pages = (0..PAGES).flat_map(|page| (0..METERS).map(move |meter| (page, meter)));
        pages
            .flat_map(|(page, meter)| (0..=WINDOWS).map(move |boundary| (page, meter, boundary)))
            .collect()
    }

    /// All pages to their end, and what everyone has then.
    pub fn finish(mut self) -> Result<Ending, String> {
        let (seats, meters) = (
            self.walker.model.sizes.seats,
            self.walker.model.sizes.meters,
        );
        for slot in self.walker.unfinished_pages() {
            let start = self.walker.model.pages[&slot].start;
            let end = self.walker.model.corrections_until(start);
            self.walker.wait_until(end.max(self.walker.model.now));
            self.walker.finish_interval_page(slot, meters)?;
            self.walker.finish_page(slot, slot, seats)?;
        }
        self.walker.compare()?;
        Ok(self.ending())
    }

    pub fn ending(&self) -> Ending {
        let model = &self.walker.model;
        let seat = |number: u16| model.seats.get(&number).cloned().unwrap_or_default();
        let seats = 0..model.sizes.seats;
        let wealth = |number: u16| {
            let seat = seat(number);
            seat.free + model.locked(number) + seat.claim() - seat.debt()
        };
        // What the supplier is owed is its own, and what it owes is not.
        let owed: i128 = model
            .seats
            .values()
            .map(|seat| seat.debt() - seat.claim())
            .sum();
        let mut all: Vec<i128> = seats.clone().map(wealth).collect();
        all[usize::from(SUPPLIER)] += owed;
        Ending {
            wealth: all,
            fees: model.fees,
            free_and_debt: seats
                .map(|number| (seat(number).free, seat(number).debt()))
                .collect(),
        }
    }
}
