//! What was paid for windows after they had been settled, against what their positions said from one look to the next.

use std::collections::BTreeMap;

use joulebook_client::layout::market::{Position, PositionStatus};
use joulebook_indexer::store::{MarketId, Paging, Span, Store};

use crate::{
    community::{Kept, Village},
    databases,
};

const EVERYTHING: Paging = Paging {
    after: None,
    limit: 1_000_000,
};

/// Seconds of a window.
const LENGTH: i64 = 300;

/// Of a seat and a window: when, and by how much.
type Seen = BTreeMap<(u16, i64), Vec<(i64, i64)>>;

/// What accounts said at a look.
struct Look {
    time: i64,
    positions: BTreeMap<(i64, u16), Position>,
    /// By seat and start: whether its meter had a value, and what it moved.
    flows: BTreeMap<(u16, i64), (bool, i64)>,
}

impl Look {
    fn at(village: &Village) -> Look {
        let mut flows = BTreeMap::new();
        for household in &village.community.households {
            let row = u16::try_from(household.devices[0].number & 0xffff).expect("a row");
            for ((_, start), entry) in village.entries.range((row, i64::MIN)..=(row, i64::MAX)) {
                let net = i64::from(entry.import().0) - i64::from(entry.export().0);
                flows.insert((household.seat, *start), (entry.has_value(), net));
            }
        }
        Look {
            time: village.community.chain.now(),
            positions: village.positions.clone(),
            flows,
        }
    }

    fn is_settled(&self, start: i64, seat: u16, grace: i64) -> bool {
        let position = &self.positions[&(start, seat)];
        let has_contracts = position.bought > 0 || position.sold > 0;
        let by_values = match self.flows.get(&(seat, start)) {
            Some((true, net)) => !has_contracts && *net == 0,
            Some((false, _)) => self.time >= start + LENGTH + grace,
            None => false,
        };
        position.paid != 0 || position.status == PositionStatus::Confirmed as u8 || by_values
    }
}

/// Adds what two looks say otherwise.
fn compare(village: &Village, before: &Look, seen: &mut Seen) {
    let now = village.community.chain.now();
    for ((start, seat), position) in &before.positions {
        let page = village.community.addresses.page_start(*start);
        let pages = village.community.pages();
        // What is in no page any more stays as it is.
        let Some(page) = pages.iter().find(|one| one.header.start == page) else {
            continue;
        };
        let grace = i64::from(page.header.metering_grace);
        let paid = village.positions[&(*start, *seat)].paid;
        let is_settled =
            before.is_settled(*start, *seat, grace) || seen.contains_key(&(*seat, *start));
        if is_settled && paid != position.paid {
            let changes = seen.entry((*seat, *start)).or_default();
            changes.push((now, paid - position.paid));
        }
    }
}

async fn check(store: &Store, id: MarketId, village: &Village, seen: &Seen, time: Span) {
    for household in &village.community.households {
        let seat = household.seat;
        let expected: Vec<(i64, i64)> = seen
            .range((seat, i64::MIN)..=(seat, i64::MAX))
            .filter_map(|((_, start), changes)| {
                let changes = changes
                    .iter()
                    .filter(|(at, _)| (time.since..time.until).contains(at));
                let amounts: Vec<i64> = changes.map(|(_, amount)| *amount).collect();
                (!amounts.is_empty()).then_some((*start, amounts.iter().sum()))
            })
            .collect();
        let rows = store
            .corrections_of_seat(id, seat.into(), time, i64::MAX, EVERYTHING)
            .await
            .expect("read");
        let told: Vec<(i64, i64)> = rows.iter().map(|one| (one.start, one.amount)).collect();
        assert_eq!(told, expected, "seat {seat}");
        let last = expected.last().map_or(0, |(start, _)| *start);
        let sum = store.corrected(id, seat.into(), time, last).await;
        let earlier = expected.iter().filter(|(start, _)| *start < last);
        let earlier: i64 = earlier.map(|(_, amount)| amount).sum();
        assert_eq!(sum.expect("read"), earlier, "seat {seat}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_values_that_a_verifier_corrects_when_windows_are_settled_again_then_each_change_is_kept_with_its_time(
) {
    for database in databases::all().await {
        let mut village = Village::found();
        let mut store = database.store().await;
        let mut kept = Kept::open(&store, &mut village).await;
        let mut seen = Seen::new();
        let mut before: Option<Look> = None;
        for turn in 0..60 {
            tokio::task::block_in_place(|| {
                village.window(&mut |_| {});
                village.correct();
            });
            village.note();
            if let Some(before) = &before {
                compare(&village, before, &mut seen);
            }
            before = Some(Look::at(&village));
            kept.look(&mut village).await;
            // Whoever starts anew finds nothing twice.
            if turn % 13 == 12 {
                store = database.store().await;
                kept = Kept::open(&store, &mut village).await;
            }
        }
        let id = kept.writing.id;
        let changes: usize = seen.values().map(Vec::len).sum();
        assert!(changes > 10, "{changes}");
        check(&store, id, &village, &seen, Span::ALL).await;
        let times: Vec<i64> = seen.values().flatten().map(|(at, _)| *at).collect();
        let middle = times[times.len() / 2];
        let first = Span {
            since: i64::MIN,
            until: middle,
        };
        let rest = Span {
            since: middle,
            until: i64::MAX,
        };
        check(&store, id, &village, &seen, first).await;
        check(&store, id, &village, &seen, rest).await;
    }
}
