//! Its intervals: opened, read, released.

use joulebook_client::{
    events::Event,
    layout::oracle::IntervalEntry,
    oracle::{
        events::OracleEvent,
        types::{ReadingResult, SignedReading},
    },
    ring,
    tables::IntervalTable,
};
use joulebook_sim::{Device, Receipt};
use solana_signer::Signer;

use super::MeteredCommunity;
use crate::two_communities::NOW;

/// Of an interval, seconds.
pub const LENGTH: i64 = 300;
impl MeteredCommunity {
    /// The start of the `n`th interval from the start of the community.
    pub fn start(n: i64) -> i64 {
        NOW + n * LENGTH
    }

    /// Sets the clock to the start of the `n`th interval.
    pub fn go_to(&mut self, n: i64) {
        self.communities.chain.set_time(MeteredCommunity::start(n));
    }

    pub fn slot(&self, start: i64) -> u16 {
        let header = self.table().header;
        ring::slot(start, header.interval_seconds, header.ring).unwrap()
    }

    /// Opens the `n`th interval.
    #[track_caller]
    pub fn open(&mut self, n: i64) -> Receipt {
        let start = MeteredCommunity::start(n);
        self.send(self.communities.own.open_interval(self.slot(start), start))
    }

    #[track_caller]
    pub fn release(&mut self, n: i64) -> Receipt {
        let slot = self.slot(MeteredCommunity::start(n));
        let release = self
            .communities
            .own
            .release_interval(slot, &self.settlement.pubkey());
        self.communities
            .chain
            .send(&[release], &[&self.settlement])
            .unwrap()
    }

    /// Signs what `device` shows at the end of the `n`th interval.
    pub fn read(&self, device: &mut Device, n: i64) -> SignedReading {
        device.signed(
            &self.communities.own.addresses.community,
            MeteredCommunity::start(n + 1),
        )
    }

    /// Sends readings for the `n`th interval.
    #[track_caller]
    pub fn submit(&mut self, n: i64, readings: &[SignedReading]) -> Vec<ReadingResult> {
        let start = MeteredCommunity::start(n);
        let receipt = self.send(self.communities.own.submit(self.slot(start), readings));
        results(&receipt)
    }

    #[track_caller]
    pub fn submit_one(&mut self, n: i64, reading: &SignedReading) -> ReadingResult {
        self.submit(n, std::slice::from_ref(reading))[0]
    }

    /// The slot of the `n`th interval, whichever it holds.
    pub fn interval(&self, n: i64) -> IntervalTable {
        let address = self
            .communities
            .own
            .interval(self.slot(MeteredCommunity::start(n)));
        IntervalTable::from_bytes(&self.communities.chain.data(&address)).unwrap()
    }

    pub fn entry(&self, n: i64, device: &Device) -> IntervalEntry {
        self.interval(n).entries[device.number as usize]
    }

    /// Everything that readings of the `n`th interval could change.
    pub fn state(&self, n: i64) -> [Vec<u8>; 2] {
        let interval = self
            .communities
            .own
            .interval(self.slot(MeteredCommunity::start(n)));
        [self.communities.own.addresses.meter_table, interval]
            .map(|address| self.communities.chain.data(&address))
    }
}

/// What became of the readings of a transaction's one instruction.
#[track_caller]
pub fn results(receipt: &Receipt) -> Vec<ReadingResult> {
    let events = receipt.events();
    let Some(Event::Oracle(OracleEvent::ReadingsProcessed(processed))) = events.last() else {
        panic!("no readings processed: {events:?}");
    };
    processed
        .results
        .iter()
        .map(|outcome| outcome.result)
        .collect()
}

/// The only event of a transaction.
#[track_caller]
pub fn event(receipt: &Receipt) -> OracleEvent {
    match receipt.events().as_slice() {
        [Event::Oracle(event)] => event.clone(),
        events => panic!("one event of the oracle expected, not {events:?}"),
    }
}
