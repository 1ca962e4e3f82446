//! A bill, window by window: from the accounts where they stand, from transactions where they don't any more.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::{
    events::{events, Event},
    layout::oracle::Quality,
    oracle::events::OracleEvent,
    Addresses,
};
use joulebook_cluster::{Cluster, PastTransaction};
use solana_signature::Signature;

use super::{
    gaps::gaps,
    households::Household,
    past::{transactions, Past},
    replay::{self, Replay},
    signed::{Flow, SignedRegisters},
    spans::{cut_off, worked_out},
    Intervals, Proof, ProofError, Question, Unproven, Witness,
};
use crate::{
    bill::{cost, deviation},
    changes::{changes, Changes, Known},
    indexing::read,
    rows::{PositionRow, WindowRow},
    store::Span,
    view::View,
};

/// How long before a window its orders can come, beyond the horizon: clocks of blocks and of programs differ.
pub(super) const SLACK: i64 = 3_600;

pub(super) async fn prove(cluster: &Cluster, question: Question) -> Result<Proof, ProofError> {
    let addresses = cluster.market(question.market).await?;
    let mint = cluster.mint(addresses.quote_mint).await?;
    let decimals = mint.ok_or(ProofError::NoMint)?.decimals;
    let view = read(cluster, &addresses).await?;
    let household = Household::read(cluster, &addresses, &view, question.household).await?;
    let all = changes(None, &Known::default(), &view)?;
    let length = i64::from(addresses.window_seconds).max(1);
    let worked_out = worked_out(question.span, household.approved_at, view.now, length);
    let mut work = Work {
        addresses: &addresses,
        view: &view,
        household: &household,
        signed: SignedRegisters::default(),
        proof: Proof {
            question,
            worked_out,
            seat: household.seat,
            decimals,
            bill: Default::default(),
            from_accounts: 0,
            from_transactions: 0,
            intervals: Intervals::default(),
            verified: 0,
            refused: 0,
            witnesses: vec![],
            transactions: BTreeMap::new(),
            unproven: cut_off(question.span, worked_out, household.has_left),
        },
    };
    let Span { since, until } = worked_out;
    let pages = work.interval_pages(since, until);
    let told = transactions(cluster, &pages, since.saturating_sub(SLACK)).await?;
    work.hear(&told);
    let held = work.held(&all);
    let missing: Vec<i64> = work
        .starts(since, until)
        .filter(|start| !held.contains_key(start))
        .collect();
    let replays = match missing.is_empty() {
        true => BTreeMap::new(),
        false => work.replays(cluster, &missing).await?,
    };
    for start in work.starts(since, until).collect::<Vec<_>>() {
        match held.get(&start) {
            Some((window, position)) => work.add_held(window, position),
            None => work.add_past(start, replays.get(&start)),
        }
    }
    if told.lost > 0 {
        let why = "no endpoint has some of the transactions that brought readings any more";
        work.leave_open(since, until, why);
    }
    work.name_pages();
    work.proof.verified = work.signed.verified;
    work.proof.refused = work.signed.refused;
    Ok(work.proof)
}

struct Work<'a> {
    addresses: &'a Addresses,
    view: &'a View,
    household: &'a Household,
    signed: SignedRegisters,
    proof: Proof,
}

