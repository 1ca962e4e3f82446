//! Takes random steps on the chain and in the model, and compares the two after each.

pub mod coverage;
mod door;
mod drain;
mod energy;
mod govern;
mod meters;
mod money;
mod readings;
mod time;
mod trade;
mod windows;

use joulebook_sim::{checks, Failure, Household, LocalCommunity, Parameters, Receipt, TokenKind};
use solana_instruction::Instruction;
use solana_keypair::Keypair;

use crate::{
    compare::compare,
    model::{Member, Model, Phase, Reasons, GRID_OPERATOR, SUPPLIER},
    random::Random,
};
use coverage::Coverage;
use energy::Energy;
use readings::StoredReadings;

/// Of a step that was compared with the model; what went wrong, as a sentence.
pub type Checked = Result<(), String>;

/// Roles of the households: some may buy only or sell only, one is a storage. The last has no seat yet.
const HOUSEHOLDS: [u16; 6] = [0b011, 0b011, 0b001, 0b010, 0b100, 0b011];
/// Atoms that everyone starts with.
const INITIAL_ATOMS: u64 = 1_000_000_000;

pub struct Walker {
    pub community: LocalCommunity,
    pub model: Model,
    pub random: Random,
    energy: Energy,
    stored_readings: StoredReadings,
    /// Which of the two keepers is next.
    keeper: bool,
    /// What was done, the latest last.
    pub log: Vec<String>,
    pub coverage: Coverage,
}

impl Walker {
    pub fn new(seed: u64) -> Result<Walker, String> {
        let mut random = Random::new(seed);
        let parameters = sizes(&mut random);
        let model = Model::new(parameters.clone());
        let mut walker = Walker {
            community: community(parameters)?,
            model,
            random,
            energy: Energy::default(),
            stored_readings: StoredReadings::default(),
            keeper: false,
            log: vec![],
            coverage: Coverage::default(),
        };
        walker.deploy_programs();
        walker
            .admit_households()
            .map_err(|failure| failure.to_string())?;
        for seat in 0..walker.people() - 1 {
            let atoms = 1 + walker.random.of_any_size(7);
            walker.deposit_atoms(seat, seat, atoms)?;
        }
        walker.compare()?;
        Ok(walker)
    }

    /// Lets the households in, with seats, meters and something in their token accounts.
    fn admit_households(&mut self) -> Result<(), Failure> {
        for roles in HOUSEHOLDS {
            let name = format!("household {}", self.community.households.len());
            let household = self.community.admit(&name, roles)?;
            self.community.households.push(household);
        }
        for who in 0..self.people() {
            let (wallet, tokens) = (self.person(who).address(), self.person(who).tokens);
            let roles = match who {
                SUPPLIER => 0b011,
                GRID_OPERATOR => 0b001,
                _ => HOUSEHOLDS[usize::from(who) - 2],
            };
            self.community
                .token
                .mint_to(&mut self.community.chain, &tokens, INITIAL_ATOMS)?;
            let member = Member {
                wallet,
                active: true,
                roles,
                tokens: INITIAL_ATOMS,
            };
            self.model.members.insert(who, member);
            if who <= GRID_OPERATOR {
                // Both opened their seats when the community was made.
                self.model.seats.insert(who, crate::model::Seat::opened());
                continue;
            }
            let open = self.community.seat_of(self.person(who));
            let last = self.people() - 1;
            if who < last {
                self.send(&[open], &[who])?;
                self.model.seats.insert(who, crate::model::Seat::opened());
            }
        }
        for who in 2..self.people() {
            for _ in 0..self.random.between(0, 2) {
                self.community.add_meter(usize::from(who) - 2)?;
                self.model.register_meter(who).ok();
                self.energy.register();
            }
        }
        Ok(())
    }

    /// Supplier, grid operator and households.
    fn people(&self) -> u16 {
        2 + self.community.households.len() as u16
    }

    /// By the number of the seat.
    fn person(&self, who: u16) -> &Household {
        match who {
            SUPPLIER => &self.community.supplier,
            GRID_OPERATOR => &self.community.grid_operator,
            _ => &self.community.households[usize::from(who) - 2],
        }
    }

    fn anyone(&mut self) -> u16 {
        let people = self.people();
        self.random.below(people.into()) as u16
    }

    fn any_household(&mut self) -> u16 {
        let households = self.community.households.len() as u64;
        2 + self.random.below(households) as u16
    }

    /// Mostly `who`, sometimes somebody else.
    fn mostly(&mut self, who: u16) -> u16 {
        if self.random.percent(92) {
            who
        } else {
            self.anyone()
        }
    }

    fn send(&mut self, instructions: &[Instruction], signers: &[u16]) -> Result<Receipt, Failure> {
        let keys: Vec<Keypair> = signers
            .iter()
            .map(|who| self.person(*who).wallet.insecure_clone())
            .collect();
        let keys: Vec<&Keypair> = keys.iter().collect();
        self.community.chain.send(instructions, &keys)
    }

