//! A keeper that looks at a window, does the next thing, and knows nothing of other keepers.

use joulebook_client::tables::{Phase, WindowTable};
use joulebook_sim::Addresses;
use solana_address::Address;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::bank::BankClient;

const MAX_UNITS: u32 = 1_400_000;

pub struct Keeper {
    pub client: BankClient,
    pub wallet: Keypair,
    /// Orders and seats it takes on at a time.
    pub limit: u16,
    /// Transactions done, and how often one had to wait for another keeper's.
    pub sent: u32,
    pub waits: u32,
}

impl Keeper {
    pub fn address(&self) -> Address {
        self.wallet.pubkey()
    }

    /// Works on the window at `start` until it is in `phase` or beyond. Whether another keeper was faster
    /// must not matter, so that no transaction may fail.
    pub async fn work(&mut self, at: &Addresses, start: i64, phase: Phase) {
        loop {
            let data = self.client.data(&at.window(start)).await;
            let window = WindowTable::from_bytes(&data).expect("the window was created");
            let now = window.phase().expect("a known phase");
            if now >= phase {
                return;
            }
            let next = match now {
                Phase::Free | Phase::Settled => panic!("the window was never opened"),
                Phase::Open => at.clear(start),
                Phase::Cleared => at.allocate(start, self.limit, None),
                Phase::Allocated => at.meter(start),
                Phase::Metered => at.settle(start, self.limit, None),
            };
            // Let the other one read the same window before either acts.
            tokio::task::yield_now().await;
            self.send(next).await;
        }
    }

    /// One step more than there is to do.
    pub async fn repeat(&mut self, at: &Addresses, start: i64) {
        let steps = [
            at.clear(start),
            at.allocate(start, self.limit, None),
            at.meter(start),
            at.settle(start, self.limit, None),
        ];
        for step in steps {
            self.send(step).await;
        }
    }

    pub async fn send(&mut self, instruction: Instruction) {
        self.sent += 1;
        // Otherwise the same call twice within a blockhash is the same transaction.
        let units = ComputeBudgetInstruction::set_compute_unit_limit(MAX_UNITS - self.sent);
        self.waits += self
            .client
            .send(&self.wallet, &[units, instruction], &[])
            .await
            .expect("a keeper's call goes through, with or without anything to do");
    }
}
