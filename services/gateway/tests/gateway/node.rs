//! A node that is none: shows accounts as it is told, and takes transactions into no block.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{extract::State, routing::post, Json, Router};
use base64::{engine::general_purpose::STANDARD, Engine};
use joulebook_sim::Chain;
use serde_json::{json, Value};
use solana_address::Address;
use solana_sdk_ids::sysvar::clock;
use tokio::net::TcpListener;
use url::Url;

/// Where the time is in the Clock sysvar.
const TIME: usize = 32;

pub struct Node {
    pub url: Url,
    shown: Arc<Mutex<Shown>>,
}

/// What it answers.
#[derive(Default)]
struct Shown {
    /// Owner and bytes.
    accounts: BTreeMap<Address, (Address, Vec<u8>)>,
    genesis: Address,
    height: u64,
    tried: usize,
    sent: usize,
}

impl Node {
    /// Of the cluster with this genesis hash.
    pub async fn start(genesis: [u8; 32]) -> Node {
        let shown = Arc::new(Mutex::new(Shown {
            genesis: genesis.into(),
            height: 1,
            ..Shown::default()
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its number"));
        let app = Router::new().route("/", post(reply));
        let app = app.with_state(Arc::clone(&shown));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Node {
            url: url.parse().expect("a URL"),
            shown,
        }
    }

    /// The clock and these accounts, as they are on a chain now.
    pub fn show(&self, chain: &Chain, addresses: impl IntoIterator<Item = Address>) {
        for address in addresses.into_iter().chain([clock::ID]) {
            if let Some(account) = chain.svm.get_account(&address) {
                self.show_account(address, account.owner, account.data);
            }
        }
    }

    pub fn show_account(&self, address: Address, owner: Address, data: Vec<u8>) {
        self.shown().accounts.insert(address, (owner, data));
    }

    /// The bytes that it shows of an account.
    pub fn data(&self, address: &Address) -> Vec<u8> {
        let shown = self.shown();
        let account = shown.accounts.get(address);
        account.map(|(_, data)| data.clone()).unwrap_or_default()
    }

    /// Another time than that of the chain.
    pub fn set_time(&self, time: i64) {
        let mut shown = self.shown();
        let (_, data) = shown.accounts.get_mut(&clock::ID).expect("a clock");
        data[TIME..TIME + 8].copy_from_slice(&time.to_le_bytes());
    }

    /// From then on no block takes what was signed before.
    pub fn set_height(&self, height: u64) {
        self.shown().height = height;
    }

    /// Transactions that were tried.
    pub fn tried(&self) -> usize {
        self.shown().tried
    }

    /// Transactions that were sent, again and again ones too.
    pub fn sent(&self) -> usize {
        self.shown().sent
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().expect("unbroken")
    }
}

async fn reply(State(shown): State<Arc<Mutex<Shown>>>, Json(asked): Json<Value>) -> Json<Value> {
    let mut shown = shown.lock().expect("unbroken");
    let parameters = &asked["params"];
    let with_context = |value: Value| json!({ "context": { "slot": 1 }, "value": value });
    let result = match asked["method"].as_str().unwrap_or_default() {
        "getMultipleAccounts" => with_context(accounts(&shown, parameters)),
        "getGenesisHash" => json!(shown.genesis.to_string()),
        "getLatestBlockhash" => with_context(json!({
            "blockhash": Address::new_from_array([9; 32]).to_string(),
            "lastValidBlockHeight": 150
        })),
        "simulateTransaction" => {
            shown.tried += 1;
            with_context(json!({
                "err": null, "logs": [], "unitsConsumed": 1_000,
                "loadedAccountsDataSize": 1_000
            }))
        }
        "sendTransaction" => {
            shown.sent += 1;
            let bytes = STANDARD.decode(parameters[0].as_str().expect("a transaction"));
            // The first of its signatures, behind their number.
            json!(bs58::encode(&bytes.expect("base64")[1..65]).into_string())
        }
        "getSignatureStatuses" => with_context(json!([null])),
        "getBlockHeight" => json!(shown.height),
        "getEpochInfo" => json!({
            "epoch": 0, "slotIndex": 1, "slotsInEpoch": 432_000, "absoluteSlot": 1,
            "blockHeight": shown.height, "transactionCount": 0
        }),
        other => panic!("{other} is not answered"),
    };
    Json(json!({ "jsonrpc": "2.0", "id": asked["id"], "result": result }))
}

fn accounts(shown: &Shown, parameters: &Value) -> Value {
    let most = parameters[1]["dataSlice"]["length"].as_u64();
    let account = |address: &Value| {
        let address: Address = address.as_str()?.parse().ok()?;
        let (owner, data) = shown.accounts.get(&address)?;
        let len = most.map_or(data.len(), |most| data.len().min(most as usize));
        Some(json!({
            "lamports": 1_000_000, "data": [STANDARD.encode(&data[..len]), "base64"],
            "owner": owner.to_string(), "executable": false, "rentEpoch": 0, "space": data.len()
        }))
    };
    let asked = parameters[0].as_array().expect("addresses");
    asked.iter().map(account).collect()
}
