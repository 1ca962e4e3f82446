//! A gateway's HTTP API, with what nobody should send.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use joulebook_daemon::http::{HttpOptions, Server};
use joulebook_gateway::{
    adapter::Chargers,
    api::router,
    intake::Intake,
    message::Signed,
    seen::{Seen, FRESH},
    store::{Limits, Store},
    GatewayClient,
};
use reqwest::{Client, StatusCode};
use serde_json::{json, Value};
use tempfile::TempDir;
use tokio::{
    sync::{broadcast, watch, Semaphore},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::village::{owner, Village, LENGTH, LIMITS, PAGE};

pub struct Gateway {
    pub address: SocketAddr,
    pub intake: Intake,
    stop: CancellationToken,
    _folder: TempDir,
}

impl Gateway {
    /// Of a village, as it is now.
    pub async fn of(village: &Village, limits: Limits) -> Gateway {
        Gateway::since(village, limits, Instant::now()).await
    }

    /// Of a village whose clock has moved then for the last time.
    pub async fn since(village: &Village, limits: Limits, since: Instant) -> Gateway {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("g.redb");
        let store = Store::open(&path, &owner(&village.community), limits).expect("a store");
        let seen = Some(Seen::since(Arc::new(village.view()), since));
        let (fates, _) = broadcast::channel(100);
        let intake = Intake {
            store: Arc::new(store),
            seen: watch::channel(seen).1,
            addresses: village.community.addresses.clone(),
            ahead: 60,
            forwards: false,
            fates,
            room: Arc::new(Semaphore::new(1)),
        };
        let chargers = Chargers::open(&[], &intake).expect("none");
        let server = Server::bind(HttpOptions::default()).await.expect("a port");
        let (address, stop) = (server.address(), CancellationToken::new());
        tokio::spawn(server.serve(router(intake.clone(), chargers), stop.clone()));
        Gateway {
            address,
            intake,
            stop,
            _folder: folder,
        }
    }

    async fn post(&self, body: impl Into<reqwest::Body>) -> (StatusCode, Value) {
        let url = format!("http://{}/v1/messages", self.address);
        let answer = Client::new()
            .post(url)
            .body(body)
            .send()
            .await
            .expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let url = format!("http://{}{path}", self.address);
        let answer = Client::new().get(url).send().await.expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn body(signed: &Signed) -> String {
    serde_json::to_string(signed).expect("JSON")
}

fn village() -> (Village, i64) {
    let mut village = Village::new(2);
    let page = village.service();
    village.pass_until(page + PAGE);
    (village, page)
}

#[tokio::test]
async fn given_messages_when_posted_one_or_many_then_they_are_kept_and_can_be_asked_for() {
    let (mut village, page) = village();
    let gateway = Gateway::of(&village, LIMITS).await;
    let first = village.profile(0, page, &[(1, 0), (0, 2), (0, 0), (4, 4)]);
    let second = village.reading(1, page + LENGTH);
    let (status, answer) = gateway.post(body(&first)).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let told = &answer["messages"][0];
    assert_eq!(told["state"], "received");
    assert_eq!(told["meter"], village.number(0));
    let id = told["id"].as_str().expect("an id").to_owned();
    let many = json!({ "messages": [first, second] }).to_string();
    let (status, answer) = gateway.post(many).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!(answer["messages"][0]["id"], id.as_str());
    assert_eq!(gateway.intake.store.counts().0, 2);
    let (status, told) = gateway.get(&format!("/v1/messages/{id}")).await;
    assert_eq!(
        (status, &told["state"]),
        (StatusCode::OK, &json!("received"))
    );
    let (status, meter) = gateway
        .get(&format!("/v1/meters/{}", village.number(0)))
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(meter["status"], "active");
    assert_eq!(meter["waiting"], 1);
    let url = format!("http://{}/", gateway.address)
        .parse()
        .expect("a URL");
    let client = GatewayClient::new(url).expect("a client");
    let table = client.table().await.expect("the table");
    assert_eq!(table.interval_seconds, 300);
    let told = client.send(&[first]).await.expect("told");
    assert_eq!(told[0].state, "received");
}

#[tokio::test]
async fn given_a_signature_in_base58_when_posted_then_it_is_the_same() {
    let (mut village, page) = village();
    let gateway = Gateway::of(&village, LIMITS).await;
    let signed = village.reading(0, page + LENGTH);
    let mut text: Value = serde_json::to_value(&signed).expect("JSON");
    text["signature"] = bs58::encode(signed.signature).into_string().into();
    let (status, answer) = gateway.post(text.to_string()).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
}

#[tokio::test]
async fn given_what_can_t_be_accepted_when_posted_then_it_is_refused_with_its_reason_and_not_kept()
{
    let (mut village, page) = village();
    let gateway = Gateway::of(&village, LIMITS).await;
    let mut bent = village.reading(0, page + LENGTH);
    bent.signature[5] ^= 1;
    let future = village.reading(0, page + 10 * PAGE);
    let mut other = village.reading(0, page + LENGTH);
    other.message[20] ^= 1;
    for (signed, result) in [
        (bent, "BadSignature"),
        (future, "FutureBoundary"),
        (other, "Binding"),
    ] {
        let (status, answer) = gateway.post(body(&signed)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let told = &answer["messages"][0];
        assert_eq!(
            (&told["state"], &told["result"]),
            (&json!("refused"), &json!(result))
        );
        assert!(
            told["says"].as_str().expect("words").contains(';'),
            "{told}"
        );
    }
    assert_eq!(gateway.intake.store.counts().0, 0);
    // One good among them is kept.
    let good = village.reading(1, page + LENGTH);
    let mut stranger = good.clone();
    stranger.message[12] = 77;
    let both = json!([stranger, good]).to_string();
    let (status, answer) = gateway.post(both).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!(answer["messages"][0]["result"], "UnknownMeter");
    assert_eq!(answer["messages"][1]["state"], "received");
}

#[tokio::test]
async fn given_garbage_when_posted_then_it_is_said_what_is_expected() {
    let (village, _) = village();
    let gateway = Gateway::of(&village, LIMITS).await;
    let long = format!(
        "[{}]",
        ["{\"message\":\"\",\"signature\":\"\"}"; 3].join(",")
    );
    for garbage in [
        "",
        "{}",
        "[1]",
        "null",
        "\u{0}",
        "{\"message\": \"!\", \"signature\": \"\"}",
        &long,
        // Base58 of this length would be decoded for minutes.
        &format!(
            "{{\"message\": \"\", \"signature\": \"{}\"}}",
            "z".repeat(900_000)
        ),
    ] {
        let (status, answer) = gateway.post(garbage.to_owned()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{garbage}");
        let error = answer["error"].as_str().expect("words");
        assert!(error.starts_with("a message is {"), "{error}");
    }
    let (status, _) = gateway.post("x".repeat(2 * 1024 * 1024)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, answer) = gateway.post("[]").await;
    assert_eq!(
        (status, answer),
        (StatusCode::ACCEPTED, json!({ "messages": [] }))
    );
    for (path, wanted) in [
        ("/v1/messages/x", StatusCode::BAD_REQUEST),
        ("/v1/messages/1-2-0123456789abcdef", StatusCode::NOT_FOUND),
        ("/v1/meters/9999", StatusCode::NOT_FOUND),
        ("/v1/meters/x", StatusCode::BAD_REQUEST),
        ("/v2", StatusCode::NOT_FOUND),
        ("/v1/messages", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let (status, answer) = gateway.get(path).await;
        assert_eq!(status, wanted, "{path}");
        assert!(answer["error"].is_string(), "{answer}");
    }
}

#[tokio::test]
async fn given_a_full_store_when_more_is_posted_then_it_is_turned_away_and_what_is_known_is_not() {
    let (mut village, page) = village();
    let limits = Limits {
        messages: 1,
        ..LIMITS
    };
    let gateway = Gateway::of(&village, limits).await;
    let first = village.reading(0, page + LENGTH);
    assert_eq!(gateway.post(body(&first)).await.0, StatusCode::ACCEPTED);
    let second = village.reading(1, page + LENGTH);
    let (status, answer) = gateway.post(body(&second)).await;
    assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE);
    assert!(answer["error"]
        .as_str()
        .expect("words")
        .contains("send it again"));
    assert_eq!(gateway.post(body(&first)).await.0, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn given_an_outage_when_a_message_is_posted_that_would_be_refused_then_it_is_kept_and_judged_later(
) {
    let (mut village, page) = village();
    let old = Instant::now() - FRESH - FRESH;
    let gateway = Gateway::since(&village, LIMITS, old).await;
    let good = village.reading(0, page + LENGTH);
    // Its key may have been registered anew.
    let mut bent: Vec<Signed> = (0..65).map(|_| village.reading(1, page + LENGTH)).collect();
    for one in &mut bent {
        one.signature[5] ^= 1;
    }
    let last = bent.pop().expect("one");
    let (status, answer) = gateway.post(json!(bent).to_string()).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!(answer["messages"][63]["state"], "received");
    // There is no room for more of these, and there is for others.
    let both = json!([last, good]).to_string();
    let (status, answer) = gateway.post(both).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer["messages"][0]["state"], "unknown");
    assert_eq!(answer["messages"][1]["state"], "received");
    assert_eq!(gateway.intake.store.counts().0, 65);
    // What is no message never will be.
    let garbage = Signed {
        message: vec![1; 50],
        signature: [1; 64],
    };
    let (status, _) = gateway.post(body(&garbage)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_room_for_one_request_when_ten_are_sent_and_dropped_then_none_is_worked_on_and_the_next_is_told_to_wait(
) {
    let (mut village, page) = village();
    let gateway = Gateway::of(&village, LIMITS).await;
    let room = Arc::clone(&gateway.intake.room);
    // Somebody's signatures are verified.
    let place = room.clone().try_acquire_owned().expect("room");
    let url = format!("http://{}/v1/messages", gateway.address);
    for number in 1..=10 {
        let signed = village.reading(0, page + number % 4 * LENGTH + LENGTH);
        let post = Client::new().post(&url).body(body(&signed));
        let dropped = post.timeout(Duration::from_millis(100)).send().await;
        assert!(dropped.expect_err("no answer").is_timeout());
    }
    let last = village.reading(1, page + LENGTH);
    let (status, answer) = gateway.post(body(&last)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let error = answer["error"].as_str().expect("words");
    assert!(error.contains("worked on already"), "{error}");
    drop(place);
    assert_eq!(gateway.post(body(&last)).await.0, StatusCode::ACCEPTED);
    assert_eq!(
        gateway.intake.store.counts().0,
        1,
        "nobody waits for the others"
    );
    assert_eq!(room.available_permits(), 1);
}
