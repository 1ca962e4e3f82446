//! Transactions as a node tells them, and as one that lies does.

use axum::{extract::State, routing::post, Json, Router};
use joulebook_cluster::{Cluster, ClusterError, ClusterOptions};
use serde_json::{json, Value};
use solana_address::Address;
use solana_signature::Signature;
use tokio::net::TcpListener;

/// Of a transfer, as a local node told it, signed with the key of the seed of 32 sevens.
const SIGNATURE: &str =
    "25ig4pii4vETH256g8n8hSN6xKavhCw73UMFYwxUbJg2kqxwD91ji9R2q2vpV7acS8zzbMWf4BrrRW1Av3DfU1JP";
const TRANSACTION: &str = "ATYWCCZS3y3r3zu8uvru1o+mtMF0Ian4GQ6l60BpZ3XcAUUdiEBtbR5ZU7SIPoczTPEfEj0zWr0O3MuYHuiU4AgBAAED6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0ixYAnBVBlvIuMQS8YklJCGasKUf3AAO5f/HnBIjdHyWWgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAgIAAQwCAAAAAJQ1dwAAAAA=";
const RECEIVER: &str = "6vZ2zLxDNGmXaNzYwGiTxYy9cJFZpJRmJ9m4rNQXvbrq";

/// A node that gives the same answer to every question of a method.
async fn node(transaction: Value) -> Cluster {
    nodes([transaction]).await
}

async fn nodes<const N: usize>(transactions: [Value; N]) -> Cluster {
    let mut urls = vec![];
    for transaction in transactions {
        urls.push(serve(transaction).await.parse().expect("an address"));
    }
    let options = ClusterOptions {
        attempts: 2,
        urls,
        ..ClusterOptions::default()
    };
    Cluster::new(options).expect("an endpoint")
}

async fn serve(transaction: Value) -> String {
    let app = Router::new()
        .route("/", post(reply))
        .with_state(transaction);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
    url
}

async fn reply(State(transaction): State<Value>, Json(question): Json<Value>) -> Json<Value> {
    let result = match question["method"].as_str() {
        Some("getTransaction") => {
            let options = &question["params"][1];
            assert_eq!(options["maxSupportedTransactionVersion"], 1);
            assert_eq!(options["commitment"], "finalized");
            transaction
        }
        Some("getSignaturesForAddress") => {
            let options = &question["params"][1];
            assert_eq!(options["commitment"], "finalized");
            // Who has not the transaction does not list it.
            if transaction.is_null() {
                return Json(json!({"jsonrpc": "2.0", "id": question["id"], "result": []}));
            }
            json!([
                {"signature": SIGNATURE, "slot": 67, "err": null, "memo": null, "blockTime": 9,
                 "confirmationStatus": "finalized"},
                {"signature": Signature::from([7; 64]).to_string(), "slot": 60, "memo": null,
                 "err": {"InstructionError": [0, {"Custom": 6200}]}, "blockTime": null,
                 "confirmationStatus": "finalized"},
            ])
        }
        other => panic!("{other:?}"),
    };
    Json(json!({"jsonrpc": "2.0", "id": question["id"], "result": result}))
}

fn told() -> Value {
    json!({
        "blockTime": 1795792, "slot": 67, "version": "legacy",
        "transaction": [TRANSACTION, "base64"],
        "meta": {
            "computeUnitsConsumed": 150, "err": null, "fee": 5000, "innerInstructions": [],
            "loadedAddresses": {"readonly": [], "writable": []},
            "logMessages": ["Program 11111111111111111111111111111111 invoke [1]"],
            "postBalances": [1, 2, 1], "preBalances": [1, 2, 1], "postTokenBalances": [],
            "preTokenBalances": [], "rewards": [], "status": {"Ok": null}
        },
    })
}

fn signature() -> Signature {
    SIGNATURE.parse().expect("a signature")
}

