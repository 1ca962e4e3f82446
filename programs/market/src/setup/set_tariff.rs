use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::MarketError,
    events::TariffChanged,
    rules::validate_tariff,
    state::{Community, ImbalancePrices, Market},
};

#[accounts]
pub struct SetTariff<'info> {
    pub authority: Signer<'info>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
}

pub fn set_tariff(
    ctx: Context<SetTariff>,
    working_day: bool,
    first_half_hour: u8,
    entries: Vec<ImbalancePrices>,
) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    let [working, free] = &mut market.tariffs;
    let day = if working_day { working } else { free };
    let first = usize::from(first_half_hour);
    let slots = day
        .half_hours
        .get_mut(first..first.saturating_add(entries.len()))
        .filter(|slots| !slots.is_empty())
        .ok_or(MarketError::TariffRangeInvalid)?;
    entries.iter().try_for_each(validate_tariff)?;

    for (slot, entry) in slots.iter_mut().zip(&entries) {
        *slot = **entry;
    }
    emit!(TariffChanged {
        market: accounts.market.key(),
        working_day,
        first_half_hour,
        entries,
    });
    Ok(())
}
