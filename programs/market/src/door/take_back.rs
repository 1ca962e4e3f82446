use anchor_lang::prelude::*;
use joulebook_common::{clock::now, emit_numbered, stored::pubkey};

use super::*;
use crate::{errors::MarketError, events::TakenBack};

/// Anyone may: the money can go nowhere but to its own seat any more, and there it would keep neither the admission
/// nor a market that has ended from being closed.
pub fn take_back(ctx: Context<HeldMoney>) -> Result<()> {
    let held = ctx.accounts;
    let program = {
        let admission = held.admission.load()?;
        require!(admission.is_retired(), MarketError::NotRetired);
        let now = now()?.0;
        require!(admission.has_ended(now), MarketError::NoticeNotOver);
        pubkey(admission.program)
    };
    let (seat, amount) = {
        let hold = held.hold.load()?;
        (hold.seat, hold.amount)
    };
    if amount == 0 {
        return Ok(());
    }
    let debt_paid = held.move_to(seat, amount)?;
    emit_numbered!(
        &mut *held.ledger.load_mut()?,
        TakenBack {
            market: held.market.key(),
            program,
            seat,
            amount,
            debt_paid,
        }
    );
    Ok(())
}
