//! What seats order in every window. Rings are shorter than a day here: there are never values of a day or a week before.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use joulebook_client::{
    layout::market::{self, LimitKind, QuantityKind, StandingOutcome, StandingRule},
    market::{errors::MarketError, types::StandingEntry},
};
use solana_address::Address;

use super::{
    orders::{BUYING, SELLING},
    Book, Model, Order, Reasons, TRADING,
};

const DAY: i64 = 86_400;
/// 1970-01-05.
const A_MONDAY: i64 = 4 * DAY;
const PLACES: u8 = 8;

/// The standing orders of a seat.
#[derive(Clone, Debug, Default)]
pub struct StandingSeat {
    pub owner: Option<Address>,
    pub delegate: Option<Address>,
    pub roles: u16,
    pub active: bool,
    pub orders: BTreeMap<u8, StandingOrder>,
    /// Of each place: a day, and the Wh and milli-atoms used on it.
    pub used: BTreeMap<u8, (i64, i128, i128)>,
    /// Places of which what is used is of orders that a delegate entered.
    pub used_by_delegate: BTreeSet<u8>,
}

#[derive(Clone, Debug)]
pub struct StandingOrder {
    pub rule: StandingRule,
    pub by_delegate: bool,
    /// Start of the latest window that it was due in, and what became of it there; zeros for none.
    pub latest: (i64, u8),
}

/// What the chain says of a call that applied standing orders.
pub struct Applied {
    /// New orders of the book by their places.
    pub orders: Vec<(u16, market::Order)>,
    /// What became of each place of each seat.
    pub outcomes: BTreeMap<(u16, u8), u8>,
}

/// An order that can be placed.
struct Due {
    tick: u16,
    quantity: i128,
    lock: i128,
}

impl Model {
    pub fn set_standing_orders(
        &mut self,
        seat: u16,
        trader: Address,
        entries: &[StandingEntry],
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(entries.is_empty(), MarketError::NoOrders);
        self.require_trader(&mut reasons, seat, trader);
        let member = self.members[&seat].clone();
        let record = self.seats.get(&seat).cloned().unwrap_or_default();
        let mut standing = self.standing.get(&seat).cloned().unwrap_or_default();
        let by_delegate = member.wallet != trader;
        for StandingEntry { place, rule } in entries {
            reasons.when(*place >= PLACES, MarketError::NoSuchPlace);
            if let Some(rule) = rule {
                reasons.when(is_malformed(rule), MarketError::StandingRuleInvalid);
                let never = is_never_due(rule, self.now);
                reasons.when(never, MarketError::NeverDue);
            }
            let stands = standing.orders.get(place);
            let is_owners = stands.is_some_and(|order| !order.by_delegate);
            reasons.when(by_delegate && is_owners, MarketError::NotOwner);
            let used = standing.used.get(place);
            let is_used = used.is_some_and(|used| used.0 == self.now / DAY)
                && !standing.used_by_delegate.contains(place);
            reasons.when(by_delegate && is_used, MarketError::PlaceUsed);
        }
        reasons.found()?;

        if standing.delegate != record.delegate {
            standing.orders.retain(|_, order| !order.by_delegate);
        }
        standing.owner = Some(member.wallet);
        standing.delegate = record.delegate;
        standing.roles = member.roles;
        standing.active = member.active;
        for StandingEntry { place, rule } in entries {
            if !by_delegate && standing.used_by_delegate.remove(place) {
                standing.used.remove(place);
            }
            match rule {
                None => standing.orders.remove(place),
                Some(rule) => {
                    let order = StandingOrder {
                        rule: *rule,
                        by_delegate,
                        latest: (0, 0),
                    };
                    standing.orders.insert(*place, order)
                }
            };
        }
        self.standing.insert(seat, standing);
        Ok(())
    }

    pub fn review_participant(&mut self, seat: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(seat >= self.sizes.seats, MarketError::NoSuchSeat);
        reasons.found()?;
        let member = &self.members[&seat];
        let standing = self.standing.entry(seat).or_default();
        standing.roles = member.roles;
        standing.active = member.active && standing.owner == Some(member.wallet);
        Ok(())
    }

