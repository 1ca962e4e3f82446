//! Endpoints that fail, lag and lie.

use std::sync::{
    atomic::{AtomicUsize, Ordering},
    Arc, Mutex,
};

use axum::{extract::State, http::StatusCode, routing::post, Json, Router};
use joulebook_cluster::{Cluster, ClusterError, ClusterOptions};
use serde_json::{json, Value};
use solana_address::Address;
use tokio::net::TcpListener;

/// What a node answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// An account of so many lamports, seen in that slot; refuses whoever asks for a later one.
    Account {
        slot: u64,
        lamports: u64,
    },
    Status(u16),
    /// An error of JSON-RPC.
    Error(i64),
    Garbage,
    Never,
}

/// A node that is none.
struct Node {
    url: String,
    asked: Arc<AtomicUsize>,
    answer: Arc<Mutex<Answer>>,
}

impl Node {
    async fn that_says(answer: Answer) -> Node {
        let answer = Arc::new(Mutex::new(answer));
        let asked = Arc::new(AtomicUsize::new(0));
        let state = (Arc::clone(&answer), Arc::clone(&asked));
        let app = Router::new()
            .route("/{*key}", post(reply))
            .with_state(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!(
            "http://{}/secret-key",
            listener.local_addr().expect("an address")
        );
        tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        Node { url, asked, answer }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn says(&self, answer: Answer) {
        *self.answer.lock().expect("unbroken") = answer;
    }
}

type NodeState = (Arc<Mutex<Answer>>, Arc<AtomicUsize>);

async fn reply(
    State((answer, asked)): State<NodeState>,
    Json(request): Json<Value>,
) -> Result<String, StatusCode> {
    asked.fetch_add(1, Ordering::SeqCst);
    let answer = *answer.lock().expect("unbroken");
    let id = &request["id"];
    let error =
        |code: i64| json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": "no"}});
    Ok(match answer {
        Answer::Account { slot, .. } if request["method"] == "getSlot" => {
            json!({"jsonrpc": "2.0", "id": id, "result": slot}).to_string()
        }
        Answer::Account { slot, lamports } => {
            if request["params"][1]["minContextSlot"].as_u64() > Some(slot) {
                return Ok(error(-32_016).to_string());
            }
            let owner = Address::default().to_string();
            json!({"jsonrpc": "2.0", "id": id, "result": {
                "context": {"slot": slot},
                "value": [{"lamports": lamports, "data": ["", "base64"], "owner": owner,
                    "executable": false, "rentEpoch": 0, "space": 0}]
            }})
            .to_string()
        }
        Answer::Status(status) => {
            return Err(StatusCode::from_u16(status).expect("a status"));
        }
        Answer::Error(code) => error(code).to_string(),
        Answer::Garbage => "<html>sign in to the hotel's network</html>".into(),
        Answer::Never => std::future::pending().await,
    })
}

fn cluster(nodes: &[&Node]) -> Cluster {
    Cluster::new(ClusterOptions {
        urls: nodes
            .iter()
            .map(|node| node.url.parse().expect("an address"))
            .collect(),
        timeout_ms: 300,
        attempts: 4,
        ..ClusterOptions::default()
    })
    .expect("endpoints")
}

const WALLET: Address = Address::new_from_array([1; 32]);

#[tokio::test]
async fn given_an_endpoint_that_fails_when_asked_then_the_next_one_answers_and_the_first_rests() {
    for trouble in [
        Answer::Status(502),
        Answer::Status(503),
        Answer::Garbage,
        Answer::Error(-32_005),
        Answer::Never,
    ] {
        let bad = Node::that_says(trouble).await;
        let good = Node::that_says(Answer::Account {
            slot: 5,
            lamports: 7,
        })
        .await;
        let cluster = cluster(&[&bad, &good]);
        assert_eq!(cluster.balance(WALLET).await, Ok(7), "{trouble:?}");
        let asked = bad.asked();
        for _ in 0..5 {
            assert_eq!(cluster.balance(WALLET).await, Ok(7));
        }
        assert_eq!(bad.asked(), asked, "{trouble:?}");
    }
}

#[tokio::test]
async fn given_an_endpoint_that_is_behind_when_asked_then_the_past_is_not_taken_for_the_present() {
    let first = Node::that_says(Answer::Account {
        slot: 100,
        lamports: 2,
    })
    .await;
    let second = Node::that_says(Answer::Account {
        slot: 99,
        lamports: 1,
    })
    .await;
    let cluster = cluster(&[&first, &second]);
    assert_eq!(cluster.balance(WALLET).await, Ok(2));
    first.says(Answer::Status(500));
    second.says(Answer::Account {
        slot: 101,
        lamports: 3,
    });
    assert_eq!(cluster.balance(WALLET).await, Ok(3));
    second.says(Answer::Account {
        slot: 98,
        lamports: 1,
    });
    first.says(Answer::Account {
        slot: 102,
        lamports: 4,
    });
    assert_eq!(cluster.balance(WALLET).await, Ok(4));
}

#[tokio::test]
async fn given_an_endpoint_that_stands_still_when_the_newest_slot_is_awaited_then_another_one_answers(
) {
    let standing = Node::that_says(Answer::Account {
        slot: 100,
        lamports: 1,
    })
    .await;
    let silent = Node::that_says(Answer::Never).await;
    let going = Node::that_says(Answer::Account {
        slot: 200,
        lamports: 2,
    })
    .await;
    let cluster = cluster(&[&standing, &silent, &going]);
    assert_eq!(cluster.balance(WALLET).await, Ok(1));
    cluster.await_newest().await;
    assert_eq!(cluster.balance(WALLET).await, Ok(2));
    // It hears of blocks again.
    standing.says(Answer::Account {
        slot: 300,
        lamports: 3,
    });
    assert_eq!(cluster.balance(WALLET).await, Ok(3));
}

#[tokio::test]
async fn given_a_slot_that_was_a_lie_when_nobody_reaches_it_then_it_is_forgotten() {
    let liar = Node::that_says(Answer::Account {
        slot: u64::MAX,
        lamports: 1,
    })
    .await;
    let honest = Node::that_says(Answer::Account {
        slot: 7,
        lamports: 2,
    })
    .await;
    let cluster = cluster(&[&liar, &honest]);
    assert_eq!(cluster.balance(WALLET).await, Ok(1));
    liar.says(Answer::Status(500));
    assert_eq!(cluster.balance(WALLET).await, Ok(2));
}

#[tokio::test]
async fn given_what_is_refused_for_good_when_asked_then_nobody_is_asked_again() {
    let first = Node::that_says(Answer::Error(-32_602)).await;
    let second = Node::that_says(Answer::Account {
        slot: 1,
        lamports: 1,
    })
    .await;
    let refused = cluster(&[&first, &second]).balance(WALLET).await;
    let refused = refused.expect_err("refused");
    assert!(
        matches!(refused, ClusterError::Refused { .. }),
        "{refused:?}"
    );
    assert_eq!((first.asked(), second.asked()), (1, 0));
}

#[tokio::test]
async fn given_nobody_who_answers_when_asked_then_each_is_named_once_without_what_is_secret() {
    let first = Node::that_says(Answer::Status(500)).await;
    let second = Node::that_says(Answer::Never).await;
    let error = cluster(&[&first, &second]).balance(WALLET).await;
    let error = error.expect_err("nobody answers").to_string();
    assert!(!error.contains("secret"), "{error}");
    assert_eq!(error.matches("127.0.0.1").count(), 2, "{error}");
    assert!(
        error.contains("answers 500") && error.contains("takes too long"),
        "{error}"
    );
    assert_eq!(first.asked() + second.asked(), 4);
}
