//! What is told to the next gateway, and for how long.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{routing::post, Json, Router};
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
    // What waits no more here is told once more, and not for ever.
    let ended = [(messages[0].key(), Fate::Superseded)];
    store.end(&ended, page).expect("noted");
    wait_for("one is told for the last time", || store.counts().1 == 1).await;
    says.lock().expect("its words").0 = "received";
    wait_for("it has both", || store.counts().1 == 0).await;
    stop.cancel();
    forwarding.await.expect("it ends");
}
