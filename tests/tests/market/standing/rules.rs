//! Rules that say nothing, or never order anything.

use joulebook_client::{
    layout::market::{QuantityKind, StandingRule},
    market::errors::MarketError,
};
use joulebook_sim::LocalCommunity;
use joulebook_tests::{
    market::{check_invariants, BUYER},
    refused::refused_when,
};

use super::{enter, entering, entry, row, rule, with_standing_orders};

/// Alone and behind a good one.
#[track_caller]
fn refuse(community: &mut LocalCommunity, case: &str, bad: StandingRule, why: MarketError) {
    let key = community.households[BUYER].wallet.insecure_clone();
    for entries in [vec![entry(0, bad)], vec![entry(0, rule()), entry(1, bad)]] {
        let set = entering(community, BUYER, entries);
        refused_when(case, &mut community.chain, &set, &[&key], why.clone());
    }
}

fn profile(half_hour: usize) -> StandingRule {
    let mut profile = [0; 48];
    profile[half_hour] = 1;
    StandingRule {
        quantity: 1,
        quantity_kind: QuantityKind::Profile as u8,
        profile,
        ..rule()
    }
}

#[test]
fn given_a_rule_that_means_nothing_when_it_is_entered_then_it_is_invalid() {
    let (mut community, _) = with_standing_orders();
    let share = |kind: QuantityKind| StandingRule {
        quantity: 10_001,
        quantity_kind: kind as u8,
        ..rule()
    };
    for (case, bad) in [
        ("a third side", StandingRule { side: 2, ..rule() }),
        ("a second node", StandingRule { node: 1, ..rule() }),
        (
            "a limit of no kind",
            StandingRule {
                limit_kind: 3,
                ..rule()
            },
        ),
        (
            "a quantity of no kind",
            StandingRule {
                quantity_kind: 4,
                ..rule()
            },
        ),
        (
            "a 49th half hour",
            StandingRule {
                half_hours: 1 << 48 | 1,
                ..rule()
            },
        ),
        (
            "an eighth day",
            StandingRule {
                weekdays: 0xff,
                ..rule()
            },
        ),
        (
            "something reserved",
            StandingRule {
                reserved: [0, 0, 0, 0, 1],
                ..rule()
            },
        ),
        ("more than all of a day", share(QuantityKind::DayBefore)),
        ("more than all of a week", share(QuantityKind::WeekBefore)),
        (
            "a profile beside another kind",
            StandingRule {
                quantity: 1,
                quantity_kind: 0,
                ..profile(47)
            },
        ),
    ] {
        refuse(&mut community, case, bad, MarketError::StandingRuleInvalid);
    }
    check_invariants(&community);
}

#[test]
fn given_a_rule_that_is_never_due_when_it_is_entered_then_it_says_so() {
    let (mut community, _) = with_standing_orders();
    let now = community.chain.now();
    let ended = |valid_until| StandingRule {
        valid_until,
        ..rule()
    };
    for (case, bad) in [
        ("ended now", ended(now)),
        ("ended before", ended(now - 1)),
        ("ended long ago", ended(i64::MIN)),
        (
            "no half hour",
            StandingRule {
                half_hours: 0,
                ..rule()
            },
        ),
        (
            "no day",
            StandingRule {
                weekdays: 0,
                ..rule()
            },
        ),
        (
            "no money",
            StandingRule {
                lock_cap: 0,
                ..rule()
            },
        ),
        (
            "no energy",
            StandingRule {
                energy_cap: 0,
                ..rule()
            },
        ),
        (
            "nothing",
            StandingRule {
                quantity: 0,
                ..rule()
            },
        ),
        (
            "a profile of nothing",
            StandingRule {
                quantity: 0,
                ..profile(0)
            },
        ),
        (
            "nothing of it",
            StandingRule {
                quantity: 0,
                quantity_kind: QuantityKind::DayBefore as u8,
                ..rule()
            },
        ),
        (
            "a profile of other half hours",
            StandingRule {
                half_hours: 0b01,
                ..profile(1)
            },
        ),
        (
            "an empty profile",
            StandingRule {
                profile: [0; 48],
                ..profile(0)
            },
        ),
    ] {
        refuse(&mut community, case, bad, MarketError::NeverDue);
    }
    check_invariants(&community);
}

#[test]
fn given_rules_at_the_edge_of_what_may_be_when_they_are_entered_then_they_stand() {
    let (mut community, _) = with_standing_orders();
    let now = community.chain.now();
    for good in [
        StandingRule {
            valid_until: now + 1,
            ..rule()
        },
        StandingRule {
            half_hours: 1 << 47,
            weekdays: 1 << 6,
            lock_cap: 1,
            energy_cap: 1,
            quantity: 1,
            ..rule()
        },
        StandingRule {
            quantity: 10_000,
            quantity_kind: QuantityKind::WeekBefore as u8,
            ..rule()
        },
        StandingRule {
            limit: i32::MIN,
            quantity: u32::MAX,
            ..rule()
        },
        StandingRule {
            half_hours: 1 << 47,
            ..profile(47)
        },
    ] {
        enter(&mut community, BUYER, vec![entry(6, good)]).unwrap();
        assert_eq!(row(&community, BUYER).orders[6].rule, good);
    }
    check_invariants(&community);
}
