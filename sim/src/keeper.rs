//! A keeper: it moves windows through their life, by the steps that [`next_steps`] finds.

use joulebook_client::{
    layout::market::{Standing, Transition},
    steps::{next_steps, KeeperOptions, Step},
};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;

use crate::{Failure, LocalCommunity, Receipt};

/// The most compute units a transaction may use.
pub const MAX_COMPUTE_UNITS: u32 = 1_400_000;

impl LocalCommunity {
    /// Sends instructions with the highest compute limit, as keepers do.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn send_with_full_budget(
        &mut self,
        instructions: &[Instruction],
    ) -> Result<Receipt, Failure> {
        let limit = ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS);
        let mut all = vec![limit];
        all.extend_from_slice(instructions);
        self.chain.send(&all, &[])
    }

    /// Does all that is due now, step by step, until nothing is; returns what was done.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn keep(&mut self) -> Result<Vec<Step>, Failure> {
        let mut done = vec![];
        loop {
            let steps = next_steps(&self.market_state(), self.chain.now());
            if steps.is_empty() {
                return Ok(done);
            }
            for step in steps {
                self.take(&[step])?;
                done.push(step);
            }
        }
    }

    /// # Errors
    /// What the chain refused.
    pub fn open_window(&mut self, start: i64) -> Result<Receipt, Failure> {
        self.take(&[Step::OpenWindow { start }])
    }

    /// # Errors
    /// What the chain refused.
    pub fn open_interval(&mut self, start: i64) -> Result<Receipt, Failure> {
        self.take(&[Step::OpenInterval { start }])
    }

    /// Clears the window at `start` and allocates all its orders.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn clear_and_allocate(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        self.advance(start, Transition::Allocate)
    }

    /// Takes over the readings of the window at `start` and settles all its seats.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn meter_and_settle(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        self.advance(start, Transition::Settle)
    }

    /// Takes the window at `start` through the transition `last`, or as far as it goes now: what is due at the same
    /// time goes into one transaction.
    ///
    /// # Errors
    /// What the chain refused; that the supplier has run dry half way is what the next call says.
    fn advance(&mut self, start: i64, last: Transition) -> Result<Vec<Receipt>, Failure> {
        let mut receipts = vec![];
        while self.window(start).header.standing(last) != Standing::Done {
            let steps: Vec<Step> = next_steps(&self.market_state(), self.chain.now())
                .into_iter()
                .filter(|step| step.start() == start && serves(*step, last))
                .collect();
            if steps.is_empty() {
                break;
            }
            receipts.push(self.take(&steps)?);
        }
        Ok(receipts)
    }

    /// Takes steps in one transaction.
    fn take(&mut self, steps: &[Step]) -> Result<Receipt, Failure> {
        let instructions: Vec<Instruction> = steps
            .iter()
            .map(|step| step.instruction(&self.addresses, KeeperOptions::default()))
            .collect();
        self.send_with_full_budget(&instructions)
    }
}

/// Whether the step is `last`, or comes before it.
fn serves(step: Step, last: Transition) -> bool {
    match step {
        Step::OpenWindow { .. } | Step::Clear { .. } | Step::Allocate { .. } => true,
        Step::OpenInterval { .. }
        | Step::ReleaseSkipped { .. }
        | Step::Meter { .. }
        | Step::Settle { .. }
        | Step::PayClaims { .. } => last == Transition::Settle,
    }
}
