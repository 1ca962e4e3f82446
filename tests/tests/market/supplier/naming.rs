//! Who is named, from when on, and whose the prices are.

use joulebook_client::{
    layout::market::{ImbalancePrices, WindowPrices},
    market::{errors::MarketError, events::MarketEvent, types::SupplierReplaced},
};
use joulebook_tests::{
    hostile::sweep,
    market::{altered::swap, govern, instructions, market_events, pass_until},
    refused::refused,
};

use super::{community, name, replace, NEXT, THIRD};

#[test]
fn given_both_signatures_when_a_supplier_is_replaced_then_the_new_one_has_the_next_page() {
    let (mut community, start) = community();
    community.open_pages(start).unwrap();
    let next = &community.households[NEXT];
    let (seat, key) = (next.seat, next.wallet.insecure_clone());
    let replace = instructions::replace_supplier(&community, next);
    let signers = [&community.authority, &key];
    let receipt = sweep(&mut community.chain, &replace, &signers);

    let from = start + community.page_length();
    let replaced = SupplierReplaced {
        market: community.addresses.market,
        number: 0,
        former: 0,
        supplier: seat,
        from,
    };
    let events = market_events(&receipt);
    assert_eq!(events, [MarketEvent::SupplierReplaced(replaced)]);
    let header = community.ledger().header;
    assert_eq!((header.supplier_from, header.supplying), (from, 1));
    assert_eq!(header.suppliers.map(|supplier| supplier.seat), [0, seat]);
    assert!(header.awaits_supplier());

    pass_until(&mut community, from - 900);
    community.open_pages(from).unwrap();
    let suppliers = [start, from].map(|page| community.window(page).supplier);
    assert_eq!(suppliers, [0, seat]);
    let places = [start, from].map(|page| community.page(page).header.supplier_place);
    assert_eq!(places, [0, 1]);
    let header = community.ledger().header;
    assert_eq!(
        header.suppliers.map(|supplier| supplier.last_page),
        [start, from]
    );
    assert!(!header.awaits_supplier());
}

#[test]
fn given_a_notice_period_when_a_supplier_is_replaced_then_it_is_over_before() {
    let parameters = joulebook_sim::Parameters {
        notice_seconds: 1201,
        ..Default::default()
    };
    let (mut community, start) = super::community_with(parameters);
    pass_until(&mut community, start);
    let (from, _) = name(&mut community, NEXT);
    assert_eq!(from, start + 2 * 1200);
}

#[test]
fn given_one_that_was_named_when_another_is_named_before_its_first_page_then_that_one_supplies() {
    let (mut community, start) = community();
    community.open_pages(start).unwrap();
    name(&mut community, NEXT);
    let from = replace(&mut community, THIRD);
    let third = community.households[THIRD].seat;
    assert_eq!(community.window(from).supplier, third);
    let seats = community
        .ledger()
        .header
        .suppliers
        .map(|supplier| supplier.seat);
    assert_eq!(seats, [0, third]);
}

#[test]
fn given_no_page_yet_when_a_supplier_is_replaced_then_the_first_one_has_those_within_the_notice() {
    let (mut community, start) = community();
    let (from, _) = name(&mut community, NEXT);
    assert_eq!(from, start);
    community.open_pages(start).unwrap();
    assert_eq!(
        community.window(start).supplier,
        community.households[NEXT].seat
    );
    let last_pages = community
        .ledger()
        .header
        .suppliers
        .map(|supplier| supplier.last_page);
    assert_eq!(last_pages, [start - community.page_length(), start]);
}

#[test]
fn given_another_supplier_when_prices_are_posted_then_each_posts_those_of_its_own_pages() {
    let (mut community, start) = community();
    community.open_pages(start).unwrap();
    let from = replace(&mut community, NEXT);
    let prices = vec![WindowPrices {
        short: 2,
        long: 1,
        grid_fee: 0,
    }];
    let post = instructions::post_prices(&community, from, prices);
    let (old, new) = (
        community.supplier.wallet.insecure_clone(),
        community.households[NEXT].wallet.insecure_clone(),
    );
    let why = MarketError::NotSupplier;
    refused(&mut community.chain, &post, &[&old], why);
    let by_new = swap(
        &post,
        community.supplier.address(),
        community.households[NEXT].address(),
    );
    community.chain.send(&[by_new], &[&new]).unwrap();
    assert_eq!(community.window(from).short, 2);
}

#[test]
fn given_another_supplier_that_is_awaited_when_the_tariff_changes_then_it_alone_agrees() {
    let (mut community, start) = community();
    community.open_pages(start).unwrap();
    let (from, _) = name(&mut community, NEXT);
    let entries = vec![ImbalancePrices { short: 2, long: 1 }];
    let set = instructions::set_tariff(&community, true, 0, entries);
    let by_new = swap(
        &set,
        community.supplier.address(),
        community.households[NEXT].address(),
    );
    let authority = community.authority.insecure_clone();
    let old = community.supplier.wallet.insecure_clone();
    let new = community.households[NEXT].wallet.insecure_clone();
    // It would hold for windows of both.
    let why = MarketError::SupplierChanges;
    refused(&mut community.chain, &by_new, &[&authority, &new], why);
    let why = MarketError::SupplierChanges;
    refused(&mut community.chain, &set, &[&authority, &old], why);
    // Its first page may yet begin later than the prices that it would sign: who is named next may never have one.
    pass_until(&mut community, from);
    let why = MarketError::SupplierChanges;
    refused(&mut community.chain, &by_new, &[&authority, &new], why);
    community.open_pages(from).unwrap();
    let why = MarketError::NotSupplier;
    refused(&mut community.chain, &set, &[&authority, &old], why);
    govern(&mut community, by_new).unwrap();
}
