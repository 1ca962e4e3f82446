use anchor_lang::prelude::*;
use registry::state::Community;

use super::require_authority;
use crate::{
    errors::MarketError,
    events::TariffChanged,
    state::{Market, TariffEntry},
};

#[derive(Accounts)]
pub struct SetTariff<'info> {
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
}

pub fn set_tariff(
    ctx: Context<SetTariff>,
    working_day: bool,
    first_half_hour: u8,
    entries: Vec<TariffEntry>,
) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_authority(&accounts.community, &market, &accounts.authority)?;
    let [working, free] = &mut market.tariffs;
    let day = if working_day { working } else { free };
    let first = usize::from(first_half_hour);
    let slots = day
        .half_hours
        .get_mut(first..first.saturating_add(entries.len()))
        .filter(|slots| !slots.is_empty())
        .ok_or(MarketError::TariffRange)?;
    entries.iter().try_for_each(TariffEntry::validate)?;

    slots.copy_from_slice(&entries);
    emit!(TariffChanged {
        market: accounts.market.key(),
        working_day,
        first_half_hour,
        entries,
    });
    Ok(())
}
