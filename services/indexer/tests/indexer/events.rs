//! What events tell, and where they stop.

use std::sync::{Arc, Mutex};

use joulebook_client::layout::market::{NewOrder, OrderRef, Side};
use joulebook_cluster::{
    ClusterError, PastSignature, PastSignatures, PastTransaction, SIGNATURES_AT_ONCE,
};
use joulebook_indexer::{
    following::{Following, Past},
    rows::GapRow,
    store::{Paging, Store},
};
use joulebook_sim::Receipt;
use solana_address::Address;
use solana_signature::Signature;

use crate::{
    community::{Kept, Village},
    databases,
};

const EVERYTHING: Paging = Paging {
    after: None,
    limit: 1_000_000,
};

/// A node that keeps some transactions.
#[derive(Default)]
struct Node {
    /// The latest first.
    signatures: Mutex<Vec<PastSignature>>,
    transactions: Mutex<Vec<PastTransaction>>,
}

impl Node {
    fn add(&self, slot: u64, receipt: Receipt) -> Signature {
        let mut transactions = self.transactions.lock().expect("unbroken");
        let mut bytes = [0; 64];
        bytes[..8].copy_from_slice(&(transactions.len() as u64 + 1).to_le_bytes());
        let signature = Signature::from(bytes);
        transactions.push(PastTransaction {
            signature,
            slot,
            time: None,
            instructions: vec![],
            logs: receipt.logs,
        });
        let mut signatures = self.signatures.lock().expect("unbroken");
        signatures.insert(
            0,
            PastSignature {
                signature,
                slot,
                time: Some(1_000 + i64::try_from(slot).expect("small")),
                has_failed: false,
            },
        );
        signature
    }

    /// It has not the transaction any more, or has it again.
    fn lose(&self, signature: Signature) -> PastTransaction {
        let mut transactions = self.transactions.lock().expect("unbroken");
        let place = transactions
            .iter()
            .position(|one| one.signature == signature);
        transactions.remove(place.expect("it had it"))
    }
}

impl Past for Node {
    async fn signatures(
        &self,
        _: Address,
        before: Option<Signature>,
        until: Option<Signature>,
    ) -> Result<PastSignatures, ClusterError> {
        let all = self.signatures.lock().expect("unbroken").clone();
        let place = |of: Signature| all.iter().position(|one| one.signature == of);
        let first = before.and_then(place).map_or(0, |place| place + 1);
        let last = until.and_then(place).unwrap_or(all.len());
        let some: Vec<PastSignature> = all[first..last.max(first)]
            .iter()
            .take(SIGNATURES_AT_ONCE)
            .copied()
            .collect();
        Ok(PastSignatures {
            is_last: some.len() < SIGNATURES_AT_ONCE,
            signatures: some,
        })
    }

    async fn transaction(
        &self,
        signature: Signature,
    ) -> Result<Option<PastTransaction>, ClusterError> {
        let transactions = self.transactions.lock().expect("unbroken");
        let found = transactions.iter().find(|one| one.signature == signature);
        Ok(found.cloned())
    }
}

struct Scene {
    village: Village,
    store: Arc<Store>,
    kept: Kept,
    node: Arc<Node>,
}

impl Scene {
    async fn begin(store: Arc<Store>) -> Scene {
        let mut village = Village::found();
        let kept = Kept::open(&store, &mut village).await;
        Scene {
            village,
            store,
            kept,
            node: Arc::new(Node::default()),
        }
    }

    fn following(&self, passes_gaps: bool) -> Following<Node> {
        let addresses = &self.village.community.addresses;
        Following {
            past: Arc::clone(&self.node),
            store: Arc::clone(&self.store),
            id: self.kept.writing.id,
            market: addresses.market,
            ledger: addresses.ledger,
            passes_gaps,
        }
    }

    async fn kinds(&self) -> Vec<(String, i64)> {
        let rows = self
            .store
            .movements(self.kept.writing.id, None, EVERYTHING)
            .await;
        let rows = rows.expect("read").into_iter();
        rows.map(|at| (at.row.kind, at.row.amount)).collect()
    }

    async fn gaps(&self) -> Vec<GapRow> {
        self.store
            .gaps(self.kept.writing.id, 100)
            .await
            .expect("read")
    }

