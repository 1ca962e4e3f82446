//! Windows and pages whose accounts were used again.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::{event_counts::Counter, events::events};
use joulebook_cluster::{Cluster, PastTransaction};

use super::{
    gaps::gaps,
    past::{transactions, BEFORE, SLACK},
    replay::{self, Replay},
    work::Work,
    ProofError,
};
use crate::{
    bill::{cost, deviation},
    changes::{Known, Remembered},
    rows::PositionRow,
    store::Span,
};

impl Work<'_> {
    /// What events tell of windows whose pages were used again.
    pub async fn replays(
        &mut self,
        cluster: &Cluster,
        starts: &[i64],
    ) -> Result<BTreeMap<i64, Replay>, ProofError> {
        let (Some(first), Some(last)) = (starts.first(), starts.last()) else {
            return Ok(BTreeMap::new());
        };
        let horizon = i64::from(self.view.state.market.terms.horizon);
        // A page is used again once the ring has come round, and then all of it is final.
        let ring = self
            .addresses
            .page_seconds()
            .saturating_mul(self.addresses.pages.into());
        let span = Span {
            since: first.saturating_sub(horizon).saturating_sub(SLACK + BEFORE),
            until: last.saturating_add(ring).saturating_add(SLACK),
        };
        let past = transactions(cluster, &[self.addresses.ledger], span).await?;
        // Opening and clearing a window do not touch the ledger, but its book.
        let books: BTreeSet<_> = starts
            .iter()
            .map(|start| self.addresses.book(*start))
            .collect();
        let books: Vec<_> = books.into_iter().collect();
        let of_books = transactions(cluster, &books, span).await?;
        let counter = Counter::LedgerOf(self.addresses.market);
        let count = self.view.state.ledger.header.events;
        let gaps = gaps(&past.transactions, counter, count);
        if let Some(why) = past.why_short().or(of_books.why_short()) {
            self.leave_open(*first, last.saturating_add(self.length()), why);
            return Ok(BTreeMap::new());
        }
        let mut by_signature = BTreeMap::new();
        for one in past.transactions.into_iter().chain(of_books.transactions) {
            by_signature.insert(one.signature, one);
        }
        let mut all: Vec<PastTransaction> = by_signature.into_values().collect();
        let market = &self.addresses.market;
        all.sort_by_key(|one| (one.slot, crate::told::first_number(market, one)));
        let mut windows = BTreeMap::new();
        for one in all {
            replay::take(&mut windows, market, one.signature, events(&one.logs));
        }
        for start in starts {
            if gaps.iter().any(|gap| gap.can_hold(*start, horizon)) {
                windows.entry(*start).or_default().cut();
            }
        }
        Ok(windows)
    }

    pub fn add_past(&mut self, start: i64, replay: Option<&Replay>) {
        let page = self.addresses.page_start(start);
        let why = match () {
            () if replay.is_none() => "its page was used again, and no transaction of it is kept",
            () if page < self.household.meters_from => {
                "its page was used again, and so were rows of meters that were retired since: one may have been its own"
            }
            () if self.serving(page).next().is_none() => {
                "its page was used again, and no meter that served the household then is known"
            }
            () if self.misses_events(page) => {
                "its page was used again, and events of the oracle are missing: a verifier may have set a value"
            }
            () => "",
        };
        let Some(replay) = replay.filter(|_| why.is_empty()) else {
            return self.leave_window_open(start, why);
        };
        let ticks = self.view.state.market.ticks;
        let (window, contract) = match replay.outcome(start, self.household.seat, ticks) {
            Ok(outcome) => outcome,
            Err(error) => return self.leave_window_open(start, error.why()),
        };
        let (seconds, account) = (self.interval_seconds(), self.addresses.interval_page(page));
        let (mut import, mut export, mut meters) = (0u64, 0u64, 0i64);
        for (row, meter) in self.serving(page) {
            meters += 1;
            let number = meter.number(*row);
            let replaced = self.signed.replaced(number, start);
            let signed = || self.signed.flow_in(account, number, start, seconds);
            let Some(flow) = replaced.or_else(signed) else {
                self.proof.intervals.missing += 1;
                let why = "its page was used again, and no signature of its meter's values is kept that the page took";
                return self.leave_window_open(start, why);
            };
            self.count(replaced.is_some(), &flow);
            import = import.saturating_add(flow.import);
            export = export.saturating_add(flow.export);
        }
        let energy = |energy: u64| i64::try_from(energy).unwrap_or(i64::MAX);
        let mut position = PositionRow {
            start,
            seat: self.household.seat.into(),
            bought: contract.bought.0.into(),
            sold: contract.sold.0.into(),
            earns: 0,
            locked: 0,
            paid: 0,
            is_confirmed: true,
            is_final: true,
            import: energy(import),
            export: energy(export),
            meters,
            missing: 0,
        };
        let due = cost(&window, deviation(&position));
        position.paid = i64::try_from(due).unwrap_or(i64::MAX);
        self.proof.bill.add(&window, &position);
        self.proof.from_transactions += 1;
        for signature in &replay.transactions {
            *self.proof.transactions.entry(*signature).or_default() += 1;
        }
    }

    /// What is known of the silence behind the page before the oldest one that stands: none, if its meters were heard throughout.
    pub fn known(&self) -> Known {
        let mut known = Known::default();
        let oldest = self.view.pages().first().map(|page| &page.header);
        let heard = oldest.filter(|oldest| self.is_heard_throughout(oldest.previous));
        if let Some(oldest) = heard {
            let none = Remembered {
                place: oldest.supplier_place,
                ..Remembered::default()
            };
            let key = (oldest.previous, i64::from(self.household.seat));
            known.endings.insert(key, Some(none));
        }
        known
    }

    /// Leaves open what came to light after silence in pages that were used again, but where nobody was silent.
    pub fn leave_endings_open(&mut self) {
        let Span { since, until } = self.proof.worked_out;
        let length = self.addresses.page_seconds().max(1);
        for page in self.pages(since, until) {
            let stands = self.view.page(page).is_some();
            let before = page.saturating_sub(length);
            let begins = self
                .serving(page)
                .all(|(_, meter)| meter.service_from == page);
            let is_quiet =
                self.is_heard_throughout(page) && (begins || self.is_heard_throughout(before));
            if !stands && !is_quiet {
                let why = "its page was used again, and what came to light in it after silence, if anything, no event tells";
                let end = page.saturating_add(length);
                self.leave_open(page.max(since), end.min(until), why);
            }
        }
    }

    /// Whether all meters that served in a page have signed each of its intervals, in messages that the page took, and no value was
    /// set by a verifier: then no silence goes on behind it, and registers tell of nothing that no window does.
    fn is_heard_throughout(&self, page: i64) -> bool {
        let (seconds, account) = (self.interval_seconds(), self.addresses.interval_page(page));
        let windows = i64::from(self.addresses.page_windows);
        let mut starts = (0..windows).map(|window| {
            let offset = self.length().saturating_mul(window);
            page.saturating_add(offset)
        });
        let is_heard = |start: i64| {
            let mut meters = self.serving(page);
            meters.all(|(row, meter)| {
                let number = meter.number(*row);
                let flow = self.signed.flow_in(account, number, start, seconds);
                flow.is_some() && self.signed.replaced(number, start).is_none()
            })
        };
        let is_known = page >= self.household.meters_from && self.serving(page).next().is_some();
        is_known && !self.misses_events(page) && starts.all(is_heard)
    }

    /// Whether events of the oracle are missing that can be about intervals of a page.
    fn misses_events(&self, page: i64) -> bool {
        let length = self.addresses.page_seconds();
        let last = page.saturating_add(length).saturating_add(self.latest());
        let mut gaps = self.oracle_gaps.iter();
        gaps.any(|gap| gap.can_be_between(page, last))
    }
}

