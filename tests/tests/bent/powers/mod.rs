//! Who may change what: held against every instruction that went through, however it was bent.
//!
//! The rules are stated here once more, in other words than the programs', and are asked of accounts before and after
//! alone. [`table`] says for each instruction who must have signed and which kinds of accounts may change.

mod change;
mod events;
mod meters;
mod orders;
mod people;
mod rent;
mod seats;
mod standing;
pub mod table;
mod tokens;

use std::collections::BTreeSet;

use litesvm::LiteSVM;
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{idl::Idl, pool::Pool, scenes::FEE_PAYER};
use change::{Change, Home};
use table::Power;

/// What went through, and what became of the accounts that it names.
pub struct Attempt<'a> {
    pub idl: &'a Idl,
    pub pool: &'a Pool,
    pub before: &'a LiteSVM,
    pub after: &'a LiteSVM,
    /// What a precompile has checked right before it.
    pub check: Option<&'a Instruction>,
    pub instruction: &'a Instruction,
    /// What the programs said.
    pub logs: &'a [String],
}

impl Attempt<'_> {
    /// # Errors
    /// What was changed that nobody who signed may change.
    pub fn check(&self) -> Result<(), String> {
        let Some(described) = self.idl.instruction(self.instruction) else {
            return Err("it went through, and is no instruction".to_string());
        };
        let power = table::of(&described.name)?;
        let changes = self.changes();
        let homes = self.homes(power, &changes)?;
        if let Some(home) = homes {
            self.signed_by_who_may(power, &home, &changes)?;
        }
        events::check(self, power, &changes)?;
        seats::check(self, power, &changes)?;
        people::check(self, power, &changes)?;
        meters::check(self, power, &changes)?;
        orders::check(self, power, &changes)?;
        standing::check(self, power, &changes)?;
        tokens::check(self, &changes)?;
        rent::check(self, &changes)
    }

    /// Who signed it.
    pub fn signers(&self) -> BTreeSet<Address> {
        let accounts = self.instruction.accounts.iter();
        let signing = accounts.filter(|meta| meta.is_signer);
        signing.map(|meta| meta.pubkey).collect()
    }

    fn changes(&self) -> Vec<Change> {
        let accounts = self.instruction.accounts.iter();
        let named: BTreeSet<Address> = accounts.map(|meta| meta.pubkey).collect();
        let named = named.into_iter().filter(|address| *address != FEE_PAYER);
        named
            .map(|address| Change::of(self, address))
            .filter(|change| change.before != change.after)
            .collect()
    }

    /// Where all changed accounts of the programs belong: one community, at most one market. `None` if there are none.
    fn homes(&self, power: &Power, changes: &[Change]) -> Result<Option<Home>, String> {
        let mut all: Option<Home> = None;
        for change in changes {
            let Some(kind) = &change.kind else { continue };
            if !power.may_change(kind) && !power.may_count_events(kind) {
                return Err(format!("it changed a {kind}"));
            }
            let home = self.home(change)?;
            let known = all.get_or_insert(home);
            if known.community != home.community {
                return Err("it changed accounts of two communities".to_string());
            }
            match (known.market, home.market) {
                (Some(one), Some(other)) if one != other => {
                    return Err("it changed accounts of two markets".to_string());
                }
                (None, Some(market)) => known.market = Some(market),
                _ => (),
            }
        }
        Ok(all)
    }
}
