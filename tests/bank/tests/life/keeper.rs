//! A keeper that looks at the market, takes the next step that is due, and knows nothing of other keepers.

use joulebook_client::{
    layout::market::{Standing, Transition},
    steps::{next_steps, KeeperOptions, MarketState, Step},
    tables::WindowTable,
    Addresses,
};
use joulebook_sim::keeper::MAX_COMPUTE_UNITS;
use solana_address::Address;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::bank::BankClient;

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

    /// Works on the window at `start` until it is through the transition `last`. Whether another keeper was
    /// faster must not matter, so that no transaction may fail.
    pub async fn work(&mut self, addresses: &Addresses, start: i64, last: Transition) {
        while !self.is_through(addresses, start, last).await {
            let steps = self.due(addresses).await;
            let step = steps.into_iter().find(|step| step.start() == start);
            let Some(step) = step else {
                // Another keeper was faster since the window was read.
                let is_through = self.is_through(addresses, start, last).await;
                assert!(is_through, "the window waits for its time");
                return;
            };
            // Let the other one read the same window before either acts.
            tokio::task::yield_now().await;
            self.take(addresses, step).await;
        }
    }

    async fn is_through(&self, addresses: &Addresses, start: i64, last: Transition) -> bool {
        let data = self.client.data(&addresses.window(start)).await;
        let window = WindowTable::from_bytes(&data).expect("the window was created");
        window.header.standing(last) == Standing::Done
    }

    /// What is due now, in the whole market.
    pub async fn due(&self, addresses: &Addresses) -> Vec<Step> {
        let mut data = vec![];
        for account in MarketState::accounts(addresses) {
            data.push(self.client.data(&account).await);
        }
        let state = MarketState::decode(addresses, &data).expect("market and ledger were created");
        next_steps(&state, self.client.now().await)
    }

    pub async fn take(&mut self, addresses: &Addresses, step: Step) {
        let options = KeeperOptions {
            limit: self.limit,
            reward_seat: None,
        };
        self.send(step.instruction(addresses, options)).await;
    }

    /// One step more than there is to do.
    pub async fn repeat(&mut self, addresses: &Addresses, start: i64) {
        let steps = [
            Step::Clear { start },
            Step::Allocate { start },
            Step::Meter { start },
            Step::Settle { start },
        ];
        for step in steps {
            self.take(addresses, step).await;
        }
    }

    async fn send(&mut self, instruction: Instruction) {
        self.sent += 1;
        // Otherwise the same call twice within a blockhash is the same transaction.
        let units = ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS - self.sent);
        self.waits += self
            .client
            .send(&self.wallet, &[units, instruction], &[])
            .await
            .expect("a keeper's call goes through, with or without anything to do");
    }
}
