use joulebook_client::market::instructions::{Capture, CaptureInstructionArgs};
use solana_address::Address;
use solana_signer::Signer;

use super::{Checked, Walker};
use crate::model::{Model, Move};

/// How many programs there are to be admitted.
const PROGRAMS: u16 = 3;

impl Walker {
    /// Deploys what may be admitted later on.
    pub(super) fn deploy_programs(&mut self) {
        for program in 0..PROGRAMS {
            let address = program_address(program);
            joulebook_tests::market::door::deploy(&mut self.community.chain, address);
        }
    }

    fn any_program(&mut self) -> u16 {
        self.random.below(PROGRAMS.into()) as u16
    }

    /// One that is admitted, or now and then any.
    fn some_program(&mut self) -> u16 {
        let admitted: Vec<u16> = self.model.admissions.keys().copied().collect();
        match admitted.is_empty() || self.random.percent(10) {
            true => self.any_program(),
            false => self.random.pick(&admitted),
        }
    }

    /// A hold that is there, or now and then any.
    fn some_hold(&mut self) -> (u16, u16) {
        let mut holds = vec![];
        for (program, admission) in &self.model.admissions {
            holds.extend(admission.holds.keys().map(|seat| (*program, *seat)));
        }
        match holds.is_empty() || self.random.percent(5) {
            true => (self.some_program(), self.anyone()),
            false => self.random.pick(&holds),
        }
    }

    pub(super) fn use_door(&mut self) -> Checked {
        match self.random.below(100) {
            0..12 => self.admit(),
            12..50 => self.hold(),
            50..64 => self.release_held(),
            64..78 => self.capture_held(),
            78..84 => {
                let program = self.some_program();
                let by_authority = self.random.percent(80);
                self.retire_program(by_authority, program)
            }
            84..89 => {
                let (program, seat) = self.some_hold();
                self.take_back(program, seat)
            }
            89..94 => {
                let (program, seat) = self.some_hold();
                self.close_hold(program, seat)
            }
            _ => {
                let program = self.some_program();
                self.close_admission(program)
            }
        }
    }

    fn admit(&mut self) -> Checked {
        let program = self.any_program();
        let by_authority = self.random.percent(92);
        let authority = self.authority_or_supplier(by_authority);
        let at = &self.community.addresses;
        let instruction = at.admit(authority, program_address(program));
        let found = self.govern(instruction, by_authority);
        let predicted = self.model.admit(by_authority, program);
        let what = format!("program {program} is admitted");
        self.agree(what, predicted, found).map(|_| ())
    }

    fn retire_program(&mut self, by_authority: bool, program: u16) -> Checked {
        let authority = self.authority_or_supplier(by_authority);
        let at = &self.community.addresses;
        let instruction = at.retire(authority, &program_address(program));
        let found = self.govern(instruction, by_authority);
        let predicted = self.model.retire_program(by_authority, program);
        let what = format!("program {program} is retired");
        self.agree(what, predicted, found).map(|_| ())
    }

    fn authority_or_supplier(&self, by_authority: bool) -> Address {
        match by_authority {
            true => self.community.authority.pubkey(),
            false => self.community.supplier.address(),
        }
    }

    fn hold(&mut self) -> Checked {
        let (program, seat) = (self.some_program(), self.anyone());
        let signer = self.mostly(seat);
        let free = self.model.seats.get(&seat).map_or(0, |seat| seat.free);
        let free = u64::try_from(free).unwrap_or(0);
        let amount = match self.random.below(12) {
            0 => 0,
            1 => u64::MAX,
            2 => free + 1,
            3 => free,
            _ => self.random.below(free / 3 + 1),
        };
        let owner = self.person(signer).address();
        let at = &self.community.addresses;
        let instruction = at.hold(owner, &program_address(program), seat, amount);
        let found = self.send(&[instruction], &[signer]);
        let predicted = self.model.hold(signer, seat, program, amount);
        let what = format!("{signer} holds {amount} of seat {seat} for program {program}");
        self.agree(what, predicted, found).map(|_| ())
    }

    /// How much, and whose address signs.
    fn some_move(&mut self) -> Move {
        let (program, seat) = self.some_hold();
        let admission = self.model.admissions.get(&program);
        let held = admission.and_then(|admission| admission.holds.get(&seat));
        let held = held.and_then(|held| u64::try_from(*held).ok()).unwrap_or(0);
        let amount = match self.random.below(10) {
            0 => 0,
            1 => held + 1,
            2 => u64::MAX,
            3..6 => held,
            _ => self.random.below(held + 1),
        };
        let signer = match self.random.percent(90) {
            true => program,
            false => self.any_program(),
        };
        Move {
            signer,
            program,
            seat,
            amount,
        }
    }