    /// Goes through the seats as the program must have done; what became of each order that was due.
    ///
    /// # Errors
    /// What it did otherwise.
    pub fn apply_standing_orders(
        &mut self,
        slot: i64,
        start: i64,
        seats: Range<u16>,
        mut found: Applied,
    ) -> Result<Vec<u8>, String> {
        let mut came_to = vec![];
        let book = self.books.get(&slot);
        let takes = book.is_some_and(|book| book.start == start && book.is_taking_orders(self.now));
        if takes && !self.is_paused(TRADING) {
            for seat in seats.start..seats.end.min(self.sizes.seats) {
                for place in 0..PLACES {
                    let outcome = self
                        .apply_one(slot, seat, place, &mut found)
                        .map_err(|error| format!("seat {seat}, place {place}: {error}"))?;
                    came_to.extend(outcome);
                }
            }
        }
        match found.orders.is_empty() {
            true => Ok(came_to),
            false => Err(format!("nothing asked for {:?}", found.orders)),
        }
    }

    fn apply_one(
        &mut self,
        slot: i64,
        seat: u16,
        place: u8,
        found: &mut Applied,
    ) -> Result<Option<u8>, String> {
        let standing = self.standing.get(&seat);
        let Some(order) = standing.and_then(|all| all.orders.get(&place)).cloned() else {
            return Ok(None);
        };
        let book = &self.books[&slot];
        let start = book.start;
        let local = start + i64::from(book.terms.utc_offset);
        let weekday = (local - A_MONDAY) / DAY % 7;
        let half_hour = local % DAY / 1800;
        let is_named =
            order.rule.weekdays >> weekday & 1 == 1 && order.rule.half_hours >> half_hour & 1 == 1;
        let is_due = is_named && start < order.rule.valid_until;
        if !is_due {
            return Ok(None);
        }
        let is_share = order.rule.quantity_kind >= QuantityKind::DayBefore as u8;
        let tried = Tried { seat, place };
        if book.placed_standing.contains(&tried) {
            // Entered anew since.
            let is_new = order.latest != (start, StandingOutcome::Placed as u8);
            self.note(seat, place, start, StandingOutcome::Placed as u8);
            return Ok(is_new.then_some(StandingOutcome::Placed as u8));
        }
        let book = self.books.get_mut(&slot).ok_or("no book")?;
        let is_first = book.tried_standing.insert(tried);
        let book = &self.books[&slot];
        // The page that was passed has not that window: whoever may order waits for another.
        if is_share {
            let mut reasons = self.unready(book, seat, &order);
            if reasons.is_empty() {
                reasons.push(StandingOutcome::NoValues);
            }
            let outcome = found.outcomes[&(seat, place)];
            let is_noted = is_first && order.latest.0 <= start;
            if is_noted && !reasons.iter().any(|reason| *reason as u8 == outcome) {
                return Err(format!("outcome {outcome}, due was {reasons:?}"));
            }
            if is_noted {
                self.note(seat, place, start, outcome);
            }
            return Ok(is_noted.then_some(outcome));
        }
        // Rows tell of the latest window alone.
        let is_noted = order.latest.0 <= start;
        let outcome = found.outcomes[&(seat, place)];
        match self.due(book, seat, place, &order, half_hour) {
            Err(_) if !is_noted => {}
            Err(reasons) => {
                if !reasons.iter().any(|reason| *reason as u8 == outcome) {
                    return Err(format!("outcome {outcome}, due was {reasons:?}"));
                }
            }
            Ok(due) => {
                if is_noted && outcome != StandingOutcome::Placed as u8 {
                    return Err(format!("outcome {outcome}, and it can be placed"));
                }
                self.enter_due(slot, seat, place, &order, &due, found)?;
            }
        }
        self.note(seat, place, start, outcome);
        Ok(is_noted.then_some(outcome))
    }

    fn note(&mut self, seat: u16, place: u8, start: i64, outcome: u8) {
        let standing = self.standing.get_mut(&seat);
        let order = standing.and_then(|all| all.orders.get_mut(&place));
        if let Some(order) = order.filter(|order| order.latest.0 <= start) {
            order.latest = (start, outcome);
        }
    }

