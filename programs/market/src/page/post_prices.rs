use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, Addressed};
use joulebook_layout::market::WindowStatus;

use crate::{
    errors::MarketError,
    events::PricesPosted,
    rules::{notice_over, PriceBounds},
    state::{load_page, Ledger, LedgerView, Market, Page, WindowPrices},
};

#[accounts]
pub struct PostPrices<'info> {
    /// Owner of the supplier's seat, or its delegate.
    pub supplier: Signer<'info>,
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut, constraint = page.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub page: AccountLoader<'info, Page>,
}

pub fn post_prices(
    ctx: Context<PostPrices>,
    first_window: u16,
    prices: Vec<WindowPrices>,
) -> Result<()> {
    let accounts = ctx.accounts;
    let market = accounts.market.load()?;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    let mut data = accounts.page.as_ref().try_borrow_mut_data()?;
    let page = load_page(&mut data)?;
    let range = usize::from(first_window)..usize::from(first_window).saturating_add(prices.len());
    let windows = page
        .windows
        .get_mut(range)
        .filter(|windows| !windows.is_empty())
        .ok_or(MarketError::WrongPage)?;
    let first = windows.first().ok_or(MarketError::WrongPage)?;
    let is_supplier = ledger
        .open_seat(first.supplier)?
        .trades_for(&accounts.supplier.address());
    require!(is_supplier, MarketError::NotSupplier);
    let start = page
        .header
        .end_of(first_window)
        .saturating_sub(market.window_length().0);
    let notice_over = notice_over(&market, now()?.0);
    // Each further window starts later.
    require!(start >= notice_over, MarketError::PricesStand);
    let bounds = PriceBounds::from(&**market);
    for (window, new) in windows.iter().zip(&prices) {
        let is_unopened = window.is(WindowStatus::Unopened);
        require!(is_unopened, MarketError::PricesStand);
        bounds.check(new.short, new.long)?;
        bounds.check_grid_fee(new.grid_fee)?;
    }

    for (window, new) in windows.iter_mut().zip(&prices) {
        window.short = new.short;
        window.long = new.long;
        window.grid_fee = new.grid_fee;
    }
    emit_numbered!(
        ledger.header,
        PricesPosted {
            market: accounts.market.key(),
            window: start,
            prices,
        }
    );
    Ok(())
}
