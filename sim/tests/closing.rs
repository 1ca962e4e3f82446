//! The end of a market: everybody leaves, and all money and rent comes back.

use joulebook_client::layout::{
    market::{NewOrder, Side},
    oracle::MeterStatus,
};
use joulebook_sim::{checks::invariants, LocalCommunity, Parameters};
use joulebook_units::Atoms;

fn order(side: Side) -> Vec<NewOrder> {
    vec![NewOrder {
        quantity: 1000,
        tick: 50,
        side: side as u8,
        ..NewOrder::default()
    }]
}

/// A buyer and a seller who have traded 1 kWh in the first window of their meters' service; that has begun.
fn traded() -> LocalCommunity {
    let mut community = LocalCommunity::new(Parameters::default()).expect("founded");
    community.join("buyer", 10_000_000).expect("joins");
    community.join("seller", 10_000_000).expect("joins");
    community.fund_supplier(1_000_000).expect("deposits");
    let start = community.first_start();
    community.pass_until(start - 300);
    community.open_window(start).expect("opened");
    for (place, side) in [(0, Side::Buy), (1, Side::Sell)] {
        community.place(place, start, order(side)).expect("placed");
    }
    community.pass_until(start);
    community.clear_and_allocate(start).expect("allocated");
    community.read_start(start).expect("sent");
    community
}

#[test]
fn given_contracts_that_were_kept_when_their_sides_leave_then_they_have_paid_and_got_the_price() {
    let mut community = traded();
    let start = community.chain.now();
    community.pass_until(start + 300);
    let readings = community.read_meters(start, &[(1000, 0), (0, 1000)]);
    community.submit(start, readings).expect("sent");
    // 150,000 atoms for a kWh, and grid fee and market fee of 20,000 and 1,500 for who buys it.
    assert_eq!(community.leave(0), Ok(10_000_000 - 171_500));
    invariants(&community).expect("everything adds up");
    assert_eq!(community.leave(1), Ok(10_000_000 + 150_000));
    invariants(&community).expect("everything adds up");
    let retired = |place: usize| {
        let number = community.households[place].devices[0].number;
        let meters = community.meters();
        meters
            .meter(number)
            .is_some_and(|meter| meter.is(MeterStatus::Retired))
    };
    assert!(retired(0) && retired(1));
}

#[test]
fn given_everybody_gone_when_the_market_closes_then_all_money_and_rent_comes_back() {
    let mut community = traded();
    let rents = community.account_rents();
    let locked: u64 = rents.iter().map(|kind| kind.rent_lamports).sum();
    // Nobody was heard: the seller pays for all it sold, 300,000 atoms, and the buyer's kWh waits for its meter, which the
    // supplier has paid nothing for.
    let buyer = community.leave(0).expect("leaves");
    let seller = community.leave(1).expect("leaves");
    let payouts = community.close_everything().expect("closes");
    let supplier = payouts.supplier.0;
    assert_eq!(payouts.grid_operator, Atoms(20_000));
    assert_eq!(payouts.fees, Atoms(1_500));
    let all = buyer + seller + supplier + 20_000 + 1_500;
    assert_eq!(all, community.minted);
    assert_eq!(payouts.rent_lamports, locked);
    let rents = community.account_rents();
    assert!(rents.iter().all(|kind| kind.accounts == 0), "{rents:?}");
}

#[test]
fn given_a_market_that_never_opened_a_page_when_it_closes_then_it_need_not_wait() {
    let mut community = LocalCommunity::new(Parameters::default()).expect("founded");
    community.fund_supplier(1_000_000).expect("deposits");
    let payouts = community.close_everything().expect("closes");
    assert_eq!(payouts.supplier, Atoms(1_000_000));
    assert_eq!(community.token.supply(&community.chain), 1_000_000);
}
