//! Between a daemon and its node: loses requests and answers, delays, repeats, turns away, and lies about confirmations.

use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex,
    },
    time::Duration,
};

use axum::{
    body::Bytes, extract::State, http::StatusCode, response::IntoResponse, routing::post, Router,
};
use rand_chacha::{
    rand_core::{Rng, SeedableRng},
    ChaCha8Rng,
};
use serde_json::{json, Value};
use tokio::{net::TcpListener, time::sleep};
use url::Url;

/// In percent of requests.
const LOST: u32 = 6;
const ANSWER_LOST: u32 = 4;
const TURNED_AWAY: u32 = 4;
const DELAYED: u32 = 15;
const REPEATED: u32 = 30;
const LIED: u32 = 20;
/// Milliseconds.
const LONGEST_DELAY: u32 = 1_500;

struct Proxy {
    node: Url,
    client: reqwest::Client,
    chance: Mutex<ChaCha8Rng>,
}

/// Starts one before `node`; its address.
pub async fn start(node: &Url, seed: u64) -> String {
    let proxy = Arc::new(Proxy {
        node: node.clone(),
        client: reqwest::Client::new(),
        chance: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
    });
    serve(Router::new().route("/", post(pass)).with_state(proxy)).await
}

/// A way to a node that can be closed: then nobody answers.
#[derive(Clone)]
pub struct Gate(Arc<AtomicBool>);

impl Gate {
    /// One before `node`, which is open; its address.
    pub async fn before(node: &Url) -> (Gate, String) {
        let gate = Gate(Arc::new(AtomicBool::new(true)));
        let (node, client) = (node.clone(), reqwest::Client::new());
        let is_open = gate.clone();
        let pass = move |body: Bytes| async move {
            if !is_open.0.load(Ordering::SeqCst) {
                sleep(Duration::from_secs(60)).await;
            }
            let answer = forward(&client, &node, body).await;
            match answer {
                Some(answer) => (StatusCode::OK, answer.to_string()),
                None => (StatusCode::BAD_GATEWAY, String::new()),
            }
        };
        let address = serve(Router::new().route("/", post(pass))).await;
        (gate, address)
    }

    pub fn set_open(&self, is_open: bool) {
        self.0.store(is_open, Ordering::SeqCst);
    }
}

async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
    format!("http://{address}")
}

async fn forward(client: &reqwest::Client, node: &Url, body: Bytes) -> Option<Value> {
    let request = client.post(node.clone()).body(body);
    let answer = request
        .header("content-type", "application/json")
        .send()
        .await
        .ok()?;
    answer.json().await.ok()
}

impl Proxy {
    /// Of a hundred.
    fn dice(&self) -> u32 {
        self.chance.lock().expect("unbroken").next_u32() % 100
    }

    async fn forward(&self, body: Bytes) -> Option<Value> {
        forward(&self.client, &self.node, body).await
    }
}

async fn pass(State(proxy): State<Arc<Proxy>>, body: Bytes) -> impl IntoResponse {
    let lost = (StatusCode::BAD_GATEWAY, String::new());
    if proxy.dice() < LOST {
        return lost;
    }
    if proxy.dice() < TURNED_AWAY {
        return (StatusCode::TOO_MANY_REQUESTS, String::new());
    }
    if proxy.dice() < DELAYED {
        let delay = proxy.dice() * LONGEST_DELAY / 100;
        sleep(Duration::from_millis(delay.into())).await;
    }
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let method = asked["method"].as_str().unwrap_or_default();
    if method == "sendTransaction" && proxy.dice() < REPEATED {
        proxy.forward(body.clone()).await;
    }
    let Some(mut answer) = proxy.forward(body).await else {
        return lost;
    };
    if proxy.dice() < ANSWER_LOST {
        return lost;
    }
    if method == "getSignatureStatuses" && proxy.dice() < LIED {
        lie(&mut answer);
    }
    (StatusCode::OK, answer.to_string())
}

/// What is confirmed is not known, and what is not known is confirmed.
fn lie(answer: &mut Value) {
    let Some(statuses) = answer["result"]["value"].as_array_mut() else {
        return;
    };
    for status in statuses {
        *status = match status.is_null() {
            false => Value::Null,
            true => json!({
                "slot": 1, "confirmations": 1, "err": null,
                "status": {"Ok": null}, "confirmationStatus": "confirmed"
            }),
        };
    }
}
