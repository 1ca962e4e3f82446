use solana_address::Address;
use solana_instruction::Instruction;

use super::SYSTEM_PROGRAM;
use crate::{
    layout::market::{ImbalancePrices, MarketTerms},
    market::instructions::{
        CloseBook, CloseHistory, CloseLedger, CloseMarket, ClosePage, CreateBook,
        CreateBookInstructionArgs, CreateHistory, CreateLedger, CreateMarket,
        CreateMarketInstructionArgs, CreatePage, CreatePageInstructionArgs, EndMarket,
        EndMarketInstructionArgs, GrowTable, ReleaseMeterTable, ReplaceSupplier,
        ReplaceSupplierInstructionArgs, SetTariff, SetTariffInstructionArgs, SetTerms,
        SetTermsInstructionArgs, SweepSurplus, WithdrawFees, WithdrawFeesInstructionArgs,
    },
    oracle::ORACLE_ID,
    Addresses,
};

impl Addresses {
    /// Creates the market; `supplier` and `grid_operator` are the wallets of these participants.
    pub fn create_market(
        &self,
        authority: Address,
        supplier: &Address,
        grid_operator: &Address,
        parameters: CreateMarketInstructionArgs,
    ) -> Instruction {
        CreateMarket {
            authority,
            community: self.community,
            meter_table: self.meter_table,
            supplier: self.participant(supplier),
            grid_operator: self.participant(grid_operator),
            market: self.market,
            quote_mint: self.quote_mint,
            vault: self.vault,
            token_program: self.token_program,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(parameters)
    }

    pub fn create_ledger(&self, authority: Address) -> Instruction {
        CreateLedger {
            authority,
            community: self.community,
            market: self.market,
            ledger: self.ledger,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction()
    }

    pub fn create_history(&self, authority: Address) -> Instruction {
        CreateHistory {
            authority,
            community: self.community,
            market: self.market,
            history: self.history,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction()
    }

    pub fn create_book(&self, authority: Address, slot: u16) -> Instruction {
        CreateBook {
            authority,
            community: self.community,
            market: self.market,
            book: self.book_slot(slot),
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(CreateBookInstructionArgs { slot })
    }

    pub fn create_page(&self, authority: Address, slot: u16) -> Instruction {
        CreatePage {
            authority,
            community: self.community,
            market: self.market,
            page: self.page_slot(slot),
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(CreatePageInstructionArgs { slot })
    }

    /// Takes the ledger, the history, a book or a page one step towards its full length.
    pub fn grow_market_table(&self, payer: Address, table: Address) -> Instruction {
        GrowTable {
            payer,
            table,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction()
    }

    /// For windows that start after the notice period.
    pub fn set_terms(
        &self,
        authority: Address,
        supplier: Option<Address>,
        terms: MarketTerms,
    ) -> Instruction {
        SetTerms {
            authority,
            supplier,
            community: self.community,
            market: self.market,
            ledger: self.ledger,
        }
        .instruction(SetTermsInstructionArgs { terms })
    }

    /// Imbalance prices of working days, or of other days, from a half hour of the day on, for windows that start after
    /// the notice period. Signed by the owner of the supplier's seat, too.
    pub fn set_tariff(
        &self,
        authority: Address,
        supplier: Address,
        working_day: bool,
        first_half_hour: u8,
        entries: Vec<ImbalancePrices>,
    ) -> Instruction {
        SetTariff {
            authority,
            supplier,
            community: self.community,
            market: self.market,
            ledger: self.ledger,
        }
        .instruction(SetTariffInstructionArgs {
            working_day,
            first_half_hour,
            entries,
        })
    }

    /// Names the participant with the wallet `supplier`, who signs too, from the first page that is not open and starts after the
    /// notice period on. `events` are those that the market had counted when it looked at tariff and terms.
    pub fn replace_supplier(
        &self,
        authority: Address,
        supplier: Address,
        events: u64,
    ) -> Instruction {
        ReplaceSupplier {
            authority,
            supplier,
            community: self.community,
            market: self.market,
            participant: self.participant(&supplier),
            ledger: self.ledger,
        }
        .instruction(ReplaceSupplierInstructionArgs { events })
    }

    /// Moves `amount` atoms of fees to the token account `destination`.
    pub fn withdraw_fees(
        &self,
        authority: Address,
        destination: Address,
        amount: u64,
    ) -> Instruction {
        WithdrawFees {
            authority,
            community: self.community,
            market: self.market,
            ledger: self.ledger,
            vault: self.vault,
            destination,
            quote_mint: self.quote_mint,
            token_program: self.token_program,
        }
        .instruction(WithdrawFeesInstructionArgs { amount })
    }

    /// Counts as fees what was sent to the vault past the ledger; anyone may.
    pub fn sweep_surplus(&self) -> Instruction {
        SweepSurplus {
            market: self.market,
            ledger: self.ledger,
            vault: self.vault,
        }
        .instruction()
    }

    /// No page that starts at `ends_at`, unix seconds, or later will be opened.
    pub fn end_market(&self, authority: Address, ends_at: i64) -> Instruction {
        EndMarket {
            authority,
            community: self.community,
            market: self.market,
        }
        .instruction(EndMarketInstructionArgs { ends_at })
    }

    /// Lets another market settle the meters, once this one has ended. Anyone may.
    pub fn release_meter_table(&self) -> Instruction {
        ReleaseMeterTable {
            market: self.market,
            ledger: self.ledger,
            meter_table: self.meter_table,
            oracle_program: ORACLE_ID,
        }
        .instruction()
    }

    pub fn close_book(&self, authority: Address, slot: u16) -> Instruction {
        CloseBook {
            authority,
            community: self.community,
            market: self.market,
            ledger: self.ledger,
            book: self.book_slot(slot),
        }
        .instruction()
    }

    pub fn close_page(&self, authority: Address, slot: u16) -> Instruction {
        ClosePage {
            authority,
            community: self.community,
            market: self.market,
            ledger: self.ledger,
            page: self.page_slot(slot),
        }
        .instruction()
    }

    pub fn close_history(&self, authority: Address) -> Instruction {
        CloseHistory {
            authority,
            community: self.community,
            market: self.market,
            history: self.history,
        }
        .instruction()
    }

    pub fn close_ledger(&self, authority: Address) -> Instruction {
        CloseLedger {
            authority,
            community: self.community,
            market: self.market,
            ledger: self.ledger,
        }
        .instruction()
    }

    pub fn close_market(&self, authority: Address) -> Instruction {
        CloseMarket {
            authority,
            community: self.community,
            market: self.market,
            vault: self.vault,
            token_program: self.token_program,
        }
        .instruction()
    }
}
