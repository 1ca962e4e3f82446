//! An indexer that was away.

use joulebook_indexer::{
    rows::GapRow,
    store::{Paging, Span},
};

use crate::{
    community::{Kept, Village},
    databases, rows,
};

const EVERYTHING: Paging = Paging {
    after: None,
    limit: 1_000_000,
};

fn pass(village: &mut Village, windows: u32) {
    tokio::task::block_in_place(|| {
        for _ in 0..windows {
            village.window(&mut |_| {});
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_indexer_that_was_away_shorter_than_the_ring_when_it_is_back_then_nothing_is_missing(
) {
    for database in databases::all().await {
        let mut village = Village::found();
        let store = database.store().await;
        let page_windows = u32::from(village.community.parameters.page_windows);
        let mut id = None;
        for _ in 0..6 {
            let mut kept = Kept::open(&store, &mut village).await;
            kept.look(&mut village).await;
            id = Some(kept.writing.id);
            pass(&mut village, page_windows);
        }
        let mut kept = Kept::open(&store, &mut village).await;
        kept.look(&mut village).await;
        let id = id.expect("it was there");
        assert_eq!(store.gaps(id, 100).await.expect("read"), []);
        rows::check(&store, id, &mut village).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_indexer_that_was_away_longer_than_the_ring_when_it_is_back_then_it_says_what_is_missing(
) {
    for database in databases::all().await {
        let mut village = Village::found();
        let store = database.store().await;
        let parameters = &village.community.parameters;
        let ring = u32::from(parameters.page_windows) * u32::from(parameters.pages);
        let mut kept = Kept::open(&store, &mut village).await;
        pass(&mut village, 4);
        kept.look(&mut village).await;
        let id = kept.writing.id;
        let before = store
            .windows(id, Span::ALL, EVERYTHING)
            .await
            .expect("read");
        let last = before.last().expect("a window").row.start;
        drop(kept);
        pass(&mut village, ring * 2);
        let mut kept = Kept::open(&store, &mut village).await;
        kept.look(&mut village).await;
        let gaps = store.gaps(id, 100).await.expect("read");
        let length = village.community.window_length();
        let oldest = village.community.pages();
        let oldest = oldest.iter().map(|page| page.header.start).min();
        let windows: Vec<&GapRow> = gaps.iter().filter(|gap| gap.kind == "windows").collect();
        let [missed] = windows[..] else {
            panic!("{gaps:?}")
        };
        assert_eq!(
            (missed.since, missed.until),
            (last + length, oldest.expect("a page"))
        );
        assert!(gaps
            .iter()
            .any(|gap| gap.kind == "unfinished" && gap.since <= last));
        // Prices and volumes come back from the history; positions don't.
        let rows = store
            .windows(id, Span::ALL, EVERYTHING)
            .await
            .expect("read");
        let starts: Vec<i64> = rows.iter().map(|at| at.row.start).collect();
        assert!(
            starts.windows(2).all(|pair| pair[1] == pair[0] + length),
            "{starts:?}"
        );
        for at in rows {
            let window = &village.windows[&at.row.start];
            let found = (at.row.volume, at.row.price.unwrap_or(0), at.row.short);
            let said = (
                window.volume as i64,
                window.price.into(),
                window.short.into(),
            );
            assert_eq!(found, said, "{:?}", at.row);
        }
        let span = Span {
            since: missed.since,
            until: missed.until,
        };
        let positions = store.positions_of_seat(id, 2, span, EVERYTHING).await;
        assert_eq!(positions.expect("read"), []);
        assert!(store.has_gap(id, span).await.expect("read"));
        // It is said once.
        let again = kept.look(&mut village).await;
        assert_eq!(again.gaps, []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_market_that_is_older_than_its_ring_when_it_is_indexed_first_then_what_was_before_is_a_gap(
) {
    for database in databases::all().await {
        let mut village = Village::found();
        let parameters = &village.community.parameters;
        let ring = u32::from(parameters.page_windows) * u32::from(parameters.pages);
        pass(&mut village, ring * 2);
        let store = database.store().await;
        let mut kept = Kept::open(&store, &mut village).await;
        kept.look(&mut village).await;
        let gaps = store.gaps(kept.writing.id, 100).await.expect("read");
        let [gap] = &gaps[..] else { panic!("{gaps:?}") };
        let settled_from = village.community.meters().header.settled_from;
        assert_eq!((gap.kind.as_str(), gap.since), ("windows", settled_from));
        let oldest = village.community.pages();
        let oldest = oldest.iter().map(|page| page.header.start).min();
        assert_eq!(Some(gap.until), oldest);
    }
}
