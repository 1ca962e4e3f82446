use joulebook_client::layout::market::HistoryRecord;
use joulebook_sim::LocalCommunity;

use super::{same, Found};
use crate::model::{self, Model};

pub fn history(community: &LocalCommunity, model: &Model) -> Found {
    let table = community.history();
    same("windows recorded", table.header.windows, model.recorded)?;
    same(
        "energy traded",
        i128::from(table.header.volume),
        model.traded,
    )?;
    for (place, found) in (0i64..).zip(&table.records) {
        let due = model
            .history
            .get(&place)
            .map_or_else(HistoryRecord::default, record);
        same(&format!("record {place}"), *found, due)?;
    }
    Ok(())
}

fn record(due: &model::Record) -> HistoryRecord {
    let window = &due.window;
    HistoryRecord {
        start: due.start,
        volume: window.volume as u64,
        price: window.price as i32,
        short: window.short as i32,
        long: window.long as i32,
        low: window.low,
        high: window.high,
        orders: window.orders as u16,
        reserved: [0; 3],
    }
}
