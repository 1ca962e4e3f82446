//! Money that seats hold for programs.

use joulebook_client::instructions::Actor;
use joulebook_client::layout::registry::Pause;
use joulebook_sim::Failure;
use joulebook_tests::market::{
    door::{deploy, retirement_of},
    BUYER, SELLER,
};

use super::Story;

/// Between `retire` and `take_back`, seconds.
const WEEK: i64 = 7 * 86_400;

impl Story {
    pub fn door_opens(&mut self) -> Result<(), Failure> {
        let (at, authority) = (self.community.addresses.clone(), self.authority());
        for program in self.programs {
            deploy(&mut self.community.chain, program);
            self.send(at.admit(authority, program))?;
        }
        let [buyer, seller] = self.sides();
        for (who, program, amount) in [
            (buyer, 0, 1_000_000),
            (seller, 0, 2_000_000),
            (buyer, 1, 3_000_000),
        ] {
            let (owner, seat) = who;
            self.send(at.hold(owner, &self.programs[program], seat, amount))?;
        }
        Ok(())
    }

    /// While trading is paused, too.
    pub fn door_is_used(&mut self) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let emergency = self.acting(&self.emergency);
        self.send(at.set_pause(emergency, Pause::TRADING.0))?;
        let [(_, buyer), (_, seller)] = self.sides();
        let [first, second] = self.programs;
        self.send(at.release(&first, buyer, 400_000))?;
        self.send(at.capture(&first, seller, 500_000, buyer))?;
        self.send(at.release(&second, buyer, 3_000_000))?;
        let [(owner, seat), _] = self.sides();
        self.send(at.close_hold(&second, seat, owner))?;
        let retire = retirement_of(&self.community, &first);
        self.send(retire)?;
        self.send(at.set_pause(Actor::authority(self.authority()), 0))?;
        Ok(())
    }

    /// At least a week after [`Story::door_is_used`].
    pub fn door_closes(&mut self) -> Result<(), Failure> {
        let (at, authority) = (self.community.addresses.clone(), self.authority());
        let later = self.community.chain.now() + WEEK;
        self.community.pass_until(later);
        let [first, second] = self.programs;
        for (owner, seat) in self.sides() {
            self.send(at.take_back(&first, seat))?;
            self.send(at.close_hold(&first, seat, owner))?;
        }
        self.send(at.close_admission(&first, authority))?;
        self.send(at.retire(authority, &second))?;
        self.send(at.close_admission(&second, authority))?;
        Ok(())
    }

    fn sides(&self) -> [(solana_address::Address, u16); 2] {
        [BUYER, SELLER].map(|place| {
            let household = &self.community.households[place];
            (household.address(), household.seat)
        })
    }
}
