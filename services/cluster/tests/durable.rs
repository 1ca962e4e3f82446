//! Transactions with a nonce, and a node that takes none of them into a block.

use std::sync::{
    atomic::{AtomicU64, Ordering},
    Arc,
};

use axum::{extract::State, routing::post, Json, Router};
use joulebook_cluster::{Cluster, ClusterOptions, SendError};
use serde_json::{json, Value};
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use tokio::net::TcpListener;

/// Between two answers; less than a transaction with a blockhash lives.
const BLOCKS: u64 = 100;

async fn node() -> Cluster {
    let app = Router::new()
        .route("/", post(reply))
        .with_state(Arc::new(AtomicU64::new(1_000)));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
    let options = ClusterOptions {
        attempts: 2,
        confirmation_poll_ms: 10,
        ..ClusterOptions::of(url.parse().expect("an address"))
    };
    Cluster::new(options).expect("an endpoint")
}

async fn reply(State(height): State<Arc<AtomicU64>>, Json(question): Json<Value>) -> Json<Value> {
    let context = json!({"slot": 1});
    let result = match question["method"].as_str() {
        Some("getEpochInfo") => {
            let height = height.fetch_add(BLOCKS, Ordering::SeqCst);
            json!({"absoluteSlot": 1, "blockHeight": height, "epoch": 0, "slotIndex": 1,
                "slotsInEpoch": 432_000, "transactionCount": null})
        }
        Some("getSignatureStatuses") => json!({"context": context, "value": [null]}),
        Some("sendTransaction") => json!(transaction().signatures[0].to_string()),
        other => panic!("{other:?}"),
    };
    Json(json!({"jsonrpc": "2.0", "id": question["id"], "result": result}))
}

fn transaction() -> VersionedTransaction {
    let payer = Keypair::new_from_array([7; 32]);
    let nonce = Hash::new_from_array([5; 32]);
    let message = Message::new_with_blockhash(&[], Some(&payer.pubkey()), &nonce);
    let message = VersionedMessage::Legacy(message);
    VersionedTransaction {
        signatures: vec![payer.sign_message(&message.serialize())],
        message,
    }
}

#[tokio::test]
async fn given_a_nonce_s_transaction_that_no_block_takes_when_it_is_sent_then_it_does_not_count_as_lost(
) {
    let transaction = transaction();
    let signature = transaction.signatures[0];
    let sent = node().await.send_durable(&transaction).await;
    assert_eq!(sent, Err(SendError::Waiting { signature }));
    let said = SendError::Waiting { signature }.to_string();
    assert!(said.contains("does not expire"), "{said}");
}
