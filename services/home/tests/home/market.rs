//! What accounts of the real programs say, read through a node.

use std::{mem::offset_of, sync::Arc};

use joulebook_client::layout::{
    account::DISCRIMINATOR_LEN,
    market::{Market, NewOrder, Side},
    oracle::MeterTable,
};
use joulebook_cluster::Cluster;
use joulebook_home::{
    chain::Chain,
    household::Household,
    view::{NoSeat, Outcome, View},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_units::Price;
use solana_address::Address;

use crate::node::Node;

const LENGTH: i64 = 300;
const GATE_LEAD: i64 = 60;
/// Ten tokens.
const MONEY: u64 = 10_000_000;

struct Scene {
    community: LocalCommunity,
    node: Node,
    /// The window that orders are placed in.
    start: i64,
}

impl Scene {
    /// Two households; the window before the one that they trade in has begun.
    async fn begin() -> Scene {
        let mut community = LocalCommunity::new(Parameters::default()).expect("founded");
        for name in ["seller", "buyer"] {
            community.join(name, MONEY).expect("joined");
        }
        let start = community.first_start();
        community.pass_until(start - LENGTH);
        community.keep().expect("kept");
        Scene {
            community,
            node: Node::start().await,
            start,
        }
    }

    fn household(&self, place: usize) -> Household {
        Household {
            market: self.community.addresses.market,
            owner: self.community.households[place].address(),
        }
    }

    async fn see(&self, household: Household) -> View {
        self.node.show(&self.community);
        let cluster = Cluster::new(self.node.options()).expect("an endpoint");
        let mut chain = Chain::open(Arc::new(cluster), household)
            .await
            .expect("found");
        assert_eq!(chain.decimals, 6);
        let accounts = chain.read().await.expect("read");
        View::of(&accounts, &household.owner).expect("a market")
    }

    /// The seller offers 100 Wh at 0.15, the buyer bids for 60 Wh at 0.20.
    fn trade(&mut self) {
        for (place, side, quantity, tick) in [(0, Side::Sell, 100, 50), (1, Side::Buy, 60, 75)] {
            let order = NewOrder {
                quantity,
                tick,
                side: side as u8,
                ..NewOrder::default()
            };
            let placed = self.community.place(place, self.start, vec![order]);
            placed.expect("placed");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_orders_when_their_window_comes_then_the_price_is_known_from_the_gate_on_whoever_clears(
) {
    let mut scene = Scene::begin().await;
    let (start, buyer) = (scene.start, scene.household(1));
    let view = scene.see(buyer).await;
    // Nobody has traded in the first windows, or ordered anything yet.
    assert_eq!(
        view.current().map(|window| window.start),
        Some(start - LENGTH)
    );
    assert_eq!(view.current().and_then(|window| window.fixed_price()), None);
    assert_eq!(view.next_gate, Some((start - GATE_LEAD, start)));
    let nothing = Outcome {
        price: None,
        volume: 0,
        is_fixed: false,
    };
    assert_eq!(view.next().expect("a window").outcome, Some(nothing));
    scene.trade();
    // The offer is filled in part: its limit is the price.
    let ordered = Outcome {
        price: Some(Price(150_000)),
        volume: 60,
        is_fixed: false,
    };
    let next = |view: &View| view.next().expect("a window").outcome;
    assert_eq!(next(&scene.see(buyer).await), Some(ordered));
    let fixed = Outcome {
        is_fixed: true,
        ..ordered
    };
    scene.community.pass_until(start - GATE_LEAD);
    assert_eq!(next(&scene.see(buyer).await), Some(fixed));
    // Nobody has cleared it, and its delivery has begun.
    scene.community.pass_until(start);
    let view = scene.see(buyer).await;
    let current = view.current().expect("a window");
    assert_eq!((current.start, current.outcome), (start, Some(fixed)));
    scene
        .community
        .clear_and_allocate(start)
        .expect("allocated");
    let after = scene.see(buyer).await;
    assert_eq!(after.current(), view.current());
    let prices = after
        .current()
        .and_then(|window| window.prices)
        .expect("known");
    assert_eq!(
        (prices.short, prices.long, prices.grid_fee),
        (300_000, 80_000, 20_000)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_seat_when_it_orders_then_its_balance_stays_and_less_of_it_is_free() {
    let mut scene = Scene::begin().await;
    let buyer = scene.household(1);
    let before = scene.see(buyer).await.money.expect("a seat");
    assert_eq!((before.free, before.locked), (MONEY * 1_000, 0));
    scene.trade();
    let after = scene.see(buyer).await.money.expect("a seat");
    // 60 Wh at 0.20 are 12,000,000 milli-atoms; fees come on top.
    assert!(after.locked >= 12_000_000, "{after:?}");
    assert_eq!(after.balance(), Some(MONEY * 1_000));
    assert_eq!(after, {
        let seat = scene.community.seat(1);
        joulebook_home::view::Money {
            free: seat.free,
            locked: seat.locked,
            held: 0,
            debt: 0,
            claim: 0,
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_meters_when_one_is_heard_then_it_is_known_until_when() {
    let mut scene = Scene::begin().await;
    let (start, buyer) = (scene.start, scene.household(1));
    scene.community.pass_until(start);
    scene.community.read_start(start).expect("read");
    scene.community.pass_until(start + LENGTH + 10);
    scene.community.keep().expect("kept");
    let before = scene.see(buyer).await;
    assert_eq!(before.heard_until, Some(start));
    let readings = scene.community.read_meters(start, &[(0, 90), (70, 0)]);
    scene.community.submit(start, readings).expect("read");
    assert_eq!(scene.see(buyer).await.heard_until, Some(start + LENGTH));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_wallet_without_a_seat_when_seen_then_prices_are_known_and_it_is_said_why_money_is_not(
) {
    let scene = Scene::begin().await;
    let stranger = Household {
        owner: Address::new_from_array([9; 32]),
        ..scene.household(0)
    };
    let view = scene.see(stranger).await;
    assert_eq!(view.money, Err(NoSeat::NotApplied));
    assert_eq!((view.heard_until, view.approved_at), (None, None));
    assert!(view.current().is_some_and(|window| window.prices.is_some()));
}

/// Why a market is not opened.
async fn refusal(scene: &Scene, market: Address) -> String {
    let cluster = Cluster::new(scene.node.options()).expect("an endpoint");
    let household = Household {
        market,
        ..scene.household(0)
    };
    let error = Chain::open(Arc::new(cluster), household).await.err();
    format!("{:#}", error.expect("refused"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_address_that_is_no_markets_when_opened_then_it_is_said() {
    let scene = Scene::begin().await;
    let nobody = Address::new_from_array([9; 32]);
    let empty = refusal(&scene, nobody).await;
    assert!(empty.contains("deploy the programs"), "{empty}");
    scene.node.show(&scene.community);
    let cases = [
        (nobody, "check address and cluster"),
        (scene.community.addresses.ledger, "is no market"),
    ];
    for (market, words) in cases {
        let text = refusal(&scene, market).await;
        assert!(text.contains(words), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_accounts_of_another_layout_when_a_market_is_opened_then_both_are_named() {
    let scene = Scene::begin().await;
    let addresses = &scene.community.addresses;
    let versions = [
        (addresses.market, offset_of!(Market, version)),
        (addresses.meter_table, offset_of!(MeterTable, version)),
    ];
    for (account, offset) in versions {
        scene.node.show(&scene.community);
        scene.node.bend(&account, DISCRIMINATOR_LEN + offset);
        let text = refusal(&scene, addresses.market).await;
        assert!(
            text.contains(&format!("{account} has the layout 0")),
            "{text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_market_of_another_cluster_when_it_is_opened_then_both_are_named() {
    let scene = Scene::begin().await;
    let addresses = &scene.community.addresses;
    scene.node.show(&scene.community);
    let cluster = DISCRIMINATOR_LEN + offset_of!(MeterTable, cluster);
    scene.node.bend(&addresses.meter_table, cluster);
    let text = refusal(&scene, addresses.market).await;
    let found = Address::new_from_array(scene.community.meters().header.cluster);
    assert!(
        text.contains("genesis hash") && text.contains(&found.to_string()),
        "{text}"
    );
}
