//! Between meters and a gateway: what they hand in comes to it over HTTP or through a broker, by chance.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
    Json, Router,
};
use rand_chacha::{
    rand_core::{Rng, SeedableRng},
    ChaCha8Rng,
};
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};
use serde_json::{json, Value};
use tokio::{net::TcpListener, time::timeout};

const TOPIC: &str = "joulebook/v1/messages";
const PATIENCE: Duration = Duration::from_secs(5);

struct Ways {
    gateway: u16,
    /// None where no broker is installed.
    broker: Option<u16>,
    client: reqwest::Client,
    chance: Mutex<ChaCha8Rng>,
    published: Mutex<usize>,
}

/// Where meters hand in.
pub struct Entrance {
    pub port: u16,
    ways: Arc<Ways>,
}

impl Entrance {
    /// Before a gateway and a broker that it listens to, by their ports.
    pub async fn before(gateway: u16, broker: Option<u16>, seed: u64) -> Entrance {
        let ways = Arc::new(Ways {
            gateway,
            broker,
            client: reqwest::Client::new(),
            chance: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
            published: Mutex::default(),
        });
        let app = Router::new()
            .route("/v1/messages", post(take))
            .with_state(Arc::clone(&ways));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its number").port();
        tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        Entrance { port, ways }
    }

    /// Messages that a broker has said to have.
    pub fn published(&self) -> usize {
        *self.ways.published.lock().expect("unbroken")
    }
}

async fn take(State(ways): State<Arc<Ways>>, body: Bytes) -> Response {
    let is_published = ways.chance.lock().expect("unbroken").next_u32() % 2 == 0;
    match ways.broker.filter(|_| is_published) {
        Some(broker) => ways.publish(broker, &body).await,
        None => ways.pass(body).await,
    }
}

impl Ways {
    async fn pass(&self, body: Bytes) -> Response {
        let url = format!("http://127.0.0.1:{}/v1/messages", self.gateway);
        let request = self.client.post(url).body(body);
        let Ok(answer) = request
            .header("content-type", "application/json")
            .send()
            .await
        else {
            return away("gateway");
        };
        let status = answer.status();
        match answer.bytes().await {
            Ok(body) => (status, body).into_response(),
            Err(_) => away("gateway"),
        }
    }

    async fn publish(&self, broker: u16, body: &[u8]) -> Response {
        let batch: Value = serde_json::from_slice(body).expect("JSON");
        let messages = batch["messages"].as_array().expect("a list");
        match timeout(PATIENCE, publish(broker, messages)).await {
            Ok(true) => {
                *self.published.lock().expect("unbroken") += messages.len();
                let told = json!({ "state": "received", "says": "the broker has it" });
                Json(json!({ "messages": vec![told; messages.len()] })).into_response()
            }
            _ => away("broker"),
        }
    }
}

fn away(who: &str) -> Response {
    let error = json!({ "error": format!("the {who} is away") });
    (StatusCode::BAD_GATEWAY, Json(error)).into_response()
}

/// Whether the broker has acknowledged all of them.
async fn publish(port: u16, messages: &[Value]) -> bool {
    // A session of its own, of which the broker keeps nothing: meters hand in one after the other.
    let mut options = MqttOptions::new("meters", "127.0.0.1", port);
    options.set_max_packet_size(1024 * 1024, 1024 * 1024);
    let (client, mut connection) = AsyncClient::new(options, messages.len() + 10);
    for message in messages {
        let published = client.try_publish(
            TOPIC,
            QoS::AtLeastOnce,
            false,
            message.to_string().into_bytes(),
        );
        published.expect("room");
    }
    let mut acknowledged = 0;
    while acknowledged < messages.len() {
        match connection.poll().await {
            Ok(Event::Incoming(Incoming::PubAck(_))) => acknowledged += 1,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    true
}
