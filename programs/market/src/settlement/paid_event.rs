use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;
use joulebook_layout::market::Ledger;

use crate::{
    events::{ClaimsPaid, DebtsPaid, OwingSetOff},
    state::Paid,
};

/// Reports what was paid of all debts and claims, and what was set off.
pub fn report_paid(ledger: &mut Ledger, market: Pubkey, paid: &Paid) {
    report_set_off(ledger, market, paid.set_off);
    if paid.debts > 0 {
        emit_numbered!(
            ledger,
            DebtsPaid {
                market,
                amount: paid.debts,
            }
        );
    }
    if paid.claims > 0 {
        let left = ledger.claims();
        emit_numbered!(
            ledger,
            ClaimsPaid {
                market,
                amount: paid.claims,
                left,
            }
        );
    }
}

/// Reports what was set off, milli-atoms; nothing if that is nothing.
pub fn report_set_off(ledger: &mut Ledger, market: Pubkey, amount: u64) {
    if amount > 0 {
        emit_numbered!(ledger, OwingSetOff { market, amount });
    }
}
