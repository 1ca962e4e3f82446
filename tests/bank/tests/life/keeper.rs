//! A keeper that looks at the market, takes the next step that is due, and knows nothing of other keepers.

use joulebook_client::{
    steps::{next_steps, MarketState, Step},
    Addresses,
};
use joulebook_sim::keeper::MAX_COMPUTE_UNITS;
use solana_address::Address;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{bank::BankClient, SEATS};

pub struct Keeper {
    pub client: BankClient,
    pub wallet: Keypair,
    /// Orders, seats and meters it takes on at a time.
    pub limit: u16,
    /// Transactions done, and how often one had to wait for another keeper's.
    pub sent: u32,
    pub waits: u32,
}

impl Keeper {
    pub fn address(&self) -> Address {
        self.wallet.pubkey()
    }

    /// Opens all pages and windows that are due. Only one keeper does it: whoever comes second is refused.
    pub async fn open(&mut self, addresses: &Addresses) -> Vec<Step> {
        let mut opened = vec![];
        for step in self.due(addresses).await {
            if is_opening(&step) {
                self.take(addresses, step).await;
                opened.push(step);
            }
        }
        opened
    }

    /// Takes the first step that is due and opens nothing, until there is none. Whether another keeper was faster must not
    /// matter, so that no transaction may fail.
    pub async fn work(&mut self, addresses: &Addresses) {
        loop {
            let mut steps = self.due(addresses).await.into_iter();
            let Some(step) = steps.find(|step| !is_opening(step)) else {
                return;
            };
            // Let the other one read the same accounts before either acts.
            tokio::task::yield_now().await;
            self.take(addresses, step).await;
        }
    }

    /// What is due now, in the whole market.
    pub async fn due(&self, addresses: &Addresses) -> Vec<Step> {
        let mut data = vec![];
        for account in MarketState::accounts(addresses) {
            data.push(self.client.data(&account).await);
        }
        let state = MarketState::decode(addresses, &data).expect("the market was created");
        next_steps(&state, self.client.now().await)
    }

    pub async fn take(&mut self, addresses: &Addresses, step: Step) {
        let instruction = match step {
            Step::Allocate { start } => addresses.allocate(start, self.limit, None),
            Step::FinishIntervalPage { page } => addresses.finish_interval_page(page, self.limit),
            Step::FinishPage { page } => addresses.finish_page(page, self.limit),
            other => other.instruction(addresses, None),
        };
        self.send(instruction).await;
    }

    /// Every step of the window at `start` and of its page once more, when there is nothing left to do.
    pub async fn repeat(&mut self, addresses: &Addresses, start: i64) {
        let page = addresses.page_start(start);
        let steps = [
            Step::Clear { start },
            Step::Allocate { start },
            Step::Settle {
                page,
                windows: (0, addresses.page_windows),
                seats: (0, SEATS),
            },
            Step::FinishIntervalPage { page },
            Step::FinishPage { page },
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

fn is_opening(step: &Step) -> bool {
    matches!(step, Step::OpenPage { .. } | Step::OpenWindow { .. })
}
