//! Ways to bend an instruction: what it says, and whom it names.

mod accounts;
mod data;
mod forged;

use joulebook_tests::random::Random;
use solana_instruction::Instruction;

use crate::{idl::Idl, pool::Pool, scenes::Stage};

/// What a bend may draw on.
pub struct Bender<'a, 's> {
    pub random: Random,
    pub idl: &'a Idl,
    pub pool: &'a Pool,
    /// Where forged accounts are put.
    pub stage: &'a mut Stage<'s>,
    /// As in `market.place_orders`.
    pub name: &'a str,
}

impl Bender<'_, '_> {
    /// Bends `instruction` once or several times; returns how.
    pub fn bend(&mut self, instruction: &mut Instruction) -> Vec<String> {
        let times = match self.random.below(10) {
            0..6 => 1,
            6..8 => 2,
            _ => self.random.between(3, 6),
        };
        (0..times).map(|_| self.bend_once(instruction)).collect()
    }

    fn bend_once(&mut self, instruction: &mut Instruction) -> String {
        let says_something = instruction.data.len() > 8;
        let about_data = self.random.percent(if says_something { 40 } else { 8 });
        match about_data || instruction.accounts.is_empty() {
            true => self.bend_data(instruction),
            false => self.bend_accounts(&mut instruction.accounts),
        }
    }
}
