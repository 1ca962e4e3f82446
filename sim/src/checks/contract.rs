//! What contracts come to once their price is known.

use joulebook_client::layout::market::{BookSeat, PageWindow, Position};
use joulebook_settlement::{Tariff, Terms};
use joulebook_units::{Price, Wh};

/// Milli-atoms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    pub bought: u32,
    pub sold: u32,
    pub earns: u128,
    pub locked: u128,
}

impl Contract {
    /// Of so many Wh at a price.
    pub fn at(price: Price, bought: u32, sold: u32, tariff: Tariff) -> Contract {
        let terms = Terms {
            tariff,
            ..Terms::default()
        };
        let shortfall = terms.shortfall(price).unwrap_or_default();
        let surplus = terms.surplus(price).unwrap_or_default();
        // A sell earns at a price above zero, a buy below.
        let earns = value(sold, price) + value(bought, Price(-price.0));
        Contract {
            bought,
            sold,
            earns,
            locked: value(sold, shortfall) + value(bought, surplus),
        }
    }

    pub fn of(position: &Position) -> Contract {
        Contract {
            bought: position.bought,
            sold: position.sold,
            earns: position.earns.into(),
            locked: position.locked.into(),
        }
    }
}

/// What a seat pays for its fills, milli-atoms.
pub fn payment(terms: &Terms, price: Price, seat: &BookSeat) -> u128 {
    let all_in = terms.all_in(price).unwrap_or_default();
    // A seller pays at a price below zero.
    value(seat.bought, all_in) + value(seat.sold, Price(-price.0))
}

pub fn tariff(window: &PageWindow) -> Tariff {
    Tariff {
        short: Price(window.short),
        long: Price(window.long),
    }
}

/// Nothing at a price below zero, milli-atoms.
fn value(energy: u32, price: Price) -> u128 {
    u128::from((Wh(energy) * price).paid().0)
}
