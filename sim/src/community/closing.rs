//! The end of a market: everybody takes out what they have, and the rent goes back.

use joulebook_client::{
    market::instructions as market, oracle::instructions as oracle, tables::LedgerTable,
};
use solana_instruction::Instruction;
use solana_signer::Signer;

use crate::{Addresses, Chain, Failure, Household, Token, Community};

/// What was paid out when a market closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closed {
    /// Atoms.
    pub supplier: u64,
    pub grid_operator: u64,
    pub fees: u64,
    /// Lamports that were locked in the market's tables and the meters'.
    pub rent: u64,
}

impl Community {
    /// Retires household `place`'s meters, lets the round of the ring go by in which their last window
    /// settles, takes the whole atoms out and closes the seat; returns what its wallet received.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn leave(&mut self, place: usize) -> Result<u64, Failure> {
        let devices = self.households[place].devices.iter();
        let meters: Vec<u32> = devices.map(|device| device.number).collect();
        let table = self.meters();
        let round = i64::from(self.parameters.window_seconds) * i64::from(self.parameters.ring);
        for number in meters {
            let retire = self.retire_meter_instruction(number);
            self.as_authority(&[retire])?;
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
    pub fn close_everything(&mut self) -> Result<Closed, Failure> {
        let before = self.chain.lamports(&self.authority.pubkey());
        for slot in 0..self.parameters.ring {
            let close = self.close_window_instruction(slot);
            self.as_authority(&[close])?;
        }
        let supplier = leave(&mut self.chain, &self.addresses, &self.supplier)?;
        let grid_operator = leave(&mut self.chain, &self.addresses, &self.grid_operator)?;
        // Last of the money: a seat that closes leaves its parts of an atom to the fees.
        let fees = self.take_fees()?;
        let close = self.close_market_instructions();
        self.as_authority(&close)?;
        for slot in 0..self.parameters.interval_ring {
            let close = self.close_interval_instruction(slot);
            self.as_authority(&[close])?;
        }
        let close = self.close_meter_table_instruction();
        self.as_authority(&[close])?;
        Ok(Closed {
            supplier,
            grid_operator,
            fees,
            rent: self.chain.lamports(&self.authority.pubkey()) - before,
        })
    }

    /// All fees, to a new token account of the authority; returns what arrived there.
    fn take_fees(&mut self) -> Result<u64, Failure> {
        let amount = self.ledger().header.fees / 1000;
        if amount == 0 {
            return Ok(0);
        }
        let authority = self.authority.pubkey();
        let destination = self.token.account(&mut self.chain, &authority, 0)?;
        let withdraw = market::WithdrawFees {
            authority,
            community: self.addresses.community,
            market: self.addresses.market,
            ledger: self.addresses.ledger,
            vault: self.addresses.vault,
            destination,
            quote_mint: self.addresses.quote_mint,
            token_program: self.addresses.token_program,
        }
        .instruction(market::WithdrawFeesInstructionArgs { amount });
        self.as_authority(&[withdraw])?;
        Ok(Token::balance(&self.chain, &destination))
    }

    fn retire_meter_instruction(&self, meter: u32) -> Instruction {
        oracle::RetireMeter {
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            actor: self.authority.pubkey(),
            acting: None,
        }
        .instruction(oracle::RetireMeterInstructionArgs { meter })
    }

    fn close_window_instruction(&self, slot: u16) -> Instruction {
        market::CloseWindow {
            authority: self.authority.pubkey(),
            community: self.addresses.community,
            market: self.addresses.market,
            window: self.addresses.window_slot(slot),
        }
        .instruction()
    }

    /// History, ledger, and then the market with its vault.
    fn close_market_instructions(&self) -> [Instruction; 3] {
        let (authority, community) = (self.authority.pubkey(), self.addresses.community);
        let market = self.addresses.market;
        [
            market::CloseHistory {
                authority,
                community,
                market,
                history: self.addresses.history,
            }
            .instruction(),
            market::CloseLedger {
                authority,
                community,
                market,
                ledger: self.addresses.ledger,
            }
            .instruction(),
            market::CloseMarket {
                authority,
                community,
                market,
                vault: self.addresses.vault,
                token_program: self.addresses.token_program,
            }
            .instruction(),
        ]
    }

    fn close_interval_instruction(&self, slot: u16) -> Instruction {
        oracle::CloseInterval {
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            interval: self.addresses.interval_slot(slot),
            authority: self.authority.pubkey(),
        }
        .instruction()
    }

    fn close_meter_table_instruction(&self) -> Instruction {
        oracle::CloseMeterTable {
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            settlement: self.addresses.market,
            authority: self.authority.pubkey(),
        }
        .instruction()
    }
}

/// Takes a seat's whole atoms out and closes it; returns what the owner's wallet received.
fn leave(chain: &mut Chain, at: &Addresses, owner: &Household) -> Result<u64, Failure> {
    let ledger = LedgerTable::from_bytes(&chain.data(&at.ledger)).ok();
    let seat = ledger.and_then(|ledger| ledger.seats.get(usize::from(owner.seat)).copied());
    // Debt is paid first.
    let atoms = seat.map_or(0, |seat| seat.free.saturating_sub(seat.debt) / 1000);
    let before = Token::balance(chain, &owner.tokens);
    let close = market::CloseSeat {
        owner: owner.address(),
        community: at.community,
        market: at.market,
        ledger: at.ledger,
        meter_table: at.meter_table,
    }
    .instruction(market::CloseSeatInstructionArgs { seat: owner.seat });
    let mut instructions = vec![close];
    if atoms > 0 {
        instructions.insert(0, at.withdraw(owner, atoms));
    }
    chain.send(&instructions, &[&owner.wallet])?;
    Ok(Token::balance(chain, &owner.tokens) - before)
}
