//! A bill that is being worked out.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::{
    event_counts::Counter,
    events::{events, Event},
    layout::oracle::Meter,
    oracle::events::OracleEvent,
    Addresses,
};
use solana_address::Address;
use solana_signature::Signature;

use super::{
    gaps::{gaps, Gap},
    households::Household,
    past::Past,
    signed::{Flow, SignedRegisters},
    Comparison, Intervals, Proof, Question, Unproven,
};
use crate::{store::Span, view::View};

/// What it is worked out from, and what has come of it so far.
pub(super) struct Work<'a> {
    pub addresses: &'a Addresses,
    pub view: &'a View,
    pub household: &'a Household,
    pub signed: SignedRegisters,
    /// Of the oracle's events.
    pub oracle_gaps: Vec<Gap>,
    pub proof: Proof,
}

impl<'a> Work<'a> {
    pub fn begin(
        addresses: &'a Addresses,
        view: &'a View,
        household: &'a Household,
        question: Question,
        worked_out: Span,
    ) -> Work<'a> {
        Work {
            addresses,
            view,
            household,
            signed: SignedRegisters::default(),
            oracle_gaps: vec![],
            proof: Proof {
                question,
                worked_out,
                seat: household.seat,
                decimals: 0,
                bill: Default::default(),
                from_accounts: 0,
                from_transactions: 0,
                intervals: Intervals::default(),
                verified: 0,
                refused: 0,
                witnesses: vec![],
                compared: Comparison::default(),
                transactions: BTreeMap::new(),
                unproven: vec![],
            },
        }
    }

    /// Of a window, seconds.
    pub fn length(&self) -> i64 {
        i64::from(self.addresses.window_seconds).max(1)
    }

    /// Of an interval, seconds.
    pub fn interval_seconds(&self) -> u32 {
        self.view.state.meter_table.header.interval_seconds
    }

    /// Starts of the windows that are worked out.
    pub fn starts(&self) -> impl Iterator<Item = i64> + use<> {
        let Span { since, until } = self.proof.worked_out;
        let length = self.length();
        let count = until.saturating_sub(since) / length;
        (0..count).map(move |place| since.saturating_add(length.saturating_mul(place)))
    }

    /// Starts of the pages of a time.
    pub fn pages(&self, since: i64, until: i64) -> impl Iterator<Item = i64> + use<> {
        let length = self.addresses.page_seconds().max(1);
        let first = self.addresses.page_start(since);
        let pages = (0..).map(move |place| first.saturating_add(length.saturating_mul(place)));
        pages.take_while(move |start| *start < until)
    }

    /// The oracle's accounts that readings of a time were brought to: no more than the ring has.
    pub fn interval_pages(&self, since: i64, until: i64) -> Vec<Address> {
        let pages = self.pages(since, until).take(self.addresses.pages.into());
        let slots: BTreeSet<Address> = pages
            .map(|start| self.addresses.interval_page(start))
            .collect();
        slots.into_iter().collect()
    }

    /// How long behind a page's end values of it may come, seconds.
    pub fn latest(&self) -> i64 {
        let correction = i64::from(self.view.state.meter_table.header.correction_seconds);
        correction.saturating_add(self.addresses.page_seconds())
    }

    /// Takes what devices have signed, and what a verifier has set.
    pub fn hear(&mut self, past: &Past) {
        let table = &self.view.state.meter_table.header;
        let counter = Counter::MeterTable(self.addresses.meter_table);
        self.oracle_gaps = gaps(&past.transactions, counter, table.events);
        let seconds = table.interval_seconds;
        for transaction in &past.transactions {
            self.signed.take(
                transaction,
                &self.household.meters,
                &self.addresses.meter_table,
                &table.binding,
                seconds,
            );
            for event in events(&transaction.logs) {
                if let Event::Oracle(OracleEvent::ValuesReplaced(event)) = event {
                    if event.meter_table == self.addresses.meter_table {
                        self.signed.replace(&event, transaction.signature, seconds);
                    }
                }
            }
        }
        self.proof.verified = self.signed.verified;
        self.proof.refused = self.signed.refused;
    }

    /// The household's meters that serve in the page which starts then: rows and meters.
    pub fn serving(&self, page: i64) -> impl Iterator<Item = &'a (u16, Meter)> + use<'a> {
        let meters = self.household.meters.iter();
        meters.filter(move |(_, meter)| meter.serves(page))
    }

    /// Notes how an interval is proven.
    pub fn count(&mut self, is_replaced: bool, flow: &Flow) {
        match is_replaced {
            true => self.proof.intervals.replaced += 1,
            false => self.proof.intervals.signed += 1,
        }
        let from: BTreeSet<Signature> = flow.from.into();
        for signature in from {
            *self.proof.transactions.entry(signature).or_default() += 1;
        }
    }

    /// Notes that a window stays open.
    pub fn leave_window_open(&mut self, start: i64, why: &'static str) {
        let end = start.saturating_add(self.length());
        self.leave_open(start, end, why);
    }

    /// Notes what stays open; neighbours for the same reason are one.
    pub fn leave_open(&mut self, since: i64, until: i64, why: &'static str) {
        match self.proof.unproven.last_mut() {
            Some(last) if last.why == why && last.until >= since => {
                last.until = last.until.max(until);
            }
            _ => self.proof.unproven.push(Unproven { since, until, why }),
        }
    }
}
