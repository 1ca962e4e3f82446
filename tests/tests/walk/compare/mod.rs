//! The chain's accounts against the model, number for number.

mod books;
mod history;
mod interval_pages;
mod meters;
mod money;
mod pages;
mod standing;

use std::fmt::Debug;

use joulebook_client::tables::{BookTable, IntervalPageTable, PageTable};
use joulebook_sim::LocalCommunity;

use crate::model::Model;
use books::book;
use history::history;
use interval_pages::interval_page;
use meters::meters;
use money::money;
use pages::page;
use standing::standing;

type Found = Result<(), String>;

/// The start of a slot that was never used.
const NEVER: i64 = i64::MIN;

pub fn compare(community: &LocalCommunity, model: &Model) -> Found {
    money(community, model)?;
    let at = &community.addresses;
    for slot in 0..model.sizes.books {
        // Closed at the end of a walk.
        if let Ok(table) = BookTable::from_bytes(&community.chain.data(&at.book_slot(slot))) {
            let held = model.books.get(&i64::from(slot));
            book(&table, held).map_err(|error| format!("book slot {slot}: {error}"))?;
        }
    }
    for slot in 0..model.sizes.pages {
        if let Ok(table) = PageTable::from_bytes(&community.chain.data(&at.page_slot(slot))) {
            let held = model.pages.get(&i64::from(slot));
            page(&table, held).map_err(|error| format!("page slot {slot}: {error}"))?;
        }
        let data = community.chain.data(&at.interval_page_slot(slot));
        let table = IntervalPageTable::from_bytes(&data).map_err(|error| error.to_string())?;
        interval_page(&table, i64::from(slot), model)
            .map_err(|error| format!("interval page slot {slot}: {error}"))?;
    }
    meters(community, model)?;
    standing(community, model)?;
    history(community, model)
}

fn same<T: PartialEq + Debug>(what: &str, found: T, due: T) -> Found {
    if found == due {
        return Ok(());
    }
    Err(format!("{what}: found {found:?}, should be {due:?}"))
}
