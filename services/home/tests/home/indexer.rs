//! What an indexer is asked, and what becomes of its answers.

use std::sync::{Arc, Mutex};

use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
    Router,
};
use jiff::tz::TimeZone;
use joulebook_home::{
    calendar::Calendar,
    indexed::{Bill, Flows, Indexed},
    indexer::{Indexer, IndexerError},
};
use serde_json::{json, Value};
use tokio::net::TcpListener;
use url::Url;

use crate::household;

const LENGTH: i64 = 900;
/// 2026-11-27 00:00 UTC.
const DAY: i64 = 1_795_737_600;

type Reply = fn(&Uri) -> (StatusCode, String);

/// An indexer that is none: it answers what a test says, and remembers what it was asked.
struct Fake {
    url: Url,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    async fn that(replies: Reply) -> Fake {
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let state = (replies, Arc::clone(&asked));
        let app = Router::new().fallback(reply).with_state(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let url = format!("http://{address}/base/").parse().expect("a URL");
        tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        Fake { url, asked }
    }

    /// Of seat 7, from `since` on.
    async fn tell(&self, since: i64, now: i64) -> Result<Indexed, IndexerError> {
        let indexer = Indexer::new(self.url.clone(), household()).expect("a client");
        indexer.ask((7, since), LENGTH, &calendar(), now).await
    }
}

async fn reply(
    State((replies, asked)): State<(Reply, Arc<Mutex<Vec<String>>>)>,
    uri: Uri,
) -> Response {
    asked.lock().expect("unbroken").push(uri.to_string());
    replies(&uri).into_response()
}

fn calendar() -> Calendar {
    Calendar::at(DAY + 3 * LENGTH, &TimeZone::UTC).expect("a time")
}

fn position(number: i64, bought: i64, import: i64) -> Value {
    json!({
        "start": DAY + number * LENGTH, "seat": 7, "bought_wh": bought, "sold_wh": 0,
        "import_wh": import, "export_wh": 0, "meters": 1, "meters_missing": 0,
        "is_final": false, "more": "than is asked for",
    })
}

fn bills(items: Value) -> String {
    json!({ "since": DAY - 26 * 86_400, "until": DAY + LENGTH, "is_complete": true, "items": items }).to_string()
}

#[tokio::test]
async fn given_a_day_in_two_parts_when_asked_then_both_are_added_up_and_the_bill_is_told() {
    let fake = Fake::that(|uri| {
        let is_second = uri.query().is_some_and(|query| query.contains("after="));
        let text = match uri.path().ends_with("/positions") {
            true if is_second => {
                json!({ "items": [position(1, 100, 60)], "next": null }).to_string()
            }
            true => json!({ "items": [position(0, 100, 150)], "next": "5" }).to_string(),
            // A wallet that has had two seats.
            false => bills(json!([
                { "total": { "milli_atoms": 1_234_567_891, "tokens": "1.234567891" } },
                { "total": { "milli_atoms": -34_567_891, "tokens": "-0.034567891" } },
            ])),
        };
        (StatusCode::OK, text)
    })
    .await;
    let now = DAY + 3 * LENGTH;
    let indexed = fake.tell(i64::MIN, now).await.expect("answered");
    let flows = Flows {
        from_neighbours: 160,
        from_supplier: 50,
        to_neighbours: 0,
        to_supplier: 0,
    };
    assert_eq!(indexed.today.flows, Some(flows));
    let bill = Bill {
        milli_atoms: 1_200_000_000,
        until: DAY + LENGTH,
        is_complete: true,
    };
    assert_eq!(indexed.bill, Some(bill));
    let asked = fake.asked.lock().expect("unbroken");
    let base = format!("/base/v1/markets/{}", household().market);
    let owner = household().owner;
    let expected = [
        format!("{base}/seats/7/positions?since={DAY}&until={now}&limit=1000"),
        format!("{base}/seats/7/positions?since={DAY}&until={now}&limit=1000&after=5"),
        format!("{base}/bills?month=2026-11&zone=UTC&household={owner}"),
    ];
    assert_eq!(*asked, expected);
}

#[tokio::test]
async fn given_a_household_that_joined_today_when_asked_then_the_time_before_is_not_its_own() {
    let fake = Fake::that(|uri| {
        let text = match uri.path().ends_with("/positions") {
            true => json!({ "items": [], "next": null }).to_string(),
            false => bills(json!([])),
        };
        (StatusCode::OK, text)
    })
    .await;
    let told = fake.tell(DAY + 5, DAY + LENGTH).await;
    let indexed = told.expect("answered");
    assert_eq!((indexed.today.flows, indexed.bill), (None, None));
    let asked = fake.asked.lock().expect("unbroken");
    assert!(
        asked[0].contains(&format!("since={}", DAY + 5)),
        "{asked:?}"
    );
}

#[tokio::test]
async fn given_answers_that_are_none_when_asked_then_each_is_named() {
    let host = || "127.0.0.1".to_owned();
    let path = || "seats/7/positions".to_owned();
    let cases: [(Reply, IndexerError); 4] = [
        (
            |_| (StatusCode::NOT_FOUND, "{}".into()),
            IndexerError::OtherMarkets { host: host() },
        ),
        (
            |_| (StatusCode::OK, "<html>".into()),
            IndexerError::Unreadable {
                host: host(),
                path: path(),
            },
        ),
        (
            |_| (StatusCode::BAD_REQUEST, "{}".into()),
            IndexerError::Refused {
                host: host(),
                path: path(),
                status: 400,
            },
        ),
        (
            |_| (StatusCode::OK, " ".repeat(3 * 1024 * 1024)),
            IndexerError::Unreadable {
                host: host(),
                path: path(),
            },
        ),
    ];
    for (replies, expected) in cases {
        let fake = Fake::that(replies).await;
        assert_eq!(fake.tell(0, DAY).await, Err(expected));
    }
    let nobody: Url = "http://127.0.0.1:1".parse().expect("a URL");
    let indexer = Indexer::new(nobody, household()).expect("a client");
    let error = indexer.ask((7, 0), LENGTH, &calendar(), DAY).await;
    assert!(
        matches!(error, Err(IndexerError::NoAnswer { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn given_an_indexer_that_never_ends_a_list_when_asked_then_it_is_left_after_some_parts() {
    let fake = Fake::that(|uri| {
        let text = match uri.path().ends_with("/positions") {
            true => json!({ "items": [], "next": "1" }).to_string(),
            false => bills(json!([])),
        };
        (StatusCode::OK, text)
    })
    .await;
    fake.tell(0, DAY).await.expect("answered");
    assert_eq!(fake.asked.lock().expect("unbroken").len(), 5);
}
