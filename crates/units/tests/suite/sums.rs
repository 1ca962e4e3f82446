//! Sums that say when they do not fit.

use joulebook_units::{bounded_sum, bounded_total, checked_sum};
use proptest::prelude::*;

/// Numbers of every size, the ends of their ranges among them.
fn any_size() -> impl Strategy<Value = u64> {
    let edges = [0, 1, 1 << 61, 1 << 62, 1 << 63, u64::MAX];
    prop_oneof![
        any::<u64>(),
        (any::<u64>(), 0..64u32).prop_map(|(number, shift)| number >> shift),
        (0..edges.len(), 0..3u64)
            .prop_map(move |(edge, more)| { edges[edge].wrapping_add(more).wrapping_sub(1) }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn given_any_two_when_checked_then_it_is_checked_add(a in any_size(), b in any_size()) {
        prop_assert_eq!(checked_sum(a, b), a.checked_add(b));
    }

    #[test]
    fn given_any_two_when_bounded_then_it_is_their_sum_below_the_bound(a in any_size(), b in any_size()) {
        let within = a < 1 << 63 && b < 1 << 63;
        prop_assert_eq!(bounded_sum(a, b), within.then(|| a + b));
    }

    #[test]
    fn given_any_four_when_bounded_then_it_is_their_sum_below_the_bound(
        parts in [any_size(), any_size(), any_size(), any_size()]
    ) {
        let within = parts.iter().all(|part| *part < 1 << 62);
        prop_assert_eq!(bounded_total(parts), within.then(|| parts.iter().sum()));
    }
}

#[test]
fn given_four_of_the_largest_when_bounded_then_they_fit() {
    assert_eq!(bounded_total([(1 << 62) - 1; 4]), Some(u64::MAX - 3));
    assert_eq!(bounded_total([0; 0]), Some(0));
}
