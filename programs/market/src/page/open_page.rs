use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, wipe, Addressed};
use joulebook_layout::market::{self, PageWindow};
use joulebook_units::UnixTime;
use oracle::program::Oracle;

use crate::{
    errors::MarketError,
    events::PageOpened,
    oracle_calls,
    rules::tariff_at,
    state::{load_page, IntervalPage, Ledger, Market, MeterTable, Page},
};

#[accounts]
pub struct OpenPage<'info> {
    #[account(mut, constraint = market.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut, constraint = meter_table.load()?.settlement == market.address() @ MarketError::WrongSettlement)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = page.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub page: AccountLoader<'info, Page>,
    /// The oracle's page of the same intervals.
    #[account(mut, constraint = interval_page.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable)]
    pub interval_page: AccountLoader<'info, IntervalPage>,
    pub oracle_program: Program<'info, Oracle>,
}

pub fn open_page(ctx: Context<OpenPage>) -> Result<()> {
    let accounts = ctx.accounts;
    if !accounts.page.load()?.is_final() {
        // Somebody else was faster: what else is in the transaction goes on. Unless it is this slot's turn.
        let market = accounts.market.load()?;
        let next = UnixTime(market.last_page).checked_add(market.page_length());
        let next = next.and_then(|next| next.ring_slot(market.page_length(), market.pages));
        let slot = accounts.page.load()?.slot;
        require!(next != Some(slot), MarketError::SlotBusy);
        return Ok(());
    }
    oracle_calls::open_page(
        &accounts.market,
        &accounts.meter_table,
        &accounts.interval_page,
        &accounts.oracle_program,
    )?;
    let (start, slot) = {
        let opened = accounts.interval_page.load()?;
        (opened.start, opened.slot)
    };
    let mut market = accounts.market.load_mut()?;
    let mut data = accounts.page.as_ref().try_borrow_mut_data()?;
    let page = load_page(&mut data)?;
    let header = page.header;
    require!(header.slot == slot, MarketError::WrongSlot);
    let opens = start
        .saturating_sub(market.terms_at(start).horizon.into())
        .saturating_sub(market.page_length().0);
    let now = now()?.0;
    require!(now >= opens, MarketError::TooEarlyToOpen);
    require!(start < market.ends_at, MarketError::MarketEnded);
    // Where nobody was there for so long that pages are left out, what was before them is final first: rows of meters may
    // be taken again from here on.
    let follows = market.last_page.saturating_add(market.page_length().0) == start;
    let is_first = market.last_page == market::Page::NEVER;
    let mut ledger = accounts.ledger.load_mut()?;
    require!(
        follows || is_first || market.last_page == ledger.last_final,
        MarketError::EarlierUnfinished
    );

    header.start = start;
    header.previous = market.last_page;
    let terms = market.terms_at(start);
    header.metering_grace = terms.metering_grace;
    header.draw_after = terms.draw_after;
    header.final_seats = 0;
    header.supplier_place = ledger.place_at(start);
    let supplier = ledger.supplier_mut(header.supplier_place);
    supplier.last_page = start;
    market.last_page = start;
    wipe(page.positions);
    price(page.windows, &market, supplier.seat, start)?;
    emit_numbered!(
        &mut ledger,
        PageOpened {
            market: accounts.market.key(),
            page: start,
            slot,
        }
    );
    Ok(())
}

/// Writes every window's prices.
fn price(
    windows: &mut [PageWindow],
    market: &market::Market,
    supplier: u16,
    start: i64,
) -> Result<()> {
    let mut start = UnixTime(start);
    for window in windows {
        let tariff = tariff_at(market, start).ok_or(MarketError::Overflow)?;
        *window = PageWindow {
            short: tariff.short.0,
            long: tariff.long.0,
            grid_fee: market.terms_at(start.0).grid_fee,
            supplier,
            grid_operator: market.grid_operator,
            ..Default::default()
        };
        let next = start.checked_add(market.window_length());
        start = next.ok_or(MarketError::Overflow)?;
    }
    Ok(())
}
