use joulebook_units::{MilliAtoms, Wh};
use proptest::prelude::*;

use super::*;
use crate::{examples::rules, Weighted};

const FEES: Fees = Fees {
    transaction: 1_000.0,
    room: 1_000,
    household: 50,
    order: 12,
    cancel: 30,
    cancelled: 4,
};

fn window() -> OpenWindow {
    OpenWindow {
        grid: rules().grid,
        terms: rules().terms,
        others: vec![],
        strangers: None,
    }
}

/// About so many Wh.
fn about(net: f64) -> Bidder {
    let sample = (0..100).map(|day| Weighted {
        net: net * (0.9 + 0.002 * day as f64),
        weight: 1.0,
        day,
    });
    Bidder {
        rules: rules(),
        expected: Distribution::of(sample.collect()),
        live: vec![],
        limits: OwnerLimits::default(),
        may_lock_anew: MilliAtoms(u64::MAX),
        is_taken: false,
    }
}

fn orders_of(decision: &Decision) -> &[TickOrder] {
    match decision {
        Decision::Order { orders, .. } => orders,
        Decision::Leave(_) => &[],
    }
}

fn because(bids: &Bids) -> Vec<Option<Because>> {
    let because = |decision: &Decision| match decision {
        Decision::Order { .. } => None,
        Decision::Leave(because) => Some(*because),
    };
    bids.decisions.iter().map(because).collect()
}

#[test]
fn given_both_sides_when_decided_then_both_order_in_one_transaction_and_gain() {
    let bids = decide(&window(), &[about(1_000.0), about(-1_000.0)], &FEES);
    assert_eq!(because(&bids), [None, None]);
    assert_eq!(bids.transactions.len(), 1);
    for (decision, side) in bids.decisions.iter().zip([Side::Buy, Side::Sell]) {
        let Decision::Order { orders, gain, fee } = decision else {
            panic!("{decision:?}")
        };
        assert!(orders.iter().all(|order| order.side == side));
        assert!(*gain > 50_000.0 && *fee < 1_000.0, "{decision:?}");
    }
}

#[test]
fn given_one_side_alone_when_decided_then_nobody_orders() {
    let bids = decide(&window(), &[about(1_000.0), about(500.0)], &FEES);
    assert_eq!(because(&bids), [Some(Because::NobodyElse); 2]);
    assert!(bids.transactions.is_empty());
    let bids = decide(&window(), &[about(-1_000.0)], &FEES);
    assert_eq!(because(&bids), [Some(Because::NobodyElse)]);
}

#[test]
fn given_strangers_when_decided_then_what_is_left_over_is_offered_and_nothing_bought_that_nobody_offers(
) {
    let mut window = window();
    window.strangers = Some(Price(200));
    let bids = decide(&window, &[about(-1_000.0)], &FEES);
    assert_eq!(because(&bids), [None]);
    let bids = decide(&window, &[about(1_000.0)], &FEES);
    assert_eq!(because(&bids), [Some(Because::NobodyElse)]);
    // Somebody offers.
    window.others = vec![TickOrder {
        side: Side::Sell,
        tick: Tick(5),
        quantity: Wh(500),
    }];
    let bids = decide(&window, &[about(1_000.0)], &FEES);
    assert_eq!(because(&bids), [None]);
    // What is below the offer is left out: nobody would take it.
    let lowest = orders_of(&bids.decisions[0])
        .iter()
        .map(|order| order.tick)
        .min();
    assert!(lowest >= Some(Tick(5)));
}

#[test]
fn given_a_dear_transaction_when_decided_then_it_is_not_sent() {
    let fees = Fees {
        transaction: 1e9,
        ..FEES
    };
    let bids = decide(&window(), &[about(1_000.0), about(-1_000.0)], &fees);
    assert_eq!(because(&bids), [Some(Because::NotWorthTheFee); 2]);
}

#[test]
fn given_little_room_when_decided_then_only_transactions_are_sent_that_pay() {
    // One household each; two buyers, of whom one needs next to nothing.
    let fees = Fees { room: 60, ..FEES };
    let households = [about(4.0), about(-1_000.0), about(1_000.0)];
    let bids = decide(&window(), &households, &fees);
    assert_eq!(because(&bids), [Some(Because::NotWorthTheFee), None, None]);
    assert_eq!(bids.transactions.len(), 2);
}

