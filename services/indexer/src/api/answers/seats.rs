use serde::Serialize;
use utoipa::ToSchema;

use super::{super::money::Money, is_final};
use crate::{
    rows::{MovementRow, PositionRow, SeatRow},
    store::{At, CorrectionSum, MarketRecord},
};

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

/// What was changed of a window that had been settled before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CorrectionItem {
    /// Of the window, unix seconds.
    pub start: i64,
    /// When the last change was seen, unix seconds of the chain's clock.
    pub seen_at: i64,
    /// Paid more than before; below zero, less.
    pub paid: Money,
}

impl CorrectionItem {
    pub fn new(market: &MarketRecord, sum: CorrectionSum) -> CorrectionItem {
        CorrectionItem {
            start: sum.start,
            seen_at: sum.time,
            paid: Money::new(sum.amount.into(), market.decimals),
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
