use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, stored::pubkey, Addressed};

use super::*;
use crate::{errors::MarketError, events::Released};

#[accounts]
pub struct Release<'info> {
    /// The admitted program's address with the seeds `["joulebook", market]`.
    #[account(constraint = held.admission.load()?.signer == program_signer.address() @ MarketError::NotProgram)]
    pub program_signer: Signer<'info>,
    pub held: HeldMoney<'info>,
}

pub fn release(ctx: Context<Release>, amount: u64) -> Result<()> {
    let held = &ctx.accounts.held;
    require!(amount > 0, MarketError::ZeroAmount);
    let seat = held.hold.load()?.seat;
    let debt_paid = held.move_to(seat, amount)?;
    emit_numbered!(
        &mut *held.ledger.load_mut()?,
        Released {
            market: held.market.key(),
            program: pubkey(held.admission.load()?.program),
            seat,
            amount,
            debt_paid,
        }
    );
    Ok(())
}
