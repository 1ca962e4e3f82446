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
    HistoryRecord {
        start: due.start,
        volume: due.volume as u64,
        imported: due.imported as u64,
        exported: due.exported as u64,
        price: due.price as i32,
        short: due.short as i32,
        long: due.long as i32,
        low: due.low,
        high: due.high,
        orders: due.orders as u16,
        estimated: due.estimated,
        reserved: 0,
    }
}
