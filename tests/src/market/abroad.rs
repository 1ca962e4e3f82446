//! A second market on the same chain.

use joulebook_client::tables::{LedgerTable, WindowTable};
use joulebook_testkit::{Addresses, Chain, Household, Setup, Token, World};
use solana_keypair::Keypair;

use super::{settle_down, BUYER};

/// What is left of a world once its chain is another's: a market with households, money and windows.
pub struct Abroad {
    pub at: Addresses,
    pub authority: Keypair,
    pub token: Token,
    pub supplier: Household,
    pub households: Vec<Household>,
}

/// A village with another one beside it, with money of another mint; `prepare` is done there first, at
/// the time the setup says.
pub fn beside(setup: Setup, prepare: impl FnOnce(&mut World)) -> (World, Abroad) {
    let mut abroad = settle_down(World::new(setup.clone()).unwrap());
    prepare(&mut abroad);
    let World {
        chain,
        at,
        authority,
        token,
        supplier,
        households,
        ..
    } = abroad;
    let abroad = Abroad {
        at,
        authority,
        token,
        supplier,
        households,
    };
    let home = World::on(chain, setup, 1).unwrap();
    (settle_down(home), abroad)
}

impl Abroad {
    pub fn buyer(&self) -> &Household {
        &self.households[BUYER]
    }

    pub fn ledger(&self, chain: &Chain) -> LedgerTable {
        LedgerTable::from_bytes(&chain.data(&self.at.ledger)).expect("the ledger was created")
    }

    pub fn window(&self, chain: &Chain, start: i64) -> WindowTable {
        WindowTable::from_bytes(&chain.data(&self.at.window(start)))
            .expect("the window was created")
    }
}
