//! A keeper: it moves windows and pages through their life, by the steps that [`next_steps`] finds, or one by one.

mod finishing;
mod rectangles;

use joulebook_client::{
    layout::market::{Standing, Transition},
    ring::next_page_start,
    steps::{next_steps, Step},
};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;

use crate::{Failure, LocalCommunity, Receipt};

pub use joulebook_client::packing::MAX_COMPUTE_UNITS;

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

    /// Opens pages, one after the other, up to the one that holds `start`.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn open_pages(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        let last = self.addresses.page_start(start);
        let mut receipts = vec![];
        while self.market().last_page < last {
            let next = next_page_start(&self.meters().header, self.chain.now());
            let start = next.unwrap_or(last);
            receipts.push(self.take(&[Step::OpenPage { start }])?);
        }
        Ok(receipts)
    }

    /// Opens the window at `start`, and the pages before that which are due.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn open_window(&mut self, start: i64) -> Result<Receipt, Failure> {
        self.open_pages(start)?;
        self.take(&[Step::OpenWindow { start }])
    }

    /// Clears the window at `start` and allocates all its orders, or goes as far as that goes now: what is due at the same
    /// time goes into one transaction.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn clear_and_allocate(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        let is_auction = |step: &Step| match *step {
            Step::Clear { start: of } | Step::Allocate { start: of } => of == start,
            _ => false,
        };
        let mut receipts = vec![];
        while self.book(start).header.standing(Transition::Allocate) != Standing::Done {
            let steps = next_steps(&self.market_state(), self.chain.now());
            let steps: Vec<Step> = steps.into_iter().filter(is_auction).collect();
            if steps.is_empty() {
                break;
            }
            receipts.push(self.take(&steps)?);
        }
        Ok(receipts)
    }

    /// Brings all positions of the window at `start` in line with what is known of the meters.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn settle(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        let window = self.addresses.window_number(start);
        self.settle_windows(start, window, 1)
    }

    /// Brings all positions of the page that holds `start` in line with what is known of the meters.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn settle_page(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        self.settle_windows(start, 0, self.parameters.page_windows)
    }

    fn settle_windows(
        &mut self,
        start: i64,
        first: u16,
        count: u16,
    ) -> Result<Vec<Receipt>, Failure> {
        let page = self.addresses.page_start(start);
        rectangles::cover(first, count, self.parameters.seats)
            .into_iter()
            .map(|(windows, seats)| {
                self.take(&[Step::Settle {
                    page,
                    windows,
                    seats,
                }])
            })
            .collect()
    }

    /// Takes steps in one transaction.
    fn take(&mut self, steps: &[Step]) -> Result<Receipt, Failure> {
        let instructions: Vec<Instruction> = steps
            .iter()
            .map(|step| step.instruction(&self.addresses, None))
            .collect();
        self.send_with_full_budget(&instructions)
    }
}