#[test]
fn given_orders_in_the_book_when_little_has_changed_then_they_stay_and_else_are_replaced() {
    let first = decide(&window(), &[about(1_000.0), about(-1_000.0)], &FEES);
    let live = |place: usize| orders_of(&first.decisions[place]).to_vec();
    let look = |net: f64| {
        let [mut buyer, mut seller] = [about(net), about(-1_000.0)];
        (buyer.live, seller.live) = (live(0), live(1));
        decide(&window(), &[buyer, seller], &FEES)
    };
    assert_eq!(because(&look(1_000.0)), [Some(Because::AsOrdered); 2]);
    assert_eq!(because(&look(1_001.0)), [Some(Because::AsOrdered); 2]);
    let later = look(300.0);
    assert_eq!(because(&later), [None, Some(Because::AsOrdered)]);
    let Decision::Order { gain, .. } = later.decisions[0] else {
        panic!("{later:?}")
    };
    assert!(gain > 1_000.0, "{gain}");
}

#[test]
fn given_orders_that_used_up_a_limit_when_another_look_is_taken_then_they_are_not_made_smaller() {
    let first = decide(&window(), &[about(1_000.0), about(-1_000.0)], &FEES);
    let [mut buyer, mut seller] = [about(400.0), about(-1_000.0)];
    buyer.live = orders_of(&first.decisions[0]).to_vec();
    seller.live = orders_of(&first.decisions[1]).to_vec();
    let look = |left: u64| {
        let mut buyer = buyer.clone();
        buyer.may_lock_anew = MilliAtoms(left);
        because(&decide(&window(), &[buyer, seller.clone()], &FEES))[0]
    };
    assert_eq!(look(10_000), Some(Because::AsOrdered));
    assert_eq!(look(1_000_000), None);
}

#[test]
fn given_an_owner_who_orders_or_nothing_known_when_decided_then_it_is_left_alone() {
    let mut taken = about(1_000.0);
    taken.is_taken = true;
    let mut unknown = about(1_000.0);
    unknown.expected = None;
    let mut broke = about(1_000.0);
    broke.limits.may_lock = MilliAtoms(10);
    let bids = decide(&window(), &[taken, unknown, broke, about(-1_000.0)], &FEES);
    assert_eq!(
        because(&bids),
        [
            Some(Because::Taken),
            Some(Because::NothingKnown),
            Some(Because::NothingToOrder),
            Some(Because::NobodyElse)
        ]
    );
}

proptest! {
    #[test]
    fn whatever_is_sent_pays_and_keeps_to_the_limits(
        nets in prop::collection::vec((-3_000.0_f64..3_000.0, 0_u64..400_000, 100_i32..300), 1..20),
        room in 100_u32..2_000,
        transaction in 0.0_f64..100_000.0,
        strangers in prop::option::of(100_i32..300),
    ) {
        let households: Vec<Bidder> = nets.iter().map(|(net, may_lock, price)| {
            let mut household = about(*net);
            household.limits = OwnerLimits {
                highest_buy: Some(Price(*price)),
                lowest_sell: Some(Price(*price)),
                may_lock: MilliAtoms(*may_lock),
            };
            household
        }).collect();
        let mut window = window();
        window.strangers = strangers.map(Price);
        let fees = Fees { room, transaction, ..FEES };
        let bids = decide(&window, &households, &fees);
        let mut sent: Vec<usize> = bids.transactions.iter().flatten().copied().collect();
        for places in &bids.transactions {
            let gain: f64 = places.iter().map(|place| match bids.decisions[*place] {
                Decision::Order { gain, .. } => gain,
                Decision::Leave(because) => panic!("{because:?} is sent"),
            }).sum();
            prop_assert!(gain > transaction);
        }
        sent.sort_unstable();
        let ordered: Vec<usize> = (0..households.len())
            .filter(|place| matches!(bids.decisions[*place], Decision::Order { .. }))
            .collect();
        prop_assert_eq!(sent, ordered);
        for (household, decision) in households.iter().zip(&bids.decisions) {
            let locks = household.rules.terms.locks();
            let lock: u64 = orders_of(decision).iter()
                .map(|order| lock_of(&locks, order, &household.rules).expect("fits").0).sum();
            prop_assert!(lock <= household.limits.may_lock.0);
            for order in orders_of(decision) {
                let price = household.rules.grid.price(order.tick);
                let is_within = match order.side {
                    Side::Buy => price <= household.limits.highest_buy,
                    Side::Sell => price >= household.limits.lowest_sell,
                };
                prop_assert!(is_within);
            }
        }
    }
}
