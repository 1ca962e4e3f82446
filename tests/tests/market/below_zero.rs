//! Prices below zero: the seller pays the buyer, and whoever leaves energy over pays for it.

use joulebook_client::layout::market::{ImbalancePrices, MarketTerms};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    buy, check_invariants, close_gate, community_with_open_window, deliver_and_settle, sell, BUYER,
    FREE, SELLER, SUPPLIER_DEPOSIT,
};

const SUPPLIER_FREE: u64 = SUPPLIER_DEPOSIT * 1000;

/// Ticks from −100,000 in steps of 2,000; drawing more costs 50,000 a kWh, leaving energy over 30,000.
fn sunny_noon() -> Parameters {
    Parameters {
        tariff: ImbalancePrices {
            short: 50_000,
            long: -30_000,
        },
        terms: MarketTerms {
            floor_price: -100_000,
            ..Parameters::default().terms
        },
        ..Parameters::default()
    }
}

/// 1000 Wh bought up to −40,000 (tick 30) and sold from −60,000 (tick 20) on: the price is −50,000.
fn contracted() -> (LocalCommunity, i64) {
    let (mut community, start) = community_with_open_window(sunny_noon());
    community.place(BUYER, start, vec![buy(1000, 30)]).unwrap();
    // 1000 × (grid fee 20,000 + 30,000 if it is not taken); the price costs nothing.
    assert_eq!(community.seat(BUYER).locked, 50_000_000);
    community
        .place(SELLER, start, vec![sell(1000, 20)])
        .unwrap();
    // 1000 × (60,000 to the buyer + 50,000 if it is not delivered)
    assert_eq!(community.seat(SELLER).locked, 110_000_000);
    check_invariants(&community);
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    assert_eq!(community.window(start).price, -50_000);
    (community, start)
}

#[test]
fn given_a_price_below_zero_when_allocated_then_the_seller_pays_into_the_escrow() {
    let (community, start) = contracted();
    // The grid fee is paid, and what the buy earns would pay for not taking it.
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.locked), (FREE - 20_000_000, 0));
    let seller = community.seat(SELLER);
    let locked = 50_000_000;
    assert_eq!(
        (seller.free, seller.locked),
        (FREE - 50_000_000 - locked, locked)
    );
    // 50,000,000 of the seller's; the grid fee is with its operator.
    assert_eq!(community.ledger().header.escrow, 50_000_000);
    let position = community.position(start, community.households[BUYER].seat);
    assert_eq!(position.earns, 50_000_000);
    check_invariants(&community);
}

#[test]
fn given_contracts_below_zero_when_kept_then_the_buyer_has_the_price_and_the_grid_its_fee() {
    let (mut community, start) = contracted();
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    let (buyer, seller) = (community.seat(BUYER), community.seat(SELLER));
    assert_eq!((buyer.free, buyer.locked), (FREE + 30_000_000, 0));
    assert_eq!((seller.free, seller.locked), (FREE - 50_000_000, 0));
    let ledger = community.ledger();
    assert_eq!((ledger.header.escrow, ledger.header.fees), (0, 0));
    let operator = usize::from(community.grid_operator.seat);
    assert_eq!(ledger.seats[operator].free, 20_000_000);
    assert_eq!(community.supplier_seat().free, SUPPLIER_FREE);
    check_invariants(&community);
}

#[test]
fn given_energy_bought_below_zero_when_it_is_not_taken_then_the_buyer_pays_for_what_is_left_over() {
    let (mut community, start) = contracted();
    deliver_and_settle(&mut community, start, &[(400, 0), (0, 1000)]);
    // 600 Wh left over at −30,000.
    let paid = 18_000_000;
    assert_eq!(community.seat(BUYER).free, FREE + 30_000_000 - paid);
    assert_eq!(community.supplier_seat().free, SUPPLIER_FREE + paid);
    check_invariants(&community);
}

#[test]
fn given_energy_sold_below_zero_when_it_is_not_delivered_then_the_seller_pays_the_short_price_too()
{
    let (mut community, start) = contracted();
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 0)]);
    let seller = community.seat(SELLER);
    assert_eq!((seller.free, seller.debt()), (FREE - 100_000_000, 0));
    assert_eq!(community.supplier_seat().free, SUPPLIER_FREE + 50_000_000);
    check_invariants(&community);
}

#[test]
fn given_no_contract_when_energy_is_left_over_below_zero_then_it_costs() {
    let (mut community, start) = community_with_open_window(sunny_noon());
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    deliver_and_settle(&mut community, start, &[(0, 0), (0, 500)]);
    assert_eq!(community.seat(SELLER).free, FREE - 15_000_000);
    assert_eq!(community.supplier_seat().free, SUPPLIER_FREE + 15_000_000);
    check_invariants(&community);
}
