use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, Addressed};
use joulebook_layout::market;

use crate::{
    errors::MarketError,
    events::TermsChanged,
    rules::{begin_terms, require_supplier, validate_terms, Sizes},
    state::{Community, Ledger, LedgerView, Market, MarketTerms},
};

#[accounts]
pub struct SetTerms<'info> {
    pub authority: Signer<'info>,
    /// Owner of the seat of the supplier that the prices are for; left out where the calendar of the tariff stays.
    pub supplier: Option<Signer<'info>>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn set_terms(ctx: Context<SetTerms>, terms: MarketTerms) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    validate_terms(&terms, &Sizes::from(&**market))?;

    let now = now()?.0;
    // Local time and holidays say which of the prices a window has that the supplier has signed.
    let calendar = |terms: &market::MarketTerms| (terms.utc_offset, terms.holidays);
    let is_put_off = market.planned_terms_from > now
        && calendar(&market.terms) != calendar(&market.planned_terms);
    if is_put_off || calendar(&terms) != calendar(&market.planned_terms) {
        let supplier = accounts.supplier.as_ref();
        let supplier = supplier.ok_or(MarketError::NotSupplier)?.address();
        let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
        require_supplier(&mut LedgerView::load(&mut data)?, supplier)?;
    }
    begin_terms(&mut market, now);
    market.planned_terms = *terms;
    emit_numbered!(
        &mut market,
        TermsChanged {
            market: accounts.market.key(),
            from: market.planned_terms_from,
            terms,
        }
    );
    Ok(())
}
