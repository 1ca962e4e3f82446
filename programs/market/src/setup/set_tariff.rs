use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, Addressed};

use crate::{
    errors::MarketError,
    events::TariffChanged,
    rules::{begin_tariffs, require_supplier, PriceBounds},
    state::{Community, ImbalancePrices, Ledger, LedgerView, Market},
};

#[accounts]
pub struct SetTariff<'info> {
    pub authority: Signer<'info>,
    /// Owner of the seat of the supplier that the prices are for: nobody sets them without it.
    pub supplier: Signer<'info>,
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

pub fn set_tariff(
    ctx: Context<SetTariff>,
    working_day: bool,
    first_half_hour: u8,
    entries: Vec<ImbalancePrices>,
) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    let now = now()?.0;
    {
        let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
        let mut ledger = LedgerView::load(&mut data)?;
        let supplier = accounts.supplier.address();
        require_supplier(&mut ledger, supplier)?;
    }
    let bounds = PriceBounds::from(&**market);
    entries
        .iter()
        .try_for_each(|entry| bounds.check(entry.short, entry.long))?;
    let first = usize::from(first_half_hour);
    let range = first..first.saturating_add(entries.len());
    let day = usize::from(!working_day);
    let fits = |market: &joulebook_layout::market::Market| {
        let slots = market
            .planned_tariffs
            .get(day)?
            .half_hours
            .get(range.clone())?;
        (!slots.is_empty()).then_some(())
    };
    fits(&market).ok_or(MarketError::TariffRangeInvalid)?;

    begin_tariffs(&mut market, now);
    let slots = market
        .planned_tariffs
        .get_mut(day)
        .and_then(|day| day.half_hours.get_mut(range))
        .ok_or(MarketError::TariffRangeInvalid)?;
    for (slot, entry) in slots.iter_mut().zip(&entries) {
        *slot = **entry;
    }
    emit_numbered!(
        &mut market,
        TariffChanged {
            market: accounts.market.key(),
            from: market.planned_tariffs_from,
            working_day,
            first_half_hour,
            entries,
        }
    );
    Ok(())
}
