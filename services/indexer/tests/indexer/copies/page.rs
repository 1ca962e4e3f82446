//! What the indexer's page asks ClickHouse.

use joulebook_indexer::{
    bill::Bill,
    store::{Paging, Span},
};

use super::{copy_all, copying};
use crate::{
    clickhouse,
    community::{Kept, Village},
    databases,
};

const PAGE: &str = include_str!("../../../../../docs/indexer.md");
/// June 2026, as the page writes it.
const SINCE: &str = "1780272000";
const UNTIL: &str = "1782864000";

/// Questions of the page, in its sequence: bills, prices, sources.
fn questions(since: i64, until: i64) -> Vec<String> {
    let blocks = PAGE.split("```sql\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    let questions = blocks.flat_map(|block| block.split(';'));
    questions
        .map(str::trim)
        .filter(|question| question.contains("SELECT") && question.contains("FROM"))
        .map(|question| {
            let question = question.replace(SINCE, &since.to_string());
            question.replace(UNTIL, &until.to_string())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_the_page_s_questions_when_they_are_asked_then_bills_are_those_of_the_indexer() {
    let Some(target) = clickhouse::new_database().await else {
        return;
    };
    let database = databases::file();
    let store = database.store().await;
    let mut village = Village::found();
    let mut kept = Kept::open(&store, &mut village).await;
    for _ in 0..12 {
        tokio::task::block_in_place(|| village.window(&mut |_| {}));
        kept.look(&mut village).await;
    }
    copy_all(&mut copying(&store, &target)).await;
    let id = kept.writing.id;
    let now = village.community.chain.now();
    let span = Span {
        since: 0,
        until: now,
    };
    let mut expected = String::new();
    let everything = Paging {
        after: None,
        limit: 1_000,
    };
    for seat in store.seats(id, everything).await.expect("read") {
        let seat = seat.row.seat;
        let billed = store.billed(id, seat, span).await;
        let bill = Bill::of(&billed.expect("read"));
        let lines = bill.lines;
        if bill.windows > 0 {
            expected += &format!(
                "{}\t{seat}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
                id.0,
                lines.bought,
                lines.sold,
                lines.grid_fee,
                lines.market_fee,
                lines.short,
                lines.long,
                lines.unheard
            );
        }
    }
    let questions = questions(span.since, span.until);
    assert_eq!(questions.len(), 3, "{questions:?}");
    assert_eq!(target.ask(&questions[0]).await, expected);
    let prices = target.ask(&questions[1]).await;
    let traded = village
        .windows
        .iter()
        .filter(|(start, window)| **start < now && window.volume > 0);
    assert_eq!(prices.lines().count(), traded.count(), "{prices}");
    let sources = store.fed_in(id, span).await.expect("read");
    let sources: Vec<String> = sources
        .iter()
        .map(|(source, export)| format!("{source}\t{export}"))
        .collect();
    let mut found = target.ask(&questions[2]).await;
    found.truncate(found.trim_end().len());
    let mut found: Vec<&str> = found.lines().collect();
    found.sort_unstable();
    assert_eq!(found, sources);
}