#[cfg(test)]
mod tests {
    use joulebook_client::{steps::MarketState, Addresses};
    use joulebook_sim::{LocalCommunity, Parameters};

    use super::*;
    use crate::{
        proof::{households::Household, Question, ReplayError},
        view::View,
    };

    /// Why a window of a household stays open whose page was used again.
    fn why(view: &View, addresses: &Addresses, household: &Household, start: i64) -> &'static str {
        let question = Question {
            market: addresses.market,
            household: addresses.market,
            span: Span::ALL,
        };
        let mut work = Work::begin(addresses, view, household, question, Span::ALL);
        work.add_past(start, Some(&Replay::default()));
        assert_eq!(work.proof.bill.windows, 0);
        work.proof.unproven[0].why
    }

    #[test]
    fn given_a_row_that_a_later_meter_has_when_a_window_of_before_is_worked_out_then_it_stays_open()
    {
        let mut community = LocalCommunity::new(Parameters::default()).expect("founded");
        community.take_seat("household").expect("a seat");
        community.add_meter(0).expect("a meter");
        let addresses = community.addresses.clone();
        let accounts = MarketState::accounts(&addresses);
        let data: Vec<Vec<u8>> = accounts
            .iter()
            .map(|address| community.chain.data(address))
            .collect();
        let at = (1, community.chain.now());
        let mut view = View::decode(&addresses, at, &data, &[]).expect("decoded");
        let seat = community.households[0].seat;
        let start = view.state.meter_table.meters[0].service_from;
        let of = |view: &View| Household::of(view, seat, (0, false));
        let complete = ReplayError::NotOpened.why();
        assert_eq!(why(&view, &addresses, &of(&view), start), complete);
        let earlier = start - addresses.page_seconds();
        let none = why(&view, &addresses, &of(&view), earlier);
        assert!(none.contains("no meter"), "{none}");
        view.state.meter_table.meters[0].generation = 1;
        assert_eq!(why(&view, &addresses, &of(&view), start), complete);
        let retired = why(&view, &addresses, &of(&view), earlier);
        assert!(retired.contains("retired"), "{retired}");
    }
}
