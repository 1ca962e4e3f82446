//! A window from opening to record.

use joulebook_client::layout::market::{NewOrder, Phase};
use joulebook_sim::{checks, LocalCommunity, Parameters};

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
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    let buyer = community.join("buyer", 10_000_000).unwrap();
    let seller = community.join("seller", 10_000_000).unwrap();
    community.fund_supplier(100_000_000).unwrap();
    checks::invariants(&community).unwrap();

    let start = community.next_start() + 600;
    let length = i64::from(community.parameters.window_seconds);
    community.open_window(start).unwrap();
    community
        .place(buyer, start, vec![buy(1000, 60), buy(500, 40)])
        .unwrap();
    community
        .place(seller, start, vec![sell(1200, 50)])
        .unwrap();
    checks::invariants(&community).unwrap();

    community.chain.set_time(start - 60);
    community.clear_and_allocate(start).unwrap();
    checks::invariants(&community).unwrap();
    let window = community.window(start);
    assert_eq!(window.phase(), Some(Phase::Allocated));
    assert_eq!(window.nodes[0].volume, 1000);
    assert_eq!((window.nodes[0].low, window.nodes[0].high), (50, 50));

    // The registers at the start of the window.
    community.chain.set_time(start);
    let readings = community.read_meters(start - length, &[]);
    community.open_interval(start - length).unwrap();
    community.submit(start - length, readings).unwrap();

    community.open_interval(start).unwrap();
    community.chain.set_time(start + length);
    let readings = community.read_meters(start, &[(1100, 0), (0, 900)]);
    community.submit(start, readings).unwrap();
    community.meter_and_settle(start).unwrap();
    checks::invariants(&community).unwrap();
    assert_eq!(community.window(start).phase(), Some(Phase::Settled));

    // Price 150,000 atoms/kWh at tick 50; grid fee 20,000, market fee 1%, retail 300,000.
    let paid = 1000 * (150_000 + 20_000 + 1_500) + 100 * 300_000;
    assert_eq!(community.seat(buyer).free, 10_000_000_000 - paid);
    let received = 1000 * 150_000 - 100 * 300_000;
    assert_eq!(community.seat(seller).free, 10_000_000_000 + received);
    let history = community.history();
    let record = history
        .records
        .iter()
        .find(|record| record.start == start)
        .unwrap();
    assert_eq!((record.volume, record.price), (1000, 150_000));
    assert_eq!((record.imported, record.exported), (1100, 900));
}
