//! The same community in a virtual machine, to compare with what came of it on a node.

use std::collections::BTreeMap;

use joulebook_cli::commands::sandbox::FLOWS;
use joulebook_client::{
    layout::market::{MarketTerms, NewOrder, PageWindow, Position},
    market::types::StandingEntry,
    steps::MarketState,
};
use joulebook_metering::register::PowerLimits;
use joulebook_settlement::{Contract, Tariff, Terms};
use joulebook_sim::{
    simulation::{BillLines, Flow},
    LocalCommunity, Parameters,
};
use joulebook_units::{Price, Watts, Wh, MILLI_ATOMS_PER_ATOM};

use crate::world::World;

/// Orders that were placed by hand, by their window's start, in sequence: the seat, and what it ordered.
pub type Placed = BTreeMap<i64, Vec<(u16, NewOrder)>>;

/// What happened on the node.
pub struct Happened<'a> {
    pub founded: &'a MarketState,
    pub found: &'a MarketState,
    /// Starts of the windows that were opened.
    pub opened: &'a [i64],
    pub placed: &'a Placed,
    /// Between two page boundaries.
    pub span: (i64, i64),
}

/// What it comes to in the virtual machine.
pub struct Replayed {
    /// Wh.
    pub traded: u64,
    /// What each household pays, by the simulation's formulas.
    pub bills: Vec<BillLines>,
    /// The start of the first window in them: what was before is not in the ring of pages any more.
    pub since: i64,
}

/// Compares what became of the windows between two page boundaries with what becomes of them in a virtual machine in which
/// the same windows are opened, the same orders are placed by hand, and all steps are taken in time.
pub fn check(world: &World, happened: &Happened) -> Replayed {
    let (from, until) = happened.span;
    let mut replay = Replay::of(world, happened.founded);
    let length = i64::from(happened.founded.market.window_seconds);
    let mut start = from;
    while start < until {
        let placed = happened.placed.get(&start).map_or(&[][..], Vec::as_slice);
        replay.window(start, happened.opened.contains(&start), placed);
        start += length;
    }
    replay.settle(until);
    let found = told(happened.found, from, until);
    let since = *found.keys().next().expect("a window");
    let replayed = told(&replay.community.market_state(), since, until);
    let mut traded = 0;
    for (start, (window, positions)) in found {
        let (expected, expected_positions) = &replayed[&start];
        let shown = |window: &PageWindow| {
            (
                window.volume,
                window.price,
                window.orders,
                window.market_fees,
                window.low,
                window.high,
            )
        };
        assert_eq!(shown(&window), shown(expected), "the window at {start}");
        assert_eq!(
            &positions, expected_positions,
            "positions of the window at {start}"
        );
        traded += window.volume;
    }
    let bills = replay.bills(&replayed);
    Replayed {
        traded,
        bills,
        since,
    }
}

/// Windows and positions, by start.
type Told = BTreeMap<i64, (PageWindow, Vec<Position>)>;

/// Those of a market between two times.
fn told(state: &MarketState, from: i64, until: i64) -> Told {
    let mut told = BTreeMap::new();
    for page in &state.pages {
        for (number, window) in (0u16..).zip(&page.windows) {
            let end = page.header.end_of(number);
            let start = end.saturating_sub(page.header.window_seconds.into());
            if (from..until).contains(&start) {
                let seats = 0..page.header.seats;
                let positions = seats.filter_map(|seat| page.position(number, seat).copied());
                told.insert(start, (*window, positions.collect()));
            }
        }
    }
    told
}

/// The same community in a virtual machine.
struct Replay {
    community: LocalCommunity,
    /// From when on meters count.
    service: i64,
    /// By household, then by start: import and export, Wh.
    flows: Vec<BTreeMap<i64, (u32, u32)>>,
}

impl Replay {
    /// Founds it with what the node's has.
    fn of(world: &World, founded: &MarketState) -> Replay {
        let (market, table) = (&founded.market, &founded.meter_table);
        let service = world.sandbox.households[0].meters[0].service_from;
        let terms: MarketTerms = market.terms;
        let parameters = Parameters {
            now: service - 1_200,
            window_seconds: market.window_seconds,
            books: market.books,
            page_windows: market.page_windows,
            pages: market.pages,
            reading_seconds: table.header.reading_seconds,
            correction_seconds: table.header.correction_seconds,
            meters: table.header.capacity,
            power_cap: table.header.power_cap,
            seats: market.seats,
            orders: market.orders,
            ticks: market.ticks,
            history: market.history,
            standing_orders: true,
            max_orders_per_seat: market.max_orders_per_seat,
            room_per_seat: market.room_per_seat,
            lowest_price: market.lowest_price,
            highest_price: market.highest_price,
            highest_grid_fee: market.highest_grid_fee,
            tariff: market.tariffs[0].half_hours[0],
            terms,
            ..Parameters::default()
        };
        let mut community = LocalCommunity::new(parameters).expect("a community");
        let seats = &founded.ledger.seats;
        let atoms = |seat: u16| seats[usize::from(seat)].free / MILLI_ATOMS_PER_ATOM;
        let supplier = atoms(world.sandbox.supplier.seat);
        community.fund_supplier(supplier).expect("money");
        let standing = founded.standing_orders.as_ref().expect("standing orders");
        let mut flows = vec![];
        for household in &world.sandbox.households {
            let place = community.take_seat(&household.name).expect("a seat");
            assert_eq!(community.households[place].seat, household.seat);
            let meter = &table.meters[usize::from(household.meters[0].index)];
            let limits = PowerLimits {
                import: Watts(meter.max_import),
                export: Watts(meter.max_export),
            };
            community.add_limited_meter(place, limits).expect("a meter");
            community
                .deposit(place, atoms(household.seat))
                .expect("money");
            let row = &standing.seats[usize::from(household.seat)];
            let entries = (0u8..)
                .zip(&row.orders)
                .filter(|(place, _)| row.has(*place));
            let entries: Vec<StandingEntry> = entries
                .map(|(place, order)| StandingEntry {
                    place,
                    rule: Some(order.rule),
                })
                .collect();
            community
                .enter_standing_orders(place, entries)
                .expect("standing orders");
            flows.push(flows_of(world, &household.name));
        }
        Replay {
            community,
            service,
            flows,
        }
    }

