//! The keeper's transactions: everything that is due at a moment in as few as it fits.

use anyhow::{Context, Result};
use joulebook_client::{
    layout::oracle::IntervalPage,
    steps::{next_steps, pack, retries, MarketState, Step, StepBatch},
};
use joulebook_units::UnixTime;
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_signer::Signer;
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
            let payer = self.payer();
            let batches = pack(&state, &self.community.addresses, &payer, &steps, None);
            for batch in batches {
                self.take(&state, &batch)?;
            }
        }
    }

    fn payer(&self) -> Address {
        self.community.chain.payer.pubkey()
    }

    /// Sends a batch, and what can be tried in its place if it fails.
    fn take(&mut self, state: &MarketState, batch: &StepBatch) -> Result<()> {
        let receipt = match self.community.chain.send(&batch.instructions, &[]) {
            Ok(receipt) => receipt,
            Err(failure) => {
                let (payer, too_much) = (self.payer(), is_too_much(&failure));
                let addresses = &self.community.addresses;
                let parts = retries(batch, state, addresses, &payer, None, too_much);
                if parts.is_empty() {
                    let steps = &batch.steps;
                    return Err(failure).with_context(|| format!("taking the steps {steps:?}"));
                }
                return parts.iter().try_for_each(|part| self.take(state, part));
            }
        };
        let is_of_window = batch.steps.iter().any(|step| is_of_window(*step));
        let cost = match is_of_window {
            true => &mut self.costs.windows,
            false => &mut self.costs.pages,
        };
        cost.add(receipt.cost());
        Ok(())
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
        Step::OpenPage { start }
        | Step::OpenWindow { start }
        | Step::ApplyStandingOrders { start, .. } => start >= end.0,
        _ => false,
    }
}

fn is_of_window(step: Step) -> bool {
    matches!(
        step,
        Step::OpenWindow { .. }
            | Step::ApplyStandingOrders { .. }
            | Step::Clear { .. }
            | Step::Allocate { .. }
            | Step::Settle { .. }
            | Step::PayClaims
    )
}

/// Whether a transaction computed too much.
fn is_too_much(failure: &Failure) -> bool {
    let Failure::Transaction(TransactionError::InstructionError(_, error)) = failure else {
        return false;
    };
    matches!(
        error,
        InstructionError::ComputationalBudgetExceeded | InstructionError::ProgramFailedToComplete
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_computes_too_much_is_told_from_what_is_refused() {
        let failed = |error| Failure::Transaction(TransactionError::InstructionError(0, error));
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
