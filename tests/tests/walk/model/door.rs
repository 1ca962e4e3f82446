use std::collections::BTreeMap;

use anchor_lang::error::ErrorCode;
use joulebook_client::market::errors::MarketError;
use joulebook_tests::refused::ALREADY_IN_USE;

use super::{Model, Reasons};

/// A week.
const NOTICE: i64 = 7 * 86_400;

/// A program that is admitted.
#[derive(Clone, Debug, Default)]
pub struct Admission {
    /// `None` while it is not retired.
    pub ends_at: Option<i64>,
    /// Of the seats that have one, the empty ones too; milli-atoms.
    pub holds: BTreeMap<u16, i128>,
}

/// What a program does with a hold.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// Whose address signs.
    pub signer: u16,
    /// Whom it is held for.
    pub program: u16,
    pub seat: u16,
    pub amount: u64,
}

impl Model {
    /// What a seat holds for all programs.
    pub fn held(&self, seat: u16) -> i128 {
        let holds = self.admissions.values();
        holds
            .filter_map(|admission| admission.holds.get(&seat))
            .sum()
    }

    fn require_hold(&self, reasons: &mut Reasons, program: u16, seat: u16) {
        let admission = self.admissions.get(&program);
        let is_there = admission.is_some_and(|admission| admission.holds.contains_key(&seat));
        reasons.when(!is_there, ErrorCode::AccountOwnedByWrongProgram);
    }

    fn require_admitted(&self, reasons: &mut Reasons, program: u16) {
        let is_there = self.admissions.contains_key(&program);
        reasons.when(!is_there, ErrorCode::AccountOwnedByWrongProgram);
    }

    fn ends_at(&self, program: u16) -> Option<i64> {
        self.admissions.get(&program)?.ends_at
    }

    pub fn admit(&mut self, by_authority: bool, program: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!by_authority, MarketError::NotAuthority);
        reasons.when(self.admissions.contains_key(&program), ALREADY_IN_USE);
        reasons.found()?;
        self.admissions.insert(program, Admission::default());
        Ok(())
    }

    pub fn retire_program(&mut self, by_authority: bool, program: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!by_authority, MarketError::NotAuthority);
        self.require_admitted(&mut reasons, program);
        let is_retired = self.ends_at(program).is_some();
        reasons.when(is_retired, MarketError::ProgramRetired);
        reasons.found()?;
        if let Some(admission) = self.admissions.get_mut(&program) {
            admission.ends_at = Some(self.now + NOTICE);
        }
        Ok(())
    }

    pub fn hold(
        &mut self,
        signer: u16,
        seat: u16,
        program: u16,
        amount: u64,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(amount == 0, MarketError::ZeroAmount);
        self.require_admitted(&mut reasons, program);
        let is_retired = self.ends_at(program).is_some();
        reasons.when(is_retired, MarketError::ProgramRetired);
        reasons.when(self.is_over(), MarketError::MarketEnded);
        self.require_owner(&mut reasons, seat, signer);
        reasons.when(self.owes_others(seat), MarketError::ClaimsUnpaid);
        let amount = i128::from(amount);
        if let Some(record) = self.seats.get(&seat) {
            reasons.when(record.debt() > 0, MarketError::InDebt);
            let left = record.free - self.margin_of(seat);
            reasons.when(left < amount, self.too_little(seat));
        }
        reasons.found()?;
        if let Some(record) = self.seats.get_mut(&seat) {
            record.free -= amount;
        }
        if let Some(admission) = self.admissions.get_mut(&program) {
            *admission.holds.entry(seat).or_default() += amount;
        }
        Ok(())
    }

    /// To `to_seat`, or back to its own.
    pub fn move_held(&mut self, held: Move, to_seat: Option<u16>) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(held.amount == 0, MarketError::ZeroAmount);
        reasons.when(held.signer != held.program, MarketError::NotProgram);
        self.require_hold(&mut reasons, held.program, held.seat);
        let amount = i128::from(held.amount);
        let is_held = self.amount(held.program, held.seat);
        reasons.when(is_held < amount, MarketError::NotEnoughHeld);
        if let Some(to_seat) = to_seat {
            reasons.when(to_seat == held.seat, MarketError::SameSeat);
            reasons.when(!self.is_open(to_seat), MarketError::NoSuchSeat);
            let is_over = self
                .ends_at(held.program)
                .is_some_and(|end| self.now >= end);
            reasons.when(is_over, MarketError::NoticeOver);
        }
        // Of an empty one, the seat may be gone.
        reasons.when(!self.is_open(held.seat), MarketError::NoSuchSeat);
        reasons.found()?;
        self.take_out(
            held.program,
            held.seat,
            to_seat.unwrap_or(held.seat),
            amount,
        );
        Ok(())
    }

    pub fn take_back(&mut self, program: u16, seat: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        self.require_hold(&mut reasons, program, seat);
        match self.ends_at(program) {
            None => reasons.when(true, MarketError::NotRetired),
            Some(end) => reasons.when(self.now < end, MarketError::NoticeNotOver),
        }
        reasons.found()?;
        let amount = self.amount(program, seat);
        self.take_out(program, seat, seat, amount);
        Ok(())
    }

    pub fn close_hold(&mut self, program: u16, seat: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        self.require_hold(&mut reasons, program, seat);
        let amount = self.amount(program, seat);
        reasons.when(amount > 0, MarketError::HoldInUse);
        reasons.found()?;
        if let Some(admission) = self.admissions.get_mut(&program) {
            admission.holds.remove(&seat);
        }
        Ok(())
    }

    pub fn close_admission(&mut self, program: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        self.require_admitted(&mut reasons, program);
        if let Some(admission) = self.admissions.get(&program) {
            reasons.when(admission.ends_at.is_none(), MarketError::NotRetired);
            reasons.when(!admission.holds.is_empty(), MarketError::AdmissionInUse);
        }
        reasons.found()?;
        self.admissions.remove(&program);
        Ok(())
    }

    fn amount(&self, program: u16, seat: u16) -> i128 {
        let admission = self.admissions.get(&program);
        let hold = admission.and_then(|admission| admission.holds.get(&seat));
        hold.copied().unwrap_or(0)
    }

    fn take_out(&mut self, program: u16, seat: u16, to_seat: u16, amount: i128) {
        let admission = self.admissions.get_mut(&program);
        if let Some(hold) = admission.and_then(|admission| admission.holds.get_mut(&seat)) {
            *hold -= amount;
        }
        if let Some(record) = self.seats.get_mut(&to_seat) {
            record.free += amount;
        }
        if amount > 0 {
            self.pay_for(to_seat);
        }
    }
}
