//! Takes random steps on the chain and in the model, and compares the two after each.

mod books;
pub mod coverage;
mod devices;
mod door;
mod drain;
mod energy;
mod founding;
mod govern;
mod keeping;
mod leaving;
mod meters;
mod money;
mod new_meters;
mod pages;
mod prices;
mod readings;
mod standing;
mod supplier;
mod time;
mod trade;
mod values;

use joulebook_sim::{checks, Failure, Household, LocalCommunity, Receipt};
use solana_instruction::Instruction;
use solana_keypair::Keypair;

use crate::{
    compare::compare,
    model::{Model, Page, Reasons, GRID_OPERATOR, SUPPLIER},
    random::Random,
};
use coverage::Coverage;
use devices::Devices;
pub use devices::Flows;

/// Of a step that was compared with the model; what went wrong, as a sentence.
pub type Checked = Result<(), String>;

pub struct Walker {
    pub community: LocalCommunity,
    pub model: Model,
    pub random: Random,
    pub devices: Devices,
    /// What flows, if that is not left to chance.
    pub flows: Option<Flows>,
    /// End of the last service whose row another meter has now.
    reused_until: i64,
    /// Which of the two keepers is next.
    keeper: bool,
    /// What was done, the latest last.
    pub log: Vec<String>,
    pub coverage: Coverage,
}

impl Walker {
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

    /// Mostly `slot`, sometimes any of so many.
    fn mostly_slot(&mut self, slot: i64, slots: u16) -> i64 {
        if self.random.percent(97) {
            slot
        } else {
            self.random.below(slots.into()) as i64
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
            0..144 => self.place_orders()?,
            144..196 => self.use_standing_orders()?,
            196..207 => self.replace_supplier()?,
            207..242 => self.use_door()?,
            242..297 => self.cancel_orders()?,
            297..400 => self.let_time_pass()?,
            400..440 => self.open_window()?,
            440..480 => self.open_page()?,
            480..694 => self.keep()?,
            694..700 => self.manage_meter()?,
            700..830 => self.send_readings()?,
            830..850 => self.replace_values()?,
            850..880 => self.deposit()?,
            880..912 => self.withdraw()?,
            912..920 => self.set_delegate()?,
            920..938 => self.open_or_close_seat()?,
            938..944 => self.set_terms()?,
            944..950 => self.set_tariff()?,
            950..958 => self.post_prices()?,
            958..963 => self.set_pause()?,
            963..968 => self.suspend_or_reinstate()?,
            968..970 => self.set_roles()?,
            970..984 => self.manage_meter()?,
            984..988 => self.withdraw_fees()?,
            988..992 => self.gift_or_sweep()?,
            992..995 => self.pay_claims()?,
            _ => self.close_what_is_busy()?,
        }
        self.compare()
    }

    pub fn compare(&mut self) -> Checked {
        self.coverage.look(&self.model);
        compare(&self.community, &self.model)?;
        // Until they are swept, tokens sent past the ledger are in the vault only. Where pages were left out, an old one may
        // still be there when a meter has the row of one that it knew: nobody can tell any more what was due in it.
        let is_known = |page: &Page| page.start >= self.reused_until;
        if self.model.gifts == 0 && self.model.pages.values().all(is_known) {
            checks::invariants(&self.community)?;
        }
        Ok(())
    }
}
