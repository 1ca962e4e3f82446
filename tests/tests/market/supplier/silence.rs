//! A meter that is silent while the supplier changes: the new one pays nothing of what was before.

use joulebook_sim::Parameters;
use joulebook_tests::market::{
    amounts, check_invariants, contract, BUYER, FREE, SELLER, SUPPLIER_DEPOSIT,
};

use super::{community_with, replace, NEXT};

#[test]
fn given_a_silence_that_began_with_the_former_when_it_ends_then_the_new_one_pays_nothing_for_it() {
    let (mut community, start) = community_with(Parameters::default());
    contract(&mut community, start);
    let from = replace(&mut community, NEXT);
    community.finish_page(start).unwrap();
    // The buyer took nothing of 1000 Wh, as far as anybody knows; the seller delivered nothing, at 300,000.
    assert_eq!(community.seat(BUYER).owed, 80_000_000);
    assert_eq!(
        community.seat(SELLER).free,
        FREE + amounts::INCOME - 300_000_000
    );
    let supplier = SUPPLIER_DEPOSIT * 1000 + 300_000_000;
    assert_eq!(community.supplier_seat().free, supplier);

    let last = from + 3 * 300;
    let readings = community.read_meters(last, &[(1000, 0), (0, 1000)]);
    community.submit(last, readings).unwrap();
    community.finish_page(from).unwrap();
    // All import at the dearest price; what was kept back stays, and export earns nothing.
    let buyer = community.seat(BUYER);
    assert_eq!(buyer.free, FREE - amounts::PAID - 300_000_000);
    assert_eq!((buyer.owed, buyer.silent_windows), (0, 0));
    assert_eq!(
        community.seat(SELLER).free,
        FREE + amounts::INCOME - 300_000_000
    );
    assert_eq!(community.seat(NEXT).free, FREE + 300_000_000);
    assert_eq!(community.supplier_seat().free, supplier);
    check_invariants(&community);
}
