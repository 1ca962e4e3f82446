//! Small numbers that tests reckon with.

use joulebook_settlement::{Contract, Tariff, Terms};
use joulebook_units::{Price, Wh};

use super::Flow;

pub const TERMS: Terms = Terms {
    tariff: Tariff {
        short: Price(300),
        long: Price(80),
    },
    grid_fee: Price(20),
    fee_bps: 100,
    min_lock: Price(1),
};

pub fn contract(bought: u32, sold: u32) -> Contract {
    Contract {
        bought: Wh(bought),
        sold: Wh(sold),
    }
}

pub fn flow(import: u32, export: u32) -> Flow {
    Flow {
        import: Wh(import),
        export: Wh(export),
    }
}
