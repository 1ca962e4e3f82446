//! The end of a market: everybody takes out what they have, and the rent goes back.

use joulebook_client::{instructions::Actor, ring, tables::LedgerTable, Addresses};
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
    /// Retires household `place`'s meters, lets the round of the ring go by in which their last window
    /// settles, takes the whole atoms out and closes the seat; returns what its wallet received.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn leave(&mut self, place: usize) -> Result<u64, Failure> {
        let devices = self.households[place].devices.iter();
        let meters: Vec<u32> = devices.map(|device| device.number).collect();
        let table = self.meters();
        let round = ring::round(self.parameters.window_seconds, self.parameters.ring);
        for number in meters {
            let authority = Actor::authority(self.authority.pubkey());
            let retire = self.addresses.retire_meter(authority, number);
            self.send_as_authority(&[retire])?;
            let heard = table
                .meters
                .get(number as usize)
                .map(|meter| meter.boundary);
            let settled = heard.unwrap_or_default().saturating_add(round);
            self.chain.set_time(settled.max(self.chain.now()));
        }
        leave(&mut self.chain, &self.addresses, &self.households[place])
    }

    /// Closes a market whose households have left: supplier and grid operator take out what they have,
    /// the authority the fees and the rent.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn close_everything(&mut self) -> Result<Payouts, Failure> {
        let authority = self.authority.pubkey();
        let before = self.chain.lamports(&authority);
        for slot in 0..self.parameters.ring {
            let close = self.addresses.close_window(authority, slot);
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
        for slot in 0..self.parameters.interval_ring {
            let close = self.addresses.close_interval(authority, slot);
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
    let left = seat.map_or(0, |seat| seat.free.saturating_sub(seat.debt));
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
