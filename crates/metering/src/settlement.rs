//! What a window costs a seat, and what an order must lock so that contracts are always covered.
//!
//! All amounts are Wh × atoms/kWh, so milli-atoms exactly: the market fee is a whole number of atoms
//! per kWh too, rounded up once per price.

use joulebook_units::{MilliAtoms, NetWh, Price, Wh};

use crate::tariff::Tariff;

pub const BASIS_POINTS: u32 = 10_000;

/// The prices a window settles at, beside its clearing price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub tariff: Tariff,
    /// Local grid fee on bought energy.
    pub grid_fee: Price,
    /// Market fee on the value of bought energy, in basis points; at most [`BASIS_POINTS`].
    pub fee_bps: u16,
}

impl Terms {
    /// The market fee per kWh at `price`: price × fee, rounded up to a whole atom.
    #[inline(always)]
    pub fn market_fee(&self, price: Price) -> Price {
        // Fits: the fee is at most the price.
        Price(self.fee_at(price).min(u64::from(u32::MAX)) as u32)
    }

    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "32 bits times 16, and 14 bits"
    )]
    fn fee_at(&self, price: Price) -> u64 {
        let parts = u64::from(price.0) * u64::from(self.fee_bps);
        (parts + u64::from(BASIS_POINTS - 1)) / u64::from(BASIS_POINTS)
    }

    /// What a buyer pays per kWh all in: price, grid fee and market fee. `None` if that does not fit a
    /// [`Price`].
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "three numbers of 35 bits at most"
    )]
    pub fn all_in(&self, price: Price) -> Option<Price> {
        let sum = u64::from(price.0) + u64::from(self.grid_fee.0) + self.fee_at(price);
        u32::try_from(sum).ok().map(Price)
    }

    /// The most that selling at `price` can cost per kWh: not delivering, and paying the short price
    /// for it.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "two numbers of 32 bits")]
    pub fn shortfall(&self, price: Price) -> Price {
        // As `saturating_sub`, which is twice as dear on chain.
        let shortfall = i64::from(self.tariff.short.0) - i64::from(price.0);
        Price(shortfall.max(0) as u32)
    }

    /// What a buy of `quantity` with limit `limit` locks; `None` on overflow.
    #[inline(always)]
    pub fn buy_lock(&self, quantity: Wh, limit: Price) -> Option<MilliAtoms> {
        Some(quantity * self.all_in(limit)?)
    }

    /// What a sell of `quantity` at `ask` locks.
    #[inline(always)]
    pub fn sell_lock(&self, quantity: Wh, ask: Price) -> MilliAtoms {
        quantity * self.shortfall(ask)
    }
}

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

/// A payment between a seat and the supplier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    pub seat_pays: MilliAtoms,
    pub seat_receives: MilliAtoms,
}

impl Difference {
    /// Money for the difference at the window's imbalance prices; at most what 64 bits hold.
    #[inline(always)]
    pub fn payment(&self, tariff: Tariff) -> Payment {
        let first = payment(self.imbalance, tariff);
        let second = payment(self.true_up, tariff);
        let sum = |a: MilliAtoms, b: MilliAtoms| MilliAtoms(a.0.saturating_add(b.0));
        Payment {
            seat_pays: sum(first.seat_pays, second.seat_pays),
            seat_receives: sum(first.seat_receives, second.seat_receives),
        }
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
) -> Option<Payment> {
    // Of four numbers of 32 bits: it fits.
    let energy = NetWh::between(import, export)
        .0
        .wrapping_sub(contract.net().0);
    let mut payment = Payment::default();
    if energy > 0 {
        payment.seat_pays = Wh(u32::try_from(energy).ok()?) * tariff.short;
    } else {
        payment.seat_receives = Wh(u32::try_from(energy.wrapping_neg()).ok()?) * tariff.long;
    }
    Some(payment)
}

fn payment(energy: NetWh, tariff: Tariff) -> Payment {
    let worth = |price| {
        let value = energy.magnitude().value(price);
        value.unwrap_or(MilliAtoms(u64::MAX))
    };
    let mut payment = Payment::default();
    if energy.0 > 0 {
        payment.seat_pays = worth(tariff.short);
    } else {
        payment.seat_receives = worth(tariff.long);
    }
    payment
}
