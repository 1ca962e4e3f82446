//! What must hold of every market on the chain, whoever did what to it.

use std::{collections::BTreeMap, mem::swap};

use joulebook_client::tables::LedgerTable;
use joulebook_sim::{checks, LocalCommunity};
use litesvm::LiteSVM;
use solana_address::Address;

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
            accounts: markets.iter().map(accounts_of).collect(),
            markets,
            held: BTreeMap::new(),
        }
    }

    /// # Errors
    /// What does not hold any more after an attempt at a moment, and did hold before.
    pub fn check(&mut self, when: usize, before: &LiteSVM, after: &LiteSVM) -> Result<(), String> {
        for number in 0..self.markets.len() {
            if !self.is_touched(number, before, after) {
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

    /// Whether an account of the market, or of its meters, changed.
    fn is_touched(&self, number: usize, before: &LiteSVM, after: &LiteSVM) -> bool {
        self.accounts[number].iter().any(|address| {
            let [before, after] =
                [before, after].map(|svm| svm.accounts_db().get_account_ref(address));
            before != after
        })
    }

    fn invariants(&mut self, number: usize, svm: &LiteSVM) -> Result<(), String> {
        let Market {
            addresses,
            parameters,
        } = self.markets[number].clone();
        self.community.addresses = addresses;
        self.community.parameters = parameters;
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

fn accounts_of(market: &Market) -> Vec<Address> {
    let at = &market.addresses;
    let tables = [at.meter_table, at.market, at.vault, at.ledger, at.history];
    let books = (0..at.books).map(|slot| at.book_slot(slot));
    let pages = (0..at.pages).flat_map(|slot| [at.page_slot(slot), at.interval_page_slot(slot)]);
    tables.into_iter().chain(books).chain(pages).collect()
}
