//! Energy times price is money, exactly.

use joulebook_units::{Atoms, MilliAtoms, NetMilliAtoms, Price, Wh, WhSum, MILLI_ATOMS_PER_ATOM};
use proptest::prelude::*;

#[test]
fn given_a_quarter_token_per_kwh_when_a_kwh_is_bought_then_it_costs_a_quarter_token() {
    // 6 decimals: 0.25 tokens are 250,000 atoms.
    assert_eq!(
        (Wh(1000) * Price(250_000)).paid().whole_atoms(),
        Atoms(250_000)
    );
    assert_eq!(Wh(1) * Price(1), NetMilliAtoms(1));
    assert_eq!(Wh(3) * Price(-2), NetMilliAtoms(-6));
}

#[test]
fn given_an_amount_when_asked_then_it_is_paid_or_received() {
    let paid = NetMilliAtoms(5);
    assert_eq!(
        (paid.paid(), paid.received()),
        (MilliAtoms(5), MilliAtoms::ZERO)
    );
    let received = NetMilliAtoms(i64::MIN);
    assert_eq!(
        (received.paid(), received.received()),
        (MilliAtoms::ZERO, MilliAtoms(1 << 63))
    );
    assert_eq!(received.magnitude(), MilliAtoms(1 << 63));
}

#[test]
fn given_the_largest_energy_and_price_when_multiplied_then_the_money_fits() {
    let most = i64::from(u32::MAX);
    let highest = i64::from(i32::MAX);
    assert_eq!(
        Wh(u32::MAX) * Price(i32::MAX),
        NetMilliAtoms(most * highest)
    );
    assert_eq!(
        Wh(u32::MAX) * Price(i32::MIN),
        NetMilliAtoms(-most * (highest + 1))
    );
}

#[test]
fn given_a_sum_too_valuable_when_valued_then_it_says_none() {
    let highest = i64::MAX.unsigned_abs();
    let most = highest / u64::from(i32::MAX.unsigned_abs());
    assert!(WhSum(most).value(Price(i32::MAX)).is_some());
    assert_eq!(WhSum(most + 1).value(Price(i32::MAX)), None);
    assert_eq!(
        WhSum(highest).value(Price(1)),
        Some(NetMilliAtoms(i64::MAX))
    );
    assert_eq!(WhSum(highest).value(Price(2)), None);
    assert_eq!(WhSum(highest + 1).value(Price(1)), None);
    assert_eq!(WhSum(highest).value(Price(0)), Some(NetMilliAtoms::ZERO));
}

#[test]
fn given_more_atoms_than_the_ledger_counts_when_converted_then_it_says_none() {
    let most = u64::MAX / MILLI_ATOMS_PER_ATOM;
    assert_eq!(Atoms(most).to_milli(), Some(MilliAtoms(most * 1000)));
    assert_eq!(Atoms(most + 1).to_milli(), None);
}

#[test]
fn given_the_ends_of_money_when_passed_then_it_says_none() {
    assert_eq!(MilliAtoms(u64::MAX).checked_add(MilliAtoms(1)), None);
    assert_eq!(MilliAtoms::ZERO.checked_sub(MilliAtoms(1)), None);
    assert_eq!(
        MilliAtoms(9).checked_sub(MilliAtoms(9)),
        Some(MilliAtoms::ZERO)
    );
}

proptest! {
    #[test]
    fn given_any_money_when_whole_atoms_are_taken_then_less_than_one_is_left(milli in any::<u64>()) {
        let taken = MilliAtoms(milli).whole_atoms().to_milli().expect("no more than there was");
        let left = MilliAtoms(milli).checked_sub(taken).expect("no more than there was");
        prop_assert!(left.0 < MILLI_ATOMS_PER_ATOM);
    }

    #[test]
    fn given_energy_in_parts_when_valued_then_the_parts_add_up_to_the_whole(
        first in any::<u32>(), second in any::<u32>(), price in any::<i32>()
    ) {
        let price = Price(price);
        let parts = (Wh(first) * price).checked_add(Wh(second) * price);
        let whole = WhSum::from(Wh(first)).checked_add(Wh(second)).expect("64 bits").value(price);
        prop_assert_eq!(parts, whole);
    }

    #[test]
    fn given_any_sum_when_valued_then_it_is_the_product_or_none(sum in any::<u64>(), price in any::<i32>()) {
        let product = i128::from(sum) * i128::from(price);
        let fits = i64::try_from(sum).is_ok();
        let expected = i64::try_from(product).ok().filter(|_| fits).map(NetMilliAtoms);
        prop_assert_eq!(WhSum(sum).value(Price(price)), expected);
    }
}
