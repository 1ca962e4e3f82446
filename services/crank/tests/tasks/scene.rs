//! A community with standing orders and meters, and what happens in it, whoever moves its market.

use joulebook_client::{
    layout::market::{
        HistoryRecord, LimitKind, NewOrder, PageWindow, Position, QuantityKind, Seat, Side,
        StandingRule,
    },
    market::types::StandingEntry,
};
use joulebook_crank::{
    plan::plan,
    queueing::{compare, pack, pack_dequeues, Comparison},
};
use joulebook_sim::{checks::invariants, LocalCommunity, Parameters};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::stand_in::{queuer, StandIn, PAYER};

pub const LENGTH: i64 = 300;
/// Five pages of four.
pub const WINDOWS: i64 = 20;
const HOUSEHOLDS: usize = 5;
const MONEY: u64 = 500_000_000;

/// What the households do, the same for the same seed.
pub struct Story {
    rng: ChaCha8Rng,
    /// Households whose meters are silent in this page.
    silent: Vec<usize>,
    /// Whether each household orders by hand, too.
    by_hand: bool,
}

pub fn parameters() -> Parameters {
    Parameters {
        standing_orders: true,
        history: 64,
        // All of the story's pages stay.
        pages: 14,
        ..Parameters::default()
    }
}

/// Households with standing orders: the first ones buy, the last ones sell.
pub fn community(parameters: Parameters) -> LocalCommunity {
    let mut community = LocalCommunity::new(parameters).expect("founded");
    community.fund_supplier(MONEY).expect("funded");
    for number in 0..HOUSEHOLDS {
        let name = format!("house {number}");
        community.join(&name, MONEY).expect("joined");
    }
    // Nothing is left open behind the story.
    let until = community.first_start() + WINDOWS * LENGTH;
    for number in 0..HOUSEHOLDS {
        let rules = [rule(number, until, 0), rule(number, until, 1)];
        let entries = (0..).zip(rules).map(|(place, rule)| StandingEntry {
            place,
            rule: Some(rule),
        });
        let entries = entries.collect();
        community
            .enter_standing_orders(number, entries)
            .expect("entered");
    }
    community.keep().expect("kept");
    community
}

fn rule(number: usize, valid_until: i64, place: u16) -> StandingRule {
    let sells = number >= 3;
    let step = i32::try_from(number).expect("small") * 4_000;
    let (side, limit) = match sells {
        true => (Side::Sell, 120_000 + step),
        false => (Side::Buy, 220_000 - step),
    };
    StandingRule {
        valid_until,
        half_hours: (1 << 48) - 1,
        lock_cap: u64::MAX,
        unit_lock_cap: i32::MAX,
        energy_cap: u64::MAX,
        limit,
        quantity: 300 + 100 * u32::from(place),
        client_id: 10 + place,
        side: side as u8,
        limit_kind: LimitKind::Fixed as u8,
        quantity_kind: QuantityKind::Fixed as u8,
        weekdays: 0b0111_1111,
        ..StandingRule::default()
    }
}

impl Story {
    pub fn new(seed: u64) -> Story {
        Story {
            rng: ChaCha8Rng::seed_from_u64(seed),
            silent: vec![],
            by_hand: true,
        }
    }

    /// Nobody orders by hand.
    pub fn of_standing_orders(seed: u64) -> Story {
        Story {
            by_hand: false,
            ..Story::new(seed)
        }
    }

    /// What happens at a boundary: meters are read, all that has flowed since the last one.
    pub fn at_boundary(&mut self, community: &mut LocalCommunity) {
        let now = community.chain.now();
        if community.addresses.page_start(now) == now {
            self.silent = (0..HOUSEHOLDS)
                .filter(|_| self.rng.random_ratio(1, 4))
                .collect();
        }
        let flows: Vec<(u64, u64)> = (0..HOUSEHOLDS)
            .map(|number| {
                let much = self.rng.random_range(0..900);
                match number >= 3 {
                    true => (0, much),
                    false => (much, 0),
                }
            })
            .collect();
        let readings = community.read_meters(now - LENGTH, &flows);
        let heard = readings
            .into_iter()
            .enumerate()
            .filter(|(place, _)| !self.silent.contains(place));
        let heard: Vec<_> = heard.map(|(_, reading)| reading).collect();
        community.submit(now - LENGTH, heard).expect("sent");
    }

    /// Households order by hand in the window whose gate comes next.
    pub fn before_gate(&mut self, community: &mut LocalCommunity, start: i64) {
        for place in 0..HOUSEHOLDS {
            let orders = NewOrder {
                quantity: self.rng.random_range(1..500),
                tick: self.rng.random_range(20..90),
                client_id: 1,
                side: if self.rng.random_bool(0.5) {
                    Side::Buy as u8
                } else {
                    Side::Sell as u8
                },
                ..NewOrder::default()
            };
            if self.by_hand && self.rng.random_bool(0.6) {
                community.place(place, start, vec![orders]).expect("placed");
            }
        }
    }
}

/// Plans `windows` from now on and queues what is missing; what it found.
pub fn queue(community: &LocalCommunity, crank: &mut StandIn, windows: i64) -> Comparison {
    let now = community.chain.now();
    let until = now.div_euclid(LENGTH) * LENGTH + windows * LENGTH;
    let state = community.market_state();
    let planned = plan(&state, &community.addresses, queuer(), now, until).expect("planned");
    let waiting = crank.waiting();
    let found = compare(planned, &waiting, &community.addresses, PAYER, (now, until));
    for batch in pack_dequeues(PAYER, &found.outdated) {
        batch.iter().for_each(|one| crank.take(one));
    }
    for batch in pack(&crank.queue, queuer(), &found.missing) {
        batch.instructions.iter().for_each(|one| crank.take(one));
    }
    found
}

/// Between two looks, seconds.
pub const STEP: i64 = 60;

/// Plays the story until all its pages are final, with whoever moves the market called at each step; what came of it.
pub fn play(
    community: &mut LocalCommunity,
    mut story: Story,
    mut moves: impl FnMut(&mut LocalCommunity),
) -> Outcome {
    let first = community.first_start();
    let last = first + WINDOWS * LENGTH;
    let mut now = community.chain.now();
    // The last page may begin with the last window, and is corrected for as long as it is.
    while now <= last + 3 * community.page_length() {
        community.chain.set_time(now);
        moves(community);
        if now % LENGTH == 0 && now > first && now <= last {
            story.at_boundary(community);
        }
        // The gate is a step before the start.
        let start = now + 2 * STEP;
        if start % LENGTH == 0 && start >= first && start < last {
            story.before_gate(community, start);
        }
        now += STEP;
    }
    invariants(community).expect("it adds up");
    outcome(community, first, WINDOWS)
}

/// What a market came to: of each of the story's windows what its page says, all positions, and what is in the history.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub windows: Vec<(i64, PageWindow, Vec<Position>)>,
    pub seats: Vec<Seat>,
    pub history: Vec<HistoryRecord>,
}

fn outcome(community: &LocalCommunity, first: i64, windows: i64) -> Outcome {
    let last = first + windows * LENGTH;
    let starts = (0..windows).map(|number| first + number * LENGTH);
    let mut history = community.history().records;
    history.retain(|record| record.start >= first && record.start < last);
    Outcome {
        windows: starts
            .map(|start| (start, community.window(start), community.positions(start)))
            .collect(),
        seats: community.ledger().seats,
        history,
    }
}
