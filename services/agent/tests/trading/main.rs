//! An agent's decisions on the real programs: what it plans is sent to them, and what they say decides what it plans next.
//!
//! | module | subject |
//! | --- | --- |
//! | `scene` | a community with an agent |
//! | `node` | a node that the agent reads and sends to, and that can lie |
//! | `process` | the agent as it runs, at such a node |

mod node;
mod process;
mod scene;

use joulebook_agent::{
    configuration::Limits,
    doubt::InDoubt,
    measured::values_of,
    review::{review, Grounds, Review},
};
use joulebook_client::layout::{
    market::{DelegateBounds, ImbalancePrices, LimitKind, NewOrder, Side},
    registry::Pause,
};
use joulebook_settlement::Terms;
use joulebook_standing::limit_price;
use joulebook_units::{Price, Seconds, UnixTime, MILLI_ATOMS_PER_ATOM, SECONDS_PER_DAY};
use solana_signer::Signer;

use scene::{fees, Scene, CLIENT_ID, DAILY_LIMIT, LENGTH};

impl Scene {
    /// The middle of the grid, atoms per kWh.
    fn middle(&self) -> i32 {
        let header = self.community.book(self.start).header;
        header.floor_price + (i32::from(header.ticks) / 2) * header.tick_size as i32
    }

    /// Orders are planned, buys at most and sells at least at that price, and the market takes them.
    fn trade_about(&mut self, middle: i32) {
        let book = self.community.book(self.start);
        let plan = self.plan();
        assert!(!plan.seats.is_empty());
        for order in plan.seats.iter().flat_map(|seat| &seat.placed) {
            let header = &book.header;
            let price = header.floor_price + i32::from(order.tick) * header.tick_size as i32;
            match order.side {
                0 => assert!(price <= middle),
                _ => assert!(price >= middle),
            }
        }
        self.send(&plan);
    }
}

#[test]
fn given_both_sides_when_an_agent_orders_then_the_market_takes_it_and_it_never_orders_twice() {
    let mut scene = Scene::new(4, 0);
    let first = scene.plan();
    assert_eq!(first.seats.len(), 4);
    assert!(first.gain > 0.0);
    assert!(first
        .sentences
        .iter()
        .any(|one| one.text.starts_with("sells ")));
    assert!(first
        .sentences
        .iter()
        .any(|one| one.text.starts_with("buys ")));
    scene.send(&first);
    let live = scene.live_orders();
    assert_eq!(live, first.sentences.len());
    // Whoever starts anew finds them in the book.
    let again = scene.plan();
    assert_eq!(again.seats, []);
    assert_eq!(again.left, [("ordered already", 4)].into());
    scene.community.pass_until(scene.start - 180);
    scene
        .community
        .clear_and_allocate(scene.start)
        .expect("cleared");
    let window = scene.community.window(scene.start);
    assert!(window.volume > 1_000, "{}", window.volume);
}

#[test]
fn given_something_sent_that_may_yet_land_when_planned_then_nothing_is_sent_for_its_seats() {
    let mut scene = Scene::new(3, 0);
    let first = scene.plan();
    // Orders in that window, or standing orders, which order in all.
    for start in [Some(scene.start), None] {
        scene.in_doubt = InDoubt::default();
        let seats = first.seats.iter().map(|one| one.seat);
        scene.in_doubt.note(start, seats);
        let meanwhile = scene.plan();
        assert_eq!(meanwhile.seats, []);
        assert!(meanwhile.is_in_doubt());
        assert_eq!(
            meanwhile.left,
            [("something was sent that may yet land", 3)].into()
        );
    }
    // It did land, and that became known.
    scene.send(&first);
    scene.in_doubt = InDoubt::default();
    assert_eq!(scene.plan().seats, []);
}

#[test]
fn given_another_forecast_when_planned_again_then_orders_are_replaced_in_one_transaction() {
    let mut scene = Scene::new(3, 0);
    let first = scene.plan();
    scene.send(&first);
    let owner = scene.community.households[0].address();
    let values = scene.values.get_mut(&owner).expect("known");
    for net in values.0.values_mut() {
        *net = 800;
    }
    let second = scene.plan();
    assert_eq!(second.seats.len(), 1);
    let replaced = &second.seats[0];
    assert_eq!(replaced.owner, owner);
    assert_eq!(
        replaced.cancelled.len(),
        first
            .seats
            .iter()
            .find(|one| one.owner == owner)
            .expect("ordered")
            .placed
            .len()
    );
    scene.send(&second);
    assert_eq!(scene.plan().seats, []);
    let bought: u32 = replaced.placed.iter().map(|order| order.quantity).sum();
    assert!(bought > 700, "{bought}");
}

