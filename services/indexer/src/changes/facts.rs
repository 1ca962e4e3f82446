//! What the tables say that are not of a ring: money, seats, meters.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::{
        market::{Ledger, Seat, SeatStatus},
        oracle::{AssetKind, EnergySource, Meter, MeterStatus},
        registry::Participant,
        Address,
    },
    Addresses,
};

use super::Known;
use crate::{
    rows::{number, MeterRow, OwnerRow, RowError, SeatRow},
    view::View,
};

/// What never changes of a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketFacts {
    pub address: String,
    pub community: String,
    pub name: String,
    pub meter_table: String,
    pub mint: String,
    /// 10^`decimals` atoms are a token.
    pub decimals: i64,
    pub window_seconds: i64,
    pub page_windows: i64,
    pub pages: i64,
}

impl MarketFacts {
    pub fn of(addresses: &Addresses, view: &View, decimals: u8) -> MarketFacts {
        let name = &view.state.community.name;
        let name = String::from_utf8_lossy(name);
        MarketFacts {
            address: addresses.market.to_string(),
            community: addresses.community.to_string(),
            name: name.trim_end_matches('\0').to_owned(),
            meter_table: addresses.meter_table.to_string(),
            mint: addresses.quote_mint.to_string(),
            decimals: decimals.into(),
            window_seconds: addresses.window_seconds.into(),
            page_windows: addresses.page_windows.into(),
            pages: addresses.pages.into(),
        }
    }
}

/// Where a market's money is, milli-atoms but for the vault's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerFigures {
    /// All that is somebody's.
    pub money: i64,
    pub fees: i64,
    pub escrow: i64,
    pub free: i64,
    pub locked: i64,
    pub held: i64,
    /// Atoms; `None` if it could not be read.
    pub vault: Option<i64>,
}

pub(super) fn ledger(view: &View) -> Result<LedgerFigures, RowError> {
    let ledger = &view.state.ledger;
    let header: &Ledger = &ledger.header;
    let sum = |what, part: fn(&Seat) -> u64| {
        let parts = ledger.seats.iter().map(part);
        number(what, parts.fold(0, u64::saturating_add))
    };
    Ok(LedgerFigures {
        money: number("the money of a market", header.money)?,
        fees: number("the fees of a market", header.fees)?,
        escrow: number("the escrow of a market", header.escrow)?,
        free: sum("the free money of a market", |seat| seat.free)?,
        locked: sum("the locked money of a market", |seat| seat.locked)?,
        held: sum("the held money of a market", |seat| seat.held)?,
        vault: view
            .vault
            .map(|atoms| number("the vault's balance", atoms))
            .transpose()?,
    })
}

pub(super) fn seats(before: Option<&View>, now: &View) -> Result<Vec<SeatRow>, RowError> {
    let rows = seat_rows(now)?;
    let former = before.map(seat_rows).transpose()?.unwrap_or_default();
    Ok(rows
        .into_iter()
        .filter(|(seat, row)| former.get(seat) != Some(row))
        .map(|(_, row)| row)
        .collect())
}

/// Of the seats whose index was given.
fn seat_rows(view: &View) -> Result<BTreeMap<u16, SeatRow>, RowError> {
    let next = view.state.community.next_index;
    let seats = (0..next).zip(&view.state.ledger.seats);
    seats
        .map(|(seat, row)| Ok((seat, seat_row(seat, row)?)))
        .collect()
}

fn seat_row(seat: u16, row: &Seat) -> Result<SeatRow, RowError> {
    let debts = row.owing.iter().map(|owing| owing.debt);
    let claims = row.owing.iter().map(|owing| owing.claim);
    Ok(SeatRow {
        seat: seat.into(),
        owner: owner(row),
        state: match row.status {
            status if status == SeatStatus::Open as u8 => "open",
            _ if row.owner != Address::NOBODY => "closed",
            _ => "unopened",
        }
        .to_owned(),
        free: number("a seat's free money", row.free)?,
        locked: number("a seat's locked money", row.locked)?,
        held: number("a seat's held money", row.held)?,
        debt: number("a seat's debt", debts.fold(0, u64::saturating_add))?,
        claim: number("a seat's claim", claims.fold(0, u64::saturating_add))?,
        owed: row.owed,
        silent_windows: row.silent_windows.into(),
    })
}

fn owner(row: &Seat) -> Option<String> {
    (row.owner != Address::NOBODY).then(|| row.owner.to_string())
}

