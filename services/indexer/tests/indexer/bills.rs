//! Bills of a simulated community, against those of the simulation.

use std::sync::{Arc, Mutex};

use anyhow::Result;
use joulebook_client::{order_packing::OrderBytes, steps::MarketState};
use joulebook_indexer::{
    bill::{Bill, Lines},
    store::{Span, Store},
    view::View,
    writing::Writing,
};
use joulebook_metering::register::Registers;
use joulebook_sim::{
    auction::TickOrder,
    simulation::{
        run, Allocation, ChainVenue, Costs, Flow, LedgerTotals, OrderWay, Party, Payouts,
        ReadingWay, Scenario, SeatBalance, Settlement, Traders, Venue, Ways, DEFAULT_TERMS,
    },
    synthetic::{SyntheticProfiles, DEFAULT_LATITUDE},
    AccountRent, LocalCommunity,
};
use joulebook_units::{Atoms, Seconds, UnixTime};
use tokio::runtime::Handle;

use crate::{community::DECIMALS, databases};

/// The programs, and an indexer that looks at them after each step.
struct Watched {
    venue: ChainVenue,
    store: Arc<Store>,
    writing: Option<Writing>,
    slot: u64,
    handle: Handle,
}

impl Watched {
    fn look(&mut self) {
        let (slot, store) = (self.slot, Arc::clone(&self.store));
        self.slot += 1;
        let community = self.venue.community();
        let view = view(community, slot);
        let writing = self.writing.take();
        let addresses = community.addresses.clone();
        let written = self.handle.block_on(async {
            let mut writing = match writing {
                Some(writing) => writing,
                None => Writing::open(store, addresses, &view, DECIMALS)
                    .await
                    .expect("entered"),
            };
            let changes = writing.changes(&view).expect("fits");
            writing.apply(view, &changes).await.expect("written");
            writing
        });
        self.writing = Some(written);
    }
}

fn view(community: &LocalCommunity, slot: u64) -> View {
    let addresses = &community.addresses;
    let accounts = MarketState::accounts(addresses);
    let data: Vec<Vec<u8>> = accounts
        .iter()
        .map(|address| community.chain.data(address))
        .collect();
    let vault = community.chain.data(&addresses.vault);
    View::decode(addresses, (slot, community.chain.now()), &data, &vault).expect("decoded")
}

impl Venue for Watched {
    fn account_rents(&self) -> Vec<AccountRent> {
        self.venue.account_rents()
    }
    fn advance_to(&mut self, time: UnixTime) -> Result<()> {
        self.venue.advance_to(time)
    }
    fn balance(&mut self, who: Party) -> Result<SeatBalance> {
        self.venue.balance(who)
    }
    fn deposit(&mut self, who: Party, amount: Atoms) -> Result<()> {
        self.venue.deposit(who, amount)
    }
    fn place(&mut self, household: usize, window: UnixTime, orders: &[TickOrder]) -> Result<()> {
        self.venue.place(household, window, orders)
    }
    fn name_delegate(&mut self) -> Result<()> {
        self.venue.name_delegate()
    }
    fn order_bytes(&self) -> OrderBytes {
        self.venue.order_bytes()
    }
    fn place_as_delegate(
        &mut self,
        window: UnixTime,
        orders: &[(usize, Vec<TickOrder>)],
    ) -> Result<()> {
        self.venue.place_as_delegate(window, orders)
    }
    fn enter_standing_orders(
        &mut self,
        household: usize,
        orders: &[Option<joulebook_strategy::StandingOrder>; joulebook_strategy::ENTERED],
    ) -> Result<()> {
        self.venue.enter_standing_orders(household, orders)
    }
    fn deliver_readings(&mut self, boundary: UnixTime, registers: &[Registers]) -> Result<u64> {
        self.venue.deliver_readings(boundary, registers)
    }
    fn deliver_profiles(&mut self, boundary: UnixTime, flows: &[Vec<Flow>]) -> Result<u64> {
        self.venue.deliver_profiles(boundary, flows)
    }
    fn keep(&mut self) -> Result<()> {
        self.venue.keep()?;
        self.look();
        Ok(())
    }
    fn allocation(&mut self, window: UnixTime) -> Result<Allocation> {
        self.venue.allocation(window)
    }
    fn settlement(&mut self, window: UnixTime) -> Result<Settlement> {
        self.venue.settlement(window)
    }
    fn finish(&mut self) -> Result<()> {
        self.venue.finish()?;
        self.look();
        Ok(())
    }
    fn leave(&mut self, household: usize) -> Result<Atoms> {
        self.venue.leave(household)
    }
    fn close(&mut self) -> Result<Payouts> {
        self.venue.close()
    }
    fn ledger(&mut self) -> Result<LedgerTotals> {
        self.venue.ledger()
    }
    fn audit(&mut self) -> Result<(), String> {
        self.venue.audit()
    }
    fn costs(&self) -> Costs {
        self.venue.costs()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_days_of_a_community_when_its_bills_are_asked_then_they_are_the_simulations_to_the_milli_atom(
) {
    let profiles = SyntheticProfiles {
        seed: 1,
        households: 6,
        length: Seconds(900),
        days: 3,
        latitude: DEFAULT_LATITUDE,
    }
    .generate();
    let ways = Ways {
        orders: OrderWay::Standing,
        readings: ReadingWay::Profile,
        traders: Traders::Newsvendor,
    };
    // Two days of corrections, so that the ring goes round.
    let scenario = Scenario::new(&profiles, DEFAULT_TERMS, 1, ways).expect("a scenario");
    for database in databases::all().await {
        let store = database.store().await;
        let mut seats = vec![];
        let noted = Mutex::new(&mut seats);
        let (watched, report) = tokio::task::block_in_place(|| {
            let venue = ChainVenue::start(&scenario, 1, |_| ()).expect("a market");
            for household in &venue.community().households {
                noted.lock().expect("unbroken").push(household.seat);
            }
            let mut watched = Watched {
                venue,
                store: Arc::clone(&store),
                writing: None,
                slot: 1,
                handle: Handle::current(),
            };
            let report = run(&mut watched, &profiles, &scenario, 1, || ()).expect("runs");
            (watched, report)
        });
        let id = watched.writing.expect("it looked").id;
        assert!(report.holds());
        let span = Span {
            since: scenario.start.0,
            until: scenario.end.0,
        };
        let mut traded = 0;
        for (household, seat) in seats.iter().enumerate() {
            let billed = store.billed(id, (*seat).into(), span).await;
            let bill = Bill::of(&billed.expect("read"));
            assert_eq!(bill.windows, report.windows, "household {household}");
            let counts = (bill.unsettled, bill.unheard);
            assert_eq!(counts, (0, 0), "household {household}");
            let expected = report.settled.bill_of(household);
            let expected = Lines {
                bought: expected.bought,
                sold: expected.sold,
                grid_fee: expected.grid_fee,
                market_fee: expected.market_fee,
                short: expected.from_supplier,
                long: expected.to_supplier,
                unheard: 0,
                after_silence: 0,
            };
            assert_eq!(bill.lines, expected, "household {household}");
            traded += bill.bought;
        }
        assert_eq!(traded, report.traded_wh);
        let (windows, differing) = store.balances(id, Span::ALL).await.expect("read");
        assert!(windows > 200, "{windows}");
        assert_eq!(differing, []);
    }
}
