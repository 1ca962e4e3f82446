//! A whole feed: its node goes away, and stands still.

use joulebook_daemon::{config, observe::Health};
use joulebook_home::{household::Household, run::tell, Configuration};
use joulebook_sim::{LocalCommunity, Parameters};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{
    listener::{wait_until, Listener},
    mosquitto::Mosquitto,
    node::{Mood, Node},
};

/// A second passes on the chain.
fn pass(community: &mut LocalCommunity, node: &Node) {
    community.pass_until(community.chain.now() + 1);
    node.show(community);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_node_that_stands_still_or_goes_away_when_nothing_is_known_of_late_then_it_is_unavailable_until_it_is_back(
) {
    let Some(broker) = Mosquitto::start() else {
        return;
    };
    let mut community = LocalCommunity::new(Parameters::default()).expect("founded");
    community.join("house", 5_000_000).expect("joined");
    community.keep().expect("kept");
    let node = Node::start().await;
    node.show(&community);
    let household = Household {
        market: community.addresses.market,
        owner: community.households[0].address(),
    };
    let text = format!(
        "market = {:?}\nhousehold = {:?}\npoll-ms = 100\nexpire-seconds = 2\n[mqtt]\nurl = {:?}\n\
         [cluster]\nurls = [{:?}]\ntimeout-ms = 500\nattempts = 2\n",
        household.market.to_string(),
        household.owner.to_string(),
        broker.url().as_str(),
        node.url,
    );
    let configuration: Configuration = config::parse(&text).expect("a configuration");
    configuration.check().expect("fine");
    let topics = household.topics(&configuration.mqtt);
    let (health, stop) = (Health::default(), CancellationToken::new());
    let feed = tokio::spawn(tell(configuration, health.clone(), stop.clone()));
    let listener = Listener::at(&broker, "listener").await;
    listener.wait_for(&topics.availability, "online").await;
    let state = listener.last(&topics.state).expect("a state");
    let state: Value = serde_json::from_str(&state).expect("JSON");
    assert_eq!(state["balance"].as_f64(), Some(5.0), "{state}");
    assert_eq!(state["bill"], Value::Null);
    assert!(health.report().healthy, "{:?}", health.report());
    // Its clock stands still.
    listener.wait_for(&topics.availability, "offline").await;
    let says = |words: &str| {
        let report = health.report();
        let word = report.parts.get("market");
        word.is_some_and(|word| word.contains(words))
    };
    assert!(says("stands still"), "{:?}", health.report());
    pass(&mut community, &node);
    listener.wait_for(&topics.availability, "online").await;
    node.set_mood(Mood::Unavailable);
    wait_until("it is said", || says("no RPC endpoint answers")).await;
    listener.wait_for(&topics.availability, "offline").await;
    node.set_mood(Mood::Works);
    pass(&mut community, &node);
    listener.wait_for(&topics.availability, "online").await;
    stop.cancel();
    feed.await.expect("it ends").expect("well");
    listener.wait_for(&topics.availability, "offline").await;
}