#[test]
fn given_a_daily_limit_when_an_agent_orders_then_it_keeps_to_it_and_the_market_would_not_take_more()
{
    let mut scene = Scene::new(2, 0);
    let seller = scene.community.households[1].address();
    let values = scene.values.get_mut(&seller).expect("known");
    for net in values.0.values_mut() {
        *net = -4_000;
    }
    // A fifth of a token: what 4 kWh lock is more.
    const LITTLE: u64 = 200_000_000;
    scene.name(1, DelegateBounds::of_a_day(LITTLE));
    let plan = scene.plan();
    scene.send(&plan);
    let seat = scene.community.seat(1);
    assert!(seat.delegate_locked <= LITTLE);
    assert!(
        seat.delegate_locked > LITTLE * 9 / 10,
        "{}",
        seat.delegate_locked
    );
    assert_eq!(
        scene.plan().seats,
        [],
        "what was used is no reason to replace orders"
    );
    scene.limits.usual = Limits {
        daily_lock: Some(1),
        ..Limits::default()
    };
    assert_eq!(scene.plan().seats, []);
}

#[test]
fn given_price_limits_when_an_agent_orders_then_none_is_beyond_them() {
    let mut scene = Scene::new(3, 0);
    let middle = scene.middle();
    scene.limits.usual = Limits {
        highest_buy: Some(middle),
        lowest_sell: Some(middle),
        ..Limits::default()
    };
    scene.trade_about(middle);
}

/// Or the market would refuse all orders of the transaction.
#[test]
fn given_price_bounds_on_chain_when_an_agent_orders_then_none_is_beyond_them() {
    let mut scene = Scene::new(3, 0);
    let middle = scene.middle();
    let terms = Terms::from(&scene.community.book(scene.start).header);
    let with_fees = terms.all_in(Price(middle)).expect("a price");
    let bounds = DelegateBounds {
        highest_buy: with_fees.0,
        lowest_sell: middle,
        ..DelegateBounds::of_a_day(DAILY_LIMIT)
    };
    for place in 0..3 {
        scene.name(place, bounds);
    }
    // What its own configuration allows beyond that counts for nothing.
    scene.limits.usual.highest_buy = Some(i32::MAX - 1);
    scene.trade_about(middle);
}

#[test]
fn given_an_owner_who_orders_by_hand_when_planned_then_its_household_is_left_alone() {
    let mut scene = Scene::new(3, 0);
    let order = NewOrder {
        quantity: 100,
        tick: 3,
        client_id: 7,
        ..NewOrder::default()
    };
    scene
        .community
        .place(0, scene.start, vec![order])
        .expect("placed");
    let plan = scene.plan();
    let owner = scene.community.households[0].address();
    assert!(plan.seats.iter().all(|seat| seat.owner != owner));
    assert_eq!(
        plan.left
            .get("the owner has ordered, or standing orders do"),
        Some(&1)
    );
    scene.send(&plan);
}

#[test]
fn given_strangers_when_planned_then_surplus_is_offered_and_what_nobody_offers_is_not_bought() {
    // The household with panels is the agent's, the other is not.
    let scene = Scene::new(2, 1);
    let plan = scene.plan();
    assert_eq!(plan.seats.len(), 1);
    assert!(plan.seats[0].placed.iter().all(|order| order.side == 1));
    // Nobody is there to sell.
    let mut scene = Scene::new(2, 0);
    let last = scene.community.households[1].address();
    scene.values.remove(&last);
    let plan = scene.plan();
    assert_eq!(plan.seats, []);
    assert_eq!(
        plan.left,
        [
            ("nobody is on the other side", 1),
            ("too little was measured", 1)
        ]
        .into()
    );
}

