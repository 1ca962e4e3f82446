//! The chain's accounts against the model, number for number.

mod history;
mod meters;
mod money;
mod windows;

use std::fmt::Debug;

use joulebook_client::tables::{IntervalTable, WindowTable};
use joulebook_sim::LocalCommunity;

use crate::model::Model;
use history::history;
use meters::{interval, meters};
use money::money;
use windows::window;

type Found = Result<(), String>;

pub fn compare(community: &LocalCommunity, model: &Model) -> Found {
    money(community, model)?;
    for slot in 0..model.sizes.ring {
        let data = community.chain.data(&community.addresses.window_slot(slot));
        // Closed at the end of a walk.
        if let Ok(table) = WindowTable::from_bytes(&data) {
            let held = model.windows.get(&i64::from(slot));
            window(&table, held).map_err(|error| format!("window slot {slot}: {error}"))?;
        }
    }
    for slot in 0..model.sizes.interval_ring {
        let data = community
            .chain
            .data(&community.addresses.interval_slot(slot));
        let table = IntervalTable::from_bytes(&data).map_err(|error| error.to_string())?;
        let held = model.intervals.get(&i64::from(slot));
        interval(&table, held).map_err(|error| format!("interval slot {slot}: {error}"))?;
    }
    meters(community, model)?;
    history(community, model)
}

fn same<T: PartialEq + Debug>(what: &str, found: T, due: T) -> Found {
    if found == due {
        return Ok(());
    }
    Err(format!("{what}: found {found:?}, should be {due:?}"))
}
