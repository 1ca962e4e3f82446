//! A node that tells what a village's accounts are, and that can go away.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
    Json, Router,
};
use base64::{prelude::BASE64_STANDARD, Engine};
use joulebook_client::{steps::MarketState, MARKET_ID};
use joulebook_cluster::{Account, ClusterOptions};
use joulebook_sim::LocalCommunity;
use serde_json::{json, Value};
use solana_address::Address;
use solana_sdk_ids::sysvar::clock;
use tokio::net::TcpListener;

/// How it answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Works,
    /// 503.
    Unavailable,
    /// What is no JSON-RPC.
    Garbage,
    /// Not at all, until whoever asks has given up.
    Silent,
}

#[derive(Default)]
struct Told {
    mood: Mood,
    genesis: String,
    /// Confirmed.
    slot: u64,
    /// The newest that is final.
    final_slot: u64,
    accounts: BTreeMap<Address, Account>,
    /// About which account it lies the next time, and at which byte.
    lie: Option<(Address, usize)>,
}

/// A node, as others reach it.
#[derive(Clone)]
pub struct Node {
    pub url: String,
    told: Arc<Mutex<Told>>,
}

impl Node {
    pub async fn start() -> Node {
        let told = Arc::<Mutex<Told>>::default();
        let router = Router::new()
            .route("/", post(reply))
            .with_state(Arc::clone(&told));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Node { url, told }
    }

    /// Under another address, where nobody may listen.
    pub fn at(&self, url: &str) -> Node {
        Node {
            url: url.to_owned(),
            told: Arc::clone(&self.told),
        }
    }

    /// From now on it tells what the accounts are now, in the next slot if any has changed; all of it is final.
    pub fn show(&self, community: &LocalCommunity) {
        let addresses = &community.addresses;
        let mut shown = MarketState::accounts(addresses);
        let owners = community.ledger().seats.into_iter().map(|seat| seat.owner);
        let wallets = owners.map(|owner| Address::new_from_array(owner.0));
        shown.extend(wallets.map(|wallet| addresses.participant(&wallet)));
        shown.extend([
            addresses.vault,
            addresses.history,
            addresses.quote_mint,
            clock::ID,
            MARKET_ID,
        ]);
        let accounts = shown.into_iter().filter_map(|address| {
            let account = community.chain.svm.get_account(&address)?;
            Some((address, account))
        });
        let accounts: BTreeMap<Address, Account> = accounts.collect();
        let mut told = self.told.lock().expect("unbroken");
        // Time alone brings no slot, so that whoever waits for one waits for something.
        let mut others = accounts
            .iter()
            .filter(|(address, _)| **address != clock::ID);
        if others.any(|(address, account)| told.accounts.get(address) != Some(account)) {
            told.slot += 1;
            told.final_slot = told.slot;
        }
        told.accounts = accounts;
        told.genesis = Address::new_from_array(community.meters().header.cluster).to_string();
    }

    pub fn set_mood(&self, mood: Mood) {
        self.told.lock().expect("unbroken").mood = mood;
    }

    /// Has it say something else of what is final.
    pub fn set_final_slot(&self, slot: u64) {
        self.told.lock().expect("unbroken").final_slot = slot;
    }

    pub fn slot(&self) -> u64 {
        self.told.lock().expect("unbroken").slot
    }

    /// Has it lie about an account: its byte at `place` is another.
    pub fn bend(&self, address: &Address, place: usize) {
        let mut told = self.told.lock().expect("unbroken");
        let account = told.accounts.get_mut(address).expect("it is there");
        account.data[place] ^= 1;
    }

    /// Has it lie about an account, the next time alone that it tells all of it.
    pub fn lie_once(&self, address: &Address, place: usize) {
        self.told.lock().expect("unbroken").lie = Some((*address, place));
    }

    pub fn options(&self) -> ClusterOptions {
        options(&[self])
    }
}

/// Of these endpoints, with little patience.
pub fn options(nodes: &[&Node]) -> ClusterOptions {
    ClusterOptions {
        urls: nodes
            .iter()
            .map(|node| node.url.parse().expect("an address"))
            .collect(),
        timeout_ms: 500,
        attempts: 2,
        ..ClusterOptions::default()
    }
}

async fn reply(State(told): State<Arc<Mutex<Told>>>, Json(question): Json<Value>) -> Response {
    let mood = told.lock().expect("unbroken").mood;
    match mood {
        Mood::Works => {}
        Mood::Unavailable => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Garbage => return "garbage".into_response(),
        Mood::Silent => std::future::pending().await,
    }
    let mut told = told.lock().expect("unbroken");
    let result = match question["method"].as_str() {
        Some("getGenesisHash") => json!(told.genesis),
        Some("getSlot") => json!(told.final_slot),
        Some("getSignaturesForAddress") => json!([]),
        Some("getMultipleAccounts") => {
            let slice = &question["params"][1]["dataSlice"];
            let asked = question["params"][0].as_array().expect("addresses").iter();
            let asked = asked.map(|one| one.as_str().expect("text").parse().expect("one"));
            let asked: Vec<Address> = asked.collect();
            let lie = told.lie;
            let lie = lie.filter(|(about, _)| slice.is_null() && asked.contains(about));
            if lie.is_some() {
                told.lie = None;
            }
            let found = asked.iter().map(|address| {
                let mut account = told.accounts.get(address).cloned();
                let lied = lie.filter(|(about, _)| about == address);
                if let (Some(account), Some((_, place))) = (&mut account, lied) {
                    account.data[place] ^= 1;
                }
                shown(account.as_ref(), slice)
            });
            json!({"context": {"slot": told.slot}, "value": found.collect::<Vec<_>>()})
        }
        other => panic!("{other:?}"),
    };
    Json(json!({"jsonrpc": "2.0", "id": question["id"], "result": result})).into_response()
}

fn shown(account: Option<&Account>, slice: &Value) -> Value {
    let Some(account) = account else {
        return Value::Null;
    };
    let number = |key: &str| {
        let number = slice[key].as_u64()?;
        Some(usize::try_from(number).expect("few"))
    };
    let rest = account.data.get(number("offset").unwrap_or(0)..);
    let rest = rest.unwrap_or_default();
    let data = &rest[..rest.len().min(number("length").unwrap_or(rest.len()))];
    json!({
        "data": [BASE64_STANDARD.encode(data), "base64"],
        "executable": account.executable,
        "lamports": account.lamports,
        "owner": account.owner.to_string(),
        "rentEpoch": 0,
        "space": account.data.len(),
    })
}