/// Seats that have another owner than before, from now on. One that is closed is still its last owner's: what its meters move is.
pub(super) fn owners(known: &Known, now: &View) -> Vec<OwnerRow> {
    let seats = (0i64..).zip(&now.state.ledger.seats);
    let owned = seats.filter_map(|(seat, row)| Some((seat, owner(row)?)));
    let new = owned.filter(|(seat, owner)| known.owners.get(seat) != Some(owner));
    new.map(|(seat, owner)| OwnerRow {
        seat,
        // Whoever was there before has what was before. The community says from when on.
        since: match known.owners.contains_key(&seat) {
            true => now.now,
            false => i64::MIN,
        },
        owner,
    })
    .collect()
}

/// Has a seat be its owner's from when the community approved it, and not from when it was noticed; from the beginning on if nobody
/// had the seat before.
pub fn begin_with_approval(row: &mut OwnerRow, participant: &Participant) {
    let wallet = participant.wallet.to_string();
    let is_its =
        participant.has_index() && i64::from(participant.index) == row.seat && row.owner == wallet;
    let is_first = row.since == i64::MIN && participant.generation == 0;
    if is_its && !is_first {
        row.since = participant.approved_at;
    }
}

pub(super) fn meters(before: Option<&View>, now: &View) -> Result<Vec<MeterRow>, RowError> {
    let rows = meter_rows(now);
    let former = before.map(meter_rows).unwrap_or_default();
    let rows = rows.into_iter();
    Ok(rows
        .filter(|(meter, row)| former.get(meter) != Some(row))
        .map(|(_, row)| row)
        .collect())
}

fn meter_rows(view: &View) -> BTreeMap<u16, MeterRow> {
    let table = &view.state.meter_table;
    let meters = (0..table.header.count).zip(&table.meters);
    meters
        .map(|(row, meter)| (row, meter_row(row, meter)))
        .collect()
}

fn meter_row(row: u16, meter: &Meter) -> MeterRow {
    MeterRow {
        meter: row.into(),
        number: meter.number(row).into(),
        seat: meter.participant.into(),
        state: match MeterStatus::from_byte(meter.status) {
            Some(MeterStatus::Unused) => "unused",
            Some(MeterStatus::Active) => "active",
            Some(MeterStatus::Quarantined) => "quarantined",
            Some(MeterStatus::Retired) => "retired",
            None => "unknown",
        }
        .to_owned(),
        asset: match AssetKind::from_byte(meter.asset_kind) {
            Some(AssetKind::Load) => "load",
            Some(AssetKind::Photovoltaics) => "photovoltaics",
            Some(AssetKind::Battery) => "battery",
            Some(AssetKind::Car) => "car",
            Some(AssetKind::HeatPump) => "heat-pump",
            Some(AssetKind::Mixed) => "mixed",
            None => "unknown",
        }
        .to_owned(),
        source: match EnergySource::from_byte(meter.source) {
            Some(EnergySource::None) => "none",
            Some(EnergySource::Sun) => "sun",
            Some(EnergySource::Wind) => "wind",
            Some(EnergySource::Water) => "water",
            Some(EnergySource::Biomass) => "biomass",
            Some(EnergySource::Storage) => "storage",
            Some(EnergySource::Other) => "other",
            None => "unknown",
        }
        .to_owned(),
        zone: meter.zone.into(),
        service_from: meter.service_from,
        service_until: (meter.service_until != i64::MAX).then_some(meter.service_until),
        max_import: meter.max_import.into(),
        max_export: meter.max_export.into(),
        device: Address(meter.device).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of seat 3, approved at 5,000 as the holder number `generation` of it.
    fn participant(generation: u16) -> Participant {
        Participant {
            wallet: Address([9; 32]),
            approved_at: 5_000,
            index: 3,
            generation,
            ..Participant::default()
        }
    }

    fn since(noticed: i64, seat: i64, participant: &Participant) -> i64 {
        let mut row = OwnerRow {
            seat,
            since: noticed,
            owner: Address([9; 32]).to_string(),
        };
        begin_with_approval(&mut row, participant);
        row.since
    }

    #[test]
    fn given_a_successor_when_it_is_noticed_then_the_seat_is_its_from_its_approval_on() {
        assert_eq!(since(7_000, 3, &participant(1)), 5_000);
        assert_eq!(
            since(i64::MIN, 3, &participant(1)),
            5_000,
            "an earlier one had it"
        );
    }

    #[test]
    fn given_the_first_that_had_a_seat_when_it_is_noticed_then_all_of_before_is_its() {
        assert_eq!(since(i64::MIN, 3, &participant(0)), i64::MIN);
    }

    #[test]
    fn given_an_account_that_says_nothing_of_the_seat_when_it_is_asked_then_what_was_noticed_stays()
    {
        assert_eq!(since(7_000, 4, &participant(1)), 7_000);
        let other = Participant {
            wallet: Address([8; 32]),
            ..participant(1)
        };
        assert_eq!(since(7_000, 3, &other), 7_000);
    }
}
