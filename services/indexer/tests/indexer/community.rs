//! A village whose windows go by, and what is indexed of it.

use std::{collections::BTreeMap, future::Future, pin::pin, sync::Arc, task::Poll};

use joulebook_client::{
    instructions::Actor,
    layout::{
        market::{NewOrder, OrderRef, Page, PageWindow, Position, Side},
        oracle::{IntervalPage, PageEntry},
    },
    oracle::types::ReplacedValue,
    steps::MarketState,
    tables::HistoryTable,
};
use joulebook_indexer::{changes::Changes, store::Store, view::View, writing::Writing};
use joulebook_sim::{LocalCommunity, Parameters};
use solana_signer::Signer;

/// Households.
pub const HOUSEHOLDS: usize = 4;
pub const DECIMALS: u8 = 6;

/// A community, and all that its accounts ever said last of each row.
pub struct Village {
    pub community: LocalCommunity,
    pub windows: BTreeMap<i64, PageWindow>,
    /// By start and seat.
    pub positions: BTreeMap<(i64, u16), Position>,
    /// By row and start.
    pub entries: BTreeMap<(u16, i64), PageEntry>,
    slot: u64,
    random: u64,
}

impl Village {
    pub fn found() -> Village {
        let parameters = Parameters {
            history: 64,
            ..Parameters::default()
        };
        let mut community = LocalCommunity::new(parameters).expect("founded");
        for place in 0..HOUSEHOLDS {
            let name = format!("household {place}");
            community.join(&name, 50_000_000).expect("joins");
        }
        community.fund_supplier(1_000_000_000).expect("deposits");
        Village {
            community,
            windows: BTreeMap::new(),
            positions: BTreeMap::new(),
            entries: BTreeMap::new(),
            slot: 1,
            random: 7,
        }
    }

    /// A number below `below`, always the same ones.
    pub fn random(&mut self, below: u64) -> u64 {
        // Knuth's numbers for 64 bits.
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % below
    }

    /// What the accounts say now.
    pub fn view(&mut self) -> View {
        self.slot += 1;
        let addresses = &self.community.addresses;
        let data: Vec<Vec<u8>> = MarketState::accounts(addresses)
            .iter()
            .map(|address| self.community.chain.data(address))
            .collect();
        let vault = self.community.chain.data(&addresses.vault);
        let at = (self.slot, self.community.chain.now());
        View::decode(addresses, at, &data, &vault).expect("decoded")
    }

    pub fn history(&self) -> HistoryTable {
        self.community.history()
    }

    /// Notes what the accounts say.
    pub fn note(&mut self) {
        let length = self.community.window_length();
        for page in self.community.pages() {
            if page.header.start == Page::NEVER {
                continue;
            }
            for (number, window) in (0u16..).zip(&page.windows) {
                let start = page.header.start + length * i64::from(number);
                self.windows.insert(start, *window);
                for seat in 0..page.header.seats {
                    let position = page.position(number, seat).expect("a position");
                    self.positions.insert((start, seat), *position);
                }
            }
        }
        let meters = self.community.meters();
        for page in self.community.interval_pages() {
            if page.header.start == IntervalPage::NEVER {
                continue;
            }
            for row in 0..meters.header.count {
                let meter = &meters.meters[usize::from(row)];
                if !meter.serves(page.header.start) {
                    continue;
                }
                for interval in 0..page.header.intervals {
                    let start = page.header.start + length * i64::from(interval);
                    let entry = page.entry(meter.number(row), interval).expect("an entry");
                    self.entries.insert((row, start), *entry);
                }
            }
        }
    }

    /// Lets a window come: households place orders, take some back, and their meters are read; `looked` is called after each
    /// step.
    pub fn window(&mut self, looked: &mut impl FnMut(&mut Village)) {
        let start = self.community.next_start() + 2 * self.community.window_length();
        self.community.keep().expect("kept");
        self.step(looked);
        let is_open = self.community.book(start).header.start == start;
        if is_open && self.random(8) > 0 {
            self.trade(start);
            self.step(looked);
        }
        let boundary = self.community.next_start();
        self.community.pass_until(boundary);
        if self.random(6) > 0 {
            self.read(boundary);
        }
        self.step(looked);
        self.community.keep().expect("kept");
        self.step(looked);
    }