    /// Every reason why a seat may order nothing by this one, whatever it asks for.
    fn unready(&self, book: &Book, seat: u16, order: &StandingOrder) -> Vec<StandingOutcome> {
        use StandingOutcome as Why;
        let standing = &self.standing[&seat];
        let record = self.seats.get(&seat).cloned().unwrap_or_default();
        let is_former = order.by_delegate && standing.delegate != record.delegate;
        let most = usize::from(book.terms.max_silent);
        let reasons = [
            (!record.is_open || is_former, Why::NotYours),
            (!standing.active, Why::NotActive),
            (record.debt() > 0, Why::InDebt),
            (most > 0 && record.silent.len() >= most, Why::MetersSilent),
            (self.owes_others(seat), Why::ClaimsUnpaid),
        ];
        let reasons = reasons.into_iter().filter(|(holds, _)| *holds);
        reasons.map(|(_, why)| why).collect()
    }

    /// What is to be placed, or every reason why nothing can be.
    fn due(
        &self,
        book: &Book,
        seat: u16,
        place: u8,
        order: &StandingOrder,
        half_hour: i64,
    ) -> Result<Due, Vec<StandingOutcome>> {
        use StandingOutcome as Why;
        let standing = &self.standing[&seat];
        let record = self.seats.get(&seat).cloned().unwrap_or_default();
        let rule = &order.rule;
        let buy = rule.side == 0;
        let mut reasons = self.unready(book, seat, order);
        let mut when = |holds: bool, why: StandingOutcome| {
            if holds {
                reasons.push(why);
            }
        };
        let roles = if buy { BUYING } else { SELLING };
        when(standing.roles & roles == 0, Why::NotPermitted);
        let live = book.orders_of(seat);
        let is_many = live >= usize::from(self.sizes.max_orders_per_seat);
        when(is_many || !self.has_room(book, seat, 1), Why::NoRoom);

        let above = match LimitKind::from_byte(rule.limit_kind) {
            Some(LimitKind::Short) => book.short,
            Some(LimitKind::Long) => book.long,
            _ => 0,
        };
        let limit = above + i128::from(rule.limit);
        let bounds = record.bounds;
        let may = |tick: &u16| !order.by_delegate || book.delegate_may(&bounds, buy, *tick);
        let ticks = (0..self.sizes.ticks).filter(may);
        let tick = match buy {
            true => ticks.filter(|tick| book.price_of(*tick) <= limit).max(),
            false => ticks.filter(|tick| book.price_of(*tick) >= limit).min(),
        };
        when(tick.is_none(), Why::OffGrid);
        let fees_are_more = buy && i128::from(book.terms.grid_fee) > book.most_of_delegate(&bounds);
        when(order.by_delegate && fees_are_more, Why::DelegatePrice);
        let wanted = match QuantityKind::from_byte(rule.quantity_kind) {
            Some(QuantityKind::Fixed) => Some(i128::from(rule.quantity)),
            Some(QuantityKind::Profile) => {
                let asked =
                    i128::from(rule.profile[half_hour as usize]) * i128::from(rule.quantity);
                Some(asked.min(i128::from(u32::MAX)))
            }
            // Was noted before.
            _ => None,
        };
        let (Some(tick), Some(wanted)) = (tick, wanted) else {
            return Err(reasons);
        };
        let least = i128::from(book.terms.min_quantity);
        when(wanted < least, Why::TooLittle);
        let unit = book.lock_of(buy, tick, 1);
        when(unit > rule.unit_lock_cap.into(), Why::UnitLockTooHigh);
        let (day, energy, lock) = standing.used.get(&place).copied().unwrap_or_default();
        let (energy, lock) = match day == self.now / DAY {
            true => (energy, lock),
            false => (0, 0),
        };
        let energy_left = i128::from(rule.energy_cap) - energy;
        let lock_left = i128::from(rule.lock_cap) - lock;
        let capped = wanted.min(energy_left).min(lock_left / unit);
        when(capped < least, Why::CapReached);
        let (may_buy, may_sell) = book.left(seat);
        let quantity = capped.min(if buy { may_buy } else { may_sell });
        when(quantity < least, Why::BeyondConnection);
        let lock = unit * quantity;
        let left = (record.free - self.margin_of(seat)).max(0);
        when(lock > left, Why::NotEnoughFree);
        let beyond = order.by_delegate
            && record.is_open
            && self.delegate_locked(seat) + lock > record.bounds.daily_limit.into();
        when(beyond, Why::DelegateLimit);
        match reasons.is_empty() {
            true => Ok(Due {
                tick,
                quantity,
                lock,
            }),
            false => Err(reasons),
        }
    }

