//! What a position costs beside its contracts.
//!
//! At any time that is a function of contracts, meter values and prices alone. A settlement pays the difference
//! between what a position should have paid by now and what it did: so it does not matter who settles, how often, in
//! what order, or how late a value comes.
//!
//! A deviation d costs d · short, or −d · long is received for it: a convex cost with slopes from long to short. A meter
//! that is missing for good counts as if nothing had flowed, and what flowed is paid once its registers are heard, at
//! the dearest short and the lowest long price of the windows it was [silent](crate::silence) in. Nothing is gained
//! by that, window by window, at prices below zero too:
//!
//! cost(flow − contract) ≤ cost(−contract) + import · dearest short − export · lowest long

use joulebook_layout::market::Position;
use joulebook_units::{NetMilliAtoms, NetWh, Wh};

use crate::Tariff;

/// A seat's contracts in one window: its filled buys and sells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    pub bought: Wh,
    pub sold: Wh,
}

impl Contract {
    /// The energy the contracts say the seat draws from the grid.
    #[inline(always)]
    pub fn net(&self) -> NetWh {
        NetWh::between(self.bought, self.sold)
    }
}

impl From<&Position> for Contract {
    #[inline(always)]
    fn from(position: &Position) -> Contract {
        Contract {
            bought: Wh(position.bought),
            sold: Wh(position.sold),
        }
    }
}

/// What is known of a seat's meters for one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// All of them.
    Whole(NetWh),
    /// Some are missing; the energy of the others.
    Partial(NetWh),
}

/// What a position should have paid by now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// To the supplier; below zero, received.
    pub pays: NetMilliAtoms,
    /// Whether meters confirm the contracts, or never will: what they earn is the seat's, what they locked is free.
    pub is_confirmed: bool,
    /// Paid back once the missing meters are heard.
    pub owed: NetMilliAtoms,
}

/// The largest deviation that is paid, Wh.
const MOST_DEVIATION: i64 = u32::MAX as i64;

/// What a deviation costs; below zero, what is received for it. A deviation beyond 32 bits, of four gigawatt-hours in one
/// window, counts as that much: nobody can hold others up by what is too large.
#[inline(always)]
pub fn cost(deviation: NetWh, tariff: Tariff) -> NetMilliAtoms {
    let price = if deviation.0 > 0 {
        tariff.short
    } else {
        tariff.long
    };
    let bounded = deviation.0.clamp(-MOST_DEVIATION, MOST_DEVIATION);
    // Fits: of 32 bits and a sign, and a price of 31 bits and a sign.
    NetMilliAtoms(bounded.wrapping_mul(price.0.into()))
}

/// What is due while values can still come, once a missing meter is late. `draw` is the standard draw of the missing meters,
/// nothing for those that have not been silent for long.
#[inline(always)]
pub fn due(contract: Contract, flow: Flow, tariff: Tariff, draw: Wh) -> Due {
    match flow {
        Flow::Whole(net) => confirmed(contract, net, tariff),
        // Contracts count as kept, but what they earn stays where it is. What meters that were heard have drawn beyond what was
        // bought is paid for, whatever others are silent.
        Flow::Partial(net) => {
            let beyond = NetWh(net.0.saturating_sub(contract.bought.0.into()).max(0));
            let cost = cost(beyond, tariff).0.max(0);
            Due {
                pays: NetMilliAtoms(cost.saturating_add(draw_cost(draw, tariff).0)),
                is_confirmed: false,
                owed: NetMilliAtoms::ZERO,
            }
        }
    }
}

/// What is due when no value can come any more. `draw` is the standard draw of the missing meters.
#[inline(always)]
pub fn final_due(contract: Contract, flow: Flow, tariff: Tariff, draw: Wh) -> Due {
    match flow {
        Flow::Whole(net) => confirmed(contract, net, tariff),
        Flow::Partial(net) => {
            let cost = cost(deviation(contract, net), tariff);
            let draw = draw_cost(draw, tariff);
            Due {
                // What it costs is paid at once, what it would earn is kept until the meters are heard.
                pays: NetMilliAtoms(cost.0.max(0).saturating_add(draw.0)),
                is_confirmed: true,
                owed: NetMilliAtoms(draw.0.saturating_sub(cost.0.min(0))),
            }
        }
    }
}

#[inline(always)]
fn confirmed(contract: Contract, net: NetWh, tariff: Tariff) -> Due {
    Due {
        pays: cost(deviation(contract, net), tariff),
        is_confirmed: true,
        owed: NetMilliAtoms::ZERO,
    }
}

#[inline(always)]
fn deviation(contract: Contract, net: NetWh) -> NetWh {
    NetWh(net.0.saturating_sub(contract.net().0))
}

/// Nobody is paid for being silent: nothing at a price below zero.
fn draw_cost(draw: Wh, tariff: Tariff) -> NetMilliAtoms {
    NetMilliAtoms((draw * tariff.short).0.max(0))
}