    /// A verifier sets a value of a page whose readings are over, with the owner's agreement, and the window is settled again; not
    /// before there is such a page.
    pub fn correct(&mut self) {
        let community = &self.community;
        let now = community.chain.now();
        let length = community.page_length();
        let (readings, corrections) = (
            i64::from(community.parameters.reading_seconds),
            i64::from(community.parameters.correction_seconds),
        );
        let mut pages = (1..4).map(|ago| community.addresses.page_start(now) - ago * length);
        let page = pages.find(|start| {
            let since = now - start - length;
            (readings..corrections).contains(&since) && self.entries.contains_key(&(0, *start))
        });
        let Some(page) = page else { return };
        let place = usize::try_from(self.random(HOUSEHOLDS as u64)).expect("small");
        let first = u16::try_from(self.random(4)).expect("small");
        let import = 100 + u32::try_from(self.random(2_000)).expect("small");
        let community = &mut self.community;
        let household = &community.households[place];
        let replace = community.addresses.replace_values(
            Actor::authority(community.authority.pubkey()),
            household.address(),
            page,
            household.devices[0].number,
            first,
            vec![ReplacedValue { import, export: 0 }],
            7,
        );
        let signers = [&household.wallet, &community.authority];
        let replaced = community.chain.send(&[replace], &signers);
        replaced.expect("replaced");
        community.settle_page(page).expect("settled");
    }

    /// Lets the page of now end, with nobody about, and makes it final and all before it; its end, unix seconds.
    pub fn finish(&mut self) -> i64 {
        let now = self.community.chain.now();
        let start = self.community.addresses.page_start(now);
        let end = start + self.community.page_length();
        self.community.pass_until(end);
        self.community.finish_pages_before(end).expect("finished");
        self.note();
        end
    }

    fn step(&mut self, looked: &mut impl FnMut(&mut Village)) {
        self.note();
        looked(self);
    }

    fn trade(&mut self, start: i64) {
        for place in 0..HOUSEHOLDS {
            let side = if place % 2 == 0 {
                Side::Buy
            } else {
                Side::Sell
            };
            let mut order = |tick| NewOrder {
                quantity: 200 + u32::try_from(self.random(2_000)).expect("small"),
                tick,
                client_id: 9,
                side: side as u8,
                ..NewOrder::default()
            };
            let orders = vec![order(60), order(61)];
            // Who has too little left orders nothing.
            let Ok(_) = self.community.place(place, start, orders) else {
                continue;
            };
            if self.random(3) == 0 {
                self.cancel(place, start);
            }
        }
    }

    fn cancel(&mut self, place: usize, start: i64) {
        let seat = self.community.households[place].seat;
        let book = self.community.book(start);
        let mut orders = book.live_orders();
        let order = orders.find(|(_, order)| order.seat == seat);
        let order = order.map(|(index, order)| OrderRef {
            index,
            sequence: order.sequence,
        });
        if let Some(order) = order {
            self.community
                .cancel(place, start, vec![order])
                .expect("cancelled");
        }
    }

    /// All meters but a silent one are read.
    fn read(&mut self, boundary: i64) {
        let length = self.community.window_length();
        let flows: Vec<(u64, u64)> = (0..HOUSEHOLDS)
            .map(|place| match place % 2 {
                0 => (300 + self.random(1_000), 0),
                _ => (0, 300 + self.random(1_000)),
            })
            .collect();
        let mut readings = self.community.read_meters(boundary - length, &flows);
        if self.random(4) == 0 {
            let silent = usize::try_from(self.random(HOUSEHOLDS as u64)).expect("small");
            readings.remove(silent);
        }
        self.community
            .submit(boundary - length, readings)
            .expect("sent");
    }
}

/// What is kept of a village.
pub struct Kept {
    pub store: Arc<Store>,
    pub writing: Writing,
}

impl Kept {
    pub async fn open(store: &Arc<Store>, village: &mut Village) -> Kept {
        let addresses = village.community.addresses.clone();
        let genesis = "a local chain".to_owned();
        let market = addresses.market.to_string();
        store.claim(&genesis, &[market]).await.expect("its own");
        let view = village.view();
        let writing = Writing::open(Arc::clone(store), addresses, &view, DECIMALS).await;
        Kept {
            store: Arc::clone(store),
            writing: writing.expect("entered"),
        }
    }

    /// Reads and writes; what was written.
    pub async fn look(&mut self, village: &mut Village) -> Changes {
        let view = village.view();
        let changes = self.changes(village, &view);
        self.writing.apply(view, &changes).await.expect("written");
        changes
    }

    /// Reads, and is killed after so many steps of writing; whether it was done before.
    pub async fn look_and_die(mut self, village: &mut Village, polls: u64) -> bool {
        let view = village.view();
        let changes = self.changes(village, &view);
        let mut writing = pin!(self.writing.apply(view, &changes));
        let mut left = polls;
        std::future::poll_fn(move |context| {
            if left == 0 {
                return Poll::Ready(false);
            }
            left -= 1;
            writing.as_mut().poll(context).map(|done| {
                done.expect("written");
                true
            })
        })
        .await
    }

    fn changes(&self, village: &Village, view: &View) -> Changes {
        let mut changes = self.writing.changes(view).expect("fits");
        if !changes.gaps.is_empty() {
            let repaired = self.writing.repair(&mut changes, &village.history());
            repaired.expect("fits");
        }
        changes
    }
}
