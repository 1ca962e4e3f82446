//! What must hold of every market on the chain, whoever did what to it.

use std::{collections::BTreeMap, mem::swap};

use joulebook_client::{event_counts::EventCounts, tables::LedgerTable};
use joulebook_sim::{checks, LocalCommunity};
use litesvm::LiteSVM;
use solana_address::Address;
use spl_token_2022_interface::{extension::StateWithExtensions, state::Account};

use crate::story::Market;

pub struct Witness {
    /// Looks at the chain of an attempt in the place of its own.
    community: LocalCommunity,
    markets: Vec<Market>,
    /// All accounts of each market, and of its meters.
    accounts: Vec<Vec<Address>>,
    /// Of each moment and market, whether all held before.
    held: BTreeMap<(usize, usize), bool>,
}

impl Witness {
    pub fn new(community: LocalCommunity, markets: Vec<Market>) -> Witness {
        Witness {
            community,
            accounts: markets.iter().map(Market::accounts).collect(),
            markets,
            held: BTreeMap::new(),
        }
    }

    /// # Errors
    /// What does not hold any more after an attempt at a moment, and did hold before.
    pub fn check(&mut self, when: usize, before: &LiteSVM, after: &LiteSVM) -> Result<(), String> {
        for number in 0..self.markets.len() {
            let changed = |address: &&Address| {
                let [before, after] =
                    [before, after].map(|svm| svm.accounts_db().get_account_ref(address));
                before != after
            };
            let changed: Vec<&Address> = self.accounts[number].iter().filter(changed).collect();
            let vault = self.markets[number].addresses.vault;
            // Anybody may send something to a vault, until `sweep_surplus` counts it.
            let is_gift = changed == [&vault] && gained(&vault, before, after);
            if changed.is_empty() || is_gift {
                continue;
            }
            let held = match self.held.get(&(when, number)) {
                Some(held) => *held,
                None => self.invariants(number, before).is_ok(),
            };
            self.held.insert((when, number), held);
            if held {
                self.invariants(number, after)?;
            }
        }
        Ok(())
    }

    fn invariants(&mut self, number: usize, svm: &LiteSVM) -> Result<(), String> {
        let Market {
            addresses,
            parameters,
        } = self.markets[number].clone();
        self.community.addresses = addresses;
        self.community.parameters = parameters;
        // Whether all events are told is asked of each attempt.
        self.community.chain.counts = EventCounts::default();
        let mut svm = svm.clone();
        swap(&mut self.community.chain.svm, &mut svm);
        let ledger = self.community.chain.data(&self.community.addresses.ledger);
        let checked = match LedgerTable::from_bytes(&ledger) {
            Ok(_) => checks::invariants(&self.community),
            // Not there yet, or any more.
            Err(_) => Ok(()),
        };
        swap(&mut self.community.chain.svm, &mut svm);
        checked.map_err(|error| format!("market {number}: {error}"))
    }
}

/// Whether a token account has more than before.
fn gained(account: &Address, before: &LiteSVM, after: &LiteSVM) -> bool {
    let [before, after] = [before, after].map(|svm| {
        let account = svm.get_account(account);
        let state = account
            .as_ref()
            .and_then(|account| StateWithExtensions::<Account>::unpack(&account.data).ok());
        state.map_or(0, |state| state.base.amount)
    });
    after > before
}
