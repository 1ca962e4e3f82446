//! The keeper's transactions: everything that is due at a moment in as few as it fits.

use anyhow::{Context, Result};
use joulebook_client::{
    layout::oracle::IntervalPage,
    steps::{next_steps, KeeperOptions, Step},
};
use joulebook_units::UnixTime;
use solana_instruction::{error::InstructionError, Instruction};
use solana_transaction_error::TransactionError;

use super::ChainVenue;
use crate::Failure;

impl ChainVenue {
    /// Takes all steps that are due now, but for those of windows and pages behind the scenario's end.
    pub(super) fn take_what_is_due(&mut self) -> Result<()> {
        loop {
            let state = self.community.market_state();
            let mut steps = next_steps(&state, self.community.chain.now());
            steps.retain(|step| !is_opened_after(*step, self.end));
            if steps.is_empty() {
                return Ok(());
            }
            self.take(&steps)?;
        }
    }

    /// Takes steps, in one transaction if they fit, and otherwise half of them in each, and so on.
    fn take(&mut self, steps: &[Step]) -> Result<()> {
        let options = KeeperOptions::default();
        let instructions: Vec<Instruction> = steps
            .iter()
            .map(|step| step.instruction(&self.community.addresses, options))
            .collect();
        match self.community.send_with_full_budget(&instructions) {
            Ok(receipt) => {
                let is_of_window = steps.iter().any(|step| is_of_window(*step));
                let cost = match is_of_window {
                    true => &mut self.costs.windows,
                    false => &mut self.costs.pages,
                };
                cost.add(receipt.cost());
                Ok(())
            }
            Err(failure) if steps.len() > 1 && is_too_much(&failure) => {
                let (first, rest) = steps.split_at(steps.len() / 2);
                self.take(first)?;
                self.take(rest)
            }
            Err(failure) => Err(failure).with_context(|| format!("taking the steps {steps:?}")),
        }
    }

    /// Lets time pass until no page takes values any more, and makes all of them final.
    pub(super) fn finish_pages(&mut self) -> Result<()> {
        let pages = self.community.interval_pages();
        let waiting = pages.iter().map(|page| &page.header);
        let until = waiting
            .filter(|page| !page.is_finished())
            .map(|page: &IntervalPage| page.corrections_until)
            .max();
        if let Some(until) = until {
            let now = self.community.chain.now();
            self.community.chain.set_time(until.max(now));
        }
        self.take_what_is_due()
    }
}

fn is_opened_after(step: Step, end: UnixTime) -> bool {
    match step {
        Step::OpenPage { start } | Step::OpenWindow { start } => start >= end.0,
        _ => false,
    }
}

fn is_of_window(step: Step) -> bool {
    matches!(
        step,
        Step::OpenWindow { .. }
            | Step::Clear { .. }
            | Step::Allocate { .. }
            | Step::Settle { .. }
            | Step::PayClaims
    )
}

/// Whether a transaction was too much at once, by its size or by what it computes.
fn is_too_much(failure: &Failure) -> bool {
    match failure {
        Failure::TooLarge(_) => true,
        Failure::Transaction(TransactionError::InstructionError(_, error)) => matches!(
            error,
            InstructionError::ComputationalBudgetExceeded
                | InstructionError::ProgramFailedToComplete
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_too_much_at_once_is_tried_in_parts() {
        let failed = |error| Failure::Transaction(TransactionError::InstructionError(0, error));
        assert!(is_too_much(&Failure::TooLarge(1233)));
        assert!(is_too_much(&failed(
            InstructionError::ComputationalBudgetExceeded
        )));
        assert!(!is_too_much(&failed(InstructionError::InvalidArgument)));
        assert!(!is_too_much(&Failure::Custom(6200)));
    }

    #[test]
    fn nothing_is_opened_that_starts_at_the_end_or_later() {
        let end = UnixTime(900);
        assert!(!is_opened_after(Step::OpenWindow { start: 0 }, end));
        assert!(is_opened_after(Step::OpenWindow { start: 900 }, end));
        assert!(is_opened_after(Step::OpenPage { start: 900 }, end));
        assert!(!is_opened_after(Step::Clear { start: 900 }, end));
    }
}
