//! Its pages: opened, read, finished.

use joulebook_client::{
    events::Event,
    layout::oracle::{Meter, PageEntry, PageRegisters},
    oracle::{
        events::OracleEvent,
        types::{ReadingResult, SignedProfile, SignedReading},
    },
    ring,
    tables::IntervalPageTable,
};
use joulebook_sim::{Device, Receipt};
use solana_signer::Signer;

use super::MeteredCommunity;
use crate::{refused::forget_events, two_communities::NOW};

/// Of an interval, seconds.
pub const LENGTH: i64 = 300;
/// Intervals of a page.
pub const INTERVALS: i64 = 4;
/// Of a page, seconds.
pub const SPAN: i64 = LENGTH * INTERVALS;

/// Intervals are counted from the first one in which meters that are registered at once are in service, so interval 0 is
/// the first of a page, and the community is a page old when it starts.
impl MeteredCommunity {
    /// The start of the `n`th interval.
    pub fn start(n: i64) -> i64 {
        NOW + SPAN + n * LENGTH
    }

    /// The start of the page with the `n`th interval.
    pub fn page_start(n: i64) -> i64 {
        MeteredCommunity::start(n - n.rem_euclid(INTERVALS))
    }

    /// The place of the `n`th interval in its page.
    pub fn place(n: i64) -> u16 {
        n.rem_euclid(INTERVALS) as u16
    }

    /// Sets the clock to the start of the `n`th interval.
    pub fn go_to(&mut self, n: i64) {
        self.communities.chain.set_time(MeteredCommunity::start(n));
    }

    /// Sets the clock to the time from which on readings of the page with the `n`th interval are not taken any more.
    pub fn close_readings(&mut self, n: i64) {
        let table = self.table().header;
        let end = MeteredCommunity::page_start(n) + SPAN;
        let closes = end + i64::from(table.reading_seconds);
        self.communities.chain.set_time(closes);
    }

    /// Sets the clock to the time from which on the page with the `n`th interval can be finished.
    pub fn close_corrections(&mut self, n: i64) {
        let table = self.table().header;
        let end = MeteredCommunity::page_start(n) + SPAN;
        let closes = end + i64::from(table.correction_seconds);
        self.communities.chain.set_time(closes);
    }

    /// The slot of the page with the `n`th interval.
    pub fn slot(&self, n: i64) -> u16 {
        let start = MeteredCommunity::page_start(n);
        ring::slot(start, SPAN, self.table().header.ring).unwrap()
    }

    /// Opens the next pages, up to the one with the `n`th interval; the settlement signs.
    #[track_caller]
    pub fn open(&mut self, n: i64) -> Vec<Receipt> {
        let mut receipts = vec![];
        loop {
            let table = self.table().header;
            if table.last_opened >= MeteredCommunity::page_start(n) {
                return receipts;
            }
            let now = self.communities.chain.now();
            let next = ring::next_page_start(&table, now).unwrap();
            let slot = ring::slot(next, SPAN, table.ring).unwrap();
            let own = &self.communities.own;
            let open = own.open_page(slot, &self.settlement.pubkey());
            let chain = &mut self.communities.chain;
            receipts.push(chain.send(&[open], &[&self.settlement]).unwrap());
        }
    }

    /// Opens the page with the `n`th interval at its start, which is the community's first page.
    #[track_caller]
    pub fn begin(&mut self, n: i64) {
        self.communities
            .chain
            .set_time(MeteredCommunity::page_start(n));
        self.open(n);
    }

    /// Finishes all meters in the page with the `n`th interval, once that takes no values any more.
    #[track_caller]
    pub fn finish(&mut self, n: i64) -> Receipt {
        self.close_corrections(n);
        let finish = self.communities.own.finish_page(self.slot(n), u16::MAX);
        self.send(finish)
    }

    /// Signs what `device` shows at the end of the `n`th interval.
    pub fn read(&self, device: &mut Device, n: i64) -> SignedReading {
        device.signed(&self.binding(), MeteredCommunity::start(n + 1))
    }

    /// Sends readings to the page with the `n`th interval.
    #[track_caller]
    pub fn submit(&mut self, n: i64, readings: &[SignedReading]) -> Vec<ReadingResult> {
        let receipt = self.send(self.communities.own.submit(self.slot(n), readings));
        results(&receipt)
    }

    #[track_caller]
    pub fn submit_one(&mut self, n: i64, reading: &SignedReading) -> ReadingResult {
        self.submit(n, std::slice::from_ref(reading))[0]
    }

    /// Load profiles into the page with the `n`th interval; what became of each.
    #[track_caller]
    pub fn submit_profiles(&mut self, n: i64, profiles: &[SignedProfile]) -> Vec<ReadingResult> {
        let own = &self.communities.own;
        let receipt = self.send(own.submit_profiles(self.slot(n), profiles));
        results(&receipt)
    }

    /// Reads `device` at the start of the `n`th interval, so that the next reading measures it.
    #[track_caller]
    pub fn read_start(&mut self, device: &mut Device, n: i64) {
        let reading = self.read(device, n - 1);
        assert_eq!(self.submit_one(n, &reading), ReadingResult::Counted);
    }

    /// The slot of the page with the `n`th interval, whichever page it holds.
    pub fn page(&self, n: i64) -> IntervalPageTable {
        let address = self.communities.own.interval_page(self.slot(n));
        IntervalPageTable::from_bytes(&self.communities.chain.data(&address)).unwrap()
    }

    /// What that page has of `device` in the `n`th interval.
    pub fn entry(&self, n: i64, device: &Device) -> PageEntry {
        let place = MeteredCommunity::place(n);
        *self.page(n).entry(device.number, place).unwrap()
    }

    /// What that page has of the registers of `device`.
    pub fn registers(&self, n: i64, device: &Device) -> PageRegisters {
        self.page(n).registers[usize::from(Meter::row(device.number))]
    }

    /// Everything that readings of the `n`th interval could change.
    pub fn state(&self, n: i64) -> [Vec<u8>; 2] {
        let page = self.communities.own.interval_page(self.slot(n));
        [self.communities.own.addresses.meter_table, page]
            .map(|address| self.communities.chain.data(&address))
            .map(|mut data| {
                forget_events(&mut data);
                data
            })
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
