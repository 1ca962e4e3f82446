use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, stored::pubkey, Addressed};

use super::*;
use crate::{errors::MarketError, events::Captured};

#[accounts]
pub struct Capture<'info> {
    /// The admitted program's address with the seeds `["joulebook", market]`.
    #[account(constraint = held.admission.load()?.signer == program_signer.address() @ MarketError::NotProgram)]
    pub program_signer: Signer<'info>,
    pub held: HeldMoney<'info>,
}

pub fn capture(ctx: Context<Capture>, amount: u64, to_seat: u16) -> Result<()> {
    let held = &ctx.accounts.held;
    require!(amount > 0, MarketError::ZeroAmount);
    let seat = held.hold.load()?.seat;
    require!(seat != to_seat, MarketError::SameSeat);
    let program = {
        let admission = held.admission.load()?;
        let now = now()?.0;
        // The community has sent it away, and an owner may not have come for the money yet.
        require!(!admission.has_ended(now), MarketError::NoticeOver);
        pubkey(admission.program)
    };
    let debt_paid = held.move_to(to_seat, amount)?;
    emit_numbered!(
        &mut *held.ledger.load_mut()?,
        Captured {
            market: held.market.key(),
            program,
            seat,
            to_seat,
            amount,
            debt_paid,
        }
    );
    Ok(())
}
