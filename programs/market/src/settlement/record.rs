use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::stored::pubkey;
use joulebook_layout::market::{HistoryRecord, Transition, WindowRows};
use joulebook_settlement::Terms;
use joulebook_units::{Price, Seconds, UnixTime, WhSum};

use crate::{
    errors::MarketError,
    events::WindowRecorded,
    state::{HistoryView, LedgerView},
};

/// The last step: fees to their places, the record into the history.
pub fn finish(
    window: &mut WindowRows,
    ledger: &mut LedgerView,
    history: HistoryView,
) -> Result<(), MarketError> {
    let header = &mut *window.header;
    let node = window.nodes.first().ok_or(MarketError::NoSuchNode)?;
    let terms = Terms::from(&*header);
    let volume = WhSum(node.volume);
    let value = |price: Price| volume.value(price).ok_or(MarketError::Overflow);
    let grid_fees = value(terms.grid_fee)?.paid().0;
    let market_fees = value(terms.market_fee(Price(node.price)))?.paid().0;
    ledger.header.escrow = ledger
        .header
        .escrow
        .checked_sub(grid_fees)
        .and_then(|rest| rest.checked_sub(market_fees))
        .ok_or(MarketError::Broken)?;
    ledger.credit(header.grid_operator, grid_fees)?;
    ledger.header.fees = ledger
        .header
        .fees
        .checked_add(market_fees)
        .ok_or(MarketError::Overflow)?;

    let length = Seconds(header.end.saturating_sub(header.start));
    let record = UnixTime(header.start)
        .ring_slot(length, history.header.capacity)
        .and_then(|slot| history.records.get_mut(usize::from(slot)))
        .ok_or(MarketError::Broken)?;
    let new = HistoryRecord {
        start: header.start,
        volume: node.volume,
        imported: header.imported,
        exported: header.exported,
        price: node.price,
        short: header.short,
        long: header.long,
        low: node.low,
        high: node.high,
        orders: header.live_orders,
        estimated: header.estimated_seats,
        reserved: 0,
    };
    // A window that was settled late does not push out a later one.
    if record.start <= new.start {
        *record = new;
    }
    history.header.windows = history.header.windows.saturating_add(1);
    history.header.volume = history.header.volume.saturating_add(node.volume);
    header.finish(Transition::Settle);
    emit!(WindowRecorded {
        market: pubkey(header.market),
        window: header.start,
        volume: node.volume,
        imported: header.imported,
        exported: header.exported,
        grid_fees,
        market_fees,
        estimated_seats: header.estimated_seats,
    });
    Ok(())
}
