//! The market's end, everybody's money on its way out, and the rent's; and who comes after one who left.

use joulebook_client::{
    instructions::Application,
    layout::{
        market::limits::LIMITATION_PERIOD,
        registry::{limits::SUCCESSION_NOTICE, Participant},
    },
};
use joulebook_sim::{roles::CONSUMER, Failure, Household};
use joulebook_tests::market::{instructions, pass_until, BUYER, SELLER};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{energy::POOR, supplier::KEEPER, Story};

/// Has no money.
const POOREST: usize = 4;

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
        self.community.deposit(POOR, 1_000)?;
        self.households_leave()?;
        self.rings_close()?;
        let operators = [&self.community.grid_operator, &self.community.supplier];
        for purse in operators.map(purse) {
            self.leave(purse, self.operator.address())?;
        }
        self.tables_close()?;
        self.succession()?;
        assert!(first < self.community.chain.now());
        Ok(())
    }

    /// One takes its money out, to the others it is sent. One drops its claim; one's debt is dropped by the supplier, the
    /// other's by anyone, once nobody is waited for.
    fn households_leave(&mut self) -> Result<(), Failure> {
        let purses: Vec<Purse> = self.community.households.iter().map(purse).collect();
        let (at, anyone) = (self.community.addresses.clone(), self.operator.address());
        let (owner, tokens, seat) = purses[BUYER];
        let free = self.free(seat);
        self.send(at.withdraw(owner, tokens, seat, free))?;
        self.leave(purses[BUYER], owner)?;

        let (owed, owing) = (self.community.seat(SELLER), self.community.seat(POOR));
        assert!(owed.claim() > 0 && owing.debt() > 0, "{owed:?}, {owing:?}");
        self.leave(purses[SELLER], purses[SELLER].0)?;
        self.leave(purses[POOR], purses[KEEPER].0)?;

        let ended_at = self.community.market().ends_at;
        pass_until(&mut self.community, ended_at + i64::from(LIMITATION_PERIOD));
        assert!(self.community.seat(POOREST).debt() > 0);
        for place in [POOREST, KEEPER] {
            self.leave(purses[place], anyone)?;
        }
        Ok(())
    }

    /// What is left of its money is sent to its owner, and the seat closed by somebody.
    fn leave(&mut self, (owner, tokens, seat): Purse, by: Address) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        if self.free(seat) > 0 {
            self.send(at.pay_out(&owner, tokens, seat))?;
        }
        self.send(at.close_seat(by, seat))?;
        Ok(())
    }

    /// Whole atoms.
    fn free(&self, seat: u16) -> u64 {
        self.community.ledger().seats[usize::from(seat)].free / 1000
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
        self.send(at.close_standing_orders(authority))?;
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
