use core::result::Result;

use anchor_lang::solana_program::log::sol_log_data;
use bytemuck::{Pod, Zeroable};
use joulebook_layout::{
    market::{Ledger, NodeState, Position, PositionFlags, Seat, Window, WindowRows},
    Address,
};
use joulebook_settlement::{
    difference,
    imbalance::{contract_of, metered_of},
    ordinary_payment, Tariff, Terms,
};
use joulebook_units::{bounded_sum, bounded_total, NetMilliAtoms, NetWh, Price, Wh};

use crate::{
    errors::MarketError,
    events::{discriminator, ClaimIncurred, DebtIncurred},
    state::LedgerView,
};

/// Settles the seats `from..to`, those too that nobody has opened: a meter's energy is settled with its owner's row.
pub fn settle_seats(
    window: &mut WindowRows,
    ledger: &mut LedgerView,
    from: u16,
    to: u16,
) -> Result<(), MarketError> {
    let header = &mut *window.header;
    let price = window.nodes.first().and_then(NodeState::price);
    let price = price.unwrap_or_default();
    let supplier = ledger.row(header.supplier)?.free;
    let mut run =
        Run::new(header, from, price, supplier, ledger.header).ok_or(MarketError::Broken)?;
    let range = usize::from(from)..usize::from(to);
    let positions = window
        .positions
        .get(range.clone())
        .ok_or(MarketError::Broken)?;
    let seats = ledger.seats.get_mut(range).ok_or(MarketError::Broken)?;
    run.settle_all(positions.iter().zip(seats))?;
    let Run {
        supplier,
        escrow,
        claims,
        imported,
        exported,
        estimated_seats,
        ..
    } = run;
    header.imported = imported;
    header.exported = exported;
    header.estimated_seats = estimated_seats;
    ledger.header.escrow = escrow;
    ledger.header.claims = claims;
    ledger.row(header.supplier)?.free = supplier;
    Ok(())
}

/// What goes on from seat to seat. It lies in memory and every seat is settled in a function of its own: in
/// one large function the compiler keeps hardly anything in registers, at twice the cost.
struct Run<'a> {
    window: &'a Window,
    /// 0 if nothing traded.
    price: Price,
    tariff: Tariff,
    /// What a kWh sold goes on locking, see `Terms::shortfall`.
    shortfall: Price,
    /// What a kWh bought goes on locking, see `Terms::surplus`.
    surplus: Price,
    /// The seat being settled.
    index: u16,
    estimated_seats: u16,
    /// The supplier's free money, milli-atoms.
    supplier: u64,
    /// What buyers paid and no seller received yet, milli-atoms.
    escrow: u64,
    /// What the supplier owes to all seats, milli-atoms.
    claims: u64,
    /// Metered energy, Wh: sums of 32-bit numbers, of which 64 bits hold four thousand million.
    imported: u64,
    exported: u64,
}

