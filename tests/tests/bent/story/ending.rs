//! The market's end, everybody's money on its way out, and the rent's; and who comes after one who left.

use joulebook_client::{
    instructions::Application,
    layout::registry::{limits::SUCCESSION_NOTICE, Participant},
};
use joulebook_sim::{roles::CONSUMER, Failure, Household};
use joulebook_tests::market::{instructions, BUYER, SELLER};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::Story;

/// An owner, its token account and its seat.
type Purse = (Address, Address, u16);

fn purse(household: &Household) -> Purse {
    (household.address(), household.tokens, household.seat)
}

impl Story {
    pub fn end(&mut self, first: i64) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let withdraw = self
            .community
            .withdrawal_of(&self.community.households[SELLER], 1_000);
        self.send(withdraw)?;
        let fees = at.withdraw_fees(self.authority(), self.community.grid_operator.tokens, 1_000);
        self.send(fees)?;
        self.markets.push(super::market_of(&self.community));
        self.community.end_market()?;
        self.door_closes()?;
        self.community.fund_supplier(100_000_000)?;
        let pay_claims = at.pay_claims();
        self.send(pay_claims)?;
        self.community.deposit(2, 500_000)?;
        self.leave(self.community.households.iter().map(purse).collect())?;
        self.rings_close()?;
        let operators = [&self.community.grid_operator, &self.community.supplier];
        self.leave(operators.map(purse).to_vec())?;
        self.tables_close()?;
        self.succession()?;
        assert!(first < self.community.chain.now());
        Ok(())
    }

    /// Some take their money out, to the others it is sent.
    fn leave(&mut self, all: Vec<Purse>) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        for (owner, tokens, seat) in all {
            let free = self.community.ledger().seats[usize::from(seat)].free / 1000;
            let is_buyer = owner == self.community.households[BUYER].address();
            if is_buyer {
                self.send(at.withdraw(owner, tokens, seat, free))?;
            } else if free > 0 {
                self.send(at.pay_out(&owner, tokens, seat))?;
            }
            let by = if is_buyer {
                owner
            } else {
                self.operator.address()
            };
            self.send(at.close_seat(by, seat))?;
        }
        Ok(())
    }

    fn rings_close(&mut self) -> Result<(), Failure> {
        let (at, authority) = (self.community.addresses.clone(), self.authority());
        for slot in 0..self.community.parameters.books {
            self.send(at.close_book(authority, slot))?;
        }
        for slot in 0..self.community.parameters.pages {
            self.send(at.close_page(authority, slot))?;
        }
        Ok(())
    }

    fn tables_close(&mut self) -> Result<(), Failure> {
        let (at, authority) = (self.community.addresses.clone(), self.authority());
        let fees = self.community.ledger().header.fees / 1000;
        let to = self.community.grid_operator.tokens;
        let withdraw = instructions::withdraw_fees(&self.community, to, fees);
        self.send(withdraw)?;
        self.send(at.close_history(authority))?;
        self.send(at.close_ledger(authority))?;
        self.send(at.close_market(authority))?;
        for slot in 0..self.community.parameters.pages {
            self.send(at.close_interval_page(authority, slot))?;
        }
        self.send(at.close_meter_table(authority, at.market))?;
        Ok(())
    }

    fn succession(&mut self) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let later = self.community.chain.now() + i64::from(SUCCESSION_NOTICE);
        self.community.pass_until(later);
        let wallet = Keypair::new().pubkey();
        self.community.chain.fund(&wallet);
        let application = Application::for_roles(CONSUMER);
        self.send(at.apply(wallet, application.clone()))?;
        let former = self.former.address();
        let record = self.community.chain.data(&at.participant(&former));
        let record = Participant::from_bytes(&record).expect("it is still there");
        let predecessor = (&former, record.approved_at);
        let authority = self.authority();
        let approve = at.approve_successor(authority, &wallet, CONSUMER, &application, predecessor);
        self.send(approve)?;
        Ok(())
    }
}
