//! What is answered.

use serde::Serialize;
use utoipa::ToSchema;

use super::money::{EnergyPrice, Money};
use crate::{
    bill::{Bill, Sources},
    rows::{GapRow, MeterRow, MovementRow, OrderRow, PositionRow, ReadingRow, SeatRow, WindowRow},
    store::{At, MarketRecord},
};

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct List<T: ToSchema> {
    pub items: Vec<T>,
    /// Ask for more with this as `after`; null at the end.
    pub next: Option<String>,
}

impl<T: ToSchema> List<T> {
    /// Of so many items that were asked for; `key` says what an item is found again by.
    pub fn new(items: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> List<T> {
        let is_full = i64::try_from(items.len()).is_ok_and(|count| count >= limit);
        let next = items.last().filter(|_| is_full).map(key);
        List { items, next }
    }
}

/// Whether the cluster could still take back what is told.
fn is_final(market: &MarketRecord, slot: i64) -> bool {
    market.final_slot.is_some_and(|last| slot <= last)
}

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
            limit: row.price.map(|atoms| EnergyPrice::new(atoms, market.decimals)),
            quantity_wh: row.quantity,
            filled_wh: row.filled,
            client_id: row.client_id,
            is_owners: row.is_owners,
            state: row.state,
        }
    }
}

/// A position: what a seat has in a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PositionItem {
    /// Of the window, unix seconds.
    pub start: i64,
    pub seat: i64,
    pub bought_wh: i64,
    pub sold_wh: i64,
    /// What its contracts earn.
    pub earns: Money,
    /// Until its meters confirm its contracts.
    pub locked: Money,
    /// To the supplier for its imbalance so far; below zero, received.
    pub paid: Money,
    /// Whether all its meters were heard, or never will be.
    pub is_confirmed: bool,
    /// Whether no value changes it any more.
    pub is_final: bool,
    /// Of its meters that have a value.
    pub import_wh: i64,
    /// Likewise.
    pub export_wh: i64,
    /// In service.
    pub meters: i64,
    /// Of these, those without a value.
    pub meters_missing: i64,
    /// Whether the cluster can't take it back any more.
    pub is_certain: bool,
}

impl PositionItem {
    pub fn new(market: &MarketRecord, At { row, slot }: At<PositionRow>) -> PositionItem {
        let money = |amount: i64| Money::new(amount.into(), market.decimals);
        PositionItem {
            start: row.start,
            seat: row.seat,
            bought_wh: row.bought,
            sold_wh: row.sold,
            earns: money(row.earns),
            locked: money(row.locked),
            paid: money(row.paid),
            is_confirmed: row.is_confirmed,
            is_final: row.is_final,
            import_wh: row.import,
            export_wh: row.export,
            meters: row.meters,
            meters_missing: row.missing,
            is_certain: is_final(market, slot),
        }
    }
}

/// What a meter moved in an interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadingItem {
    /// Unix seconds.
    pub start: i64,
    /// The meter's number, which is given once.
    pub meter: i64,
    pub import_wh: i64,
    pub export_wh: i64,
    /// `missing`, `gap`, `measured` or `replaced`.
    pub quality: String,
    /// Whether the cluster can't take it back any more.
    pub is_certain: bool,
}

impl ReadingItem {
    pub fn new(market: &MarketRecord, At { row, slot }: At<ReadingRow>) -> ReadingItem {
        ReadingItem {
            start: row.start,
            meter: row.number,
            import_wh: row.import,
            export_wh: row.export,
            quality: row.quality,
            is_certain: is_final(market, slot),
        }
    }
}

/// A seat's money, as it was last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeatItem {
    pub seat: i64,
    /// A wallet's address; null of a seat that nobody opened.
    pub owner: Option<String>,
    /// `unopened`, `open` or `closed`.
    pub state: String,
    pub free: Money,
    pub locked: Money,
    /// For other programs.
    pub held: Money,
    /// To suppliers.
    pub debt: Money,
    /// On suppliers.
    pub claim: Money,
    /// Paid back once its meters are heard again.
    pub owed: Money,
    /// Final windows without its meters, since all were heard.
    pub silent_windows: i64,
}

