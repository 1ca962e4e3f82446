//! What the accounts say now.

use joulebook_client::{
    layout::market::{Market, Seat},
    steps::MarketState,
    tables::{HistoryTable, IntervalTable, LedgerTable, MeterRecords, WindowTable},
};

use super::LocalCommunity;

impl LocalCommunity {
    pub fn market(&self) -> Market {
        Market::from_bytes(&self.chain.data(&self.addresses.market))
            .expect("the market was created")
    }

    pub fn ledger(&self) -> LedgerTable {
        LedgerTable::from_bytes(&self.chain.data(&self.addresses.ledger))
            .expect("the ledger was created")
    }

    /// Of household number `place`.
    pub fn seat(&self, place: usize) -> Seat {
        self.ledger().seats[usize::from(self.households[place].seat)]
    }

    pub fn supplier_seat(&self) -> Seat {
        self.ledger().seats[usize::from(self.supplier.seat)]
    }

    /// The window account that `start` uses, whichever window it holds now.
    pub fn window(&self, start: i64) -> WindowTable {
        WindowTable::from_bytes(&self.chain.data(&self.addresses.window(start)))
            .expect("the window was created")
    }

    pub fn interval(&self, start: i64) -> IntervalTable {
        IntervalTable::from_bytes(&self.chain.data(&self.addresses.interval(start)))
            .expect("the interval was created")
    }

    pub fn meters(&self) -> MeterRecords {
        MeterRecords::from_bytes(&self.chain.data(&self.addresses.meter_table))
            .expect("the meter table was created")
    }

    pub fn history(&self) -> HistoryTable {
        HistoryTable::from_bytes(&self.chain.data(&self.addresses.history))
            .expect("the history was created")
    }

    /// All that a keeper looks at.
    pub fn market_state(&self) -> MarketState {
        let data: Vec<Vec<u8>> = MarketState::accounts(&self.addresses)
            .iter()
            .map(|address| self.chain.data(address))
            .collect();
        MarketState::decode(&self.addresses, &data).expect("market and ledger were created")
    }

    /// The first window boundary after now.
    pub fn next_start(&self) -> i64 {
        let length = i64::from(self.parameters.window_seconds);
        (self.chain.now().div_euclid(length) + 1) * length
    }
}
