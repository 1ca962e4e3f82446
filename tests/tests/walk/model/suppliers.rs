//! Who is the other side of every imbalance, one after the other.

use joulebook_client::market::errors::MarketError;

use super::{Model, Reasons};

const LIMITATION: i64 = 92 * 86_400;
const EMERGENCY: u16 = 1 << 7;

/// The time of one supplier, which may come back for another one.
#[derive(Clone, Debug)]
pub struct Turn {
    pub seat: u16,
    /// Pages that start then or later are its; `None` for all.
    pub from: Option<i64>,
    /// Start of the page that was opened with it last.
    pub last_page: Option<i64>,
    /// When the latest of its pages became final.
    pub final_at: Option<i64>,
}

impl Turn {
    pub fn new(seat: u16, from: Option<i64>) -> Turn {
        Turn {
            seat,
            from,
            last_page: None,
            final_at: None,
        }
    }
}

impl Model {
    /// Number of the turn that was named last.
    pub fn latest_turn(&self) -> usize {
        self.turns.len() - 1
    }

    /// Seat of the supplier that was named last.
    pub fn supplier(&self) -> u16 {
        self.turns[self.latest_turn()].seat
    }

    /// Whether that one has no page yet, and another had the ones before.
    pub fn awaits_supplier(&self) -> bool {
        self.latest_turn() > 0 && self.turns[self.latest_turn()].last_page.is_none()
    }

    /// The turn that a page opened now belongs to.
    pub fn turn_at(&self, start: i64) -> usize {
        let latest = self.latest_turn();
        match self.turns[latest].from {
            Some(from) if start < from => latest - 1,
            _ => latest,
        }
    }

    /// What others are owed by the supplier of a turn.
    pub fn claims_on(&self, turn: usize) -> i128 {
        self.seats.values().map(|seat| seat.claim_on(turn)).sum()
    }

    pub fn owes_others(&self, seat: u16) -> bool {
        let of_seat = |turn: &usize| self.turns[*turn].seat == seat;
        let turns = 0..self.turns.len();
        turns.filter(of_seat).any(|turn| self.claims_on(turn) > 0)
    }

    /// Whether the seat has to stand in for windows, or for claims.
    pub fn binds(&self, seat: u16) -> bool {
        let latest = self.latest_turn();
        let is_bound = |(number, turn): (usize, &Turn)| {
            turn.seat == seat
                && (number == latest
                    || (number + 1 == latest && self.awaits_supplier())
                    || turn.last_page > self.last_final
                    || self.claims_on(number) > 0)
        };
        self.turns.iter().enumerate().any(is_bound)
    }

    /// What it can't take out.
    pub fn margin_of(&self, seat: u16) -> i128 {
        match self.binds(seat) {
            true => self.sizes.supplier_margin.into(),
            false => 0,
        }
    }

    /// What is wrong where free money does not suffice.
    pub fn too_little(&self, seat: u16) -> MarketError {
        match self.margin_of(seat) > 0 {
            true => MarketError::MarginKept,
            false => MarketError::NotEnoughFree,
        }
    }

    /// From when on nobody of an ended market is waited for.
    pub fn lapses_at(&self) -> i64 {
        let final_at = self.turns.iter().filter_map(|turn| turn.final_at).max();
        self.ends_at.max(final_at).unwrap_or(i64::MAX - LIMITATION) + LIMITATION
    }

    /// `signer` as the owner of the seat of `new`, who has seen what was agreed in the market if it `knows`.
    pub fn replace_supplier(
        &mut self,
        by_authority: bool,
        signer: u16,
        new: u16,
        knows: bool,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!knows, MarketError::MarketChanged);
        reasons.when(!by_authority, MarketError::NotAuthority);
        reasons.when(self.is_over(), MarketError::MarketEnded);
        reasons.when(signer != new, MarketError::NotOwner);
        let member = &self.members[&new];
        let may = member.active && member.roles & EMERGENCY == 0 && new < self.sizes.seats;
        reasons.when(!may, MarketError::OperatorSeatInvalid);
        reasons.when(!self.is_open(new), MarketError::NoSuchSeat);
        let latest = self.latest_turn();
        let is_awaited = self.awaits_supplier();
        // Whoever goes on for now, and who was before it.
        let (stays, former) = match is_awaited {
            true => (latest - 1, None),
            false => (latest, latest.checked_sub(1)),
        };
        reasons.when(self.turns[stays].seat == new, MarketError::SupplierStands);
        let before = self.seats.clone();
        self.pay_owing();
        if let Some(former) = former {
            let Turn {
                last_page,
                final_at,
                ..
            } = self.turns[former];
            reasons.when(last_page > self.last_final, MarketError::SupplierUnsettled);
            let mut seats = self.seats.values();
            let is_open = seats.any(|seat| seat.balance(former) != 0);
            let lapses_at = final_at.map_or(i64::MIN, |end| end + LIMITATION);
            let is_early = is_open && self.now < lapses_at;
            reasons.when(is_early, MarketError::SupplierUnsettled);
        }
        let free = self.seats.get(&new).map_or(0, |seat| seat.free);
        let has_margin = free >= self.sizes.supplier_margin.into();
        reasons.when(!has_margin, MarketError::MarginMissing);
        if let Err(reasons) = reasons.found() {
            self.seats = before;
            return Err(reasons);
        }
        if let Some(former) = former {
            for seat in self.seats.values_mut() {
                seat.balances.remove(&former);
            }
        }
        let behind = self.last_page.map_or(i64::MIN, |page| page + 1);
        let earliest = self.notice_over().max(behind);
        let from = self.page_start(earliest + self.span() - 1);
        if is_awaited {
            self.turns.pop();
        }
        self.turns.push(Turn::new(new, Some(from)));
        Ok(())
    }
}
