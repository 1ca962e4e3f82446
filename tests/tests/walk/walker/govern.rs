use joulebook_client::{
    instructions::Actor,
    layout::market::{ImbalancePrices, MarketTerms},
    market::instructions as market,
    registry::instructions as registry,
};
use solana_address::Address;
use solana_signer::Signer;

use super::{Checked, Walker};

impl Walker {
    pub(super) fn authority(&self) -> Address {
        self.community.authority.pubkey()
    }

    /// Who signs as the authority: mostly it does.
    fn some_authority(&mut self) -> (Address, bool) {
        if self.random.percent(92) {
            (self.authority(), true)
        } else {
            (self.community.supplier.address(), false)
        }
    }

    pub(super) fn set_terms(&mut self) -> Checked {
        let (authority, by_authority) = self.some_authority();
        let mut terms = MarketTerms {
            keeper_reward: self.random.of_any_size(9),
            horizon: self.random.pick(&[300, 600, 900]),
            gate_lead: self.random.pick(&[0, 60, 200, 299]),
            metering_grace: self.random.pick(&[0, 100, 300, 600]),
            floor_price: self.random.of_any_size(5) as i32 * self.random.pick(&[-1, 1, 1]),
            tick_size: self.random.between(1, 4000) as u32,
            min_quantity: self.random.between(1, 20) as u32,
            grid_fee: self.random.of_any_size(5) as i32 / 2,
            utc_offset: self.random.pick(&[-50_400, -3600, 0, 3600, 7200, 50_400]),
            holidays: [0; 16],
            fee_bps: self.random.pick(&[0, 1, 100, 333, 1000]),
            max_silent: self.random.below(9) as u16,
            draw_after: self.random.below(5) as u16,
            min_lock: self.random.pick(&[1, 100, 20_000]),
            reserved: [0; 6],
        };
        if self.random.percent(40) {
            terms.holidays[3] = (self.model.now / 86_400) as u32;
        }
        match self.random.below(16) {
            0 => terms.gate_lead = terms.horizon,
            1 => terms.horizon = 9000,
            2 => terms.horizon = u32::MAX,
            10 => terms.metering_grace = u32::MAX,
            3 => terms.fee_bps = 1001,
            4 => terms.min_quantity = 0,
            5 => terms.utc_offset = self.random.pick(&[-50_401, 50_401, i32::MIN]),
            6 => terms.tick_size = 0,
            7 => terms.floor_price = self.random.pick(&[i32::MAX, i32::MIN, 2_100_000_000]),
            8 => terms.min_lock = self.random.pick(&[0, -1, i32::MIN]),
            9 => terms.grid_fee = self.random.pick(&[-1, i32::MIN, 90_001]),
            _ => {}
        }
        let signer = match self.random.below(10) {
            0 => None,
            1 => Some(self.anyone()),
            _ => Some(self.model.supplier()),
        };
        let instruction = market::SetTerms {
            authority,
            supplier: signer.map(|signer| self.person(signer).address()),
            community: self.community.addresses.community,
            market: self.community.addresses.market,
            ledger: self.community.addresses.ledger,
        }
        .instruction(market::SetTermsInstructionArgs { terms });
        let found = self.govern(instruction, by_authority);
        let predicted = self.model.set_terms(by_authority, signer, &terms);
        self.agree(format!("set {terms:?}"), predicted, found)
            .map(|_| ())
    }

