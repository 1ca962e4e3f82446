//! What is answered.

mod bills;
mod checks;
mod meters;
mod seats;
mod windows;

use serde::Serialize;
use utoipa::ToSchema;

use crate::store::MarketRecord;

pub use bills::{BillItem, BillsAnswer, EnergySourceItem, SourcesAnswer, SourcesItem};
pub use checks::{ConservationAnswer, DifferenceItem, GapItem, StateItem};
pub use meters::{MeterItem, ReadingItem};
pub use seats::{CorrectionItem, MovementItem, PositionItem, SeatItem};
pub use windows::{MarketItem, OrderItem, PricesItem, WindowItem};

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
