//! A keeper that can't pay.

// Another test shows more with it.
#[allow(dead_code)]
#[path = "../../gateway/tests/gateway/node.rs"]
mod node;

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use joulebook_client::steps::MarketState;
use joulebook_daemon::{config, key};
use joulebook_keeper::{run, Configuration};
use joulebook_sim::{LocalCommunity, Parameters};
use serde_json::{json, Value};
use solana_keypair::Keypair;
use tokio::time::sleep;

use node::Node;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_wallet_without_lamports_when_steps_are_due_then_the_keeper_is_not_healthy_and_goes_on_once_it_can_pay(
) {
    let mut community = LocalCommunity::new(Parameters::default()).expect("founded");
    community.join("ada", 1_000_000).expect("joined");
    let node = Node::start(community.parameters.cluster).await;
    node.show(
        &community.chain,
        MarketState::accounts(&community.addresses),
    );
    node.refuse(json!("InsufficientFundsForFee"));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("keeper.json");
    key::write_new(&file, &Keypair::new()).expect("written");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = port.local_addr().expect("its number").port();
    let text = format!(
        "key = {file:?}\nmarkets = [\"{}\"]\npoll-ms = 20\n\
         [cluster]\nurls = [\"{}\"]\nattempts = 1\n[observe]\nlisten = \"127.0.0.1:{port}\"\n",
        community.addresses.market, node.url
    );
    let configuration: Configuration = config::parse(&text).expect("a configuration");
    let keeping = tokio::spawn(run(configuration));
    let url = format!("http://127.0.0.1:{port}/health");
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < PATIENCE && !keeping.is_finished());
        let answer = reqwest::get(&url)
            .await
            .ok()
            .filter(|answer| answer.status() == 503);
        let report: Value = match answer {
            Some(answer) => answer.json().await.expect("JSON"),
            None => Value::Null,
        };
        let sending = report["parts"]["sending"].as_str();
        if sending.is_some_and(|said| said.contains("can't pay; send it lamports")) {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    // No step rests for that: what is due is done once it can pay.
    wait_for(|| node.tried() >= 3).await;
    let metrics = format!("http://127.0.0.1:{port}/metrics");
    let metrics = reqwest::get(&metrics).await.expect("an answer");
    let metrics = metrics.text().await.expect("text");
    let resting = metrics
        .lines()
        .find(|line| line.starts_with("joulebook_keeper_steps_resting"));
    assert!(
        resting.is_some_and(|line| line.ends_with(" 0")),
        "{resting:?}"
    );
    node.refuse(Value::Null);
    wait_for(|| node.sent() > 0).await;
    keeping.abort();
}

async fn wait_for(holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE);
        sleep(Duration::from_millis(50)).await;
    }
}
