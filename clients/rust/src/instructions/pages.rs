use std::ops::Range;

use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    layout::market::WindowPrices,
    market::instructions::{
        FinishPage, FinishPageInstructionArgs, OpenPage, PostPrices, PostPricesInstructionArgs,
        Settle, SettleInstructionArgs,
    },
    oracle::ORACLE_ID,
    Addresses,
};

/// A page is that which holds a time, unix seconds.
impl Addresses {
    /// Opens the next page, here and in the oracle. Nobody can choose which: `time` finds the accounts
    /// ([`crate::ring::next_page_start`]).
    pub fn open_page(&self, time: i64) -> Instruction {
        OpenPage {
            market: self.market,
            ledger: self.ledger,
            meter_table: self.meter_table,
            page: self.page(time),
            interval_page: self.interval_page(time),
            oracle_program: ORACLE_ID,
        }
        .instruction()
    }

    /// Prices of consecutive windows, from the one at `start` on, all of one page. Signed by the owner of the supplier's
    /// seat, or its delegate.
    pub fn post_prices(
        &self,
        supplier: Address,
        start: i64,
        prices: Vec<WindowPrices>,
    ) -> Instruction {
        PostPrices {
            supplier,
            market: self.market,
            ledger: self.ledger,
            page: self.page(start),
        }
        .instruction(PostPricesInstructionArgs {
            first_window: self.window_number(start),
            prices,
        })
    }

    /// Settles the positions of these windows, by their numbers in the page, and these seats; at most
    /// [`MAX_SETTLED`](crate::layout::market::limits::MAX_SETTLED).
    pub fn settle(&self, time: i64, windows: Range<u16>, seats: Range<u16>) -> Instruction {
        Settle {
            ledger: self.ledger,
            page: self.page(time),
            meter_table: self.meter_table,
            interval_page: self.interval_page(time),
        }
        .instruction(SettleInstructionArgs {
            first_window: windows.start,
            windows: windows.len() as u16,
            first_seat: seats.start,
            seats: seats.len() as u16,
        })
    }

    /// Makes the positions of up to `limit` seats final.
    pub fn finish_page(&self, time: i64, limit: u16) -> Instruction {
        FinishPage {
            ledger: self.ledger,
            page: self.page(time),
            meter_table: self.meter_table,
            interval_page: self.interval_page(time),
            history: self.history,
        }
        .instruction(FinishPageInstructionArgs { limit })
    }
}
