//! A transaction that a node takes without saying so, and then refuses as one that it has.

use std::sync::{
    atomic::{AtomicU32, Ordering},
    Arc,
};

use axum::{extract::State, http::StatusCode, routing::post, Json, Router};
use joulebook_cluster::{Cluster, ClusterOptions, SendError};
use serde_json::{json, Value};
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use tokio::net::TcpListener;

/// Questions after which the node tells that it is confirmed.
const UNKNOWN_FOR: u32 = 3;

#[derive(Clone)]
struct Node {
    /// Whether it answers the first time that it is sent something, which it refuses then too.
    answers: bool,
    sent: Arc<AtomicU32>,
    asked: Arc<AtomicU32>,
}

async fn cluster(answers: bool) -> Cluster {
    let node = Node {
        answers,
        sent: Arc::default(),
        asked: Arc::default(),
    };
    let app = Router::new().route("/", post(reply)).with_state(node);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
    let options = ClusterOptions {
        attempts: 3,
        confirmation_poll_ms: 10,
        ..ClusterOptions::of(url.parse().expect("an address"))
    };
    Cluster::new(options).expect("an endpoint")
}

async fn reply(
    State(node): State<Node>,
    Json(question): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    let id = &question["id"];
    let result = match question["method"].as_str() {
        Some("getEpochInfo") => {
            json!({"absoluteSlot": 1, "blockHeight": 1, "epoch": 0, "slotIndex": 1,
            "slotsInEpoch": 432_000, "transactionCount": null})
        }
        Some("getSignatureStatuses") => {
            let is_known = node.asked.fetch_add(1, Ordering::SeqCst) >= UNKNOWN_FOR;
            let status = json!({
                "slot": 7, "confirmations": 9, "err": null, "status": {"Ok": null},
                "confirmationStatus": "confirmed"
            });
            let status = if is_known { status } else { Value::Null };
            json!({"context": {"slot": 7}, "value": [status]})
        }
        Some("sendTransaction") => {
            let is_first = node.sent.fetch_add(1, Ordering::SeqCst) == 0;
            if is_first && !node.answers {
                return Err(StatusCode::BAD_GATEWAY);
            }
            let error = json!({
                "code": -32_002,
                "message": "Transaction simulation failed: This transaction has already been processed",
                "data": null
            });
            return Ok(Json(json!({"jsonrpc": "2.0", "id": id, "error": error})));
        }
        other => panic!("{other:?}"),
    };
    Ok(Json(json!({"jsonrpc": "2.0", "id": id, "result": result})))
}

fn transaction() -> VersionedTransaction {
    let payer = Keypair::new_from_array([7; 32]);
    let blockhash = Hash::new_from_array([5; 32]);
    let message = Message::new_with_blockhash(&[], Some(&payer.pubkey()), &blockhash);
    let message = VersionedMessage::Legacy(message);
    VersionedTransaction {
        signatures: vec![payer.sign_message(&message.serialize())],
        message,
    }
}

#[tokio::test]
async fn given_a_node_that_took_it_and_broke_off_when_it_refuses_the_same_bytes_then_it_is_waited_for(
) {
    let sent = cluster(false).await.send_durable(&transaction()).await;
    assert_eq!(sent, Ok(transaction().signatures[0]));
}

#[tokio::test]
async fn given_a_node_that_refuses_it_at_once_when_it_is_sent_then_nothing_was() {
    let sent = cluster(true).await.send_durable(&transaction()).await;
    let error = sent.expect_err("refused");
    assert!(matches!(error, SendError::Cluster(_)), "{error}");
}