#[test]
fn given_a_dear_fee_a_pause_or_a_suspension_when_planned_then_nothing_is_sent() {
    let mut scene = Scene::new(2, 0);
    scene.fee = 1e12;
    assert_eq!(scene.plan().left, [("not worth the fee", 2)].into());
    scene.fee = 0.0;
    assert_eq!(scene.plan().seats.len(), 2);
    let authority = scene.community.authority.pubkey();
    let addresses = scene.community.addresses.clone();
    let pause = addresses.set_pause(
        joulebook_client::instructions::Actor::authority(authority),
        Pause::TRADING.0,
    );
    scene
        .community
        .chain
        .send(&[pause], &[&scene.community.authority])
        .expect("paused");
    assert_eq!(scene.plan().left, [("trading is paused", 1)].into());
}

#[test]
fn given_readings_on_chain_when_values_are_taken_then_they_are_what_the_meters_showed() {
    let mut scene = Scene::new(2, 0);
    let first = scene.start;
    scene.community.pass_until(first);
    scene.community.read_start(first).expect("read");
    scene.community.pass_until(first + LENGTH);
    let readings = scene.community.read_meters(first, &[(700, 0), (0, 300)]);
    scene.community.submit(first, readings).expect("read");
    let view = scene.view();
    let seats: Vec<u16> = scene
        .community
        .households
        .iter()
        .map(|one| one.seat)
        .collect();
    let of = |seat: u16, now: i64| -> Vec<(i64, i64)> {
        let values = values_of(&view.state, seat, now);
        values
            .into_iter()
            .map(|(start, net)| (start, net.0))
            .collect()
    };
    assert_eq!(of(seats[0], view.now), [(first, 700)]);
    assert_eq!(of(seats[1], view.now), [(first, -300)]);
    assert_eq!(of(seats[1], first + LENGTH - 1), [], "it is not over");
}

#[test]
fn given_no_trade_when_a_household_is_reviewed_then_it_keeps_bidding() {
    let scene = Scene::new(2, 0);
    let view = scene.view();
    let fees = fees(1e9);
    let grounds = Grounds {
        fees: &fees,
        seats: 2,
        lag: 0,
        client_id: CLIENT_ID,
        limits: Limits::default(),
    };
    let household = &scene.community.households[0];
    let measured = scene.values[&household.address()].measured(Seconds(LENGTH), view.now);
    let measured = measured.expect("known");
    let seat = scene.community.seat(0);
    let found = review(&view, household.seat, &seat, &measured, grounds).expect("reviewed");
    assert_eq!((found.both, found.is_standing), (None, false));
    assert_eq!(found.entries, []);
    assert_eq!(UnixTime(measured.end()).0 % LENGTH, 0);
    assert!(measured.days() as i64 * SECONDS_PER_DAY <= 10 * SECONDS_PER_DAY);
}

/// A review of the first household, to which every fee is too dear.
fn reviewed(scene: &Scene, limits: Limits) -> Review {
    let fees = fees(1e12);
    let view = scene.view();
    let household = &scene.community.households[0];
    let measured = scene.values[&household.address()].measured(Seconds(LENGTH), view.now);
    let grounds = Grounds {
        fees: &fees,
        seats: 2,
        lag: LENGTH,
        client_id: CLIENT_ID,
        limits,
    };
    let seat = scene.community.seat(0);
    let measured = measured.expect("known");
    review(&view, household.seat, &seat, &measured, grounds).expect("reviewed")
}

fn enter(scene: &mut Scene, found: Review) {
    let enter = scene
        .community
        .enter_standing_orders_by(&scene.delegate, 0, found.entries);
    enter.expect("entered");
}

const TAKEN: &str = "the owner has ordered, or standing orders do";

#[test]
fn given_fees_beyond_what_bids_bring_when_reviewed_then_standing_orders_are_entered_once_and_bids_end(
) {
    let mut scene = Scene::new(2, 0);
    scene.trade();
    let found = reviewed(&scene, Limits::default());
    assert!(found.is_standing && !found.entries.is_empty(), "{found:?}");
    assert!(found
        .both
        .is_some_and(|both| both.standing > 0.0 && both.bids == 1));
    enter(&mut scene, found);
    let again = reviewed(&scene, Limits::default());
    assert_eq!(again.entries, [], "they stand already");
    // Its bids end with that.
    assert_eq!(scene.plan().left.get(TAKEN), Some(&1));
}

