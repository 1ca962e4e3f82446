//! Rows against accounts, whatever happened in between.

use std::{collections::BTreeMap, sync::Arc};

use joulebook_client::layout::{
    market::{OrderState, PageWindow, Position, PositionStatus, WindowStatus},
    oracle::{PageEntry, Quality},
};
use joulebook_indexer::{
    rows::{OrderRow, PositionRow, ReadingRow, WindowRow},
    store::{MarketId, Paging, Span, Store},
};
use tokio::runtime::Handle;

use crate::{
    community::{Kept, Village},
    databases,
};

const EVERYTHING: Paging = Paging {
    after: None,
    limit: 1_000_000,
};

/// Compares all that the database has with all that accounts ever said last.
pub async fn check(store: &Store, id: MarketId, village: &mut Village) {
    check_windows(store, id, village).await;
    check_positions(store, id, village).await;
    check_readings(store, id, village).await;
    check_orders(store, id, village).await;
    check_seats(store, id, village).await;
}

async fn check_windows(store: &Store, id: MarketId, village: &Village) {
    let rows = store
        .windows(id, Span::ALL, EVERYTHING)
        .await
        .expect("read");
    assert_eq!(rows.len(), village.windows.len());
    for (at, (start, window)) in rows.iter().zip(&village.windows) {
        let row = &at.row;
        assert_eq!(row.start, *start);
        assert_eq!(shown(row), said(window), "the window at {start}");
        assert_eq!(row.grid_fee, Some(window.grid_fee.into()));
        let fees = row.market_fee.map(|fee| fee * row.volume);
        let is_allocated = window.status == WindowStatus::Allocated as u8;
        assert_eq!(fees, is_allocated.then_some(window.market_fees as i64));
    }
}

fn shown(row: &WindowRow) -> [i64; 7] {
    [
        i64::from(row.phase == "allocated"),
        row.price.unwrap_or(0),
        row.volume,
        row.short,
        row.long,
        row.orders,
        row.supplier.expect("a supplier"),
    ]
}

fn said(window: &PageWindow) -> [i64; 7] {
    let is_allocated = window.status == WindowStatus::Allocated as u8;
    [
        is_allocated.into(),
        window.price.into(),
        window.volume as i64,
        window.short.into(),
        window.long.into(),
        window.orders.into(),
        window.supplier.into(),
    ]
}

async fn check_positions(store: &Store, id: MarketId, village: &Village) {
    let given = village.community.market_state().community.next_index;
    let mut expected = village.positions.clone();
    expected.retain(|(_, seat), position| *seat < given || *position != unused(position));
    let mut count = 0;
    for seat in 0..given {
        let rows = store
            .positions_of_seat(id, seat.into(), Span::ALL, EVERYTHING)
            .await;
        for at in rows.expect("read") {
            let row = at.row;
            let position = &expected[&(row.start, seat)];
            assert_eq!(
                amounts(&row),
                amounts_of(position),
                "seat {seat} at {}",
                row.start
            );
            check_flow(&row, village);
            count += 1;
        }
    }
    assert_eq!(count, expected.len());
}

/// One with nothing in it, as far as it is settled.
fn unused(position: &Position) -> Position {
    Position {
        status: position.status,
        ..Position::default()
    }
}

fn amounts(row: &PositionRow) -> [i64; 6] {
    let confirmed = i64::from(row.is_confirmed);
    [
        row.bought, row.sold, row.earns, row.locked, row.paid, confirmed,
    ]
}

fn amounts_of(position: &Position) -> [i64; 6] {
    [
        position.bought.into(),
        position.sold.into(),
        position.earns as i64,
        position.locked as i64,
        position.paid,
        i64::from(position.status == PositionStatus::Confirmed as u8),
    ]
}

/// The energy beside a position is that of its seat's meters.
fn check_flow(row: &PositionRow, village: &Village) {
    let meters = village.community.meters();
    let (mut import, mut export, mut count, mut missing) = (0, 0, 0, 0);
    for ((meter, _), entry) in village
        .entries
        .iter()
        .filter(|((_, start), _)| *start == row.start)
    {
        if i64::from(meters.meters[usize::from(*meter)].participant) == row.seat {
            count += 1;
            match entry.quality() {
                Quality::Missing | Quality::Gap => missing += 1,
                Quality::Measured | Quality::Replaced => {
                    import += i64::from(entry.import().0);
                    export += i64::from(entry.export().0);
                }
            }
        }
    }
    let found = (row.import, row.export, row.meters, row.missing);
    assert_eq!(found, (import, export, count, missing), "{row:?}");
}

async fn check_readings(store: &Store, id: MarketId, village: &Village) {
    let mut found = BTreeMap::new();
    for row in 0..village.community.meters().header.count {
        let rows = store.readings(id, row.into(), Span::ALL, EVERYTHING).await;
        for at in rows.expect("read") {
            found.insert((row, at.row.start), at.row);
        }
    }
    assert_eq!(found.len(), village.entries.len());
    for (key, entry) in &village.entries {
        assert_eq!(reading(&found[key]), reading_of(entry), "{key:?}");
    }
}

fn reading(row: &ReadingRow) -> (i64, i64, &str) {
    (row.import, row.export, &row.quality)
}