    /// Where the program has put it.
    fn enter_due(
        &mut self,
        slot: i64,
        seat: u16,
        place: u8,
        order: &StandingOrder,
        due: &Due,
        found: &mut Applied,
    ) -> Result<(), String> {
        let today = self.now / DAY;
        let rule = &order.rule;
        let buy = rule.side == 0;
        let is_it = |(_, new): &(u16, market::Order)| {
            (new.seat, new.tick, new.client_id) == (seat, due.tick, rule.client_id)
                && i128::from(new.quantity) == due.quantity
                && new.state == if buy { 1 } else { 2 }
        };
        let at = found.orders.iter().position(is_it);
        let at =
            at.ok_or_else(|| format!("no order over {} at tick {}", due.quantity, due.tick))?;
        let (index, new) = found.orders.remove(at);
        let book = self.books.get_mut(&slot).ok_or("no book")?;
        if index >= self.sizes.orders || book.orders.contains_key(&index) {
            return Err(format!("there was no room for an order at {index}"));
        }
        if !book.ids.insert((index, new.sequence)) {
            return Err("it has the id of another order".to_string());
        }
        let entered = Order {
            seat,
            buy,
            tick: due.tick,
            sequence: new.sequence,
            client_id: rule.client_id,
            quantity: due.quantity,
            filled: 0,
            lock: due.lock,
            is_owners: !order.by_delegate,
        };
        book.orders.insert(index, entered);
        book.placed_standing.insert(Tried { seat, place });
        let record = self.seats.get_mut(&seat).ok_or("no seat")?;
        record.free -= due.lock;
        if order.by_delegate {
            let (day, before) = record.locked_by_delegate;
            let before = if day == today { before } else { 0 };
            record.locked_by_delegate = (today, before + due.lock);
        }
        let standing = self.standing.get_mut(&seat).ok_or("no standing orders")?;
        let used = standing.used.entry(place).or_default();
        if used.0 != today {
            *used = (today, 0, 0);
        }
        used.1 += due.quantity;
        used.2 += due.lock;
        match order.by_delegate {
            true => standing.used_by_delegate.insert(place),
            false => standing.used_by_delegate.remove(&place),
        };
        Ok(())
    }
}

/// A seat's place whose standing order was tried in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tried {
    pub seat: u16,
    pub place: u8,
}

fn is_malformed(rule: &StandingRule) -> bool {
    let has_profile = rule.profile.iter().any(|energy| *energy > 0);
    let quantity = QuantityKind::from_byte(rule.quantity_kind);
    let is_quantity_wrong = match quantity {
        None => true,
        Some(QuantityKind::Fixed) => has_profile,
        Some(QuantityKind::Profile) => false,
        Some(_) => has_profile || rule.quantity > 10_000,
    };
    let is_beyond = rule.half_hours >= 1 << 48 || rule.weekdays > 127;
    let is_unknown =
        rule.side > 1 || rule.node > 0 || rule.limit_kind > 2 || rule.reserved != [0; 5];
    is_quantity_wrong || is_beyond || is_unknown
}

fn is_never_due(rule: &StandingRule, now: i64) -> bool {
    let is_profile = rule.quantity_kind == QuantityKind::Profile as u8;
    let in_profile =
        |half_hour: &usize| rule.half_hours >> *half_hour & 1 == 1 && rule.profile[*half_hour] > 0;
    let orders =
        rule.quantity > 0 && (!is_profile || (0..48).any(|half_hour| in_profile(&half_hour)));
    let is_empty = rule.half_hours == 0 || rule.weekdays == 0;
    let is_capped = rule.lock_cap == 0 || rule.energy_cap == 0 || rule.unit_lock_cap <= 0;
    !orders || is_empty || is_capped || rule.valid_until <= now
}
