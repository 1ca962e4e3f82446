//! What can stand in an account's place.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::layout::{account::read_header, registry::Participant};
use litesvm::LiteSVM;
use solana_account::ReadableAccount;
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{idl::Idl, scenes::Scene, story::Market};

/// The rent, clock, and instructions sysvars, and a few programs.
const SYSTEM: [&str; 7] = [
    "SysvarRent111111111111111111111111111111111",
    "SysvarC1ock11111111111111111111111111111111",
    "Sysvar1nstructions1111111111111111111111111",
    "11111111111111111111111111111111",
    "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
    "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
    "BPFLoaderUpgradeab1e11111111111111111111111",
];

pub struct Pool {
    /// In the sequence in which the story comes across them, so that a case repeats.
    pub addresses: Vec<Address>,
    /// Those that can sign.
    pub signers: Vec<Address>,
    pub system: Vec<Address>,
    /// Those of each market and of its meters, in the same sequence.
    pub markets: Vec<Vec<Address>>,
    /// Instructions of the story, by name.
    pub instructions: BTreeMap<String, Vec<Instruction>>,
}

impl Pool {
    pub fn new(scenes: &[Scene], markets: &[Market], foreign: &[Address]) -> Pool {
        let mut pool = Pool {
            addresses: vec![],
            signers: vec![],
            system: SYSTEM.map(Address::from_str_const).to_vec(),
            markets: markets.iter().map(Market::accounts).collect(),
            instructions: BTreeMap::new(),
        };
        let mut seen = BTreeSet::new();
        for scene in scenes {
            let known = pool.instructions.entry(scene.name.clone()).or_default();
            known.push(scene.instruction.clone());
            for meta in &scene.instruction.accounts {
                if seen.insert((meta.pubkey, false)) {
                    pool.addresses.push(meta.pubkey);
                }
                if meta.is_signer && seen.insert((meta.pubkey, true)) {
                    pool.signers.push(meta.pubkey);
                }
            }
        }
        let foreign = foreign
            .iter()
            .filter(|address| seen.insert((**address, false)));
        pool.addresses.extend(foreign);
        pool
    }

    /// Where an account stands in its market's.
    pub fn place(&self, address: &Address) -> Option<usize> {
        let place = |market: &Vec<Address>| market.iter().position(|one| one == address);
        self.markets.iter().find_map(place)
    }

    /// What other markets have in the place of an account.
    pub fn counterparts(&self, address: &Address) -> Vec<Address> {
        let Some(place) = self.place(address) else {
            return vec![];
        };
        let all = self.markets.iter().map(|market| market[place]);
        all.filter(|other| other != address).collect()
    }

    /// Those who can sign and have a participant account in `svm`: wallet and account.
    pub fn people(&self, svm: &LiteSVM, idl: &Idl) -> Vec<[Address; 2]> {
        let participants = self.addresses.iter().filter_map(|address| {
            let account = svm.accounts_db().get_account_ref(address)?;
            let is_participant = idl.kind(account) == Some("Participant");
            let participant = read_header::<Participant>(account.data());
            let wallet = participant.filter(|_| is_participant)?.wallet.0.into();
            Some([wallet, *address])
        });
        participants
            .filter(|[wallet, _]| self.signers.contains(wallet))
            .collect()
    }

    /// Other accounts that `svm` has of the same kind as `address`: of the same program, beginning alike, or as long.
    pub fn twins(&self, svm: &LiteSVM, address: &Address) -> Vec<Address> {
        let accounts = svm.accounts_db();
        let Some(account) = accounts.get_account_ref(address) else {
            return vec![];
        };
        let kind = account.data().get(..8);
        let is_twin = |other: &&Address| {
            let found = accounts.get_account_ref(other);
            *other != address
                && found.is_some_and(|found| {
                    found.owner() == account.owner()
                        && (found.data().get(..8) == kind
                            || found.data().len() == account.data().len())
                })
        };
        self.addresses.iter().filter(is_twin).copied().collect()
    }
}