impl<'a> Run<'a> {
    fn new(
        window: &'a Window,
        index: u16,
        price: Price,
        supplier: u64,
        ledger: &Ledger,
    ) -> Option<Run<'a>> {
        let terms = Terms::from(window);
        Some(Run {
            window,
            price,
            tariff: terms.tariff,
            shortfall: terms.shortfall(price)?,
            surplus: terms.surplus(price)?,
            index,
            estimated_seats: window.estimated_seats,
            supplier,
            escrow: ledger.escrow,
            claims: ledger.claims,
            imported: window.imported,
            exported: window.exported,
        })
    }

    /// Settles seats, the first of which is number `index`.
    #[inline(never)]
    fn settle_all<'s>(
        &mut self,
        seats: impl Iterator<Item = (&'s Position, &'s mut Seat)>,
    ) -> Result<(), MarketError> {
        for (position, seat) in seats {
            if !position.is_empty() {
                if self.index == self.window.supplier {
                    self.settle_supplier(position, seat)?;
                } else {
                    self.settle(position, seat)?;
                }
            }
            self.index = self.index.wrapping_add(1);
        }
        Ok(())
    }

    /// Settles a seat against the supplier.
    #[inline(never)]
    fn settle(&mut self, position: &Position, seat: &mut Seat) -> Result<(), MarketError> {
        if position.is_measured() && seat.estimated == 0 {
            let contract = contract_of(position);
            let (imported, exported) = (Wh(position.imported), Wh(position.exported));
            let payment = ordinary_payment(contract, imported, exported, self.tariff);
            if let Some(payment) = payment {
                return self.finish(position, seat, payment);
            }
        }
        self.settle_with_estimates(position, seat)
    }

    #[inline(never)]
    fn settle_with_estimates(
        &mut self,
        position: &Position,
        seat: &mut Seat,
    ) -> Result<(), MarketError> {
        let estimated = NetWh(seat.estimated);
        let difference = difference(contract_of(position), metered_of(position), estimated);
        let difference = difference.ok_or(MarketError::Overflow)?;
        let payment = difference.payment(self.tariff);
        self.finish(position, seat, payment.ok_or(MarketError::Overflow)?)?;
        seat.estimated = difference.estimated.0;
        Ok(())
    }

    #[inline(always)]
    fn finish(
        &mut self,
        position: &Position,
        seat: &mut Seat,
        payment: NetMilliAtoms,
    ) -> Result<(), MarketError> {
        self.receive(seat, payment.received().0)?;
        self.count(position, seat);
        self.deliver(position, seat)?;
        let pays = payment.paid().0;
        // A debt has no bound as money has: it stays at the most that can be written.
        let due = seat.debt.saturating_add(pays);
        if due > 0 {
            self.pay(seat, due)?;
        }
        Ok(())
    }

    /// Settles the supplier's seat: its own imbalance would be paid to itself.
    #[inline(never)]
    fn settle_supplier(&mut self, position: &Position, seat: &mut Seat) -> Result<(), MarketError> {
        seat.free = self.supplier;
        self.count(position, seat);
        self.deliver(position, seat)?;
        self.supplier = seat.free;
        Ok(())
    }

    /// The supplier pays for energy left over.
    #[inline(always)]
    fn receive(&mut self, seat: &mut Seat, amount: u64) -> Result<(), MarketError> {
        if amount > 0 {
            let Some(supplier) = self.supplier.checked_sub(amount) else {
                return self.receive_what_there_is(seat, amount);
            };
            self.supplier = supplier;
            seat.free = bounded_sum(seat.free, amount).ok_or(MarketError::Overflow)?;
        }
        Ok(())
    }

    /// What the supplier can't pay is taken off the seat's debt, and then becomes its claim: nobody waits for it.
    #[cold]
    #[inline(never)]
    fn receive_what_there_is(&mut self, seat: &mut Seat, amount: u64) -> Result<(), MarketError> {
        let offset = amount.min(seat.debt);
        let due = amount.wrapping_sub(offset);
        let paid = due.min(self.supplier);
        let claim = due.wrapping_sub(paid);
        let claims = self.claims.checked_add(claim);
        let free = seat.free.checked_add(paid);
        (self.claims, seat.free) = claims.zip(free).ok_or(MarketError::Overflow)?;
        seat.debt = seat.debt.wrapping_sub(offset);
        // Fits: it is part of the sum.
        seat.claim = seat.claim.wrapping_add(claim);
        self.supplier = self.supplier.wrapping_sub(paid);
        if claim > 0 {
            self.log_claim(claim);
        }
        Ok(())
    }

    /// The seat pays for energy drawn; what it can't pay becomes or stays debt.
    #[inline(always)]
    fn pay(&mut self, seat: &mut Seat, due: u64) -> Result<(), MarketError> {
        let due = if seat.claim == 0 {
            due
        } else {
            self.offset(seat, due)
        };
        let paid = due.min(seat.free);
        self.supplier = bounded_sum(self.supplier, paid).ok_or(MarketError::Overflow)?;
        seat.free = seat.free.wrapping_sub(paid);
        let debt = due.wrapping_sub(paid);
        if debt > seat.debt {
            self.log_debt(debt.wrapping_sub(seat.debt));
        }
        seat.debt = debt;
        Ok(())
    }

    /// Takes what a seat must pay off what the supplier owes it; what is still to be paid.
    #[cold]
    #[inline(never)]
    fn offset(&mut self, seat: &mut Seat, due: u64) -> u64 {
        let offset = due.min(seat.claim);
        seat.claim = seat.claim.wrapping_sub(offset);
        // Part of the sum.
        self.claims = self.claims.wrapping_sub(offset);
        due.wrapping_sub(offset)
    }

    /// Ends the seat's contracts: what they earn comes out of the escrow, what they locked is free. A sell earns at a
    /// price above zero, a buy below.
    #[inline(always)]
    fn deliver(&mut self, position: &Position, seat: &mut Seat) -> Result<(), MarketError> {
        let (bought, sold) = (Wh(position.bought), Wh(position.sold));
        let earning = if self.price > Price::ZERO {
            sold
        } else {
            bought
        };
        let income = (earning * self.price).magnitude().0;
        let unlocked = bounded_sum(
            (sold * self.shortfall).paid().0,
            (bought * self.surplus).paid().0,
        );
        let unlocked = unlocked.ok_or(MarketError::Overflow)?;
        if income | unlocked != 0 {
            let escrow = self.escrow.checked_sub(income);
            let locked = seat.locked.checked_sub(unlocked);
            (self.escrow, seat.locked) = escrow.zip(locked).ok_or(MarketError::Broken)?;
            seat.free =
                bounded_total([seat.free, income, unlocked]).ok_or(MarketError::Overflow)?;
        }
        Ok(())
    }

    /// Counts the window in the totals, which are sums of 32-bit numbers: they can't overflow.
    #[inline(always)]
    fn count(&mut self, position: &Position, seat: &mut Seat) {
        let (imported, exported) = (position.imported.into(), position.exported.into());
        self.imported = self.imported.wrapping_add(imported);
        self.exported = self.exported.wrapping_add(exported);
        seat.imported = seat.imported.wrapping_add(imported);
        seat.exported = seat.exported.wrapping_add(exported);
        if position.orders > 0 {
            seat.engaged = seat.engaged.saturating_sub(1);
            seat.bought = seat.bought.wrapping_add(position.bought.into());
            seat.sold = seat.sold.wrapping_add(position.sold.into());
        }
        if !position.has(PositionFlags::ASSUMED) {
            seat.estimated_windows = 0;
        } else if position.has(PositionFlags::ESTIMATED) {
            seat.estimated_windows = seat.estimated_windows.saturating_add(1);
            self.estimated_seats = self.estimated_seats.saturating_add(1);
        }
    }

    #[cold]
    #[inline(never)]
    fn log_debt(&self, amount: u64) {
        self.log(discriminator::<DebtIncurred>(), amount);
    }

    #[cold]
    #[inline(never)]
    fn log_claim(&self, amount: u64) {
        self.log(discriminator::<ClaimIncurred>(), amount);
    }

    fn log(&self, discriminator: [u8; 8], amount: u64) {
        let owed = Owed {
            discriminator,
            market: self.window.market,
            window: self.window.start,
            seat: self.index,
            amount,
        };
        sol_log_data(&[bytemuck::bytes_of(&owed)]);
    }
}

/// The bytes of a [`DebtIncurred`] or a [`ClaimIncurred`], on the stack: there may be one for every seat, and what borsh
/// takes from the heap is not given back.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, packed)]
struct Owed {
    discriminator: [u8; 8],
    market: Address,
    window: i64,
    seat: u16,
    amount: u64,
}
