//! A node that a community in LiteSVM is behind, as an agent reaches it: it can be away, keep things to itself, and lie.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{extract::State, http::StatusCode, routing::post, Json, Router};
use base64::{prelude::BASE64_STANDARD, Engine};
use joulebook_client::lookup_table;
use joulebook_cluster::ChainTime;
use serde_json::{json, Value};
use solana_address::Address;
use solana_sdk_ids::{address_lookup_table, sysvar};
use solana_transaction_status_client_types::{EncodedTransaction, TransactionBinaryEncoding};
use tokio::net::TcpListener;

use crate::scene::{Scene, LENGTH};

/// Blocks that can take a transaction after the one whose hash it names.
const BLOCKHASH_LASTS: u64 = 150;

/// What happens to the community between two questions.
type Between = Box<dyn FnOnce(&mut Scene) + Send>;

/// What is behind the node, and how it answers.
pub struct Inner {
    pub scene: Scene,
    /// How far its clock is ahead of the chain's, seconds.
    pub ahead: i64,
    /// Accounts that it denies.
    pub denied: BTreeSet<Address>,
    /// Lookup tables of which it says that their first two addresses are the other way round.
    pub swapped: BTreeSet<Address>,
    /// Whether it takes transactions, and says nothing of them.
    pub swallows: bool,
    /// What happens once a transaction has been tried out.
    pub after_trial: Option<Between>,
    /// Lookup tables that were made.
    pub tables: Vec<Address>,
    /// Signatures of what was sent and taken into no block.
    pub swallowed: Vec<(String, EncodedTransaction)>,
    /// By signature, the error of what was taken.
    landed: BTreeMap<String, Value>,
    /// Blocks beyond slots.
    blocks: u64,
}

/// A node, as others reach it.
#[derive(Clone)]
pub struct Node {
    pub url: String,
    inner: Arc<Mutex<Inner>>,
}

impl Node {
    pub async fn before(scene: Scene) -> Node {
        let inner = Inner {
            scene,
            ahead: 0,
            denied: BTreeSet::new(),
            swapped: BTreeSet::new(),
            swallows: false,
            after_trial: None,
            tables: vec![],
            swallowed: vec![],
            landed: BTreeMap::new(),
            blocks: 0,
        };
        let inner = Arc::new(Mutex::new(inner));
        let router = Router::new()
            .route("/", post(reply))
            .with_state(Arc::clone(&inner));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Node { url, inner }
    }

    pub fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("unbroken")
    }
}

impl Inner {
    /// Lets so many blocks pass.
    pub fn pass_blocks(&mut self, blocks: u64) {
        self.blocks += blocks;
    }

    /// Lets the next window come.
    pub fn open_next(&mut self) {
        let start = self.scene.start + LENGTH;
        self.scene.community.pass_until(start - LENGTH);
        self.scene.community.open_window(start).expect("opened");
        self.scene.start = start;
    }

    /// Takes what was swallowed into a block.
    pub fn land_swallowed(&mut self) {
        for (signature, transaction) in std::mem::take(&mut self.swallowed) {
            self.land(signature, transaction);
        }
    }

    /// How many transactions were taken.
    pub fn landed(&self) -> usize {
        self.landed.len()
    }

    /// How many of them failed.
    pub fn failed(&self) -> usize {
        self.landed
            .values()
            .filter(|error| !error.is_null())
            .count()
    }

    fn slot(&self) -> u64 {
        let clock = self.scene.community.chain.data(&sysvar::clock::ID);
        ChainTime::from_bytes(&clock).expect("a clock").slot
    }

    pub fn height(&self) -> u64 {
        self.slot() + self.blocks
    }

    fn land(&mut self, signature: String, transaction: EncodedTransaction) {
        let transaction = transaction.decode().expect("a transaction");
        let keys = transaction.message.static_account_keys();
        let makes_table = transaction.message.instructions().iter().find(|one| {
            let is_its = one.program_id(keys) == &address_lookup_table::ID;
            // The kind of the first of its instructions.
            is_its && one.data.starts_with(&[0; 4])
        });
        let table = makes_table.map(|one| keys[usize::from(one.accounts[0])]);
        let chain = &mut self.scene.community.chain;
        let error = match chain.svm.send_transaction(transaction) {
            Ok(_) => {
                self.tables.extend(table);
                Value::Null
            }
            Err(failed) => serde_json::to_value(failed.err).expect("an error"),
        };
        self.landed.insert(signature, error);
        // The next slot: what was put into a table counts from then on.
        let chain = &mut self.scene.community.chain;
        let now = chain.now();
        chain.set_time(now);
    }