    /// Lets a window come and its gate close, with a book that was opened for it or none.
    fn window(&mut self, start: i64, is_opened: bool, placed: &[(u16, NewOrder)]) {
        let terms = self.community.parameters.terms;
        let opens = start - i64::from(terms.horizon);
        // No later window opens before this one's gate has closed.
        let gate = start - i64::from(terms.gate_lead);
        if is_opened {
            self.pass(opens);
            self.place(start, placed);
        }
        self.pass(gate);
        let page = self.community.addresses.page_seconds();
        if start.rem_euclid(page) == 0 && start > self.service {
            self.community.chain.set_time(start);
            self.tell(start - page);
        }
    }

    /// All that is due by then is done.
    fn pass(&mut self, time: i64) {
        if time > self.community.chain.now() {
            self.community.chain.set_time(time);
        }
        self.community.keep().expect("kept");
    }

    fn place(&mut self, start: i64, placed: &[(u16, NewOrder)]) {
        for (seat, order) in placed {
            let mut households = self.community.households.iter();
            let place = households.position(|household| household.seat == *seat);
            let place = place.expect("a household's seat");
            let done = self.community.place(place, start, vec![*order]);
            done.expect("placed");
        }
    }

    /// By the simulation's formulas, of windows and positions that are `told`.
    fn bills(&self, told: &Told) -> Vec<BillLines> {
        let parameters = &self.community.parameters;
        let terms = Terms {
            tariff: Tariff {
                short: Price(parameters.tariff.short),
                long: Price(parameters.tariff.long),
            },
            grid_fee: Price(parameters.terms.grid_fee),
            fee_bps: parameters.terms.fee_bps,
            min_lock: Price(parameters.terms.min_lock),
        };
        let mut bills = vec![];
        for (household, flows) in self.community.households.iter().zip(&self.flows) {
            let mut bill = BillLines::default();
            for (start, (window, positions)) in told {
                let position = positions[usize::from(household.seat)];
                let contract = Contract {
                    bought: Wh(position.bought),
                    sold: Wh(position.sold),
                };
                let (import, export) = flows.get(start).copied().unwrap_or_default();
                let flow = Flow {
                    import: Wh(import),
                    export: Wh(export),
                };
                let price = (window.volume > 0).then_some(Price(window.price));
                bill += BillLines::of(price, contract, flow, &terms);
            }
            bills.push(bill);
        }
        bills
    }

    /// The last page is over.
    fn settle(&mut self, end: i64) {
        self.community.chain.set_time(end);
        self.tell(end - self.community.addresses.page_seconds());
        self.community.keep().expect("kept");
    }

    /// All meters sign what flowed in the page, if they were in service.
    fn tell(&mut self, page: i64) {
        let binding = self.community.binding();
        let seconds = self.community.addresses.page_seconds();
        let length = i64::from(self.community.parameters.window_seconds);
        let mut profiles = vec![];
        for (household, flows) in self.community.households.iter_mut().zip(&self.flows) {
            let starts = (page..page + seconds).step_by(length as usize);
            let values: Vec<(u32, u32)> = starts
                .map(|start| flows.get(&start).copied().unwrap_or_default())
                .collect();
            let device = &mut household.devices[0];
            profiles.push(device.signed_profile(&binding, page + seconds, &values));
        }
        let submitted = self.community.submit_profiles(page, profiles);
        submitted.expect("heard");
    }
}

/// What flows through the meters of a household: import and export, Wh, by the start of the window.
pub fn flows_of(world: &World, household: &str) -> BTreeMap<i64, (u32, u32)> {
    let text = std::fs::read_to_string(world.folder.path().join(FLOWS)).expect("what flows");
    text.lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |place: usize| fields[place].parse::<i64>().expect("a number");
            (fields[0] == household).then(|| (number(1), (number(2) as u32, number(3) as u32)))
        })
        .collect()
}