/// The retail price is 0.40 by day, when it is reviewed, and 0.20 at night.
#[test]
fn given_two_rates_and_bounds_when_reviewed_by_day_then_no_rule_buys_above_the_retail_price_at_night(
) {
    let mut scene = Scene::with(2, 0, |parameters| {
        parameters.tariff = ImbalancePrices {
            short: 400_000,
            long: 80_000,
        };
    });
    scene.name(
        0,
        DelegateBounds {
            highest_buy: 400_000,
            lowest_sell: 80_000,
            ..DelegateBounds::of_a_day(DAILY_LIMIT)
        },
    );
    scene.trade();
    let found = reviewed(&scene, Limits::default());
    let rules: Vec<_> = found
        .entries
        .iter()
        .filter_map(|entry| entry.rule)
        .collect();
    let is_buy = |side: u8| side == Side::Buy as u8;
    assert!(rules.iter().any(|rule| is_buy(rule.side)), "{found:?}");
    for rule in &rules {
        let [short, long] = [200_000, 80_000].map(Price);
        let limit = limit_price(rule, short, long);
        match is_buy(rule.side) {
            true => assert!(limit <= i64::from(short.0), "{rule:?}"),
            false => assert!(limit >= i64::from(long.0), "{rule:?}"),
        }
    }
}

#[test]
fn given_price_limits_that_the_chain_does_not_know_when_reviewed_then_there_are_bids_and_no_rules()
{
    let mut scene = Scene::new(2, 0);
    scene.trade();
    let found = reviewed(&scene, Limits::default());
    let entered = found.entries.len();
    enter(&mut scene, found);
    let limits = Limits {
        highest_buy: Some(250_000),
        ..Limits::default()
    };
    let found = reviewed(&scene, limits);
    assert!(!found.is_standing && found.both.is_none());
    assert_eq!(found.entries.len(), entered);
    assert!(found.entries.iter().all(|entry| entry.rule.is_none()));
    // The chain keeps to it once the owner says so.
    let bounds = DelegateBounds {
        highest_buy: 250_000,
        ..DelegateBounds::of_a_day(DAILY_LIMIT)
    };
    scene.name(0, bounds);
    let found = reviewed(&scene, limits);
    assert!(found.is_standing);
    assert_eq!(found.entries, [], "they stand already");
}

#[test]
fn given_a_rule_without_a_price_in_a_window_when_planned_then_its_household_has_bids() {
    let mut scene = Scene::new(2, 0);
    scene.trade();
    let found = reviewed(&scene, Limits::default());
    // Below the grid, which begins at 50,000.
    let entries = found.entries.into_iter().map(|mut entry| {
        if let Some(rule) = &mut entry.rule {
            (rule.limit_kind, rule.limit) = (LimitKind::Fixed as u8, 40_000);
        }
        entry
    });
    let found = Review {
        entries: entries.collect(),
        ..found
    };
    enter(&mut scene, found);
    let plan = scene.plan();
    assert_eq!(plan.left.get(TAKEN), None);
    assert_eq!(plan.seats.len(), 2);
}

#[test]
fn given_a_list_when_planned_then_nobody_else_who_names_the_agent_is_served() {
    let mut scene = Scene::new(3, 0);
    let delegate = scene.delegate.pubkey();
    let owners = [0, 2].map(|place| scene.community.households[place].address());
    scene.listed = Some(owners.into());
    let plan = scene.plan();
    assert_eq!(plan.seats.len(), 2);
    assert!(plan.seats.iter().all(|seat| owners.contains(&seat.owner)));
    assert_eq!(scene.view().unlisted(&delegate), 1);
}

#[test]
fn given_what_was_planned_in_other_windows_when_planned_then_all_together_keep_to_the_limits() {
    let mut scene = Scene::new(2, 0);
    let first = scene.plan();
    let locked = &first.locks;
    assert_eq!(locked.len(), 2);
    let most = locked.values().copied().max().unwrap_or(0);
    scene.limits.usual.daily_lock = Some(most * 3 / 2 / MILLI_ATOMS_PER_ATOM);
    scene.locked = locked.clone();
    let second = scene.plan();
    for (seat, lock) in &second.locks {
        assert!(lock + locked[seat] <= most * 3 / 2, "{seat}: {lock}");
    }
    assert!(!second.seats.is_empty());
    // Money is not there twice, either.
    scene.limits = Default::default();
    scene.locked = scene.locked.keys().map(|seat| (*seat, u64::MAX)).collect();
    assert_eq!(scene.plan().seats, []);
}
