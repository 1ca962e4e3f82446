//! An agent's decisions on the real programs: what it plans is sent to them, and what they say decides what it plans next.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_agent::{
    configuration::{AllLimits, Limits},
    decision::{plan, Trader, WindowPlan},
    measured::{values_of, Values},
    review::{review, Grounds},
    view::View,
};
use joulebook_client::{
    layout::{
        market::{DelegateBounds, NewOrder},
        registry::Pause,
    },
    order_packing::pack_orders,
    steps::MarketState,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_strategy::bidding::{Fees, MoneyUnit};
use joulebook_units::{Seconds, UnixTime, SECONDS_PER_DAY};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

const CLIENT_ID: u8 = 166;
const LENGTH: i64 = 900;
/// Five tokens.
const DAILY_LIMIT: u64 = 5_000_000_000;
const MONEY: u64 = 50_000_000;

/// A community whose last household has panels, and an agent for all but strangers.
struct Scene {
    community: LocalCommunity,
    delegate: Keypair,
    /// An open window.
    start: i64,
    values: BTreeMap<Address, Values>,
    limits: AllLimits,
    in_doubt: BTreeSet<(i64, u16)>,
    fee: f64,
}

impl Scene {
    /// Of so many households, of which so many have named the agent, the last of all among them.
    fn new(households: usize, strangers: usize) -> Scene {
        let mut parameters = Parameters {
            window_seconds: 900,
            standing_orders: true,
            ..Parameters::default()
        };
        parameters.terms.horizon = 900;
        parameters.terms.gate_lead = 180;
        let mut community = LocalCommunity::new(parameters).expect("founded");
        for number in 0..households {
            community
                .join(&format!("house{number}"), MONEY)
                .expect("joined");
        }
        let delegate = Keypair::new();
        community.chain.fund(&delegate.pubkey());
        for household in community.households.iter().skip(strangers) {
            let name = community.addresses.set_delegate(
                household.address(),
                household.seat,
                Some(delegate.pubkey()),
                DelegateBounds::of_a_day(DAILY_LIMIT),
            );
            let wallet = &household.wallet;
            community.chain.send_from(wallet, &[name]).expect("named");
        }
        let start = community.first_start();
        community.pass_until(start - LENGTH);
        community.open_window(start).expect("opened");
        let values = past(&community, community.chain.now());
        Scene {
            community,
            delegate,
            start,
            values,
            limits: AllLimits::default(),
            in_doubt: BTreeSet::new(),
            fee: 100.0,
        }
    }

    fn view(&self) -> View {
        let community = &self.community;
        let data: Vec<Vec<u8>> = MarketState::accounts(&community.addresses)
            .iter()
            .map(|address| community.chain.data(address))
            .collect();
        let mut view =
            View::decode(&community.addresses, community.chain.now(), &data).expect("a market");
        for household in &community.households {
            let data = community.chain.data(&household.participant);
            view.note_member(household.seat, &data).expect("a member");
        }
        view
    }

    fn plan(&self) -> WindowPlan {
        let unit = MoneyUnit {
            name: "ct".into(),
            atoms: 10_000.0,
        };
        let trader = Trader {
            delegate: self.delegate.pubkey(),
            client_id: CLIENT_ID,
            limits: &self.limits,
            fees: fees(self.fee),
            unit: &unit,
            values: &self.values,
            in_doubt: &self.in_doubt,
        };
        plan(&self.view(), self.start, &trader).expect("an open window")
    }

    /// Sends what was planned.
    fn send(&mut self, plan: &WindowPlan) {
        let trader = self.delegate.pubkey();
        let addresses = &self.community.addresses;
        for batch in pack_orders(addresses, &trader, self.start, &plan.seats, &[]) {
            let sent = self
                .community
                .chain
                .send_from(&self.delegate, &batch.instructions);
            sent.expect("taken");
        }
    }

    fn live_orders(&self) -> usize {
        self.community.book(self.start).live_orders().count()
    }
}

fn fees(transaction: f64) -> Fees {
    Fees {
        transaction,
        room: 900,
        household: 90,
        order: 12,
        cancel: 60,
        cancelled: 4,
    }
}

/// Ten days before now: all draw, but the last household, which feeds in.
fn past(community: &LocalCommunity, now: i64) -> BTreeMap<Address, Values> {
    let last = community.households.len() - 1;
    let of = |place: usize| {
        let net = if place == last { -1_500 } else { 400 };
        let starts = (0..10 * 96).map(|number| now - now % LENGTH - (number + 1) * LENGTH);
        Values(starts.map(|start| (start, net)).collect())
    };
    let households = community.households.iter().enumerate();
    households
        .map(|(place, household)| (household.address(), of(place)))
        .collect()
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
    scene.in_doubt = first
        .seats
        .iter()
        .map(|one| (scene.start, one.seat))
        .collect();
    let meanwhile = scene.plan();
    assert_eq!(meanwhile.seats, []);
    assert_eq!(
        meanwhile.left,
        [("something was sent that may yet land", 3)].into()
    );
    // It did land, and that became known.
    scene.send(&first);
    scene.in_doubt.clear();
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
    let household = &scene.community.households[1];
    let delegate = Some(scene.delegate.pubkey());
    let bounds = DelegateBounds::of_a_day(LITTLE);
    let name = scene
        .community
        .addresses
        .set_delegate(seller, household.seat, delegate, bounds);
    scene
        .community
        .chain
        .send_from(&household.wallet, &[name])
        .expect("named");
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
    let bounds = DelegateBounds {
        highest_buy: middle,
        lowest_sell: middle,
        ..DelegateBounds::of_a_day(DAILY_LIMIT)
    };
    let Scene {
        community,
        delegate,
        ..
    } = &mut scene;
    for household in &community.households {
        let (owner, delegate) = (household.address(), Some(delegate.pubkey()));
        let name = community
            .addresses
            .set_delegate(owner, household.seat, delegate, bounds);
        let named = community.chain.send_from(&household.wallet, &[name]);
        named.expect("named");
    }
    // What its own configuration allows beyond that counts for nothing.
    scene.limits.usual.highest_buy = Some(i32::MAX - 1);
    scene.trade_about(middle);
}

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

#[test]
fn given_fees_beyond_what_bids_bring_when_reviewed_then_standing_orders_are_entered_once_and_bids_end(
) {
    let mut scene = Scene::new(2, 0);
    let plan = scene.plan();
    scene.send(&plan);
    let traded = scene.start;
    scene.community.pass_until(traded - 180);
    scene.community.clear_and_allocate(traded).expect("cleared");
    scene.community.pass_until(traded + LENGTH);
    scene.values = past(&scene.community, traded + LENGTH);
    let seat_of = |scene: &Scene| scene.community.seat(0);
    let household = scene.community.households[0].address();
    let look = |scene: &Scene, fees: &Fees| {
        let view = scene.view();
        let measured = scene.values[&household].measured(Seconds(LENGTH), view.now);
        let grounds = Grounds {
            fees,
            seats: 2,
            lag: LENGTH,
            client_id: CLIENT_ID,
            limits: Limits::default(),
        };
        let index = scene.community.households[0].seat;
        review(
            &view,
            index,
            &seat_of(scene),
            &measured.expect("known"),
            grounds,
        )
        .expect("reviewed")
    };
    let found = look(&scene, &fees(1e12));
    assert!(found.is_standing && !found.entries.is_empty(), "{found:?}");
    assert!(found
        .both
        .is_some_and(|both| both.standing > 0.0 && both.bids == 1));
    let enter = scene
        .community
        .enter_standing_orders_by(&scene.delegate, 0, found.entries);
    enter.expect("entered");
    assert_eq!(look(&scene, &fees(1e12)).entries, [], "they stand already");
    // Its bids end with that.
    scene.start = traded + 2 * LENGTH;
    scene.community.open_window(scene.start).expect("opened");
    let left = scene.plan().left;
    assert_eq!(
        left.get("the owner has ordered, or standing orders do"),
        Some(&1)
    );
}
