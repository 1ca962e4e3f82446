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

#[test]
fn a_window_lives_from_opening_to_record() {
    let mut world = World::new(Setup::default()).unwrap();
    let buyer = world.join("buyer", 10_000_000).unwrap();
    let seller = world.join("seller", 10_000_000).unwrap();
    world.fund_supplier(100_000_000).unwrap();
    check::invariants(&world).unwrap();

    let start = world.next_start() + 600;
    let length = i64::from(world.setup.window_seconds);
    world.open_window(start).unwrap();
    let receipt = world.place(buyer, start, vec![buy(1000, 60), buy(500, 40)]).unwrap();
    println!("{:?} {:?}", receipt.compute_units, receipt.events());
    world.place(seller, start, vec![sell(1200, 50)]).unwrap();
    check::invariants(&world).unwrap();

    world.chain.set_time(start - 60);
    world.clear_and_allocate(start).unwrap();
    check::invariants(&world).unwrap();
    let window = world.window(start);
    assert_eq!(window.phase(), Some(Phase::Allocated));
    assert_eq!(window.nodes[0].volume, 1000);
    assert_eq!((window.nodes[0].low, window.nodes[0].high), (50, 50));

    // The meters' registers before the window.
    world.chain.set_time(start);
    let readings = world.read_meters(start - length, &[]);
    world.open_interval(start - length).unwrap();
    for receipt in world.submit(start - length, readings).unwrap() {
        println!("{:?}", receipt.events());
    }

    world.open_interval(start).unwrap();
    world.chain.set_time(start + length);
    let readings = world.read_meters(start, &[(1100, 0), (0, 900)]);
    for receipt in world.submit(start, readings).unwrap() {
        println!("{} {:?}", receipt.compute_units, receipt.events());
    }
    let receipts = world.meter_and_settle(start).unwrap();
    println!("{:?}", receipts[0].events());
    check::invariants(&world).unwrap();
    let window = world.window(start);
    assert_eq!(window.phase(), Some(Phase::Settled));
    println!("{:?}\n{:?}", world.seat(buyer), world.seat(seller));
}
