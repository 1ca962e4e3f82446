use joulebook_client::layout::market::{Ledger, Seat, Supplier};
use joulebook_sim::{LocalCommunity, Token};

use super::{same, Found, NEVER};
use crate::model::{self, Model};

pub fn money(community: &LocalCommunity, model: &Model) -> Found {
    let ledger = community.ledger();
    same("fees", i128::from(ledger.header.fees), model.fees)?;
    let last_final = model.last_final.unwrap_or(NEVER);
    same("last final page", ledger.header.last_final, last_final)?;
    same("escrow", i128::from(ledger.header.escrow), model.escrow())?;
    same(
        "open seats",
        usize::from(ledger.header.open_seats),
        model.open_seats().count(),
    )?;
    let money = i128::from(model.vault - model.gifts) * 1000;
    same("money", i128::from(ledger.header.money), money)?;
    suppliers(&ledger.header, model)?;
    let vault = Token::balance(&community.chain, &community.addresses.vault);
    same("vault", vault, model.vault)?;
    let people = [&community.supplier, &community.grid_operator]
        .into_iter()
        .chain(&community.households);
    for person in people {
        let tokens = Token::balance(&community.chain, &person.tokens);
        let due = model.members[&person.seat].tokens;
        same(&format!("tokens of {}", person.name), tokens, due)?;
    }
    for (number, record) in (0u16..).zip(&ledger.seats) {
        seat(number, record, model).map_err(|error| format!("seat {number}: {error}"))?;
    }
    Ok(())
}

fn seat(number: u16, found: &Seat, model: &Model) -> Found {
    let nobody = model::Seat::default();
    let due = model.seats.get(&number).unwrap_or(&nobody);
    same("open", found.is_open(), due.is_open)?;
    if due.is_open {
        let owner = model.members[&number].wallet.to_bytes();
        same("owner", found.owner.0, owner)?;
    }
    let delegate = due.delegate.map_or([0; 32], |delegate| delegate.to_bytes());
    same("delegate", found.delegate.0, delegate)?;
    same("free", i128::from(found.free), due.free)?;
    same("locked", i128::from(found.locked), model.locked(number))?;
    same("held", i128::from(found.held), model.held(number))?;
    for (place, owing) in found.owing.iter().enumerate() {
        let turn = turn_in(place, model);
        let debt = turn.map_or(0, |turn| due.debt_to(turn));
        same("debt", i128::from(owing.debt), debt)?;
        let claim = turn.map_or(0, |turn| due.claim_on(turn));
        same("claim", i128::from(owing.claim), claim)?;
    }
    same("bought", i128::from(found.bought), due.bought)?;
    same("sold", i128::from(found.sold), due.sold)?;
    silence(found, due)?;
    same("engaged", usize::from(found.engaged), model.engaged(number))
}

/// The latest two turns, each in the place that the last but one has left.
fn turn_in(place: usize, model: &Model) -> Option<usize> {
    let latest = model.latest_turn();
    match latest % 2 == place {
        true => Some(latest),
        false => latest.checked_sub(1),
    }
}

fn suppliers(header: &Ledger, model: &Model) -> Found {
    let latest = model.latest_turn();
    same("supplying", usize::from(header.supplying), latest % 2)?;
    let from = model.turns[latest].from.unwrap_or(NEVER);
    same("supplier from", header.supplier_from, from)?;
    for (place, found) in header.suppliers.iter().enumerate() {
        let Some(number) = turn_in(place, model) else {
            same("no supplier", found.seat, Supplier::NOBODY)?;
            continue;
        };
        let turn = &model.turns[number];
        same("supplier", found.seat, turn.seat)?;
        let last_page = turn.last_page.unwrap_or(NEVER);
        same("last page of a supplier", found.last_page, last_page)?;
        let final_at = turn.final_at.unwrap_or(NEVER);
        same("when it became final", found.final_at, final_at)?;
        let claims = i128::from(found.claims);
        same("claims", claims, model.claims_on(number))?;
    }
    Ok(())
}

/// What the seat remembers of windows in which its meters were missing for good.
fn silence(found: &Seat, due: &model::Seat) -> Found {
    let silent = || due.silent.iter();
    same(
        "silent windows",
        found.silent_windows as usize,
        due.silent.len(),
    )?;
    same(
        "dearest, lowest and owed",
        [found.dearest.into(), found.lowest.into(), found.owed.into()],
        [
            silent().map(|window| window.short).max().unwrap_or(0),
            silent().map(|window| window.long).min().unwrap_or(0),
            silent().map(|window| window.owed).sum::<i128>(),
        ],
    )
}