fn reading_of(entry: &PageEntry) -> (i64, i64, &'static str) {
    let quality = match entry.quality() {
        Quality::Missing => "missing",
        Quality::Gap => "gap",
        Quality::Measured => "measured",
        Quality::Replaced => "replaced",
    };
    (entry.import().0.into(), entry.export().0.into(), quality)
}

/// Of the windows whose books stand.
async fn check_orders(store: &Store, id: MarketId, village: &Village) {
    for book in village.community.books() {
        let start = book.header.start;
        let rows = store
            .orders(id, start, (-1, -1), 1_000_000)
            .await
            .expect("read");
        let live: Vec<OrderRow> = rows
            .into_iter()
            .map(|at| at.row)
            .filter(|row| row.state != "cancelled")
            .collect();
        let expected: Vec<_> = book.live_orders().collect();
        assert_eq!(live.len(), expected.len(), "{live:?}");
        for (row, (place, order)) in live.iter().zip(expected) {
            assert_eq!(
                (row.place, row.sequence),
                (place.into(), order.sequence.into())
            );
            let side = if order.state == OrderState::Buy as u8 {
                "buy"
            } else {
                "sell"
            };
            let found = (
                row.seat,
                row.side.as_str(),
                row.tick,
                row.quantity,
                row.filled,
            );
            let said = (
                i64::from(order.seat),
                side,
                i64::from(order.tick),
                i64::from(order.quantity),
                i64::from(order.filled),
            );
            assert_eq!(found, said, "order {place} of {start}");
        }
    }
}

async fn check_seats(store: &Store, id: MarketId, village: &Village) {
    let ledger = village.community.ledger();
    for at in store.seats(id, EVERYTHING).await.expect("read") {
        let seat = &ledger.seats[usize::try_from(at.row.seat).expect("a seat")];
        let found = (at.row.free, at.row.locked, at.row.debt, at.row.claim);
        let said = (
            seat.free as i64,
            seat.locked as i64,
            seat.debt() as i64,
            seat.claim() as i64,
        );
        assert_eq!(found, said, "{:?}", at.row);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_indexer_that_is_killed_at_any_moment_when_windows_go_by_then_its_rows_are_those_of_the_chain(
) {
    for database in databases::all().await {
        let mut village = Village::found();
        let mut store = database.store().await;
        let mut kept = Some(Kept::open(&store, &mut village).await);
        let handle = Handle::current();
        let mut died = [0, 0];
        for _ in 0..40 {
            let mut look = |village: &mut Village| {
                let polls = village.random(40);
                if village.random(4) > 0 {
                    let kept = kept.as_mut().expect("it runs");
                    handle.block_on(kept.look(village));
                    return;
                }
                let killed = kept.take().expect("it runs");
                let was_done = handle.block_on(killed.look_and_die(village, polls));
                died[usize::from(was_done)] += 1;
                if village.random(4) == 0 {
                    // The whole process has ended.
                    store = handle.block_on(database.store());
                }
                kept = Some(handle.block_on(Kept::open(&store, village)));
            };
            tokio::task::block_in_place(|| village.window(&mut look));
        }
        let mut kept = kept.expect("it runs");
        kept.look(&mut village).await;
        assert!(died[0] > 5 && died[1] > 0, "{died:?}");
        let traded = village
            .windows
            .values()
            .filter(|window| window.volume > 0)
            .count();
        assert!(traded > 10, "{traded} windows traded");
        check(&kept.store, kept.writing.id, &mut village).await;
        let gaps = kept.store.gaps(kept.writing.id, 100).await.expect("read");
        assert_eq!(gaps, []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_rows_that_were_written_when_nothing_has_changed_then_nothing_is_written() {
    for database in databases::all().await {
        let mut village = Village::found();
        let store = database.store().await;
        let mut kept = Kept::open(&store, &mut village).await;
        for _ in 0..3 {
            tokio::task::block_in_place(|| village.window(&mut |_| {}));
        }
        assert!(kept.look(&mut village).await.len() > 50);
        assert_eq!(kept.look(&mut village).await.len(), 0);
        // The same accounts are the same rows, whoever reads them.
        let mut again = Kept::open(&Arc::clone(&store), &mut village).await;
        again.look(&mut village).await;
        check(&store, kept.writing.id, &mut village).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_page_without_the_oracles_when_it_is_read_then_rows_stay_and_the_next_read_goes_on()
{
    for database in databases::all().await {
        let mut village = Village::found();
        let store = database.store().await;
        let mut kept = Kept::open(&store, &mut village).await;
        for _ in 0..3 {
            tokio::task::block_in_place(|| village.window(&mut |_| {}));
        }
        kept.look(&mut village).await;
        tokio::task::block_in_place(|| village.window(&mut |_| {}));
        let mut torn = village.view();
        assert!(torn.is_whole());
        torn.state.interval_pages.clear();
        assert!(!torn.is_whole());
        let changes = kept.writing.changes(&torn).expect("fits");
        let counts = (
            changes.pages.len(),
            changes.positions.len(),
            changes.readings.len(),
        );
        assert_eq!(counts, (0, 0, 0));
        kept.writing.apply(torn, &changes).await.expect("written");
        kept.look(&mut village).await;
        check(&store, kept.writing.id, &mut village).await;
    }
}
