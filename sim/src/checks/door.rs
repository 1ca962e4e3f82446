//! What is held for admitted programs.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::market::{Admission, SeatHold},
    market::MARKET_ID,
    tables::LedgerTable,
};
use solana_account::ReadableAccount;
use solana_address::Address;

use super::expect;
use crate::{Chain, LocalCommunity};

/// Every seat's held money is the sum of its holds, every admission counts those under it, and nothing is held for a
/// vacant seat.
pub fn holds_add_up(community: &LocalCommunity, ledger: &LedgerTable) -> Result<(), String> {
    let market = community.addresses.market;
    let mut admissions = accounts_of(&community.chain, Admission::from_bytes);
    admissions.retain(|_, admission| admission.market == market);
    let mut holds = accounts_of(&community.chain, SeatHold::from_bytes);
    holds.retain(|_, hold| admissions.keys().any(|address| hold.admission == *address));

    for (address, admission) in &admissions {
        let under = holds.values().filter(|hold| hold.admission == *address);
        expect(
            &format!("the holds under {address}"),
            admission.holds.into(),
            under.count() as u128,
        )?;
    }
    let mut held: BTreeMap<u16, u128> = BTreeMap::new();
    for hold in holds.values().filter(|hold| hold.amount > 0) {
        *held.entry(hold.seat).or_default() += u128::from(hold.amount);
    }
    for (index, seat) in (0u16..).zip(&ledger.seats) {
        let due = held.remove(&index).unwrap_or(0);
        expect(&format!("what seat {index} holds"), seat.held.into(), due)?;
        if due > 0 && !seat.is_open() {
            return Err(format!("seat {index} is vacant and holds {due}"));
        }
    }
    match held.into_keys().next() {
        Some(seat) => Err(format!(
            "something is held for seat {seat}, which is not there"
        )),
        None => Ok(()),
    }
}

/// The market program's accounts of one kind.
fn accounts_of<T>(chain: &Chain, decode: fn(&[u8]) -> Option<T>) -> BTreeMap<Address, T> {
    let all = chain.svm.accounts_db().inner.iter();
    all.filter(|(_, account)| *account.owner() == MARKET_ID)
        .filter_map(|(address, account)| Some((*address, decode(account.data())?)))
        .collect()
}
