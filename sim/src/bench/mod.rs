//! Compute units of the programs' operations: what they should take, and what they do. Each is what the
//! program itself consumed, as the virtual machine logs it; `clear_and_allocate_4096` and `village_window` are whole
//! transactions.

mod auction;
mod community;
mod figures;
mod orders;
mod pages;
mod profiles;
mod settlement;
mod standing;
mod village;

use joulebook_client::{layout::market::NewOrder, market::MARKET_ID};

pub use community::week;
pub use figures::{Figures, Operation, OPERATIONS};

use crate::{Failure, LocalCommunity, Parameters, Receipt};

const TICKS: u16 = 4096;
const ORDERS: u16 = 4096;
const ORDERS_PER_SEAT: u16 = 128;

/// Measures everything on the programs in `target/deploy`.
///
/// # Errors
/// What is missing, or what the chain refused.
pub fn measure() -> Result<Figures, String> {
    let orders = orders::measure()?;
    let auction = auction::measure()?;
    let settlement = settlement::measure()?;
    let village = village::measure()?;
    Ok(Figures {
        place_first: orders.place_first,
        place_next: orders.place_next,
        standing_next: standing::next()?,
        cancel_first: orders.cancel_first,
        cancel_next: orders.cancel_next,
        clear_4096_ticks: auction.clear,
        allocate_per_order: auction.allocate_per_order,
        clear_and_allocate_4096: auction.clear_and_allocate,
        reading_each: settlement.reading_each,
        profile_value_ed25519: profiles::value_ed25519()?,
        profile_value_p256: profiles::value_p256()?,
        settle_per_position: settlement.settle_per_position,
        finish_per_position: pages::finish_per_position()?,
        open_page: village.open_page,
        village_window: village.window,
        village_window_bytes: village.window_bytes,
        lamports_per_household_month: week()?.lamports_per_household_month,
    })
}

/// Windows of five minutes that open five minutes ahead.
fn large_community() -> Parameters {
    let mut parameters = Parameters {
        books: 4,
        seats: 64,
        orders: ORDERS,
        ticks: TICKS,
        max_orders_per_seat: ORDERS_PER_SEAT,
        ..Parameters::default()
    };
    parameters.terms.horizon = 300;
    parameters.terms.metering_grace = 300;
    parameters.terms.floor_price = 0;
    parameters.terms.tick_size = 100;
    parameters
}

/// The start of the first page in which meters that are registered now are in service.
fn next_page(community: &LocalCommunity) -> i64 {
    let page = page_length(&community.parameters);
    (community.chain.now().div_euclid(page) + 1) * page
}

/// Opens the second window of the next page, in which all meters are in service; its start. The first one can't be traded any
/// more.
fn open_window(community: &mut LocalCommunity) -> Result<i64, String> {
    let page = next_page(community);
    community.chain.set_time(page);
    let start = page + community.window_length();
    community.open_window(start).map_err(explain)?;
    Ok(start)
}

fn page_length(parameters: &Parameters) -> i64 {
    i64::from(parameters.window_seconds) * i64::from(parameters.page_windows)
}

/// Of the last of the market program's instructions.
fn units(receipt: &Receipt) -> Result<u64, String> {
    let units = receipt.units_of(&MARKET_ID);
    units
        .last()
        .copied()
        .ok_or("no market instruction".to_string())
}

fn order(side: u8, tick: u16, quantity: u32) -> NewOrder {
    NewOrder {
        quantity,
        tick,
        side,
        ..NewOrder::default()
    }
}

fn explain(failure: Failure) -> String {
    failure.to_string()
}
