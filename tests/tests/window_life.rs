//! A window from opening to record.

use joulebook_client::{market::types::NewOrder, tables::Phase};
use joulebook_testkit::{check, Setup, World};

fn buy(quantity: u32, tick: u16) -> NewOrder {
    NewOrder {
        quantity,
        tick,
        side: 0,
        node: 0,
    }
}

fn sell(quantity: u32, tick: u16) -> NewOrder {
    NewOrder {
        quantity,
        tick,
        side: 1,
        node: 0,
    }
}

/// 1 kWh at the middle of the grid, by hand: the buyer drew 100 Wh more than it bought, the seller
/// delivered 100 Wh less than it sold.
#[test]
fn given_a_buyer_and_a_seller_when_the_window_is_over_then_everyone_has_paid_and_got_their_due() {
    let mut world = World::new(Setup::default()).unwrap();
    let buyer = world.join("buyer", 10_000_000).unwrap();
    let seller = world.join("seller", 10_000_000).unwrap();
    world.fund_supplier(100_000_000).unwrap();
    check::invariants(&world).unwrap();

    let start = world.next_start() + 600;
    let length = i64::from(world.setup.window_seconds);
    world.open_window(start).unwrap();
    world
        .place(buyer, start, vec![buy(1000, 60), buy(500, 40)])
        .unwrap();
    world.place(seller, start, vec![sell(1200, 50)]).unwrap();
    check::invariants(&world).unwrap();

    world.chain.set_time(start - 60);
    world.clear_and_allocate(start).unwrap();
    check::invariants(&world).unwrap();
    let window = world.window(start);
    assert_eq!(window.phase(), Some(Phase::Allocated));
    assert_eq!(window.nodes[0].volume, 1000);
    assert_eq!((window.nodes[0].low, window.nodes[0].high), (50, 50));

    // The registers at the start of the window.
    world.chain.set_time(start);
    let readings = world.read_meters(start - length, &[]);
    world.open_interval(start - length).unwrap();
    world.submit(start - length, readings).unwrap();

    world.open_interval(start).unwrap();
    world.chain.set_time(start + length);
    let readings = world.read_meters(start, &[(1100, 0), (0, 900)]);
    world.submit(start, readings).unwrap();
    world.meter_and_settle(start).unwrap();
    check::invariants(&world).unwrap();
    assert_eq!(world.window(start).phase(), Some(Phase::Settled));

    // Price 150,000 atoms/kWh at tick 50; grid fee 20,000, market fee 1%, retail 300,000.
    let paid = 1000 * (150_000 + 20_000 + 1_500) + 100 * 300_000;
    assert_eq!(world.seat(buyer).free, 10_000_000_000 - paid);
    let received = 1000 * 150_000 - 100 * 300_000;
    assert_eq!(world.seat(seller).free, 10_000_000_000 + received);
    let history = world.history();
    let record = history
        .records
        .iter()
        .find(|record| record.start == start)
        .unwrap();
    assert_eq!((record.volume, record.price), (1000, 150_000));
    assert_eq!((record.imported, record.exported), (1100, 900));
}