impl SeatItem {
    pub fn new(market: &MarketRecord, row: SeatRow) -> SeatItem {
        let money = |amount: i64| Money::new(amount.into(), market.decimals);
        SeatItem {
            seat: row.seat,
            owner: row.owner,
            state: row.state,
            free: money(row.free),
            locked: money(row.locked),
            held: money(row.held),
            debt: money(row.debt),
            claim: money(row.claim),
            owed: money(row.owed),
            silent_windows: row.silent_windows,
        }
    }
}

/// A meter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeterItem {
    /// Its row in the meter table, by which its readings are asked for.
    pub row: i64,
    /// Given once.
    pub number: i64,
    pub seat: i64,
    /// `active`, `quarantined` or `retired`.
    pub state: String,
    /// What it measures.
    pub asset: String,
    /// Where what it exports comes from.
    pub source: String,
    pub zone: i64,
    /// Unix seconds.
    pub service_from: i64,
    /// Unix seconds; null while it is in service.
    pub service_until: Option<i64>,
    pub max_import_w: i64,
    pub max_export_w: i64,
    /// Its device's public key, base58.
    pub device: String,
}

impl From<MeterRow> for MeterItem {
    fn from(row: MeterRow) -> MeterItem {
        MeterItem {
            row: row.meter,
            number: row.number,
            seat: row.seat,
            state: row.state,
            asset: row.asset,
            source: row.source,
            zone: row.zone,
            service_from: row.service_from,
            service_until: row.service_until,
            max_import_w: row.max_import,
            max_export_w: row.max_export,
            device: row.device,
        }
    }
}

/// Money that moved otherwise than in a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MovementItem {
    /// The ledger's number of the event.
    pub number: i64,
    /// `deposited`, `withdrawn`, `debt-incurred` and so on.
    pub kind: String,
    pub seat: Option<i64>,
    /// Which has it now, where it went to another.
    pub to_seat: Option<i64>,
    pub amount: Money,
    /// Of it, what paid debt.
    pub debt_paid: Money,
    /// Start of the window that it is for, unix seconds.
    pub window: Option<i64>,
    /// Of the transaction.
    pub signature: String,
    /// When its block was made, unix seconds.
    pub time: Option<i64>,
}

impl MovementItem {
    pub fn new(market: &MarketRecord, row: MovementRow) -> MovementItem {
        let money = |amount: i64| Money::new(amount.into(), market.decimals);
        MovementItem {
            number: row.number,
            kind: row.kind,
            seat: row.seat,
            to_seat: row.to_seat,
            amount: money(row.amount),
            debt_paid: money(row.debt_paid),
            window: row.start,
            signature: row.signature,
            time: row.time,
        }
    }
}

/// What could not be read while it stood on chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GapItem {
    /// `windows`: positions and readings were never seen. `unfinished`: they were, but not as they were in the end. `events`: then
    /// `since` and `until` are numbers of events.
    pub kind: String,
    /// Unix seconds.
    pub since: i64,
    /// Unix seconds; the first that is there again.
    pub until: i64,
}

impl From<GapRow> for GapItem {
    fn from(row: GapRow) -> GapItem {
        GapItem {
            kind: row.kind,
            since: row.since,
            until: row.until,
        }
    }
}

/// A household's bill. Lines are what it pays; below zero, what it receives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BillItem {
    pub seat: i64,
    /// Its owner's wallet; null of a seat that nobody opened.
    pub household: Option<String>,
    /// Energy bought, at the market's price.
    pub bought: Money,
    /// Energy sold, at the market's price.
    pub sold: Money,
    /// Grid fee on what was bought.
    pub grid_fee: Money,
    /// Market fee on what was bought.
    pub market_fee: Money,
    /// Energy drawn beyond contracts, at the retail price.
    pub imbalance_short: Money,
    /// Energy left over of contracts, at the feed-in tariff.
    pub imbalance_long: Money,
    /// Imbalance of windows in which not all meters have a value.
    pub unheard: Money,
    pub total: Money,
    pub bought_wh: u64,
    pub sold_wh: u64,
    pub import_wh: u64,
    pub export_wh: u64,
    /// In which it has a position.
    pub windows: u64,
    /// Of these, in which what was paid is not yet what values and contracts say.
    pub windows_unsettled: u64,
    /// Of these, in which a meter has no value.
    pub windows_unheard: u64,
    /// Of these, those that values may still change.
    pub windows_provisional: u64,
}

