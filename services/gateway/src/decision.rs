//! What is to be sent, and what became of what was: by accounts, clock and what waits alone.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::{layout::oracle::Meter, oracle::types::ReadingResult, Addresses};
use joulebook_units::UnixTime;
use serde::Deserialize;
use solana_address::Address;

use crate::{
    batch::{pack, Batch, Item},
    fate::{is_certain, may_change, Fate},
    message::{Key, Message},
    rules::{is_tampered, judge_by_row, take, Rows},
    store::Waiting,
    view::{Pages, Slot, View},
};

/// Transactions that land with a message and change nothing, after which it rests before each further one.
pub const PATIENCE: u8 = 3;

/// How far behind an endpoint's clock may be for its word to be waited for, seconds: one that was far ahead before was wrong.
const BEHIND: i64 = 3_600;
/// How far the chain's clock may be behind after a halt, seconds: what meters have signed since is not lost by that.
const LONGEST_HALT: i64 = 86_400;

/// When messages are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deliver {
    /// A while after they came: energy is settled as soon as it can be.
    Prompt,
    /// Once their page is over: as few transactions as there can be.
    #[default]
    Page,
}

/// When, and who pays.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    pub payer: Address,
    pub deliver: Deliver,
    /// How long the first of a batch waits for others, seconds of the chain's clock.
    pub wait: i64,
    /// What is left of a page's time for readings when everything is sent, whatever waits, seconds.
    pub margin: i64,
    /// How far in the future a boundary may be, seconds; `None` where what is known of the chain is old.
    pub ahead: Option<i64>,
}

/// What follows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// What became of messages, for good.
    pub ends: Vec<(Key, Fate)>,
    /// Transactions to be sent.
    pub batches: Vec<Batch>,
    /// Why others wait that could not be sent now.
    pub waits: BTreeMap<Key, Wait>,
}

/// Why a message is not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// For others to go along with.
    Company,
    /// Nobody knows yet what became of the transaction that it was in.
    InDoubt,
    /// Its page is not open yet.
    Page,
    /// Another message of the meter goes first.
    Another,
    /// It came when the chain's clock was later: an endpoint is behind.
    Behind,
    /// The oracle would say so now, and may say something else later.
    Result(ReadingResult),
}

/// Starts of the pages that messages may have to be told to, unix seconds: of those that are not gone, and have begun.
pub fn pages_of<'a>(
    addresses: &Addresses,
    view: &View,
    messages: impl IntoIterator<Item = &'a Message>,
) -> BTreeSet<i64> {
    let pages = |message| places(addresses, message);
    let is_asked = |start: &i64| *start <= view.now.0 && !view.is_gone(addresses, *start);
    let starts = messages.into_iter().flat_map(pages).flatten();
    starts.filter(is_asked).collect()
}

