use anchor_lang::prelude::*;
use joulebook_common::{accounts, stored::pubkey, Addressed};
use joulebook_layout::{
    market::{Position, PositionFlags, Transition},
    oracle::{IntervalEntry, Quality},
};
use oracle::state::IntervalView;

use crate::{
    errors::MarketError,
    events::WindowMetered,
    oracle_calls::release_interval,
    state::{is_due, load_window, Interval, Market, MeterTable, Window},
};

#[accounts]
pub struct Meter<'info> {
    #[account(constraint = market.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = window.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub window: AccountLoader<'info, Window>,
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// The oracle's interval of the window.
    #[account(mut, constraint = interval.load()?.meter_table == meter_table.address() @ MarketError::WrongInterval)]
    pub interval: AccountLoader<'info, Interval>,
    pub oracle_program: Program<'info, oracle::program::Oracle>,
}

pub fn meter(ctx: Context<Meter>) -> Result<()> {
    let accounts = &ctx.accounts;
    let was_opened = {
        let mut window_data = accounts.window.as_ref().try_borrow_mut_data()?;
        let window = load_window(&mut window_data)?;
        let mut interval_data = accounts.interval.as_ref().try_borrow_mut_data()?;
        let interval = IntervalView::load(&mut interval_data)?;
        let header = window.header;
        if !is_due(header, Transition::Meter)? {
            return Ok(());
        }
        require!(
            interval.header.slot == header.interval_slot,
            MarketError::WrongInterval
        );
        require!(
            interval.header.start >= header.start,
            MarketError::IntervalNotOpened
        );
        // A later interval has the slot: this one was never opened, and no reading counted in it.
        let was_opened = interval.header.start == header.start;
        let all_heard = was_opened && interval.header.heard >= interval.header.expected;
        let due = if all_heard {
            header.end
        } else {
            header.settle_by
        };
        require!(
            Clock::get()?.unix_timestamp >= due,
            MarketError::TooEarlyToMeter
        );

        header.finish(Transition::Meter);
        if was_opened {
            add_up(window.positions, interval.entries);
        } else {
            for position in window.positions.iter_mut() {
                position.mark(PositionFlags::UNREAD);
            }
        }
        emit!(WindowMetered {
            market: pubkey(header.market),
            window: header.start,
            expected: if was_opened {
                interval.header.expected
            } else {
                0
            },
            heard: if was_opened { interval.header.heard } else { 0 },
        });
        was_opened
    };
    if was_opened {
        release_interval(
            &accounts.market,
            &accounts.meter_table,
            &accounts.interval,
            &accounts.oracle_program,
        )?;
    }
    Ok(())
}

/// Adds the meters' energy to the positions of their owners.
#[inline(never)]
fn add_up(positions: &mut [Position], entries: &[IntervalEntry]) {
    for entry in entries {
        // A meter whose owner has no place in this market is not settled here.
        let Some(position) = positions.get_mut(usize::from(entry.participant)) else {
            continue;
        };
        if entry.quality == Quality::Measured as u8 {
            position.mark(PositionFlags::METERED);
        } else if entry.quality == Quality::NotExpected as u8 {
            continue;
        } else {
            position.mark(unusual(entry.quality));
        }
        let import = u64::from(position.imported).wrapping_add(entry.import.into());
        let export = u64::from(position.exported).wrapping_add(entry.export.into());
        (position.imported, position.exported) = if (import | export) >> 32 == 0 {
            (import as u32, export as u32)
        } else {
            limited(import, export)
        };
    }
}

/// What a meter marks its owner's position with if it was missing or caught up. Apart from the loop, as
/// [`limited`] is: what happens seldom must not cost every meter.
#[cold]
#[inline(never)]
fn unusual(quality: u8) -> PositionFlags {
    if quality == Quality::CaughtUp as u8 {
        PositionFlags::METERED.union(PositionFlags::CAUGHT_UP)
    } else {
        PositionFlags::ESTIMATED
    }
}

/// Import and export, Wh. Sixteen meters of a participant fit 32 bits by the oracle's limit; a seventeenth, registered while one
/// of them was being retired, must not hold up the window.
#[cold]
#[inline(never)]
fn limited(import: u64, export: u64) -> (u32, u32) {
    let limit = |energy: u64| energy.min(u32::MAX.into()) as u32;
    (limit(import), limit(export))
}
