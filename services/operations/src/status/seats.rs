use joulebook_client::tables::LedgerTable;
use schemars::JsonSchema;
use serde::Serialize;
use solana_address::Address;

/// What a seat owes, or is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeatOwing {
    /// Its number, which is its owner's index.
    pub seat: u16,
    /// Address of its owner; zeros if nobody has opened it.
    pub owner: String,
    /// Milli-atoms.
    pub amount: u64,
}

/// The supplier named last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SupplierStatus {
    /// Its seat.
    pub seat: u16,
    /// Address of its owner.
    pub owner: String,
    /// Its free money, milli-atoms.
    pub free: u64,
    /// What of that it can't take out, milli-atoms.
    pub margin: u64,
    /// What it owes others, milli-atoms.
    pub claims: u64,
    /// Whether another was named that has no page yet.
    pub awaits: bool,
}

pub(super) fn debts(ledger: &LedgerTable) -> Vec<SeatOwing> {
    owing(ledger, joulebook_client::layout::market::Seat::debt)
}

pub(super) fn claims(ledger: &LedgerTable) -> Vec<SeatOwing> {
    owing(ledger, joulebook_client::layout::market::Seat::claim)
}

fn owing(
    ledger: &LedgerTable,
    amount: impl Fn(&joulebook_client::layout::market::Seat) -> u64,
) -> Vec<SeatOwing> {
    let seats = (0u16..).zip(&ledger.seats);
    let owing = seats.filter(|(_, seat)| amount(seat) > 0);
    owing
        .map(|(number, seat)| SeatOwing {
            seat: number,
            owner: Address::from(seat.owner.0).to_string(),
            amount: amount(seat),
        })
        .collect()
}

pub(super) fn supplier(ledger: &LedgerTable) -> SupplierStatus {
    let named = ledger.header.supplier(ledger.header.supplying);
    let seat = ledger.seats.get(usize::from(named.seat));
    SupplierStatus {
        seat: named.seat,
        owner: seat
            .map(|seat| Address::from(seat.owner.0).to_string())
            .unwrap_or_default(),
        free: seat.map_or(0, |seat| seat.free),
        margin: ledger.header.supplier_margin,
        claims: named.claims,
        awaits: ledger.header.awaits_supplier(),
    }
}