    fn release_held(&mut self) -> Checked {
        let held = self.some_move();
        let at = &self.community.addresses;
        let mut instruction = at.release(&program_address(held.program), held.seat, held.amount);
        instruction.accounts[0].pubkey = at.program_signer(&program_address(held.signer));
        let found = self.send(&[instruction], &[]);
        let predicted = self.model.move_held(held, None);
        self.agree(format!("{held:?} is released"), predicted, found)
            .map(|_| ())
    }

    fn capture_held(&mut self) -> Checked {
        let held = self.some_move();
        let to_seat = self.anyone();
        let at = &self.community.addresses;
        let program = program_address(held.program);
        let instruction = Capture {
            program_signer: at.program_signer(&program_address(held.signer)),
            market: at.market,
            admission: at.admission(&program),
            ledger: at.ledger,
            hold: at.hold_of(&program, held.seat),
        }
        .instruction(CaptureInstructionArgs {
            amount: held.amount,
            to_seat,
        });
        let found = self.send(&[instruction], &[]);
        let predicted = self.model.move_held(held, Some(to_seat));
        let what = format!("{held:?} is captured for seat {to_seat}");
        self.agree(what, predicted, found).map(|_| ())
    }

    fn take_back(&mut self, program: u16, seat: u16) -> Checked {
        let at = &self.community.addresses;
        let instruction = at.take_back(&program_address(program), seat);
        let found = self.send(&[instruction], &[]);
        let predicted = self.model.take_back(program, seat);
        let what = format!("money of seat {seat} is taken back from program {program}");
        self.agree(what, predicted, found).map(|_| ())
    }

    fn close_hold(&mut self, program: u16, seat: u16) -> Checked {
        let owner = self.person(seat).address();
        let at = &self.community.addresses;
        let instruction = at.close_hold(&program_address(program), seat, owner);
        let found = self.send(&[instruction], &[]);
        let predicted = self.model.close_hold(program, seat);
        let what = format!("hold of seat {seat} for program {program} is closed");
        self.agree(what, predicted, found).map(|_| ())
    }

    fn close_admission(&mut self, program: u16) -> Checked {
        let payer = self.authority();
        let at = &self.community.addresses;
        let instruction = at.close_admission(&program_address(program), payer);
        let found = self.send(&[instruction], &[]);
        let predicted = self.model.close_admission(program);
        let what = format!("admission of program {program} is closed");
        self.agree(what, predicted, found).map(|_| ())
    }

    /// The end of a walk: all programs are retired, and what is held comes back a week later, whatever they do.
    pub(super) fn empty_door(&mut self) -> Checked {
        let programs: Vec<u16> = self.model.admissions.keys().copied().collect();
        for program in &programs {
            if self.model.admissions[program].ends_at.is_none() {
                self.retire_program(true, *program)?;
            }
        }
        let admissions = self.model.admissions.values();
        let Some(end) = admissions.filter_map(|admission| admission.ends_at).max() else {
            return Ok(());
        };
        // A week too early for the one that was retired last.
        let late = holds_that_end(&self.model, end);
        for (program, seat) in late {
            self.take_back(program, seat)?;
        }
        self.wait_until(end.max(self.model.now));
        for program in programs {
            let holds = self.model.admissions[&program].holds.clone();
            for seat in holds.into_keys() {
                self.take_back(program, seat)?;
                self.compare()?;
                self.close_hold(program, seat)?;
            }
            self.close_admission(program)?;
        }
        match self.model.admissions.is_empty() {
            true => self.compare(),
            false => Err("a program's admission does not close".to_string()),
        }
    }
}

fn program_address(program: u16) -> Address {
    Address::new_from_array([0xd0 + program as u8; 32])
}

/// Programs, and seats with a hold for them, whose week ends then.
fn holds_that_end(model: &Model, end: i64) -> Vec<(u16, u16)> {
    let admissions = model.admissions.iter();
    let admissions = admissions.filter(|(_, admission)| admission.ends_at == Some(end));
    let holds = admissions.flat_map(|(program, admission)| {
        let seats = admission.holds.keys();
        seats.map(move |seat| (*program, *seat))
    });
    holds.collect()
}
