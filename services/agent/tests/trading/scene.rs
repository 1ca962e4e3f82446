//! A community with an agent.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_agent::{
    configuration::AllLimits,
    decision::{plan, Trader, WindowPlan},
    doubt::InDoubt,
    measured::Values,
    view::View,
};
use joulebook_client::{
    layout::market::DelegateBounds, order_packing::pack_orders, steps::MarketState,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_strategy::bidding::{Fees, MoneyUnit};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

pub const CLIENT_ID: u8 = 166;
pub const LENGTH: i64 = 900;
/// Five tokens.
pub const DAILY_LIMIT: u64 = 5_000_000_000;
pub const MONEY: u64 = 50_000_000;

/// A community whose last household has panels, and an agent for all but strangers.
pub struct Scene {
    pub community: LocalCommunity,
    pub delegate: Keypair,
    /// An open window.
    pub start: i64,
    pub values: BTreeMap<Address, Values>,
    pub limits: AllLimits,
    pub in_doubt: InDoubt,
    pub locked: BTreeMap<u16, u64>,
    pub listed: Option<BTreeSet<Address>>,
    pub fee: f64,
}

impl Scene {
    /// Of so many households, of which so many have named the agent, the last of all among them.
    pub fn new(households: usize, strangers: usize) -> Scene {
        Scene::with(households, strangers, |_| {})
    }

    /// One whose windows open so many seconds before they start.
    pub fn open_for(households: usize, horizon: u32) -> Scene {
        Scene::with(households, 0, |parameters| {
            parameters.terms.horizon = horizon;
        })
    }

    pub fn with(
        households: usize,
        strangers: usize,
        change: impl FnOnce(&mut Parameters),
    ) -> Scene {
        let mut parameters = Parameters {
            window_seconds: 900,
            standing_orders: true,
            ..Parameters::default()
        };
        parameters.terms.horizon = 900;
        parameters.terms.gate_lead = 180;
        change(&mut parameters);
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
            in_doubt: InDoubt::default(),
            locked: BTreeMap::new(),
            listed: None,
            fee: 100.0,
        }
    }

    pub fn view(&self) -> View {
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
        view.listed = self.listed.clone();
        view
    }

    pub fn plan(&self) -> WindowPlan {
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
            resting: &BTreeSet::new(),
            locked: &self.locked,
        };
        plan(&self.view(), self.start, &trader).expect("an open window")
    }

    /// Has household `place` name the agent within these bounds.
    pub fn name(&mut self, place: usize, bounds: DelegateBounds) {
        let household = &self.community.households[place];
        let name = self.community.addresses.set_delegate(
            household.address(),
            household.seat,
            Some(self.delegate.pubkey()),
            bounds,
        );
        let named = self.community.chain.send_from(&household.wallet, &[name]);
        named.expect("named");
    }

    /// Households trade what the agent orders, and time passes until another window is open.
    pub fn trade(&mut self) {
        let plan = self.plan();
        self.send(&plan);
        let traded = self.start;
        self.community.pass_until(traded - 180);
        self.community.clear_and_allocate(traded).expect("cleared");
        self.community.pass_until(traded + LENGTH);
        self.values = past(&self.community, traded + LENGTH);
        self.start = traded + 2 * LENGTH;
        self.community.open_window(self.start).expect("opened");
    }

    /// Sends what was planned.
    pub fn send(&mut self, plan: &WindowPlan) {
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

    pub fn live_orders(&self) -> usize {
        self.community.book(self.start).live_orders().count()
    }
}

pub fn fees(transaction: f64) -> Fees {
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
pub fn past(community: &LocalCommunity, now: i64) -> BTreeMap<Address, Values> {
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
