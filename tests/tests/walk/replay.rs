//! The result depends on the orders alone: not on who keeps, how often, in what steps (number 4).

use joulebook_client::{
    layout::market::{NewOrder, NodeState, Order, Phase, Position, Seat},
    tables::WindowTable,
};
use joulebook_sim::{checks, LocalCommunity, Parameters};

use crate::random::Random;

const HOUSEHOLDS: usize = 6;
const WINDOWS: i64 = 3;

/// What happened, the same in every replay.
struct Story {
    /// By window: who places what.
    orders: Vec<Vec<(usize, Vec<NewOrder>)>>,
    /// By window: what each meter shows, and who is not heard.
    flows: Vec<Vec<(u64, u64)>>,
    silent: Vec<Option<usize>>,
}

impl Story {
    fn new(random: &mut Random) -> Story {
        let mut story = Story {
            orders: vec![],
            flows: vec![],
            silent: vec![],
        };
        for _ in 0..WINDOWS {
            let mut batches = vec![];
            for _ in 0..random.between(6, 16) {
                let who = random.below(HOUSEHOLDS as u64) as usize;
                let order = NewOrder {
                    quantity: random.between(1, 900) as u32,
                    tick: random.between(10, 20) as u16,
                    side: random.below(2) as u8,
                    node: 0,
                };
                batches.push((who, vec![order]));
            }
            story.orders.push(batches);
            let flow = |random: &mut Random| (random.below(400), random.below(400));
            story
                .flows
                .push((0..HOUSEHOLDS).map(|_| flow(random)).collect());
            let silent = random.below(2 * HOUSEHOLDS as u64) as usize;
            story
                .silent
                .push(Some(silent).filter(|who| *who < HOUSEHOLDS));
        }
        story
    }
}

/// All that a window's life leaves behind.
#[derive(Debug, PartialEq)]
struct Ending {
    nodes: Vec<Vec<NodeState>>,
    orders: Vec<Vec<Order>>,
    positions: Vec<Vec<Position>>,
    money: Vec<(u64, u64, u64, i64, u64, u64)>,
    fees: u64,
    history: Vec<joulebook_client::layout::market::HistoryRecord>,
}

/// How a keeper goes about its work: orders and seats at a time, 0 for as many as there are.
#[derive(Clone, Copy)]
enum Keeping {
    AtOnce,
    InSteps,
    /// Several windows by turns, with calls that have nothing to do.
    ByTurns,
}

fn live(story: &Story, keeping: Keeping, random: &mut Random) -> Ending {
    let parameters = Parameters {
        ring: 8,
        orders: 20,
        max_orders_per_seat: 20,
        ..Parameters::default()
    };
    let length = i64::from(parameters.window_seconds);
    let mut community = LocalCommunity::new(parameters).expect("the programs are built");
    for number in 0..HOUSEHOLDS {
        community
            .join(&format!("household {number}"), 2_000_000_000)
            .expect("it joins");
    }
    community.fund_supplier(2_000_000_000).expect("it deposits");
    let first = community.next_start();
    let starts: Vec<i64> = (0..WINDOWS).map(|number| first + number * length).collect();
    for (start, batches) in starts.iter().zip(&story.orders) {
        community.open_window(*start).expect("it is time");
        for (who, orders) in batches {
            community
                .place(*who, *start, orders.clone())
                .expect("there is money and room");
        }
    }
    community.chain.set_time(first + WINDOWS * length);
    allocate(&mut community, &starts, keeping, random);
    read(&mut community, story, &starts);
    // Longer than the grace, for those who were not heard.
    community.chain.set_time(first + (WINDOWS + 3) * length);
    settle(&mut community, &starts, keeping, random);
    checks::invariants(&community).expect("all adds up");
    ending(&community, &starts)
}