/// Decides by the accounts alone. `in_doubt` are in a transaction that may yet land.
pub fn decide(
    waiting: &BTreeMap<Key, Waiting>,
    in_doubt: &BTreeSet<Key>,
    view: &View,
    pages: &Pages,
    addresses: &Addresses,
    policy: &Policy,
) -> Decision {
    let mut decision = Decision::default();
    let mut sendable: Vec<(Key, &Waiting, Item)> = vec![];
    // What the pages will be once what is decided has landed.
    let mut tried: BTreeMap<(u32, i64), Rows> = BTreeMap::new();
    let mut moved: BTreeMap<u32, Meter> = BTreeMap::new();
    let doubtful: BTreeSet<u32> = in_doubt.iter().map(|key| key.meter).collect();
    // Boundaries that meters come to by what is sent now.
    let mut newest: BTreeMap<u32, i64> = BTreeMap::new();
    let mut tampered: BTreeSet<u32> = BTreeSet::new();
    // Of a meter lower sequences first: then each moves it on, and none is stale by another.
    let mut all: Vec<(&Key, &Waiting)> = waiting.iter().collect();
    all.sort_by_key(|(key, one)| (key.meter, key.sequence, one.message.stamp().boundary, **key));
    for (key, one) in all {
        if in_doubt.contains(key) {
            decision.waits.insert(*key, Wait::InDoubt);
            continue;
        }
        let boundary = one.message.stamp().boundary.0;
        let reach = |ahead: i64| match one.is_judged {
            true => ahead.max(LONGEST_HALT),
            false => ahead,
        };
        let is_far = |ahead| boundary > view.now.0.saturating_add(reach(ahead));
        if policy.ahead.is_some_and(is_far) {
            // It came while the clock was not known. It can be handed in again when its time comes.
            let result = ReadingResult::FutureBoundary;
            decision.ends.push((*key, Fate::Refused { result }));
            continue;
        }
        if (1..=BEHIND).contains(&one.received.saturating_sub(view.now.0)) {
            decision.waits.insert(*key, Wait::Behind);
            continue;
        }
        let judged = Judge {
            view,
            pages,
            addresses,
            message: &one.message,
        };
        match judged.now() {
            Verdict::Send(start) => {
                let number = one.message.profile().meter;
                let is_tampered = is_tampered(&one.message.profile());
                // Transactions of a turn land in any sequence: what must be later goes with a later turn. Each violation costs a
                // fee, and the first one may change what becomes of the others.
                let is_later = newest.get(&number).is_some_and(|last| boundary < *last)
                    || is_tampered && !tampered.insert(number)
                    || doubtful.contains(&number);
                if is_later {
                    decision.waits.insert(*key, Wait::Another);
                    continue;
                }
                let before = tried.remove(&(number, start));
                let Some(mut rows) = before.or_else(|| judged.rows(start)) else {
                    decision.waits.insert(*key, Wait::Page);
                    continue;
                };
                if let Some(meter) = moved.get(&number) {
                    rows.meter = *meter;
                }
                let result = take(&view.table.header, &mut rows, &one.message, view.now);
                moved.insert(number, rows.meter);
                tried.insert((number, start), rows);
                let is_told = matches!(result, ReadingResult::Counted | ReadingResult::Filled);
                if is_told || is_tampered {
                    let last = newest.entry(number).or_insert(boundary);
                    *last = boundary.max(*last);
                    sendable.push((*key, one, Item { key: *key, start }));
                } else {
                    decision.waits.insert(*key, Wait::Another);
                }
            }
            Verdict::Wait(wait) => {
                decision.waits.insert(*key, wait);
            }
            Verdict::Known => decision.ends.push((*key, known(one))),
            Verdict::Never(ReadingResult::ReadingsClosed) if one.landed >= PATIENCE => {
                decision.ends.push((*key, Fate::Ineffective));
            }
            // What speaks against it may be otherwise by now.
            Verdict::Never(result) if policy.ahead.is_none() && !is_certain(result) => {
                decision.waits.insert(*key, Wait::Result(result));
            }
            Verdict::Never(result) => decision.ends.push((*key, Fate::Refused { result })),
        }
    }
    let due: BTreeSet<i64> = sendable
        .iter()
        .filter(|(_, one, item)| is_due(one, item.start, view.now, pages, addresses, policy))
        .map(|(_, _, item)| item.start)
        .collect();
    let (now, later): (Vec<_>, Vec<_>) = sendable
        .into_iter()
        .partition(|(_, _, item)| due.contains(&item.start));
    let items = now.into_iter().map(|(_, one, item)| (item, &one.message));
    let items: Vec<(Item, &Message)> = items.collect();
    decision.batches = pack(addresses, &policy.payer, &view.table, &items);
    for (key, ..) in later {
        decision.waits.insert(key, Wait::Company);
    }
    decision
}

/// What is told of a message that the oracle knows.
fn known(one: &Waiting) -> Fate {
    match one.sent {
        Some(signature) => Fate::Accepted {
            transaction: Some(signature.to_string()),
        },
        None => Fate::Superseded,
    }
}

/// Whether a message must not wait for others any longer.
fn is_due(
    one: &Waiting,
    start: i64,
    now: UnixTime,
    pages: &Pages,
    addresses: &Addresses,
    policy: &Policy,
) -> bool {
    let from = match policy.deliver {
        Deliver::Prompt => one.received,
        Deliver::Page => one
            .received
            .max(start.saturating_add(addresses.page_seconds())),
    };
    let last = match pages.slot(start) {
        Slot::Page(page) => page.header.readings_until.saturating_sub(policy.margin),
        _ => i64::MAX,
    };
    now.0 >= from.saturating_add(policy.wait).min(last)
}

