//! A keeper: it moves windows through their life, by the steps that [`next_steps`] finds.

use joulebook_client::{
    steps::{next_steps, KeeperOptions, Step},
    tables::Phase,
};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;

use crate::{Community, Failure, Receipt};

/// The most compute units a transaction may use.
pub const MAX_COMPUTE_UNITS: u32 = 1_400_000;

impl Community {
    /// Sends instructions with the highest compute limit.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn crank(&mut self, instructions: &[Instruction]) -> Result<Receipt, Failure> {
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
        self.advance(start, Phase::Allocated)
    }

    /// Takes over the readings of the window at `start` and settles all its seats.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn meter_and_settle(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        self.advance(start, Phase::Settled)
    }

    /// Takes the window at `start` to `phase`, or as far as it goes now: what is due at the same time goes
    /// into one transaction.
    ///
    /// # Errors
    /// What the chain refused; that the supplier has run dry half way is what the next call says.
    fn advance(&mut self, start: i64, phase: Phase) -> Result<Vec<Receipt>, Failure> {
        let mut receipts = vec![];
        while self.window(start).phase() < Some(phase) {
            let steps: Vec<Step> = next_steps(&self.market_state(), self.chain.now())
                .into_iter()
                .filter(|step| step.start() == start && leads_to(*step) <= phase)
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
        self.crank(&instructions)
    }
}

/// The phase that a window is in when the step is done, or that the step is needed for.
fn leads_to(step: Step) -> Phase {
    match step {
        Step::OpenWindow { .. } => Phase::Open,
        Step::Clear { .. } => Phase::Cleared,
        Step::Allocate { .. } => Phase::Allocated,
        Step::OpenInterval { .. } | Step::ReleaseSkipped { .. } | Step::Meter { .. } => {
            Phase::Metered
        }
        Step::Settle { .. } => Phase::Settled,
    }
}