#[tokio::test]
async fn given_a_transaction_when_it_is_read_then_its_instructions_are_there() {
    let cluster = node(told()).await;
    let found = cluster.transaction(signature()).await.expect("an answer");
    let found = found.expect("it has it");
    assert_eq!((found.slot, found.logs.len()), (67, 1));
    let [transfer] = &found.instructions[..] else {
        panic!("{found:?}")
    };
    assert_eq!(transfer.program_id, Address::default());
    assert_eq!(transfer.accounts[1].pubkey.to_string(), RECEIVER);
    // Two thousand million lamports.
    assert_eq!(transfer.data[4..], 2_000_000_000_u64.to_le_bytes());
}

#[tokio::test]
async fn given_a_node_without_the_transaction_when_asked_then_that_is_no_error() {
    let cluster = node(Value::Null).await;
    assert_eq!(cluster.transaction(signature()).await, Ok(None));
}

#[tokio::test]
async fn given_a_node_that_answers_with_another_transaction_when_asked_then_it_is_not_believed() {
    let cluster = node(told()).await;
    let other = Signature::from([7; 64]);
    let error = cluster.transaction(other).await;
    assert!(
        matches!(error, Err(ClusterError::Unreadable { .. })),
        "{error:?}"
    );
    let mut garbage = told();
    garbage["transaction"][0] = "AAAA".into();
    let error = node(garbage).await.transaction(signature()).await;
    assert!(
        matches!(error, Err(ClusterError::Unreadable { .. })),
        "{error:?}"
    );
}

/// The amount of the transfer is another than the one that was signed.
#[tokio::test]
async fn given_a_node_that_alters_a_transaction_when_asked_then_its_signature_does_not_hold() {
    let mut altered = told();
    let bytes = TRANSACTION.replace("JQ1dwAAAAA=", "JQ1dwAAAAE=");
    assert_ne!(bytes, TRANSACTION);
    altered["transaction"][0] = bytes.into();
    let error = node(altered).await.transaction(signature()).await;
    assert_eq!(error, Err(ClusterError::Forged(signature())));
}

#[tokio::test]
async fn given_the_transactions_of_an_account_when_asked_then_those_that_failed_are_told() {
    let cluster = node(told()).await;
    let found = cluster.signatures(Address::default(), None, None).await;
    let found = found.expect("an answer");
    assert!(found.is_last);
    let failed: Vec<bool> = found.signatures.iter().map(|one| one.has_failed).collect();
    assert_eq!(failed, [false, true]);
    assert_eq!(found.signatures[0].signature, signature());
    assert_eq!(found.signatures[1].time, None);
}

#[tokio::test]
async fn given_a_node_that_keeps_less_when_asked_first_then_the_others_are_asked_too() {
    let cluster = nodes([Value::Null, told()]).await;
    let found = cluster.transaction(signature()).await.expect("an answer");
    assert_eq!(found.map(|found| found.slot), Some(67));
    let list = cluster.signatures(Address::default(), None, None).await;
    assert_eq!(list.expect("an answer").signatures.len(), 2);
    let none = nodes([Value::Null, Value::Null]).await;
    assert_eq!(none.transaction(signature()).await, Ok(None));
}

#[tokio::test]
async fn given_a_node_that_does_not_answer_when_the_others_have_not_the_transaction_then_that_is_an_error(
) {
    // Connects, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = silent.local_addr().expect("an address");
    let urls = [serve(Value::Null).await, format!("http://{address}/")];
    let options = ClusterOptions {
        timeout_ms: 300,
        attempts: 2,
        urls: urls.map(|url| url.parse().expect("an address")).to_vec(),
        ..ClusterOptions::default()
    };
    let cluster = Cluster::new(options).expect("endpoints");
    let error = cluster.transaction(signature()).await;
    assert!(
        matches!(error, Err(ClusterError::Unreachable { .. })),
        "{error:?}"
    );
}