    fn events(&self) -> u64 {
        self.village.community.ledger().header.events
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_money_and_orders_between_two_reads_when_events_are_followed_then_they_are_told() {
    for database in databases::all().await {
        let mut scene = Scene::begin(database.store().await).await;
        let before = scene.events();
        let community = &mut scene.village.community;
        let start = community.first_start();
        community.pass_until(start - 600);
        let deposit = community.deposit(0, 5).expect("deposited");
        let withdrawal = community.withdraw(0, 3).expect("withdrawn");
        // In one slot, told in another sequence.
        scene.node.add(8, withdrawal);
        scene.node.add(8, deposit);
        community.keep().expect("kept");
        let kept_events = scene.events();
        let community = &mut scene.village.community;
        let order = NewOrder {
            quantity: 1_000,
            tick: 60,
            client_id: 7,
            side: Side::Buy as u8,
            ..NewOrder::default()
        };
        let placed = community.place(0, start, vec![order]).expect("placed");
        let taken = OrderRef {
            index: 0,
            sequence: 0,
        };
        let cancelled = community.cancel(0, start, vec![taken]).expect("cancelled");
        let followed = scene.following(false).advance().await.expect("followed");
        assert_eq!((followed.transactions, followed.trouble), (2, None));
        let told = [
            ("deposited".to_owned(), 5_000),
            ("withdrawn".to_owned(), 3_000),
        ];
        assert_eq!(scene.kinds().await, told);
        let gap = GapRow {
            kind: "events".into(),
            since: 0,
            until: i64::try_from(before).expect("small"),
        };
        assert_eq!(
            scene.gaps().await,
            std::slice::from_ref(&gap),
            "what was before the index"
        );
        // What the keeper did is not kept by the node.
        scene.node.add(9, placed);
        scene.node.add(10, cancelled);
        let followed = scene.following(false).advance().await.expect("followed");
        assert!(followed
            .trouble
            .is_some_and(|trouble| trouble.contains("are missing")));
        let checkpoint = scene.store.checkpoint(scene.kept.writing.id).await;
        let checkpoint = checkpoint.expect("read").expect("there");
        assert_eq!(
            checkpoint.next_event,
            before + 2,
            "it never passes what is missing"
        );
        let followed = scene.following(true).advance().await.expect("followed");
        assert_eq!(followed.trouble, None);
        let missing = GapRow {
            kind: "events".into(),
            since: i64::try_from(before + 2).expect("small"),
            until: i64::try_from(kept_events).expect("small"),
        };
        assert_eq!(scene.gaps().await, [gap, missing]);
        let orders = scene
            .store
            .orders(scene.kept.writing.id, start, (-1, -1), 9)
            .await;
        let orders = orders.expect("read");
        let [order] = &orders[..] else {
            panic!("{orders:?}")
        };
        let found = (
            order.row.state.as_str(),
            order.row.quantity,
            order.row.client_id,
        );
        assert_eq!(found, ("cancelled", 1_000, 7));
        let checkpoint = scene.store.checkpoint(scene.kept.writing.id).await;
        assert_eq!(
            checkpoint.expect("read").expect("there").next_event,
            scene.events()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_transaction_that_no_node_has_when_events_are_followed_then_they_wait_for_it() {
    for database in databases::all().await {
        let mut scene = Scene::begin(database.store().await).await;
        for atoms in 1..=250 {
            let receipt = scene
                .village
                .community
                .deposit(0, atoms)
                .expect("deposited");
            scene.node.add(atoms / 3, receipt);
        }
        let signature = scene.node.signatures.lock().expect("unbroken")[100].signature;
        let lost = scene.node.lose(signature);
        let followed = scene.following(false).advance().await.expect("followed");
        let trouble = followed.trouble.expect("it waits");
        assert!(trouble.contains(&signature.to_string()), "{trouble}");
        let told = scene.kinds().await.len();
        assert!((100..150).contains(&told), "{told}");
        let again = scene.following(false).advance().await.expect("followed");
        assert_eq!(again.trouble, Some(trouble));
        scene.node.transactions.lock().expect("unbroken").push(lost);
        let followed = scene.following(false).advance().await.expect("followed");
        assert_eq!(followed.trouble, None);
        let amounts: Vec<i64> = scene
            .kinds()
            .await
            .iter()
            .map(|(_, amount)| *amount)
            .collect();
        let expected: Vec<i64> = (1..=250).map(|atoms| atoms * 1_000).collect();
        assert_eq!(amounts, expected, "each once, in their sequence");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_log_that_was_cut_short_when_events_are_followed_then_what_is_missing_is_noted_and_passed(
) {
    for database in databases::all().await {
        let mut scene = Scene::begin(database.store().await).await;
        let mut deposit = |atoms| {
            let community = &mut scene.village.community;
            community.deposit(0, atoms).expect("deposited")
        };
        let first = deposit(1);
        let mut cut = deposit(2);
        let [next, unrelated, last, beyond] = [3, 4, 5, 6].map(&mut deposit);
        cut.logs = vec!["Program log: long".to_owned(), "Log truncated".to_owned()];
        scene.node.add(1, first);
        scene.node.add(2, cut);
        let followed = scene.following(false).advance().await.expect("followed");
        assert_eq!(followed.trouble, None);
        // Found out later, by another run.
        scene.node.add(3, next);
        let followed = scene.following(false).advance().await.expect("followed");
        assert_eq!(followed.trouble, None);
        let amounts: Vec<i64> = scene.kinds().await.iter().map(|told| told.1).collect();
        assert_eq!(amounts, [1_000, 3_000]);
        let gaps = scene.gaps().await;
        let sizes: Vec<i64> = gaps.iter().map(|gap| gap.until - gap.since).collect();
        assert_eq!(sizes[1..], [1], "{gaps:?}");
        // What is missing without that is waited for.
        drop(unrelated);
        scene.node.add(4, last);
        let followed = scene.following(false).advance().await.expect("followed");
        assert!(followed.trouble.is_some());
        scene.node.add(5, beyond);
        let followed = scene.following(false).advance().await.expect("followed");
        assert!(followed.trouble.is_some());
        assert_eq!(scene.gaps().await, gaps);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_transaction_that_no_node_has_when_gaps_are_passed_then_its_events_are_noted_as_missing(
) {
    for database in databases::all().await {
        let mut scene = Scene::begin(database.store().await).await;
        let mut signatures = vec![];
        for atoms in 1..=4 {
            let community = &mut scene.village.community;
            let receipt = community.deposit(0, atoms).expect("deposited");
            signatures.push(scene.node.add(atoms, receipt));
        }
        scene.node.lose(signatures[1]);
        let followed = scene.following(false).advance().await.expect("followed");
        assert!(
            followed.trouble.is_some(),
            "without being told to, it waits"
        );
        let followed = scene.following(true).advance().await.expect("followed");
        assert_eq!(followed.trouble, None);
        let amounts: Vec<i64> = scene.kinds().await.iter().map(|told| told.1).collect();
        assert_eq!(amounts, [1_000, 3_000, 4_000]);
        let gaps = scene.gaps().await;
        let sizes: Vec<i64> = gaps.iter().map(|gap| gap.until - gap.since).collect();
        assert_eq!(sizes[1..], [1], "{gaps:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_many_transactions_without_events_when_followed_first_then_what_was_before_the_first_event_is_noted(
) {
    for database in databases::all().await {
        let mut scene = Scene::begin(database.store().await).await;
        let before = scene.events();
        let community = &mut scene.village.community;
        let silent = Receipt {
            logs: vec![],
            ..community.deposit(0, 1).expect("deposited")
        };
        // More than are read at once, and as many runs of the indexer.
        for slot in 1..=150 {
            scene.node.add(slot, silent.clone());
        }
        let followed = scene.following(false).advance().await.expect("followed");
        assert_eq!((followed.transactions, followed.trouble), (150, None));
        let community = &mut scene.village.community;
        let deposit = community.deposit(0, 2).expect("deposited");
        scene.node.add(151, deposit);
        let followed = scene.following(false).advance().await.expect("followed");
        assert_eq!(followed.trouble, None);
        assert_eq!(scene.kinds().await, [("deposited".to_owned(), 2_000)]);
        let gap = GapRow {
            kind: "events".into(),
            since: 0,
            until: i64::try_from(before + 1).expect("small"),
        };
        assert_eq!(scene.gaps().await, [gap]);
    }
}
