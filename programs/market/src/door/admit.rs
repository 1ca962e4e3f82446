use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_layout::market::seeds;

use crate::{
    errors::MarketError,
    events::ProgramAdmitted,
    state::{Admission, Community, Market},
};

#[accounts]
pub struct Admit<'info> {
    /// Pays the rent, which comes back when the admission is closed.
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    /// CHECK: nothing is read of it and it is not called. Whoever admits it says what it is.
    #[account(constraint = program.executable @ MarketError::ProgramInvalid)]
    pub program: UncheckedAccount<'info>,
    #[account(
        init,
        payer = authority,
        space = Admission::LEN,
        seeds = [seeds::ADMISSION, market.key().as_ref(), program.key().as_ref()],
        bump
    )]
    pub admission: AccountLoader<'info, Admission>,
    pub system_program: Program<'info, System>,
}

pub fn admit(ctx: Context<Admit>) -> Result<()> {
    let accounts = ctx.accounts;
    let (market, program) = (accounts.market.key(), accounts.program.key());
    let (signer, _) =
        Pubkey::find_program_address(&[seeds::PROGRAM_SIGNER, market.as_ref()], &program);

    let mut admission = accounts.admission.load_init()?;
    admission.market = market.to_bytes().into();
    admission.program = program.to_bytes().into();
    admission.signer = signer.to_bytes().into();
    admission.payer = accounts.authority.address();
    admission.version = Admission::VERSION;
    admission.bump = ctx.bumps.admission;
    emit_numbered!(
        &mut *accounts.market.load_mut()?,
        ProgramAdmitted {
            market,
            program,
            signer,
        }
    );
    Ok(())
}
