//! Endpoints that are behind, and that lie.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use joulebook_client::layout::market::{Page, PageWindow, Position};
use joulebook_cluster::Cluster;
use joulebook_indexer::{
    bill::Bill,
    indexing::{Indexing, Look},
    proof::{prove, ProofError, Question},
    store::{Paging, Span, Store},
};

use tokio::time::sleep;

use crate::{
    community::Village,
    databases,
    node::{options, Node},
};

/// Where the windows of a page begin.
const HEADER: usize = 8 + size_of::<Page>();

async fn is_certain(store: &Store, market: &str, slot: u64) -> bool {
    let market = store.market(market).await.expect("read").expect("there");
    market
        .final_slot
        .is_some_and(|last| i64::try_from(slot).expect("fits") <= last)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_endpoint_that_is_behind_what_is_final_when_it_tells_rows_again_then_they_stay_uncertain(
) {
    let database = databases::file();
    let store = database.store().await;
    let mut village = Village::found();
    let node = Node::start().await;
    node.show(&village.community);
    let market = village.community.addresses.market;
    let cluster = Arc::new(Cluster::new(node.options()).expect("an endpoint"));
    let mut indexing = Indexing::open(cluster, Arc::clone(&store), market).await;
    let indexing = indexing.as_mut().expect("opened");
    let market = market.to_string();
    look(indexing).await;
    assert!(is_certain(&store, &market, node.slot()).await);
    tokio::task::block_in_place(|| village.window(&mut |_| {}));
    node.show(&village.community);
    let slot = node.slot();
    // The cluster may take back what was confirmed.
    node.set_final_slot(slot - 1);
    look(indexing).await;
    assert!(!is_certain(&store, &market, slot).await);
    // Another endpoint says that later slots are final, of which this one knows nothing.
    node.set_final_slot(slot + 10);
    let again = look(indexing).await;
    assert!(again.written.is_some(), "it was read again");
    assert!(!is_certain(&store, &market, slot).await);
    node.set_final_slot(slot);
    look(indexing).await;
    assert!(is_certain(&store, &market, slot).await);
    let id = indexing.id();
    let rows = store.windows(
        id,
        Span::ALL,
        Paging {
            after: None,
            limit: 1_000,
        },
    );
    let slots = rows.await.expect("read").into_iter().map(|at| at.slot);
    assert!(slots.max() <= Some(i64::try_from(slot).expect("fits")));
}

/// Looks once it has rested from the last time.
async fn look(indexing: &mut Indexing) -> Look {
    sleep(Duration::from_secs(1)).await;
    indexing.look().await.expect("read")
}

/// A village of some windows, and its month.
fn village() -> (Village, Span) {
    let mut village = Village::found();
    tokio::task::block_in_place(|| {
        for _ in 0..12 {
            village.window(&mut |_| {});
        }
    });
    let now = village.community.chain.now();
    let span = Span {
        since: now - 20 * 86_400,
        until: now,
    };
    (village, span)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_endpoint_that_lies_about_an_account_when_a_bill_is_proven_from_two_then_it_is_named(
) {
    let (village, span) = village();
    let nodes = [Node::start().await, Node::start().await];
    for node in &nodes {
        node.show(&village.community);
    }
    let addresses = &village.community.addresses;
    let household = &village.community.households[0];
    let question = Question {
        market: addresses.market,
        household: household.address(),
        span,
    };
    let cluster = Cluster::new(options(&[&nodes[0], &nodes[1]])).expect("endpoints");
    let proof = prove(&cluster, question).await.expect("worked out");
    assert_eq!(proof.compared.endpoints.len(), 2);
    assert_eq!(
        (&proof.compared.differing[..], proof.compared.silent.len()),
        (&[][..], 0)
    );
    assert!(proof.compared.accounts > 5, "{:?}", proof.compared);
    assert!(proof.compared.moving.is_empty());

    let page = village.community.page(span.until - 1).header;
    let place =
        HEADER + usize::from(page.windows) * size_of::<PageWindow>() + size_of::<Position>();
    nodes[1].bend(&addresses.page(page.start), place);
    let proof = prove(&cluster, question).await.expect("worked out");
    let [difference] = &proof.compared.differing[..] else {
        panic!("{:?}", proof.compared)
    };
    assert_eq!(difference.address, addresses.page(page.start));
    let port = nodes[1]
        .url
        .trim_end_matches('/')
        .rsplit(':')
        .next()
        .expect("a port");
    assert!(difference.endpoint.ends_with(port), "{difference:?}");
}

/// What was compared is what the bill was worked out from, not what was read later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_endpoint_that_lies_once_when_a_bill_is_proven_from_two_then_it_is_the_true_one() {
    let (village, span) = village();
    let nodes = [Node::start().await, Node::start().await];
    for node in &nodes {
        node.show(&village.community);
    }
    let addresses = &village.community.addresses;
    let household = &village.community.households[0];
    let question = Question {
        market: addresses.market,
        household: household.address(),
        span,
    };
    let cluster = Cluster::new(options(&[&nodes[0], &nodes[1]])).expect("endpoints");
    let honest = prove(&cluster, question).await.expect("worked out");
    let page = village.community.page(span.until - 1).header;
    // What it has bought in the first window.
    let place = HEADER
        + usize::from(page.windows) * size_of::<PageWindow>()
        + usize::from(household.seat) * size_of::<Position>();
    let page = addresses.page(page.start);
    nodes[0].lie_once(&page, place);
    let alone = Cluster::new(nodes[0].options()).expect("an endpoint");
    let deceived = prove(&alone, question).await.expect("worked out");
    assert_ne!(
        deceived.bill, honest.bill,
        "whoever asks one alone believes it"
    );
    nodes[0].lie_once(&page, place);
    let proof = prove(&cluster, question).await.expect("worked out");
    assert_eq!(proof.bill, honest.bill);
    assert!(proof.compared.moving.is_empty() && proof.compared.differing.is_empty());
    assert_eq!(proof.compared.endpoints.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_endpoint_that_is_away_when_a_bill_is_proven_from_two_then_that_is_said() {
    let (village, span) = village();
    let node = Node::start().await;
    node.show(&village.community);
    let away = node.at("http://127.0.0.1:9/");
    let cluster = Cluster::new(options(&[&node, &away])).expect("endpoints");
    let question = Question {
        market: village.community.addresses.market,
        household: village.community.households[1].address(),
        span,
    };
    let proof = prove(&cluster, question).await.expect("worked out");
    assert_eq!(proof.compared.silent, ["127.0.0.1:9"]);
    assert_eq!(proof.compared.endpoints.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_more_than_a_month_when_a_bill_is_asked_for_then_it_is_refused() {
    let node = Node::start().await;
    let cluster = Cluster::new(node.options()).expect("an endpoint");
    let question = Question {
        market: [7; 32].into(),
        household: [7; 32].into(),
        span: Span {
            since: 0,
            until: 32 * 86_400,
        },
    };
    let error = prove(&cluster, question).await.expect_err("refused");
    assert!(matches!(error, ProofError::TooLong), "{error}");
    assert!(error.to_string().contains("month"), "{error}");
}

/// What is charged after silence is in a proof as in an index, as far as pages stand.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_silence_when_a_bill_is_proven_then_what_came_to_light_is_in_it_or_left_open() {
    let (mut village, span) = village();
    let database = databases::file();
    let store = database.store().await;
    tokio::task::block_in_place(|| village.finish());
    let node = Node::start().await;
    node.show(&village.community);
    let cluster = Arc::new(Cluster::new(node.options()).expect("an endpoint"));
    let market = village.community.addresses.market;
    let mut indexing = Indexing::open(Arc::clone(&cluster), Arc::clone(&store), market).await;
    let indexing = indexing.as_mut().expect("opened");
    indexing.look().await.expect("read");
    let mut found = BTreeMap::new();
    for household in &village.community.households {
        let question = Question {
            market,
            household: household.address(),
            span,
        };
        let proof = prove(&cluster, question).await.expect("worked out");
        let billed = store.billed(indexing.id(), household.seat.into(), proof.worked_out);
        let bill = Bill::of(&billed.await.expect("read"));
        assert_eq!(proof.bill.lines.after_silence, bill.lines.after_silence);
        assert_eq!(proof.bill.unknown_endings, bill.unknown_endings);
        let is_open = proof
            .unproven
            .iter()
            .any(|one| one.why.contains("after silence"));
        assert!(is_open || bill.unknown_endings == 0, "{:?}", proof.unproven);
        found.insert(household.seat, bill.lines.after_silence);
    }
    assert!(found.values().any(|amount| *amount != 0), "{found:?}");
}