/// The page that a message lies in; and the next one, if it ends at the boundary between.
pub(crate) fn places(addresses: &Addresses, message: &Message) -> [Option<i64>; 2] {
    let boundary = message.stamp().boundary.0;
    let own = addresses.page_start(boundary.saturating_sub(1));
    let next = addresses.page_start(boundary);
    [Some(own), (next == boundary).then_some(next)]
}

enum Verdict {
    /// With the page that starts then.
    Send(i64),
    Wait(Wait),
    Known,
    Never(ReadingResult),
}

struct Judge<'a> {
    view: &'a View,
    pages: &'a Pages,
    addresses: &'a Addresses,
    message: &'a Message,
}

impl Judge<'_> {
    fn slot(&self, start: i64) -> Slot<'_> {
        match self.view.is_gone(self.addresses, start) {
            true => Slot::Gone,
            false => self.pages.slot(start),
        }
    }

    fn rows(&self, start: i64) -> Option<Rows> {
        let Slot::Page(page) = self.slot(start) else {
            return None;
        };
        let number = self.message.profile().meter;
        let meter = self.view.meter(number)?;
        Rows::of(meter, number, page)
    }

    /// By the accounts as they are.
    fn now(&self) -> Verdict {
        let profile = self.message.profile();
        let meter = match judge_by_row(&self.view.table, self.message, self.view.now) {
            Ok(meter) => meter,
            Err(result) => return self.unless_changed(result),
        };
        if is_tampered(&profile) && meter.punished.max(meter.sequence) >= profile.sequence {
            return Verdict::Never(ReadingResult::Tampered);
        }
        let [own, next] = places(self.addresses, self.message);
        let Some(start) = self.place(own, next, profile.intervals, meter.service_from) else {
            return Verdict::Never(ReadingResult::ReadingsClosed);
        };
        let Some(mut rows) = self.rows(start) else {
            return Verdict::Wait(Wait::Page);
        };
        match take(
            &self.view.table.header,
            &mut rows,
            self.message,
            self.view.now,
        ) {
            // The device may have been changed since it was taken in.
            ReadingResult::Counted | ReadingResult::Filled | ReadingResult::Tampered
                if !self.message.is_signed_by(&meter) =>
            {
                Verdict::Never(ReadingResult::BadSignature)
            }
            ReadingResult::Counted | ReadingResult::Filled | ReadingResult::Tampered => {
                Verdict::Send(start)
            }
            ReadingResult::AlreadyKnown => match next.filter(|next| *next != start) {
                Some(next) if self.fills(next, meter.boundary) => Verdict::Send(next),
                _ => Verdict::Known,
            },
            result => self.unless_changed(result),
        }
    }

    /// A reading at a boundary between two pages is the first of a meter's service, or the last of a page; a profile lies in its
    /// own.
    fn place(
        &self,
        own: Option<i64>,
        next: Option<i64>,
        intervals: u16,
        service_from: i64,
    ) -> Option<i64> {
        let is_open = |start: &i64| self.slot(*start).may_take(self.view.now);
        let is_served = |start: &i64| *start >= service_from || intervals > 0;
        own.filter(is_served)
            .filter(is_open)
            .or(next.filter(|_| intervals == 0).filter(is_open))
    }

    /// Whether the page behind its end, whose values came before, lacks the registers at its start.
    fn fills(&self, next: i64, heard_until: i64) -> bool {
        let Some(mut rows) = self.rows(next).filter(|_| heard_until > next) else {
            return false;
        };
        let result = take(
            &self.view.table.header,
            &mut rows,
            self.message,
            self.view.now,
        );
        result == ReadingResult::Filled
    }

    fn unless_changed(&self, result: ReadingResult) -> Verdict {
        if !may_change(result) {
            return Verdict::Never(result);
        }
        let [own, next] = places(self.addresses, self.message);
        let is_open = |start: i64| self.slot(start).may_take(self.view.now);
        match own.is_some_and(is_open) || next.is_some_and(is_open) {
            true => Verdict::Wait(Wait::Result(result)),
            false => Verdict::Never(result),
        }
    }
}
