//! What comes of a market on a node, with all daemons, is what comes of it in the simulation's virtual machine.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use joulebook_client::layout::market::{NewOrder, Side};
use joulebook_indexer::{
    bill::{Bill, Lines},
    store::{MarketId, Span, Store},
};
use tokio::time::sleep;

use crate::{
    indexer::{self, Indexer, EVERYTHING},
    observed::Observed,
    replay::{self, Happened, Placed, Replayed},
    windows,
    world::World,
};

/// A window in three seconds.
const SPEED: u16 = 300;
const PATIENCE: Duration = Duration::from_secs(8);
/// Of which the third and the sixth leave their trading to the agent.
const HOUSEHOLDS: u16 = 6;
/// What the agent knows its orders by: the upper byte of their client ids.
const AGENT: i64 = 166;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_community_with_all_daemons_when_its_windows_have_passed_then_the_simulation_says_the_same_of_each(
) {
    let wanted = windows(17);
    let mut world = World::begin(HOUSEHOLDS);
    let cluster = world.cluster();
    let mut observed = Observed::begin(&cluster, &world.sandbox).await;
    let founded = observed.state.clone();
    let mut keeper = world.keeper("keeper", &[world.url.as_str()], "thrifty");
    let port = free_port();
    let mut gateway = world.gateway("gateway", port, world.url.as_str(), "");
    let mut meters = world.meters_at(port);
    let mut agent = world.agent("agent");
    let index = Indexer::of(&world);
    let mut indexer = index.start(&world);
    world.set_speed(SPEED);
    let begun = Instant::now();
    let service = world.sandbox.households[0].meters[0].service_from;
    let length = i64::from(founded.market.window_seconds);
    let page = observed.addresses.page_seconds();
    // Whole pages, and what it takes to hear of the last.
    let pages = (wanted as i64 * length + page - 1) / page;
    let end = service + pages * page;
    loop {
        sleep(Duration::from_millis(500)).await;
        observed.look(&cluster).await;
        let over = observed.windows.range(service..end);
        let settled = over.filter(|(_, (_, settled))| *settled).count() as i64;
        if settled == pages * page / length && observed.now > end + length {
            break;
        }
        let patience = PATIENCE * (pages * page / length) as u32 + PATIENCE * 4;
        assert!(
            begun.elapsed() < patience,
            "{settled} settled: {}\n{}",
            keeper.said(),
            gateway.said()
        );
    }
    world.set_speed(1);
    for daemon in [&mut agent, &mut meters, &mut keeper, &mut gateway] {
        assert_eq!(daemon.stop(), Some(0), "{}", daemon.said());
    }
    observed.look(&cluster).await;
    index.catch_up(&observed, &indexer).await;
    let expected = indexer::said(&cluster, &observed).await;
    assert_eq!(indexer.stop(), Some(0), "{}", indexer.said());

    // What is kept beyond the chain is the chain's.
    let (store, id) = index.rows(&world).await;
    indexer::check(&store, id, &expected).await;
    // And what the chain says is the simulation's, with the orders that the agent placed.
    let opened = observed.allocated();
    let (placed, count) = placed_by_agent(&store, id, (service, end)).await;
    let happened = Happened {
        founded: &founded,
        found: &observed.state,
        opened: &opened,
        placed: &placed,
        span: (service, end),
    };
    let replayed = replay::check(&world, &happened);
    assert!(replayed.traded > 0, "something was traded");
    assert!(count > 0, "the agent has ordered: {}", agent.said());
    check_bills(&store, id, &world, end, &replayed).await;
    println!(
        "{} windows, {} Wh traded, {count} orders of the agent",
        pages * page / length,
        replayed.traded
    );
}

/// What the agent had in each book when its gate closed, in sequence.
async fn placed_by_agent(
    store: &Store,
    id: MarketId,
    (since, until): (i64, i64),
) -> (Placed, usize) {
    let windows = store.windows(id, Span { since, until }, EVERYTHING).await;
    let mut placed = Placed::new();
    let mut count = 0;
    for window in windows.expect("read") {
        let start = window.row.start;
        let orders = store.orders(id, start, (-1, -1), EVERYTHING.limit).await;
        let orders = orders.expect("read").into_iter().map(|order| order.row);
        let own =
            orders.filter(|order| order.state != "cancelled" && order.client_id >> 8 == AGENT);
        let new = own.map(|order| {
            let side = match order.side.as_str() {
                "buy" => Side::Buy,
                _ => Side::Sell,
            };
            let new = NewOrder {
                quantity: order.quantity as u32,
                tick: order.tick as u16,
                client_id: order.client_id as u16,
                side: side as u8,
                ..NewOrder::default()
            };
            (order.seat as u16, new)
        });
        let new: Vec<(u16, NewOrder)> = new.collect();
        count += new.len();
        placed.insert(start, new);
    }
    (placed, count)
}

/// Each household's bill is the simulation's, to the milli-atom.
async fn check_bills(store: &Store, id: MarketId, world: &World, until: i64, replayed: &Replayed) {
    let since = replayed.since;
    for (household, expected) in world.sandbox.households.iter().zip(&replayed.bills) {
        let span = Span { since, until };
        let billed = store.billed(id, household.seat.into(), span).await;
        let bill = Bill::of(&billed.expect("read"));
        let expected = Lines {
            bought: expected.bought,
            sold: expected.sold,
            grid_fee: expected.grid_fee,
            market_fee: expected.market_fee,
            short: expected.from_supplier,
            long: expected.to_supplier,
            ..Lines::default()
        };
        assert_eq!(bill.lines, expected, "{}", household.name);
        assert_eq!((bill.unsettled, bill.unheard), (0, 0), "{}", household.name);
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}
