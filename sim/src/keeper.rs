//! What a keeper does to move a window through its life, as often as it takes.

use joulebook_client::tables::Phase;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;

use crate::{Failure, Receipt, Community};

/// The most compute units a transaction may use.
const MAX_UNITS: u32 = 1_400_000;

impl Community {
    /// Sends instructions with the highest compute limit.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn crank(&mut self, instructions: &[Instruction]) -> Result<Receipt, Failure> {
        let mut all = vec![ComputeBudgetInstruction::set_compute_unit_limit(MAX_UNITS)];
        all.extend_from_slice(instructions);
        self.chain.send(&all, &[])
    }

    /// # Errors
    /// What the chain refused.
    pub fn open_window(&mut self, start: i64) -> Result<Receipt, Failure> {
        let instruction = self.addresses.open_window(start);
        self.crank(&[instruction])
    }

    /// # Errors
    /// What the chain refused.
    pub fn open_interval(&mut self, start: i64) -> Result<Receipt, Failure> {
        let instruction = self.addresses.open_interval(start);
        self.crank(&[instruction])
    }

    /// Clears the window at `start` and allocates all its orders.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn clear_and_allocate(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        let instructions = [
            self.addresses.clear(start),
            self.addresses.allocate(start, u16::MAX, None),
        ];
        Ok(vec![self.crank(&instructions)?])
    }

    /// Takes over the readings of the window at `start` and settles all its seats.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn meter_and_settle(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        let instructions = [self.addresses.meter(start), self.addresses.settle(start, u16::MAX, None)];
        let mut receipts = vec![self.crank(&instructions)?];
        // The supplier may run dry half way: then the next call says so.
        while self.window(start).phase() == Some(Phase::Metered) {
            let settle = self.addresses.settle(start, u16::MAX, None);
            receipts.push(self.crank(&[settle])?);
        }
        Ok(receipts)
    }
}
