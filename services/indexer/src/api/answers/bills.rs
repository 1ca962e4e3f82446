use serde::Serialize;
use utoipa::ToSchema;

use super::super::money::Money;
use crate::{
    bill::{Bill, Sources},
    store::MarketRecord,
};

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
    /// Energy that came to light once its meters were heard again and that no window tells of, at the worst prices of the time when
    /// they were silent, less what was kept back until then. It is in the month of the page in which they were heard.
    pub after_silence: Money,
    pub total: Money,
    /// Paid in this month for windows of earlier ones that had been settled before: values came late, or were corrected. It is not in
    /// the total: the bills of those months have changed by it.
    pub earlier_months: Money,
    pub bought_wh: u64,
    pub sold_wh: u64,
    pub import_wh: u64,
    pub export_wh: u64,
    /// That came to light after silence, settled as drawn; it is in no window.
    pub unseen_import_wh: u64,
    /// Likewise, settled as fed in.
    pub unseen_export_wh: u64,
    /// In which it has a position.
    pub windows: u64,
    /// Of these, in which what was paid is not yet what values and contracts say.
    pub windows_unsettled: u64,
    /// Of these, in which a meter has no value.
    pub windows_unheard: u64,
    /// Of these, those that values may still change.
    pub windows_provisional: u64,
    /// Pages of which it is not known what came to light, and not in the sums: the indexer was not there before.
    pub pages_unknown: u64,
}

impl BillItem {
    pub fn new(
        market: &MarketRecord,
        seat: i64,
        household: Option<String>,
        bill: &Bill,
        earlier: i64,
    ) -> BillItem {
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
            after_silence: money(lines.after_silence),
            total: money(lines.total()),
            earlier_months: money(earlier.into()),
            bought_wh: bill.bought,
            sold_wh: bill.sold,
            import_wh: bill.import,
            export_wh: bill.export,
            unseen_import_wh: bill.unseen_import,
            unseen_export_wh: bill.unseen_export,
            windows: bill.windows,
            windows_unsettled: bill.unsettled,
            windows_unheard: bill.unheard,
            windows_provisional: bill.provisional,
            pages_unknown: bill.unknown_endings,
        }
    }
}

/// Bills of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BillsAnswer {
    /// First moment of the month, unix seconds.
    pub since: i64,
    /// First moment behind it, unix seconds; of a month that is not over, the end of the last window that is.
    pub until: i64,
    /// Whether no window of the month is missing, and what came to light after silence is known.
    pub is_complete: bool,
    pub items: Vec<BillItem>,
    /// Ask for more with this as `after`; null at the end.
    pub next: Option<String>,
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
    /// `sun`, `wind`, `water`, `biomass`, `storage`, `other` or `none`; `unknown` of a meter whose row in the meter table another has
    /// now.
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
