//! What a window costs a seat beside its contracts.

use joulebook_layout::market::{Position, PositionFlags};
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
    pub fn net(&self) -> NetWh {
        NetWh::between(self.bought, self.sold)
    }
}

/// What was heard of a seat's meters for one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metered {
    /// Every meter, for this window alone.
    Measured(NetWh),
    /// Every meter, at least one with energy of earlier windows that had been estimated.
    CaughtUp(NetWh),
    /// At least one meter is missing; the energy of those that were heard.
    Missing(NetWh),
}

/// What remains to settle for a seat once its contracts are, in Wh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Drawn beyond the contracts, or, negative, left over.
    pub imbalance: NetWh,
    /// Drawn beyond what was estimated before. At the imbalance prices, too: whoever is late could make a
    /// market price of its own, trading with itself in a window in which nobody else does.
    pub true_up: NetWh,
    /// Energy estimated and not yet measured, after this window.
    pub estimated: NetWh,
}

/// Compares a seat's meters with its contracts. `estimated` is the energy that other windows assumed for
/// meters not heard. A window with a missing meter counts as delivered as contracted, so that nobody is
/// punished for a lost packet; once every meter is up to date, what was measured less what was estimated
/// is trued up: for a meter that caught up, this window's contracts included. `None` on overflow.
///
/// Over any windows, settled in any order, Σ (contracts + imbalance + true-up) is what the meters
/// measured plus what is still estimated.
#[inline(always)]
pub fn difference(contract: Contract, metered: Metered, estimated: NetWh) -> Option<Difference> {
    let contracted = contract.net();
    Some(match metered {
        Metered::Measured(net) => Difference {
            imbalance: net.checked_sub(contracted)?,
            // No meter of the seat is behind, so nobody will sign what is left. The window that caught up
            // may have settled before the one that was estimated: kept, its energy would be paid twice.
            true_up: NetWh(0).checked_sub(estimated)?,
            estimated: NetWh(0),
        },
        Metered::CaughtUp(net) => Difference {
            imbalance: NetWh(0),
            true_up: net.checked_sub(contracted)?.checked_sub(estimated)?,
            estimated: NetWh(0),
        },
        Metered::Missing(net) => Difference {
            imbalance: NetWh(0),
            true_up: NetWh(0),
            estimated: estimated.checked_add(contracted.checked_sub(net)?)?,
        },
    })
}

impl Difference {
    /// What the seat pays the supplier, or, below zero, receives, for the difference at the window's imbalance prices.
    /// `None` on overflow.
    #[inline(always)]
    pub fn payment(&self, tariff: Tariff) -> Option<NetMilliAtoms> {
        payment(self.imbalance, tariff)?.checked_add(payment(self.true_up, tariff)?)
    }
}

/// [`difference`] and [`Difference::payment`] in one, for a window in which all of the seat's meters were
/// heard and nothing is estimated: what the meters say beyond the contracts, at the imbalance prices. Nearly
/// every seat in nearly every window takes this short way. `None` if the energy does not fit 32 bits: the long
/// way then has an answer.
#[inline(always)]
pub fn ordinary_payment(
    contract: Contract,
    import: Wh,
    export: Wh,
    tariff: Tariff,
) -> Option<NetMilliAtoms> {
    // Of four numbers of 32 bits: it fits.
    let energy = NetWh::between(import, export)
        .0
        .wrapping_sub(contract.net().0);
    let (size, price) = if energy > 0 {
        (energy, tariff.short)
    } else {
        (energy.wrapping_neg(), tariff.long)
    };
    let worth = Wh(u32::try_from(size).ok()?) * price;
    Some(signed(energy, worth))
}

fn payment(energy: NetWh, tariff: Tariff) -> Option<NetMilliAtoms> {
    let price = if energy.0 > 0 {
        tariff.short
    } else {
        tariff.long
    };
    energy
        .magnitude()
        .value(price)
        .map(|worth| signed(energy.0, worth))
}

/// What energy of this worth costs that was drawn, or, below zero, left over.
#[inline(always)]
fn signed(energy: i64, worth: NetMilliAtoms) -> NetMilliAtoms {
    if energy > 0 {
        worth
    } else {
        // Fits: no product of energy and price is −2⁶³.
        NetMilliAtoms(worth.0.wrapping_neg())
    }
}

/// What a position is a contract for.
#[inline(always)]
pub fn contract_of(position: &Position) -> Contract {
    Contract {
        bought: Wh(position.bought),
        sold: Wh(position.sold),
    }
}

/// What was heard of a position's meters.
pub fn metered_of(position: &Position) -> Metered {
    let net = NetWh::between(Wh(position.imported), Wh(position.exported));
    if position.has(PositionFlags::ASSUMED) {
        Metered::Missing(net)
    } else if position.has(PositionFlags::CAUGHT_UP) {
        Metered::CaughtUp(net)
    } else {
        Metered::Measured(net)
    }
}
