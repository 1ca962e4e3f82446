//! A community in a virtual machine, and a gateway's store beside it.

use std::{collections::BTreeSet, sync::Arc};

use joulebook_client::{
    layout::oracle::PageEntry, packing::MAX_COMPUTE_UNITS, tables::IntervalPageTable,
};
use joulebook_gateway::{
    decision::{decide, pages_of, Decision, Deliver, Policy},
    fate::Fate,
    message::{Key, Message, Signed},
    store::{Limits, Owner, Put, Store},
    view::{Pages, View},
};
use joulebook_metering::register::PowerLimits;
use joulebook_sim::{Device, LocalCommunity, Parameters, Receipt};
use joulebook_units::{UnixTime, Watts};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_keypair::Keypair;
use solana_signature::Signature;
use solana_signer::Signer;
use tempfile::TempDir;

/// Of an interval, seconds.
pub const LENGTH: i64 = 300;
/// Of a page: four intervals.
pub const PAGE: i64 = 4 * LENGTH;
/// What a meter's connection carries.
pub const CONNECTION: PowerLimits = PowerLimits {
    import: Watts(100_000),
    export: Watts(100_000),
};
pub const LIMITS: Limits = Limits {
    messages: 1_000,
    of_meter: 1_000,
    fate_seconds: 86_400,
};

pub struct Village {
    pub community: LocalCommunity,
    pub payer: Keypair,
    pub store: Arc<Store>,
    pub policy: Policy,
    _folder: TempDir,
    /// Transactions that have landed.
    pub sent: usize,
}

impl Village {
    /// So many households, each with a meter; the first page of their service begins now.
    pub fn new(households: usize) -> Village {
        let parameters = Parameters {
            window_seconds: LENGTH as u32,
            page_windows: 4,
            ..Parameters::default()
        };
        let mut community = LocalCommunity::new(parameters).expect("founded");
        for number in 0..households {
            community
                .join(&format!("house{number}"), 0)
                .expect("joined");
        }
        let payer = Keypair::new();
        community.chain.fund(&payer.pubkey());
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("g.redb"), &owner(&community), LIMITS);
        let policy = Policy {
            payer: payer.pubkey(),
            deliver: Deliver::Prompt,
            wait: 0,
            margin: 60,
            ahead: Some(i64::MAX),
        };
        let mut village = Village {
            community,
            payer,
            store: Arc::new(store.expect("a store")),
            policy,
            _folder: folder,
            sent: 0,
        };
        village.pass_until(village.service());
        village
    }

    /// When the first page of all meters' service begins.
    pub fn service(&self) -> i64 {
        let table = self.community.meters();
        let meters = table.meters.iter().take(table.header.count.into());
        let from = meters.map(|meter| meter.service_from).max();
        from.expect("a meter")
    }

    /// Lets time pass, with pages opened on the way.
    pub fn pass_until(&mut self, time: i64) {
        while self.community.chain.now() < time {
            let next = (self.community.chain.now() + LENGTH).min(time);
            self.community.chain.set_time(next);
            self.community.keep().expect("kept");
        }
        self.community.keep().expect("kept");
    }

    pub fn view(&self) -> View {
        View {
            now: UnixTime(self.community.chain.now()),
            table: self.community.meters(),
        }
    }

    pub fn device(&mut self, household: usize) -> &mut Device {
        &mut self.community.households[household].devices[0]
    }

    pub fn number(&self, household: usize) -> u32 {
        self.community.households[household].devices[0].number
    }

    /// A profile of the page that begins then.
    pub fn profile(&mut self, household: usize, page: i64, values: &[(u32, u32)]) -> Signed {
        let binding = self.community.binding();
        let end = page + values.len() as i64 * LENGTH;
        let signed = self.device(household).signed_profile(&binding, end, values);
        Signed::of_profile(&signed, &binding)
    }

    pub fn reading(&mut self, household: usize, boundary: i64) -> Signed {
        let binding = self.community.binding();
        let signed = self.device(household).signed(&binding, boundary);
        Signed::of_reading(&signed, &binding)
    }

    pub fn message(&self, signed: Signed) -> Message {
        signed.read(&self.community.binding()).expect("a message")
    }

    /// Hands it in, unchecked; what is told of it.
    pub fn put(&self, signed: Signed) -> (Key, Put) {
        let message = self.message(signed);
        let now = self.community.chain.now();
        let puts = self.store.put(std::slice::from_ref(&message), now, false);
        (message.key(), puts.expect("kept").remove(0))
    }

    pub fn decide(&self) -> Decision {
        self.decide_in_doubt(&BTreeSet::new())
    }

    /// With messages in a transaction that may yet land.
    pub fn decide_in_doubt(&self, in_doubt: &BTreeSet<Key>) -> Decision {
        let waiting = self.store.all_waiting();
        let starts = pages_of(
            &self.community.addresses,
            &self.view(),
            waiting.values().map(|one| &one.message),
        );
        let mut pages = Pages::default();
        for start in starts {
            let account = self.community.addresses.interval_page(start);
            if let Ok(page) = IntervalPageTable::from_bytes(&self.community.chain.data(&account)) {
                pages.put(start, page);
            }
        }
        decide(
            &waiting,
            in_doubt,
            &self.view(),
            &pages,
            &self.community.addresses,
            &self.policy,
        )
    }

    /// Decides and sends until nothing is to be sent any more; whatever is decided for good is noted.
    pub fn deliver(&mut self) -> Vec<Receipt> {
        let mut receipts = vec![];
        for _ in 0..20 {
            let decision = self.decide();
            let now = self.community.chain.now();
            self.store.end(&decision.ends, now).expect("noted");
            if decision.batches.is_empty() {
                return receipts;
            }
            for batch in decision.batches {
                let limit = ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS);
                let all = [vec![limit], batch.instructions.clone()].concat();
                let payer = self.payer.insecure_clone();
                let receipt = self.community.chain.send_from(&payer, &all);
                receipts.push(receipt.expect("it lands"));
                self.sent += 1;
                let signature = Signature::from([self.sent as u8; 64]);
                let settled = self.store.settle(&signature, &batch.keys(), true);
                settled.expect("noted");
            }
        }
        panic!("it never ends");
    }

    pub fn fate(&self, key: &Key) -> Fate {
        let known = self.store.fate(key).expect("asked");
        known.expect("it was handed in").fate
    }

    pub fn entry(&self, household: usize, start: i64) -> PageEntry {
        self.community.entry(start, self.number(household))
    }
}

pub fn owner(community: &LocalCommunity) -> Owner {
    Owner {
        market: community.addresses.market,
        cluster: community.parameters.cluster,
        binding: community.binding(),
    }
}
