//! What is told to the next gateway, and for how long.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{http::StatusCode, routing::post, Json, Router};
use joulebook_daemon::observe::Health;
use joulebook_gateway::{fate::Fate, forward::Forward};
use serde_json::{json, Value};
use tokio::{net::TcpListener, time::sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::village::{Village, LENGTH};

const PATIENCE: Duration = Duration::from_secs(30);

/// What a gateway says of all, and of how many it was asked.
type Says = Arc<Mutex<(&'static str, usize)>>;

async fn next(says: Says) -> Url {
    let answer = move |Json(asked): Json<Value>| async move {
        let count = asked["messages"].as_array().map_or(0, Vec::len);
        let mut says = says.lock().unwrap_or_else(PoisonError::into_inner);
        says.1 += count;
        let told = json!({ "state": says.0, "says": "" });
        Json(json!({ "messages": vec![told; count] }))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its number");
    let router = Router::new().route("/v1/messages", post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}").parse().expect("a URL")
}

async fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_next_gateway_that_refuses_when_told_then_what_waits_here_is_told_again_later() {
    let mut village = Village::new(2);
    let page = village.service();
    let messages = [0, 1].map(|household| {
        let signed = village.reading(household, page + LENGTH);
        village.message(signed)
    });
    let store = Arc::clone(&village.store);
    store.put(&messages, page, true).expect("kept");
    let says: Says = Arc::new(Mutex::new(("refused", 0)));
    let stop = CancellationToken::new();
    let forward = Forward {
        store: Arc::clone(&store),
        url: next(Arc::clone(&says)).await,
        health: Health::default(),
        stop: stop.clone(),
    };
    let forwarding = tokio::spawn(forward.forward());
    let asked = || says.lock().expect("its words").1;
    wait_for("it is told of both", || asked() == 2).await;
    sleep(Duration::from_millis(1_200)).await;
    // It may have had no room: both are to be told again, after a rest.
    assert_eq!((store.counts().1, asked()), (2, 2));
    // What waits no more here is told no more.
    let ended = [(messages[0].key(), Fate::Superseded)];
    store.end(&ended, page).expect("noted");
    assert_eq!(store.counts().1, 1);
    says.lock().expect("its words").0 = "received";
    wait_for("it has both", || store.counts().1 == 0).await;
    stop.cancel();
    forwarding.await.expect("it ends");
}

/// One that takes so many messages at once, and so many in all; how many it was asked at once.
async fn narrow(at_once: usize, in_all: usize) -> (Url, Arc<Mutex<(Vec<usize>, usize)>>) {
    let asked = Arc::new(Mutex::new((vec![], 0)));
    let noted = Arc::clone(&asked);
    let answer = move |Json(body): Json<Value>| async move {
        let count = body["messages"].as_array().map_or(0, Vec::len);
        let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.0.push(count);
        if count > at_once {
            return (StatusCode::PAYLOAD_TOO_LARGE, Json(json!({ "error": "" })));
        }
        if noted.1 + count > in_all {
            return (
                StatusCode::INSUFFICIENT_STORAGE,
                Json(json!({ "error": "" })),
            );
        }
        noted.1 += count;
        let told = json!({ "state": "received", "says": "" });
        (
            StatusCode::ACCEPTED,
            Json(json!({ "messages": vec![told; count] })),
        )
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its number");
    let router = Router::new().route("/v1/messages", post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}").parse().expect("a URL"), asked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_next_gateway_with_little_room_when_told_then_fewer_are_told_at_once_until_it_is_full(
) {
    let mut village = Village::new(1);
    let page = village.service();
    let messages: Vec<_> = (1..=20)
        .map(|number| {
            let signed = village.reading(0, page + number * LENGTH);
            village.message(signed)
        })
        .collect();
    let store = Arc::clone(&village.store);
    store.put(&messages, page, true).expect("kept");
    let (url, asked) = narrow(3, 18).await;
    let health = Health::default();
    let stop = CancellationToken::new();
    let forward = Forward {
        store: Arc::clone(&store),
        url,
        health: health.clone(),
        stop: stop.clone(),
    };
    let forwarding = tokio::spawn(forward.forward());
    wait_for("it has what it has room for", || store.counts().1 == 2).await;
    wait_for("that is said", || !health.report().healthy).await;
    sleep(Duration::from_millis(500)).await;
    let asked = asked.lock().expect("what it was asked").0.clone();
    assert_eq!(asked[..4], [20, 10, 5, 2]);
    assert!(asked.len() < 40, "it is not asked without end: {asked:?}");
    stop.cancel();
    forwarding.await.expect("it ends");
}