fn allocate(community: &mut LocalCommunity, starts: &[i64], keeping: Keeping, random: &mut Random) {
    if let Keeping::AtOnce = keeping {
        for start in starts {
            community
                .clear_and_allocate(*start)
                .expect("the gate is closed");
        }
        return;
    }
    let mut left = starts.to_vec();
    while !left.is_empty() {
        let start = turn(&left, keeping, random);
        let limit = random.between(1, 4) as u16;
        let mut steps = vec![community.addresses.clear(start)];
        // They are settled in the order in which they are done here, and what was estimated in one is trued
        // up in the next.
        if start == left[0] || limit < still_to_do(community, start) {
            steps.push(community.addresses.allocate(start, limit, None));
        }
        community
            .send_with_full_budget(&steps)
            .expect("the gate is closed");
        left.retain(|start| phase(community, *start) != Phase::Allocated);
    }
}

/// Orders and seats that a window has to allocate.
fn still_to_do(community: &LocalCommunity, start: i64) -> u16 {
    let header = community.window(start).header;
    header.used_orders - header.order_cursor + header.seats - header.seat_cursor
}

fn phase(community: &LocalCommunity, start: i64) -> Phase {
    community.window(start).phase().expect("a known phase")
}

fn turn(left: &[i64], keeping: Keeping, random: &mut Random) -> i64 {
    match keeping {
        Keeping::ByTurns => random.pick(left),
        _ => left[0],
    }
}

fn read(community: &mut LocalCommunity, story: &Story, starts: &[i64]) {
    for (number, start) in starts.iter().enumerate() {
        community.open_interval(*start).expect("it has started");
        let mut readings = community.read_meters(*start, &story.flows[number]);
        if let Some(silent) = story.silent[number] {
            readings.remove(silent);
        }
        community
            .submit(*start, readings)
            .expect("readings never fail");
    }
}

/// Windows one after the other: a late meter is trued up in the one that is settled next.
fn settle(community: &mut LocalCommunity, starts: &[i64], keeping: Keeping, random: &mut Random) {
    for start in starts {
        if let Keeping::AtOnce = keeping {
            community
                .meter_and_settle(*start)
                .expect("the grace is over");
            continue;
        }
        community
            .send_with_full_budget(&[
                community.addresses.meter(*start),
                community.addresses.meter(*start),
            ])
            .expect("the grace is over");
        while phase(community, *start) == Phase::Metered {
            let limit = random.between(1, 7) as u16;
            let mut steps = vec![community.addresses.settle(*start, limit, None)];
            if let Keeping::ByTurns = keeping {
                steps.push(community.addresses.clear(*start));
                steps.push(community.addresses.allocate(*start, limit, None));
                steps.push(community.addresses.meter(*start));
            }
            community
                .send_with_full_budget(&steps)
                .expect("the supplier can pay");
        }
    }
}

fn ending(community: &LocalCommunity, starts: &[i64]) -> Ending {
    let tables: Vec<WindowTable> = starts
        .iter()
        .map(|start| community.window(*start))
        .collect();
    let ledger = community.ledger();
    let money = |seat: &Seat| {
        (
            seat.free,
            seat.locked,
            seat.debt,
            seat.estimated,
            seat.imported,
            seat.exported,
        )
    };
    let live = |table: &WindowTable| table.live_orders().map(|(_, order)| *order).collect();
    Ending {
        nodes: tables.iter().map(|table| table.nodes.clone()).collect(),
        orders: tables.iter().map(live).collect(),
        positions: tables.iter().map(|table| table.positions.clone()).collect(),
        money: ledger.seats.iter().map(money).collect(),
        fees: ledger.header.fees,
        history: community.history().records,
    }
}

#[test]
fn the_result_depends_on_the_orders_alone() {
    for seed in [3, 14, 15] {
        let story = Story::new(&mut Random::new(seed));
        let due = live(&story, Keeping::AtOnce, &mut Random::new(seed));
        assert!(
            due.nodes.iter().any(|nodes| nodes[0].volume > 0),
            "seed {seed}: nothing is traded"
        );
        for keeping in [Keeping::InSteps, Keeping::ByTurns] {
            let found = live(&story, keeping, &mut Random::new(seed + 1));
            assert_eq!(found, due, "seed {seed}");
        }
    }
}
