//! What became of a transaction, by endpoints that know different blocks.

use axum::{extract::State, http::StatusCode, routing::post, Json, Router};
use joulebook_cluster::{Cluster, ClusterError, ClusterOptions, Fate};
use serde_json::{json, Value};
use solana_signature::Signature;
use tokio::net::TcpListener;

/// The last block that can take the transaction.
const LAST_VALID: u64 = 150;
/// The latest block of a node that is behind, and of one that is not.
const EARLY: Tip = Tip {
    slot: 250,
    height: 149,
};
const LATE: Tip = Tip {
    slot: 300,
    height: 200,
};

#[derive(Clone, Copy)]
struct Tip {
    slot: u64,
    height: u64,
}

/// What a node says of the transaction.
#[derive(Clone, Copy)]
enum Status {
    /// That no block has it.
    Unknown,
    Confirmed,
    /// Nothing: it answers 503.
    Unavailable,
}

type Node = (Tip, Status);

async fn fate(nodes: &[Node]) -> Result<Fate, ClusterError> {
    let mut urls = vec![];
    for node in nodes {
        urls.push(serve(*node).await.parse().expect("an address"));
    }
    let options = ClusterOptions {
        urls,
        attempts: 4,
        ..ClusterOptions::default()
    };
    let cluster = Cluster::new(options).expect("endpoints");
    cluster.fate(Signature::from([7; 64]), LAST_VALID).await
}

async fn serve(node: Node) -> String {
    let app = Router::new().route("/", post(reply)).with_state(node);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
    url
}

async fn reply(
    State((tip, status)): State<Node>,
    Json(question): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    let result = match question["method"].as_str() {
        Some("getEpochInfo") => json!({
            "absoluteSlot": tip.slot, "blockHeight": tip.height, "epoch": 0, "slotIndex": 1,
            "slotsInEpoch": 432_000, "transactionCount": null
        }),
        Some("getSignatureStatuses") => {
            let status = match status {
                Status::Unknown => Value::Null,
                Status::Confirmed => json!({
                    "slot": 260, "confirmations": 9, "err": null, "status": {"Ok": null},
                    "confirmationStatus": "confirmed"
                }),
                Status::Unavailable => return Err(StatusCode::SERVICE_UNAVAILABLE),
            };
            json!({"context": {"slot": tip.slot}, "value": [status]})
        }
        other => panic!("{other:?}"),
    };
    let answer = json!({"jsonrpc": "2.0", "id": question["id"], "result": result});
    Ok(Json(answer))
}

#[tokio::test]
async fn given_one_endpoint_when_asked_then_what_is_in_no_block_is_lost_once_none_can_take_it() {
    assert_eq!(fate(&[(EARLY, Status::Unknown)]).await, Ok(Fate::Open));
    assert_eq!(fate(&[(LATE, Status::Unknown)]).await, Ok(Fate::Lost));
    let landed = Fate::Landed { is_done: true };
    assert_eq!(fate(&[(LATE, Status::Confirmed)]).await, Ok(landed));
}

/// The first says that no block can take it any more, and then nothing; the second does not know yet that one has.
#[tokio::test]
async fn given_a_pair_that_disagrees_when_asked_then_what_may_have_landed_is_not_called_lost() {
    let nodes = [(LATE, Status::Unavailable), (EARLY, Status::Unknown)];
    let answer = fate(&nodes).await;
    assert!(
        matches!(answer, Err(ClusterError::Unreachable { .. })),
        "{answer:?}"
    );
    // Who has caught up is believed.
    let nodes = [(LATE, Status::Unavailable), (LATE, Status::Unknown)];
    assert_eq!(fate(&nodes).await, Ok(Fate::Lost));
}
