//! The end of a market: everybody takes out what they have, and the rent goes back.

use joulebook_client::{
    instructions::Actor,
    layout::{
        market::Market,
        oracle::{Meter, MeterStatus},
    },
    oracle::types::FinalRegisters,
    tables::LedgerTable,
    Addresses,
};
use joulebook_units::{Atoms, MilliAtoms};
use solana_signer::Signer;

use super::{Household, LocalCommunity};
use crate::{Chain, Failure, Token};

/// What was paid out when a market closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payouts {
    pub supplier: Atoms,
    pub grid_operator: Atoms,
    /// Market fees.
    pub fees: Atoms,
    /// Rent that came back: what was locked in the market's tables and the meters'.
    pub rent_lamports: u64,
}

impl LocalCommunity {
    /// Retires household `place`'s meters, lets all pages of their service become final, takes the whole atoms out and
    /// closes the seat; returns what its wallet received.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn leave(&mut self, place: usize) -> Result<u64, Failure> {
        self.retire_meters(place)?;
        leave(&mut self.chain, &self.addresses, &self.households[place])
    }

    /// Retires household `place`'s meters with the registers that they show, and lets all pages of their service become
    /// final.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn retire_meters(&mut self, place: usize) -> Result<(), Failure> {
        let is_retired = |meter: &Meter| meter.is(MeterStatus::Retired);
        let table = self.meters();
        let devices = self.households[place].devices.iter();
        let finals: Vec<(u32, FinalRegisters)> = devices
            .filter(|device| {
                table
                    .meter(device.number)
                    .is_some_and(|meter| !is_retired(meter))
            })
            .map(|device| (device.number, device.final_registers()))
            .collect();
        for (number, registers) in finals {
            let authority = Actor::authority(self.authority.pubkey());
            let LocalCommunity {
                chain,
                addresses,
                authority: key,
                households,
                ..
            } = self;
            let owner = &households[place].wallet;
            let retire = addresses.retire_meter(authority, owner.pubkey(), number, Some(registers));
            chain.send(&[retire], &[key, owner])?;
        }
        let table = self.meters();
        let devices = self.households[place].devices.iter();
        let until = devices
            .filter_map(|device| table.meter(device.number))
            .map(|meter| meter.service_until)
            .max();
        match until {
            Some(until) => self.finish_pages_before(until).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Ends and closes a market whose households have left: supplier and grid operator take out what they have, the
    /// authority the fees and the rent.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn close_everything(&mut self) -> Result<Payouts, Failure> {
        let authority = self.authority.pubkey();
        let before = self.chain.lamports(&authority);
        self.end_market()?;
        for slot in 0..self.parameters.books {
            let close = self.addresses.close_book(authority, slot);
            self.send_as_authority(&[close])?;
        }
        for slot in 0..self.parameters.pages {
            let close = self.addresses.close_page(authority, slot);
            self.send_as_authority(&[close])?;
        }
        if self.parameters.standing_orders {
            let close = self.addresses.close_standing_orders(authority);
            self.send_as_authority(&[close])?;
        }
        let supplier = leave(&mut self.chain, &self.addresses, &self.supplier)?;
        let grid_operator = leave(&mut self.chain, &self.addresses, &self.grid_operator)?;
        // Last of the money: a seat that closes leaves its parts of an atom to the fees.
        let fees = self.take_fees()?;
        let close = [
            self.addresses.close_history(authority),
            self.addresses.close_ledger(authority),
            self.addresses.close_market(authority),
        ];
        self.send_as_authority(&close)?;
        for slot in 0..self.parameters.pages {
            let close = self.addresses.close_interval_page(authority, slot);
            self.send_as_authority(&[close])?;
        }
        let settlement = self.addresses.market;
        let close = self.addresses.close_meter_table(authority, settlement);
        self.send_as_authority(&[close])?;
        Ok(Payouts {
            supplier: Atoms(supplier),
            grid_operator: Atoms(grid_operator),
            fees: Atoms(fees),
            rent_lamports: self.chain.lamports(&authority) - before,
        })
    }

    /// Makes all pages final and lets the market end with the next page, if it has no end yet: time passes until it has
    /// ended.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn end_market(&mut self) -> Result<(), Failure> {
        self.finish_pages_before(i64::MAX)?;
        let market = self.market();
        let mut ends_at = market.ends_at;
        if ends_at == Market::ENDLESS {
            let notice = i64::from(market.notice_seconds);
            let earliest = self.chain.now().max(market.last_page) + notice;
            ends_at = self.addresses.page_start(earliest) + self.page_length();
            let end = self.addresses.end_market(self.authority.pubkey(), ends_at);
            self.send_as_authority(&[end])?;
        }
        self.pass_until(ends_at + i64::from(market.correction_seconds));
        Ok(())
    }

    /// All fees, to a new token account of the authority; returns what arrived there.
    fn take_fees(&mut self) -> Result<u64, Failure> {
        let amount = MilliAtoms(self.ledger().header.fees).whole_atoms().0;
        if amount == 0 {
            return Ok(0);
        }
        let authority = self.authority.pubkey();
        let destination = self.token.account(&mut self.chain, &authority, 0)?;
        let withdraw = self.addresses.withdraw_fees(authority, destination, amount);
        self.send_as_authority(&[withdraw])?;
        Ok(Token::balance(&self.chain, &destination))
    }
}

/// Takes a seat's whole atoms out and closes it; returns what the owner's wallet received.
fn leave(chain: &mut Chain, addresses: &Addresses, owner: &Household) -> Result<u64, Failure> {
    let ledger = LedgerTable::from_bytes(&chain.data(&addresses.ledger)).ok();
    let seat = ledger.and_then(|ledger| ledger.seats.get(usize::from(owner.seat)).copied());
    // Debt is paid first.
    let left = seat.map_or(0, |seat| seat.free.saturating_sub(seat.debt()));
    let atoms = MilliAtoms(left).whole_atoms().0;
    let before = Token::balance(chain, &owner.tokens);
    let mut instructions = vec![addresses.close_seat(owner.address(), owner.seat)];
    if atoms > 0 {
        let withdraw = addresses.withdraw(owner.address(), owner.tokens, owner.seat, atoms);
        instructions.insert(0, withdraw);
    }
    chain.send(&instructions, &[&owner.wallet])?;
    Ok(Token::balance(chain, &owner.tokens) - before)
}