    /// Signed by the community's authority, or by somebody who would like to be it.
    fn govern(&mut self, instruction: Instruction, authority: bool) -> Result<Receipt, Failure> {
        let key = if authority {
            self.community.authority.insecure_clone()
        } else {
            self.community.supplier.wallet.insecure_clone()
        };
        self.community.chain.send(&[instruction], &[&key])
    }

    /// Compares what the chain did with what the model says; `None` if both refused.
    fn agree<T, F>(
        &mut self,
        what: String,
        predicted: Result<T, Reasons>,
        found: Result<F, Failure>,
    ) -> Result<Option<(T, F)>, String> {
        let outcome = match &found {
            Ok(_) => "done".to_string(),
            Err(failure) => format!("{failure:?}"),
        };
        self.coverage.count(&outcome, &what);
        self.log
            .push(format!("{} {what}: {outcome}", self.model.now));
        match (predicted, found) {
            (Ok(predicted), Ok(found)) => Ok(Some((predicted, found))),
            (Err(reasons), Err(failure)) if reasons.include(&failure) => Ok(None),
            (Err(reasons), Err(failure)) => Err(format!(
                "{what}: refused with {failure:?}, due was {reasons:?}"
            )),
            (Ok(_), Err(failure)) => Err(format!("{what}: refused with {failure:?}")),
            (Err(reasons), Ok(_)) => Err(format!("{what}: went through in spite of {reasons:?}")),
        }
    }

    /// One random step and all comparisons.
    pub fn step(&mut self) -> Checked {
        match self.random.below(1000) {
            0..235 => self.place_orders()?,
            235..270 => self.use_door()?,
            270..330 => self.cancel_orders()?,
            330..420 => self.let_time_pass()?,
            420..460 => self.open_window()?,
            460..510 => self.open_interval()?,
            510..760 => self.advance_window()?,
            760..850 => self.send_readings()?,
            850..885 => self.deposit()?,
            885..920 => self.withdraw()?,
            920..930 => self.set_delegate()?,
            930..950 => self.open_or_close_seat()?,
            950..956 => self.set_terms()?,
            956..962 => self.set_tariff()?,
            962..968 => self.set_pause()?,
            968..974 => self.suspend_or_reinstate()?,
            974..977 => self.set_roles()?,
            977..985 => self.manage_meter()?,
            985..990 => self.withdraw_fees()?,
            990..994 => self.gift_or_sweep()?,
            994..996 => self.release_skipped()?,
            996..998 => self.pay_claims()?,
            _ => self.close_busy_window()?,
        }
        self.compare()
    }

    pub fn compare(&mut self) -> Checked {
        self.coverage.look(&self.model);
        compare(&self.community, &self.model)?;
        self.energy.check(&self.community)?;
        // Until they are swept, tokens sent past the ledger are in the vault only.
        if self.model.gifts == 0 {
            checks::invariants(&self.community)?;
        }
        Ok(())
    }

    /// Slots whose window is not over, the oldest window first.
    fn unfinished(&self) -> Vec<i64> {
        let mut slots: Vec<i64> = self
            .model
            .windows
            .iter()
            .filter(|(_, window)| window.phase != Phase::Settled)
            .map(|(slot, _)| *slot)
            .collect();
        slots.sort_by_key(|slot| self.model.windows[slot].start);
        slots
    }

    /// A start that belongs in `slot`: that of the window it holds.
    fn start_in(&self, slot: i64) -> i64 {
        let length = self.model.length();
        match self.model.windows.get(&slot) {
            Some(window) => window.start,
            None => slot * length,
        }
    }

    /// The slot of a window that is not over, or just any.
    fn some_slot(&mut self) -> i64 {
        let unfinished = self.unfinished();
        if unfinished.is_empty() || self.random.percent(5) {
            self.random.below(self.model.sizes.ring.into()) as i64
        } else {
            self.random.pick(&unfinished)
        }
    }
}

/// Where a program's address signs without the program.
fn community(parameters: Parameters) -> Result<LocalCommunity, String> {
    let mut community = LocalCommunity::new(parameters)?;
    community.chain = community.chain.without_signature_checks();
    Ok(community)
}

/// Small tables, so that they fill up; rings of different lengths.
fn sizes(random: &mut Random) -> Parameters {
    let mut parameters = Parameters {
        token: random.pick(&[
            TokenKind::Classic,
            TokenKind::Token2022,
            TokenKind::Token2022WithFee(150),
        ]),
        ring: random.between(7, 10) as u16,
        interval_ring: random.between(4, 9) as u16,
        seats: random.between(7, 10) as u16,
        orders: random.between(6, 16) as u16,
        ticks: random.pick(&[1, 3, 20, 64, 65, 130]),
        meters: random.between(12, 14) as u16,
        history: random.between(3, 12) as u16,
        max_orders_per_seat: random.between(2, 6) as u16,
        violation_limit: random.below(4) as u8,
        ..Parameters::default()
    };
    // Near midnights: of a working day, before a weekend, after it.
    parameters.now += 86_400 * random.pick(&[0, 5, 6]) - 3600 - random.below(7200) as i64;
    parameters.terms.keeper_reward = random.of_any_size(8);
    parameters.terms.max_estimated = random.below(5) as u16;
    parameters
}