    fn account(&mut self, address: &Address) -> Value {
        let chain = &mut self.scene.community.chain;
        if *address == sysvar::slot_hashes::ID {
            chain.recent_slot();
        }
        let account = chain.svm.get_account(address);
        let Some(mut account) = account.filter(|_| !self.denied.contains(address)) else {
            return Value::Null;
        };
        if *address == sysvar::clock::ID {
            let time = self.scene.community.chain.now() + self.ahead;
            account.data[32..40].copy_from_slice(&time.to_le_bytes());
        }
        if self.swapped.contains(address) {
            let table = lookup_table::read(*address, &account.data).expect("a table");
            let first = account.data.len() - 32 * table.addresses.len();
            let (one, other) = account.data[first..].split_at_mut(32);
            one.swap_with_slice(&mut other[..32]);
        }
        json!({
            "lamports": account.lamports, "data": [BASE64_STANDARD.encode(&account.data), "base64"],
            "owner": account.owner.to_string(), "executable": account.executable,
            "rentEpoch": 0, "space": account.data.len()
        })
    }

    fn try_out(&mut self, transaction: &EncodedTransaction) -> Value {
        let transaction = transaction.decode().expect("a transaction");
        let trial = self.scene.community.chain.svm.clone().with_sigverify(false);
        let value = match trial.simulate_transaction(transaction) {
            Ok(done) => json!({
                "err": null, "logs": done.meta.logs,
                "unitsConsumed": done.meta.compute_units_consumed
            }),
            Err(failed) => json!({"err": failed.err, "logs": failed.meta.logs}),
        };
        if let Some(between) = self.after_trial.take() {
            between(&mut self.scene);
        }
        value
    }

    fn statuses(&self, signatures: &Value) -> Value {
        let of = |signature: &Value| {
            let error = self.landed.get(signature.as_str()?)?;
            let status = match error.is_null() {
                true => json!({"Ok": null}),
                false => json!({"Err": error}),
            };
            Some(json!({
                "slot": self.slot(), "confirmations": 1, "err": error, "status": status,
                "confirmationStatus": "confirmed"
            }))
        };
        let all = signatures.as_array().into_iter().flatten();
        all.map(|signature| of(signature).unwrap_or_default())
            .collect()
    }
}

async fn reply(
    State(inner): State<Arc<Mutex<Inner>>>,
    Json(question): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    let mut inner = inner.lock().expect("unbroken");
    let params = &question["params"];
    let with_slot = |slot: u64, value: Value| json!({"context": {"slot": slot}, "value": value});
    let result = match question["method"].as_str().unwrap_or_default() {
        "getGenesisHash" => {
            let cluster = inner.scene.community.parameters.cluster;
            json!(Address::new_from_array(cluster).to_string())
        }
        "getEpochInfo" => json!({
            "absoluteSlot": inner.slot(), "blockHeight": inner.height(), "epoch": 0,
            "slotIndex": 1, "slotsInEpoch": 432_000, "transactionCount": null
        }),
        "getLatestBlockhash" => {
            let hash = inner.scene.community.chain.svm.latest_blockhash();
            let last = inner.height() + BLOCKHASH_LASTS;
            let value = json!({"blockhash": hash.to_string(), "lastValidBlockHeight": last});
            with_slot(inner.slot(), value)
        }
        "getMultipleAccounts" => {
            let addresses = params[0].as_array().cloned().unwrap_or_default();
            let slice = &params[1]["dataSlice"];
            let all: Vec<Value> = addresses
                .iter()
                .map(|address| {
                    let address = address.as_str().unwrap_or_default();
                    cut(inner.account(&address.parse().expect("an address")), slice)
                })
                .collect();
            with_slot(inner.slot(), all.into())
        }
        "simulateTransaction" => {
            let value = inner.try_out(&transaction(&params[0]));
            with_slot(inner.slot(), value)
        }
        "sendTransaction" => {
            let transaction = transaction(&params[0]);
            let decoded = transaction.decode().expect("a transaction");
            let signature = decoded.signatures[0].to_string();
            let is_known = |(other, _): &(String, EncodedTransaction)| *other == signature;
            match inner.swallows || inner.swallowed.iter().any(is_known) {
                true if inner.swallowed.iter().any(is_known) => {}
                true => inner.swallowed.push((signature.clone(), transaction)),
                // The same bytes are the same transaction.
                false if inner.landed.contains_key(&signature) => {}
                false => inner.land(signature.clone(), transaction),
            }
            json!(signature)
        }
        "getSignatureStatuses" if inner.swallows => return Err(StatusCode::SERVICE_UNAVAILABLE),
        "getSignatureStatuses" => with_slot(inner.slot(), inner.statuses(&params[0])),
        other => panic!("{other}"),
    };
    let answer = json!({"jsonrpc": "2.0", "id": question["id"], "result": result});
    Ok(Json(answer))
}

fn transaction(text: &Value) -> EncodedTransaction {
    let text = text.as_str().unwrap_or_default().to_owned();
    EncodedTransaction::Binary(text, TransactionBinaryEncoding::Base64)
}

/// As much of an account's data as was asked for.
fn cut(mut account: Value, slice: &Value) -> Value {
    let (Some(offset), Some(length)) = (slice["offset"].as_u64(), slice["length"].as_u64()) else {
        return account;
    };
    if let Some(text) = account["data"][0].as_str() {
        let data = BASE64_STANDARD.decode(text).expect("base64");
        let data = data.into_iter().skip(offset as usize);
        let data: Vec<u8> = data.take(length as usize).collect();
        account["data"][0] = BASE64_STANDARD.encode(data).into();
    }
    account
}
