use serde::Serialize;
use utoipa::ToSchema;

use super::{super::money::EnergyPrice, is_final};
use crate::{
    rows::{OrderRow, WindowRow},
    store::{At, MarketRecord},
};

/// A market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MarketItem {
    pub address: String,
    pub community: String,
    /// The community's.
    pub name: String,
    pub meter_table: String,
    /// Of its token.
    pub mint: String,
    /// 10^decimals atoms are a token.
    pub decimals: u8,
    /// Length of a window.
    pub window_seconds: i64,
    /// Windows of a page.
    pub page_windows: i64,
    /// Pages that the chain keeps.
    pub pages: i64,
    /// That was read last.
    pub slot: Option<i64>,
    /// The chain's clock then, unix seconds.
    pub time: Option<i64>,
    /// What was read up to this slot can't be taken back any more.
    pub final_slot: Option<i64>,
}

impl From<MarketRecord> for MarketItem {
    fn from(record: MarketRecord) -> MarketItem {
        MarketItem {
            address: record.address,
            community: record.community,
            name: record.name,
            meter_table: record.meter_table,
            mint: record.mint,
            decimals: record.decimals,
            window_seconds: record.window_seconds,
            page_windows: record.page_windows,
            pages: record.pages,
            slot: record.slot,
            time: record.time,
            final_slot: record.final_slot,
        }
    }
}

/// A window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WindowItem {
    /// Unix seconds.
    pub start: i64,
    /// `unopened`, `open`, `cleared` or `allocated`.
    pub phase: String,
    /// What everybody pays; null if nothing was traded.
    pub price: Option<EnergyPrice>,
    /// Traded, Wh.
    pub volume_wh: i64,
    /// For energy beyond contracts.
    pub retail_price: EnergyPrice,
    /// For energy left over.
    pub feed_in_tariff: EnergyPrice,
    /// On bought energy; null where the history alone tells of the window.
    pub grid_fee: Option<EnergyPrice>,
    /// On bought energy; null until the window is allocated.
    pub market_fee: Option<EnergyPrice>,
    /// Allocated.
    pub orders: i64,
    /// Seat of the supplier, with whom deviations are settled; null where the history alone tells of the window.
    pub supplier: Option<i64>,
    /// Whether the cluster can't take it back any more.
    pub is_certain: bool,
}

impl WindowItem {
    pub fn new(market: &MarketRecord, At { row, slot }: At<WindowRow>) -> WindowItem {
        let price = |atoms| EnergyPrice::new(atoms, market.decimals);
        WindowItem {
            start: row.start,
            phase: row.phase,
            price: row.price.map(price),
            volume_wh: row.volume,
            retail_price: price(row.short),
            feed_in_tariff: price(row.long),
            grid_fee: row.grid_fee.map(price),
            market_fee: row.market_fee.map(price),
            orders: row.orders,
            supplier: row.supplier,
            is_certain: is_final(market, slot),
        }
    }
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderItem {
    /// Its place in the book.
    pub place: i64,
    /// How often the place was used before.
    pub sequence: i64,
    pub seat: i64,
    /// `buy` or `sell`.
    pub side: String,
    /// On the window's price grid.
    pub tick: i64,
    /// Its limit; null where an event alone told of the order.
    pub limit: Option<EnergyPrice>,
    pub quantity_wh: i64,
    /// Once allocated.
    pub filled_wh: i64,
    pub client_id: i64,
    /// Whether it is a standing order that the seat's owner entered.
    pub is_owners: bool,
    /// `open`, `allocated`, `cancelled`, or `unknown` where its window went by unseen.
    pub state: String,
}

impl OrderItem {
    pub fn new(market: &MarketRecord, row: OrderRow) -> OrderItem {
        OrderItem {
            place: row.place,
            sequence: row.sequence,
            seat: row.seat,
            side: row.side,
            tick: row.tick,
            limit: row
                .price
                .map(|atoms| EnergyPrice::new(atoms, market.decimals)),
            quantity_wh: row.quantity,
            filled_wh: row.filled,
            client_id: row.client_id,
            is_owners: row.is_owners,
            state: row.state,
        }
    }
}

/// Prices and volume of some windows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PricesItem {
    /// Of the first window, unix seconds.
    pub start: i64,
    pub windows: i64,
    /// Of these, those with a trade.
    pub windows_traded: i64,
    pub volume_wh: i64,
    /// Mean by volume, rounded down to an atom; null if nothing was traded.
    pub price: Option<EnergyPrice>,
    pub lowest: Option<EnergyPrice>,
    pub highest: Option<EnergyPrice>,
}