    pub(super) fn set_tariff(&mut self) -> Checked {
        let (authority, by_authority) = self.some_authority();
        let working_day = self.random.percent(50);
        let mut first = self.random.below(48) as u8;
        let room = 48 - u64::from(first);
        let mut count = self.random.between(1, room.min(24));
        match self.random.below(12) {
            0 => count = 0,
            1 => first = self.random.pick(&[48, 255]),
            2 => count = room + 1,
            _ => {}
        }
        let entries: Vec<ImbalancePrices> = (0..count).map(|_| self.some_prices()).collect();
        let by_supplier = self.random.percent(92);
        let present = self.model.supplier();
        let supplier = match by_supplier {
            true => present,
            false => (present + 1) % self.people(),
        };
        let instruction = market::SetTariff {
            authority,
            supplier: self.person(supplier).address(),
            community: self.community.addresses.community,
            market: self.community.addresses.market,
            ledger: self.community.addresses.ledger,
        }
        .instruction(market::SetTariffInstructionArgs {
            working_day,
            first_half_hour: first,
            entries: entries.clone(),
        });
        let found = self.govern(instruction, by_authority);
        let predicted =
            self.model
                .set_tariff(by_authority, by_supplier, working_day, first, &entries);
        let what = format!("set {count} tariffs from {first}, working day {working_day}");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub(super) fn set_pause(&mut self) -> Checked {
        let paused = match self.random.percent(70) {
            true => 0,
            false => self.random.below(9) as u8,
        };
        let by_authority = self.random.percent(92);
        self.pause(by_authority, paused)
    }

    pub(super) fn pause(&mut self, by_authority: bool, paused: u8) -> Checked {
        let actor = if by_authority {
            self.authority()
        } else {
            self.community.supplier.address()
        };
        let actor = Actor::authority(actor);
        let instruction = self.community.addresses.set_pause(actor, paused);
        let found = self.govern(instruction, by_authority);
        let predicted = self.model.set_pause(by_authority, paused);
        self.agree(format!("pause {paused}"), predicted, found)
            .map(|_| ())
    }

    pub(super) fn suspend_or_reinstate(&mut self) -> Checked {
        let who = self.any_household();
        let is_active = self.model.members[&who].active;
        let makes_active = is_active == self.random.percent(10);
        // Those who are out come back sooner than others go.
        if is_active && self.random.percent(60) {
            return Ok(());
        }
        self.set_active(who, makes_active)
    }

    pub(super) fn set_active(&mut self, who: u16, active: bool) -> Checked {
        let community = self.community.addresses.community;
        let participant = self.person(who).participant;
        let actor = self.authority();
        let instruction = if active {
            registry::Reinstate {
                community,
                participant,
                actor,
                acting: None,
            }
            .instruction()
        } else {
            registry::Suspend {
                community,
                participant,
                actor,
                acting: None,
            }
            .instruction(registry::SuspendInstructionArgs {
                reason: 1,
                evidence: None,
            })
        };
        let found = self.govern(instruction, true);
        let predicted = self.model.set_active(who, active);
        self.agree(format!("{who} is active: {active}"), predicted, found)
            .map(|_| ())
    }

    pub(super) fn set_roles(&mut self) -> Checked {
        let who = self.any_household();
        let roles = self
            .random
            .pick(&[0b011, 0b100, 0b001, 0b010, 0b1000, 0, 256]);
        let instruction = registry::SetRoles {
            community: self.community.addresses.community,
            participant: self.person(who).participant,
            actor: self.authority(),
            acting: None,
        }
        .instruction(registry::SetRolesInstructionArgs { roles });
        let found = self.govern(instruction, true);
        let predicted = self.model.set_roles(who, roles);
        self.agree(format!("{who} has roles {roles:b}"), predicted, found)
            .map(|_| ())
    }

    pub(super) fn close_market(&mut self) -> Checked {
        let authority = self.authority();
        let at = &self.community.addresses;
        let (community, market) = (at.community, at.market);
        let data = self.community.chain.data(&at.standing_orders);
        let standing = (!data.is_empty()).then(|| at.close_standing_orders(authority));
        let instructions = [
            market::CloseHistory {
                authority,
                community,
                market,
                history: at.history,
            }
            .instruction(),
            market::CloseLedger {
                authority,
                community,
                market,
                ledger: at.ledger,
            }
            .instruction(),
            market::CloseMarket {
                authority,
                community,
                market,
                vault: at.vault,
                token_program: at.token_program,
            }
            .instruction(),
        ];
        for instruction in standing.into_iter().chain(instructions) {
            self.govern(instruction, true)
                .map_err(|failure| format!("the market does not close: {failure}"))?;
        }
        Ok(())
    }
}
