//! The end of a market: nothing more is opened, everybody is paid out, and what is left closes.

use joulebook_client::market::errors::MarketError;

use super::{Model, Phase, Reasons};

impl Model {
    /// Whether no page can be opened any more.
    pub fn is_over(&self) -> bool {
        let correction = i64::from(self.sizes.correction_seconds);
        self.ends_at.is_some_and(|end| self.now >= end + correction)
    }

    /// Whether nothing changes any more but that money leaves.
    pub fn has_ended(&self) -> bool {
        self.is_over() && self.last_page == self.last_final
    }

    /// Whether nothing happens: it has ended, or has not begun.
    pub fn is_idle(&self) -> bool {
        self.last_page.is_none() || self.has_ended()
    }

    pub fn end_market(&mut self, by_authority: bool, ends_at: i64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!by_authority, MarketError::NotAuthority);
        reasons.when(self.is_over(), MarketError::MarketEnded);
        let is_page = ends_at % self.span() == 0;
        let is_behind = self.last_page < Some(ends_at) && ends_at >= self.notice_over();
        reasons.when(!is_page || !is_behind, MarketError::EndInvalid);
        reasons.found()?;
        self.ends_at = Some(ends_at);
        Ok(())
    }

    /// Why nobody can have the meter table settled by another market yet, if nobody can.
    pub fn release_meter_table(&self) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!self.has_ended(), MarketError::NotEnded);
        reasons.found()
    }

    /// All whole atoms of a seat, to a token account of member `to`.
    pub fn pay_out(&mut self, seat: u16, to: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!self.has_ended(), MarketError::NotEnded);
        let is_there = seat < self.sizes.seats;
        reasons.when(!is_there, MarketError::NoSuchSeat);
        // A seat's number is that of its owner.
        reasons.when(seat != to, MarketError::NotOwner);
        let before = self.seats.clone();
        self.pay_owing();
        reasons.when(self.owes_others(seat), MarketError::ClaimsUnpaid);
        let free = self.seats.get(&seat).map_or(0, |seat| seat.free);
        let atoms = (free / 1000) as u64;
        reasons.when(atoms == 0, MarketError::ZeroAmount);
        if let Err(reasons) = reasons.found() {
            self.seats = before;
            return Err(reasons);
        }
        if let Some(record) = self.seats.get_mut(&seat) {
            record.free -= i128::from(atoms) * 1000;
        }
        self.move_tokens(to, atoms, false);
        Ok(())
    }

    /// Closes the account of a book.
    pub fn close_book(&mut self, slot: i64) -> Result<(), Reasons> {
        let held = self.books.get(&slot);
        let is_busy = held.is_some_and(|book| book.phase != Phase::Allocated);
        let mut reasons = Reasons::default();
        reasons.when(is_busy, MarketError::StillInUse);
        reasons.when(!self.is_idle(), MarketError::NotEnded);
        reasons.found()?;
        self.books.remove(&slot);
        Ok(())
    }

    /// Closes the account of a page.
    pub fn close_page(&mut self, slot: i64) -> Result<(), Reasons> {
        let held = self.pages.get(&slot);
        let is_busy = held.is_some_and(|page| !self.is_final(page));
        let mut reasons = Reasons::default();
        reasons.when(is_busy, MarketError::StillInUse);
        reasons.when(!self.is_idle(), MarketError::NotEnded);
        reasons.found()?;
        self.pages.remove(&slot);
        Ok(())
    }
}