impl BillItem {
    pub fn new(market: &MarketRecord, seat: i64, household: Option<String>, bill: &Bill) -> BillItem {
        let money = |amount: i128| Money::new(amount, market.decimals);
        let lines = &bill.lines;
        BillItem {
            seat,
            household,
            bought: money(lines.bought),
            sold: money(lines.sold),
            grid_fee: money(lines.grid_fee),
            market_fee: money(lines.market_fee),
            imbalance_short: money(lines.short),
            imbalance_long: money(lines.long),
            unheard: money(lines.unheard),
            total: money(lines.total()),
            bought_wh: bill.bought,
            sold_wh: bill.sold,
            import_wh: bill.import,
            export_wh: bill.export,
            windows: bill.windows,
            windows_unsettled: bill.unsettled,
            windows_unheard: bill.unheard,
            windows_provisional: bill.provisional,
        }
    }
}

/// Bills of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BillsAnswer {
    /// First moment of the month, unix seconds.
    pub since: i64,
    /// First moment behind it, unix seconds.
    pub until: i64,
    /// Whether no window of the month is missing.
    pub is_complete: bool,
    pub items: Vec<BillItem>,
    /// Ask for more with this as `after`; null at the end.
    pub next: Option<String>,
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

/// Where a household's energy comes from and goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourcesItem {
    pub seat: i64,
    /// Its owner's wallet; null of a seat that nobody opened.
    pub household: Option<String>,
    /// Drawn of what it bought from neighbours.
    pub from_neighbours_wh: u64,
    /// Drawn beyond that.
    pub from_supplier_wh: u64,
    /// Fed in of what it sold to neighbours.
    pub to_neighbours_wh: u64,
    /// Fed in beyond that.
    pub to_supplier_wh: u64,
    /// Drawn and fed in within one window: its own.
    pub own_wh: u64,
}

impl SourcesItem {
    pub fn new(seat: i64, household: Option<String>, sources: &Sources) -> SourcesItem {
        SourcesItem {
            seat,
            household,
            from_neighbours_wh: sources.from_neighbours,
            from_supplier_wh: sources.from_supplier,
            to_neighbours_wh: sources.to_neighbours,
            to_supplier_wh: sources.to_supplier,
            own_wh: sources.own,
        }
    }
}

/// What the community's meters fed in, by where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EnergySourceItem {
    /// `sun`, `wind`, `water`, `biomass`, `storage`, `other` or `none`.
    pub source: String,
    pub export_wh: i64,
}

/// Where energy came from in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourcesAnswer {
    /// First moment of the month, unix seconds.
    pub since: i64,
    /// First moment behind it, unix seconds.
    pub until: i64,
    /// Whether no window of the month is missing.
    pub is_complete: bool,
    /// Of the whole community.
    pub fed_in: Vec<EnergySourceItem>,
    pub items: Vec<SourcesItem>,
    /// Ask for more with this as `after`; null at the end.
    pub next: Option<String>,
}

/// Whether money and energy add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConservationAnswer {
    /// Whether all that was looked at adds up.
    pub holds: bool,
    /// Whether `free + locked + held + escrow + fees = money`, and the vault holds that or more; null if it was not read.
    pub money_holds: Option<bool>,
    /// All that is somebody's.
    pub money: Option<Money>,
    pub free: Option<Money>,
    pub locked: Option<Money>,
    pub held: Option<Money>,
    pub escrow: Option<Money>,
    pub fees: Option<Money>,
    pub vault: Option<Money>,
    /// Allocated windows that were looked at.
    pub windows: i64,
    /// Of these, those in which bought, sold and traded energy are not the same; the first hundred.
    pub windows_that_differ: Vec<DifferenceItem>,
}

/// A window that does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DifferenceItem {
    /// Unix seconds.
    pub start: i64,
    pub bought_wh: i64,
    pub sold_wh: i64,
    pub volume_wh: i64,
}

/// How far a market is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StateItem {
    pub market: String,
    /// That was read last.
    pub slot: Option<i64>,
    /// The chain's clock then, unix seconds.
    pub time: Option<i64>,
    /// What was read up to this slot can't be taken back any more.
    pub final_slot: Option<i64>,
    /// Slots between them: what is told is certain so far behind.
    pub behind: Option<i64>,
    /// Number of the next event; null if none was read.
    pub next_event: Option<u64>,
    /// Why events stand still; null if they don't.
    pub trouble: Option<String>,
    /// Gaps that are known.
    pub gaps: i64,
}
