//! Standing orders: nobody's change but by whom they are, and none goes beyond its daily caps.

use joulebook_client::layout::{
    account::read_header,
    market::{Ledger, Seat, StandingOrder, StandingOrders, StandingSeat},
};

use super::{
    change::{rows, Change},
    table::Power,
    tokens, Attempt,
};

const DAY: i64 = 86_400;

pub fn check(attempt: &Attempt, power: &Power, changes: &[Change]) -> Result<(), String> {
    for change in changes.iter().filter(|change| change.is("StandingOrders")) {
        let before = rows::<StandingOrders, StandingSeat>(&change.before);
        let after = rows::<StandingOrders, StandingSeat>(&change.after);
        for (index, (before, after)) in (0u16..).zip(before.iter().zip(&after)) {
            if before == after {
                continue;
            }
            let checked = match power.name {
                "market.set_standing_orders" => is_entered(attempt, index, before, after),
                "market.apply_standing_orders" => is_applied(attempt, before, after),
                "market.review_participant" => is_reviewed(attempt, change, index, before, after),
                _ => Err("it changed".to_string()),
            };
            checked.map_err(|error| format!("standing orders of seat {index}: {error}"))?;
        }
    }
    Ok(())
}

fn is_owners(row: &StandingSeat, place: usize) -> bool {
    row.has(place as u8) && row.orders[place].by_delegate == 0
}

/// By the seat's owner or its delegate, who leaves alone what its owner entered.
fn is_entered(
    attempt: &Attempt,
    index: u16,
    before: &StandingSeat,
    after: &StandingSeat,
) -> Result<(), String> {
    let seat = seat(attempt, index).ok_or("no ledger has such a seat")?;
    let as_owner = attempt.signs(seat.owner.0);
    if !seat.is_open() || !as_owner && !attempt.signs(seat.delegate.0) {
        return Err("neither owner nor delegate signed".to_string());
    }
    if (after.owner, after.delegate) != (seat.owner, seat.delegate) {
        return Err("they are somebody else's now".to_string());
    }
    for place in 0..8 {
        let (old, new) = (&before.orders[place], &after.orders[place]);
        let used = |order: &StandingOrder| (order.day, order.used_energy, order.used_lock);
        // An owner has what its delegate used up.
        let is_taken_over = as_owner && old.used_by_delegate != 0 && used(new) == (old.day, 0, 0);
        if used(new) != used(old) && !is_taken_over {
            return Err("what was used of a cap changed".to_string());
        }
        let was_owners = before.owner == seat.owner && is_owners(before, place);
        let is_same = old == new && before.has(place as u8) == after.has(place as u8);
        if !as_owner && was_owners && !is_same {
            return Err("the delegate changed what is the owner's".to_string());
        }
        if !as_owner && is_owners(after, place) && !was_owners {
            return Err("what the delegate entered counts as the owner's".to_string());
        }
    }
    Ok(())
}

/// What stands stays as it was; the caps of today hold.
fn is_applied(
    attempt: &Attempt,
    before: &StandingSeat,
    after: &StandingSeat,
) -> Result<(), String> {
    let stands = |row: &StandingSeat| {
        let orders = row.orders.map(|order| (order.rule, order.by_delegate));
        let head = (
            row.owner,
            row.delegate,
            row.roles,
            row.is_active,
            row.entered,
        );
        (head, orders)
    };
    if stands(before) != stands(after) {
        return Err("other orders stand than before".to_string());
    }
    let today = tokens::now(attempt).div_euclid(DAY);
    for (place, (old, new)) in (0u8..).zip(before.orders.iter().zip(&after.orders)) {
        let used = |order: &StandingOrder| (order.day, order.used_energy, order.used_lock);
        if used(old) == used(new) {
            continue;
        }
        let rule = &new.rule;
        let is_within = new.used_energy <= rule.energy_cap && new.used_lock <= rule.lock_cap;
        if !after.has(place) || i64::from(new.day) != today || !is_within {
            return Err(format!("the one in place {place} went beyond its caps"));
        }
    }
    Ok(())
}

/// Roles and status are those of the participant that was passed, and nothing else changes.
fn is_reviewed(
    attempt: &Attempt,
    change: &Change,
    index: u16,
    before: &StandingSeat,
    after: &StandingSeat,
) -> Result<(), String> {
    let community = attempt.home(change)?.community.to_bytes();
    let participants = attempt.participants(community);
    let participant = participants.iter().find(|one| one.index == index);
    let participant = participant.ok_or("its participant was not passed")?;
    let is_active = participant.is_active() && participant.wallet == before.owner;
    let due = StandingSeat {
        roles: participant.roles,
        is_active: is_active.into(),
        ..*before
    };
    match *after == due {
        true => Ok(()),
        false => Err("more is known than its participant says".to_string()),
    }
}

fn seat(attempt: &Attempt, index: u16) -> Option<Seat> {
    let accounts = attempt.instruction.accounts.iter();
    let mut accounts = accounts.filter_map(|meta| attempt.before.get_account(&meta.pubkey));
    let ledger = accounts.find(|account| attempt.idl.kind(account) == Some("Ledger"))?;
    read_header::<Ledger>(&ledger.data)?;
    let seats = rows::<Ledger, Seat>(&Some(ledger));
    seats.get(usize::from(index)).copied()
}

/// What orders that stand for a seat's owner, or its delegate, may lock in a day, milli-atoms. `None` without any.
pub fn may_lock(changes: &[Change], index: u16, seat: &Seat) -> Option<u128> {
    let mut standing = changes.iter().filter(|change| change.is("StandingOrders"));
    let rows = rows::<StandingOrders, StandingSeat>(&standing.next()?.before);
    let row = rows.get(usize::from(index))?;
    let is_theirs = seat.is_open() && row.owner == seat.owner && row.is_active == 1;
    let stands = (0u8..).zip(&row.orders).filter(|(place, order)| {
        row.has(*place) && (order.by_delegate == 0 || row.delegate == seat.delegate)
    });
    let caps = stands.map(|(_, order)| u128::from(order.rule.lock_cap));
    is_theirs.then(|| caps.sum())
}