impl Work<'_> {
    fn length(&self) -> i64 {
        i64::from(self.addresses.window_seconds).max(1)
    }

    fn starts(&self, since: i64, until: i64) -> impl Iterator<Item = i64> + use<> {
        let length = self.length();
        let count = until.saturating_sub(since) / length;
        (0..count).map(move |place| since.saturating_add(length.saturating_mul(place)))
    }

    /// The oracle's accounts that readings of this time were brought to.
    fn interval_pages(&self, since: i64, until: i64) -> Vec<solana_address::Address> {
        let page = self.addresses.page_seconds().max(1);
        let mut start = self.addresses.page_start(since);
        let mut slots = BTreeSet::new();
        for _ in 0..self.addresses.pages {
            if start >= until {
                break;
            }
            slots.insert(self.addresses.interval_page(start));
            start = start.saturating_add(page);
        }
        slots.into_iter().collect()
    }

    /// Takes what devices have signed, and what a verifier has set.
    fn hear(&mut self, past: &Past) {
        let table = &self.view.state.meter_table.header;
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
    }

    /// The household's windows that stand in accounts.
    fn held(&self, all: &Changes) -> BTreeMap<i64, (WindowRow, PositionRow)> {
        let seat = i64::from(self.household.seat);
        let mut positions: BTreeMap<i64, PositionRow> = all
            .positions
            .iter()
            .filter(|position| position.seat == seat)
            .map(|position| (position.start, position.clone()))
            .collect();
        let windows = all.windows.iter().filter_map(|window| {
            let position = positions.remove(&window.start)?;
            Some((window.start, (window.clone(), position)))
        });
        windows.collect()
    }

    fn add_held(&mut self, window: &WindowRow, position: &PositionRow) {
        self.proof.bill.add(window, position);
        self.proof.from_accounts += 1;
        self.check_entries(window.start);
        let due = cost(window, deviation(position));
        let end = window.start + self.length();
        if position.missing > 0 && position.is_final {
            self.leave_open(
                window.start,
                end,
                "a meter has no value, and none can come any more",
            );
        } else if position.missing > 0 {
            self.leave_open(
                window.start,
                end,
                "a meter has no value yet; what was paid so far counts",
            );
        } else if i128::from(position.paid) != due {
            self.leave_open(window.start, end, "not settled yet");
        }
    }

    /// Compares what the oracle has of a window with what devices have signed.
    fn check_entries(&mut self, start: i64) {
        let page = self.view.interval_page(self.addresses.page_start(start));
        let Some(page) = page else {
            let end = start + self.length();
            let why = "the endpoint does not tell the oracle's page of it";
            return self.leave_open(start, end, why);
        };
        let interval = self.addresses.window_number(start);
        let seconds = self.view.state.meter_table.header.interval_seconds;
        for (row, meter) in &self.household.meters {
            let number = meter.number(*row);
            let entry = page.entry(number, interval);
            let Some(entry) = entry.filter(|_| meter.serves(page.header.start)) else {
                continue;
            };
            let flow = match entry.quality() {
                Quality::Missing | Quality::Gap => {
                    self.proof.intervals.missing += 1;
                    continue;
                }
                Quality::Replaced => self.signed.replaced(number, start),
                Quality::Measured => self.signed.flow(number, start, seconds),
            };
            let told = (u64::from(entry.import().0), u64::from(entry.export().0));
            match flow {
                None => {
                    self.proof.intervals.unsigned += 1;
                    let end = start + self.length();
                    self.leave_open(
                        start,
                        end,
                        "no transaction with the device's signature is kept",
                    );
                }
                Some(flow) if (flow.import, flow.export) != told => {
                    self.proof.intervals.contradicted += 1;
                    let end = start + self.length();
                    self.leave_open(start, end, "the account and the device's signature differ");
                }
                Some(flow) => self.count(entry.quality() == Quality::Replaced, &flow),
            }
        }
    }

    fn count(&mut self, is_replaced: bool, flow: &Flow) {
        match is_replaced {
            true => self.proof.intervals.replaced += 1,
            false => self.proof.intervals.signed += 1,
        }
        let from: BTreeSet<Signature> = flow.from.into();
        for signature in from {
            *self.proof.transactions.entry(signature).or_default() += 1;
        }
    }

    /// What events tell of windows whose pages were used again.
    async fn replays(
        &mut self,
        cluster: &Cluster,
        starts: &[i64],
    ) -> Result<BTreeMap<i64, Replay>, ProofError> {
        let (Some(first), Some(last)) = (starts.first(), starts.last()) else {
            return Ok(BTreeMap::new());
        };
        let terms = &self.view.state.market.terms;
        let horizon = i64::from(terms.horizon);
        let since = first.saturating_sub(horizon).saturating_sub(SLACK);
        let past = transactions(cluster, &[self.addresses.ledger], since).await?;
        // Opening and clearing a window do not touch the ledger, but its book.
        let books: BTreeSet<_> = starts
            .iter()
            .map(|start| self.addresses.book(*start))
            .collect();
        let books: Vec<_> = books.into_iter().collect();
        let of_books = transactions(cluster, &books, since).await?;
        let gaps = gaps(&past.transactions, self.addresses);
        if past.lost + of_books.lost > 0 {
            let why = "not all transactions of the market are kept";
            self.leave_open(*first, last + self.length(), why);
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

    fn add_past(&mut self, start: i64, replay: Option<&Replay>) {
        let end = start + self.length();
        let Some(replay) = replay else {
            return self.leave_open(
                start,
                end,
                "its page was used again, and no transaction of it is kept",
            );
        };
        let page = self.addresses.page_start(start);
        if page < self.household.meters_from {
            let why = "its page was used again, and so were rows of meters that were retired since: one may have been its own";
            return self.leave_open(start, end, why);
        }
        let mut meters = self.household.meters.iter();
        if !meters.any(|(_, meter)| meter.serves(page)) {
            let why =
                "its page was used again, and no meter that served the household then is known";
            return self.leave_open(start, end, why);
        }
        let ticks = self.view.state.market.ticks;
        let (window, contract) = match replay.outcome(start, self.household.seat, ticks) {
            Ok(outcome) => outcome,
            Err(error) => return self.leave_open(start, end, error.why()),
        };
        let seconds = self.view.state.meter_table.header.interval_seconds;
        let (mut import, mut export, mut meters) = (0u64, 0u64, 0i64);
        for (row, meter) in &self.household.meters {
            if !meter.serves(page) {
                continue;
            }
            meters += 1;
            let number = meter.number(*row);
            let replaced = self.signed.replaced(number, start);
            let Some(flow) = replaced.or_else(|| self.signed.flow(number, start, seconds)) else {
                self.proof.intervals.missing += 1;
                let why = "its page was used again, and no signature of its meter's values is kept";
                return self.leave_open(start, end, why);
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

    /// Notes what stays open; neighbours for the same reason are one.
    fn leave_open(&mut self, since: i64, until: i64, why: &'static str) {
        match self.proof.unproven.last_mut() {
            Some(last) if last.why == why && last.until >= since => {
                last.until = last.until.max(until);
            }
            _ => self.proof.unproven.push(Unproven { since, until, why }),
        }
    }

    /// Names the accounts that were read.
    fn name_pages(&mut self) {
        let Span { since, until } = self.proof.worked_out;
        let slot = self.view.slot;
        let length = self.length();
        for page in self.view.pages() {
            let start = page.header.start;
            let end = start.saturating_add(page.header.length());
            let (from, to) = (start.max(since), end.min(until));
            if from < to {
                let windows = u64::try_from((to - from) / length).unwrap_or(0);
                let witness = |what, address| Witness {
                    what,
                    address,
                    slot,
                    windows,
                };
                self.proof.witnesses.extend([
                    witness("prices and positions", self.addresses.page(start)),
                    witness("readings", self.addresses.interval_page(start)),
                ]);
            }
        }
        let witness = |what, address| Witness {
            what,
            address,
            slot,
            windows: 0,
        };
        let household = self.addresses.participant(&self.proof.question.household);
        self.proof.witnesses.extend([
            witness("the household's seat", household),
            witness("its meters' keys", self.addresses.meter_table),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use joulebook_client::steps::MarketState;
    use joulebook_sim::{LocalCommunity, Parameters};

    use super::*;
    use crate::proof::ReplayError;

    /// Why a window of a household stays open whose page was used again.
    fn why(view: &View, addresses: &Addresses, household: &Household, start: i64) -> &'static str {
        let question = Question {
            market: addresses.market,
            household: addresses.market,
            span: Span::ALL,
        };
        let mut work = Work {
            addresses,
            view,
            household,
            signed: SignedRegisters::default(),
            proof: Proof {
                question,
                worked_out: Span::ALL,
                seat: household.seat,
                decimals: 6,
                bill: Default::default(),
                from_accounts: 0,
                from_transactions: 0,
                intervals: Intervals::default(),
                verified: 0,
                refused: 0,
                witnesses: vec![],
                transactions: BTreeMap::new(),
                unproven: vec![],
            },
        };
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
