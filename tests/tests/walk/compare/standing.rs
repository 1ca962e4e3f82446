use joulebook_client::{layout::market::StandingSeat, tables::StandingTable};
use joulebook_sim::LocalCommunity;

use super::{same, Found};
use crate::model::{self, Model};

pub fn standing(community: &LocalCommunity, model: &Model) -> Found {
    let data = community.chain.data(&community.addresses.standing_orders);
    // Closed at the end of a walk.
    let Ok(table) = StandingTable::from_bytes(&data) else {
        return Ok(());
    };
    let nothing = model::StandingSeat::default();
    for (seat, found) in (0u16..).zip(&table.seats) {
        let due = model.standing.get(&seat).unwrap_or(&nothing);
        row(found, due).map_err(|error| format!("standing orders of seat {seat}: {error}"))?;
    }
    Ok(())
}

fn row(found: &StandingSeat, due: &model::StandingSeat) -> Found {
    let key = |address: Option<solana_address::Address>| address.unwrap_or_default().to_bytes();
    same("owner", found.owner.0, key(due.owner))?;
    same("delegate", found.delegate.0, key(due.delegate))?;
    let known = (found.roles, found.is_active == 1);
    same("what is known", known, (due.roles, due.active))?;
    for (place, order) in (0u8..).zip(&found.orders) {
        let (day, energy, lock) = due.used.get(&place).copied().unwrap_or_default();
        let used = (
            i64::from(order.day),
            i128::from(order.used_energy),
            i128::from(order.used_lock),
        );
        same(&format!("used in place {place}"), used, (day, energy, lock))?;
        let stands = due.orders.get(&place);
        same("entered", found.has(place), stands.is_some())?;
        if let Some(stands) = stands {
            same("rule", order.rule, stands.rule)?;
            same("by delegate", order.by_delegate == 1, stands.by_delegate)?;
            same("latest", (order.window, order.outcome), stands.latest)?;
        }
    }
    Ok(())
}
