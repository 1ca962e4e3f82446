//! A second market on the same chain.

use joulebook_client::tables::{BookTable, LedgerTable, PageTable};
use joulebook_sim::{Addresses, Chain, Household, LocalCommunity, Parameters, Token};
use solana_keypair::Keypair;

use super::{with_traders, BUYER};

/// What is left of a community once its chain is another's: a market with households, money, books and pages.
pub struct OtherCommunity {
    pub addresses: Addresses,
    pub authority: Keypair,
    pub token: Token,
    pub supplier: Household,
    pub households: Vec<Household>,
}

/// A community with another one beside it, with money of another mint; `prepare` is done there first, at
/// the time that the parameters say.
pub fn with_other_community(
    parameters: Parameters,
    prepare: impl FnOnce(&mut LocalCommunity),
) -> (LocalCommunity, OtherCommunity) {
    let mut other = with_traders(LocalCommunity::new(parameters.clone()).unwrap());
    prepare(&mut other);
    let LocalCommunity {
        chain,
        addresses,
        authority,
        token,
        supplier,
        households,
        ..
    } = other;
    let other = OtherCommunity {
        addresses,
        authority,
        token,
        supplier,
        households,
    };
    let home = LocalCommunity::on(chain, parameters, 1).unwrap();
    (with_traders(home), other)
}

impl OtherCommunity {
    pub fn buyer(&self) -> &Household {
        &self.households[BUYER]
    }

    pub fn ledger(&self, chain: &Chain) -> LedgerTable {
        LedgerTable::from_bytes(&chain.data(&self.addresses.ledger))
            .expect("the ledger was created")
    }

    pub fn book(&self, chain: &Chain, start: i64) -> BookTable {
        BookTable::from_bytes(&chain.data(&self.addresses.book(start)))
            .expect("the book was created")
    }

    pub fn page(&self, chain: &Chain, start: i64) -> PageTable {
        PageTable::from_bytes(&chain.data(&self.addresses.page(start)))
            .expect("the page was created")
    }
}
