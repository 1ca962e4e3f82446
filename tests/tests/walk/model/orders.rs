use joulebook_client::{
    layout::market::{NewOrder, OrderRef},
    market::{errors::MarketError, types::PlacedOrder},
};
use solana_address::Address;

use super::{Book, Model, Phase, Reasons, TRADING};

/// Roles that may buy: consumer, storage. Roles that may sell: producer, storage.
pub const BUYING: u16 = 0b101;
pub const SELLING: u16 = 0b110;

#[derive(Clone, Debug)]
pub struct Order {
    pub seat: u16,
    pub buy: bool,
    pub tick: u16,
    pub sequence: u16,
    pub client_id: u16,
    /// Wh.
    pub quantity: i128,
    pub filled: i128,
    /// Milli-atoms; 0 once allocated.
    pub lock: i128,
    /// A standing order of the seat's owner.
    pub is_owners: bool,
}

/// Orders on their way into the book in `slot`.
#[derive(Clone, Copy, Debug)]
pub struct Placement<'a> {
    pub slot: i64,
    pub seat: u16,
    pub trader: Address,
    pub orders: &'a [NewOrder],
}

impl Model {
    /// An order book takes orders from its opening to its gate closure.
    fn open_book(&self, reasons: &mut Reasons, slot: i64) -> Option<&Book> {
        let book = self.books.get(&slot);
        let is_open = book.is_some_and(|book| book.phase == Phase::Open);
        reasons.when(!is_open, MarketError::NotOpen);
        let is_late = book.is_some_and(|book| self.now >= book.gate);
        reasons.when(is_late, MarketError::GateClosed);
        book
    }

    pub(super) fn require_trader(&self, reasons: &mut Reasons, seat: u16, trader: Address) {
        let Some(record) = self.seats.get(&seat).filter(|seat| seat.is_open) else {
            reasons.when(true, MarketError::NoSuchSeat);
            return;
        };
        let is_owner = self.members[&seat].wallet == trader;
        let is_delegate = record.delegate == Some(trader);
        reasons.when(!is_owner && !is_delegate, MarketError::NotTrader);
    }

    pub fn check_placement(&self, placement: Placement) -> Result<(), Reasons> {
        let Placement {
            slot,
            seat,
            trader,
            orders,
        } = placement;
        let mut reasons = Reasons::default();
        reasons.when(orders.is_empty(), MarketError::NoOrders);
        reasons.when(self.is_paused(TRADING), MarketError::TradingPaused);
        let member = &self.members[&seat];
        reasons.when(!member.active, MarketError::NotActive);
        self.require_trader(&mut reasons, seat, trader);
        let book = self.open_book(&mut reasons, slot);
        for order in orders {
            reasons.when(order.side > 1, MarketError::SideInvalid);
            let roles = if order.side == 0 { BUYING } else { SELLING };
            reasons.when(member.roles & roles == 0, MarketError::NotPermitted);
            reasons.when(order.node > 0, MarketError::NoSuchNode);
            reasons.when(order.tick >= self.sizes.ticks, MarketError::NoSuchTick);
        }
        if let (Some(book), Some(record)) = (book, self.seats.get(&seat)) {
            reasons.when(record.debt() > 0, MarketError::InDebt);
            reasons.when(self.owes_others(seat), MarketError::ClaimsUnpaid);
            let most = usize::from(book.terms.max_silent);
            let is_silent = most > 0 && record.silent.len() >= most;
            reasons.when(is_silent, MarketError::MetersSilent);
            let is_small = |order: &NewOrder| order.quantity < book.terms.min_quantity;
            reasons.when(orders.iter().any(is_small), MarketError::QuantityInvalid);
            let (may_buy, may_sell) = book.left(seat);
            for (side, most) in [(0, may_buy), (1, may_sell)] {
                let own = orders.iter().filter(|order| order.side == side);
                let ordered: i128 = own.map(|order| i128::from(order.quantity)).sum();
                reasons.when(ordered > most, MarketError::BeyondConnection);
            }
            let count = book.orders_of(seat) + orders.len();
            reasons.when(
                count > usize::from(self.sizes.max_orders_per_seat),
                MarketError::TooManyOrders,
            );
            let is_full = !self.has_room(book, seat, orders.len());
            reasons.when(is_full, MarketError::BookFull);
            let cost: i128 = orders.iter().map(|order| book.cost(order)).sum();
            let left = (record.free - self.margin_of(seat)).max(0);
            reasons.when(cost > left, self.too_little(seat));
            let by_delegate = self.members[&seat].wallet != trader;
            let locked = self.delegate_locked(seat) + cost;
            let bounds = record.bounds;
            reasons.when(
                by_delegate && locked > bounds.daily_limit.into(),
                MarketError::DelegateLimit,
            );
            let is_beyond =
                |order: &NewOrder| !book.delegate_may(&bounds, order.side == 0, order.tick);
            reasons.when(
                by_delegate && orders.iter().any(is_beyond),
                MarketError::DelegatePrice,
            );
        }
        reasons.found()
    }

    /// Whether a book takes so many orders of a seat more: within the seat's own room, or in what no seat's room is.
    pub(super) fn has_room(&self, book: &Book, seat: u16, count: usize) -> bool {
        let own = usize::from(self.sizes.room_per_seat);
        let seats = 0..self.sizes.seats;
        let beyond = |orders: usize| orders.saturating_sub(own);
        let others = seats.filter(|other| *other != seat);
        let by_others: usize = others.map(|other| beyond(book.orders_of(other))).sum();
        let shared = usize::from(self.sizes.orders) - own * usize::from(self.sizes.seats);
        let needed = beyond(book.orders_of(seat) + count);
        needed == 0 || by_others + needed <= shared
    }

    /// Enters orders that the program gave these places.
    ///
    /// # Errors
    /// What is wrong with the places.
    pub fn place(&mut self, placement: Placement, placed: &[PlacedOrder]) -> Result<(), String> {
        let room = self.sizes.orders;
        let today = self.now / 86_400;
        let by_delegate = self.members[&placement.seat].wallet != placement.trader;
        let book = self.books.get_mut(&placement.slot).ok_or("no book")?;
        if placed.len() != placement.orders.len() {
            return Err("the event names another number of orders".into());
        }
        for (new, placed) in placement.orders.iter().zip(placed) {
            let same = (placed.quantity, placed.tick, placed.side, placed.node)
                == (new.quantity, new.tick, new.side, new.node);
            if !same || placed.client_id != new.client_id {
                return Err(format!("{new:?} was placed as {placed:?}"));
            }
            if placed.index >= room || book.orders.contains_key(&placed.index) {
                return Err(format!(
                    "there was no room for an order at {}",
                    placed.index
                ));
            }
            if !book.ids.insert((placed.index, placed.sequence)) {
                return Err(format!("{placed:?} has the id of another order"));
            }
            let lock = book.cost(new);
            book.orders.insert(
                placed.index,
                Order {
                    seat: placement.seat,
                    buy: new.side == 0,
                    tick: new.tick,
                    sequence: placed.sequence,
                    client_id: new.client_id,
                    quantity: new.quantity.into(),
                    filled: 0,
                    lock,
                    is_owners: false,
                },
            );
            if let Some(seat) = self.seats.get_mut(&placement.seat) {
                seat.free -= lock;
                if by_delegate {
                    let (day, before) = seat.locked_by_delegate;
                    let before = if day == today { before } else { 0 };
                    seat.locked_by_delegate = (today, before + lock);
                }
            }
        }
        Ok(())
    }

    pub fn cancel(
        &mut self,
        slot: i64,
        seat: u16,
        trader: Address,
        orders: &[OrderRef],
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(orders.is_empty(), MarketError::NoOrders);
        self.require_trader(&mut reasons, seat, trader);
        let book = self.open_book(&mut reasons, slot);
        for (number, order) in orders.iter().enumerate() {
            let live = book
                .and_then(|book| book.orders.get(&order.index))
                .filter(|live| live.sequence == order.sequence);
            let is_repeated = orders[..number].contains(order);
            reasons.when(live.is_none() || is_repeated, MarketError::NoSuchOrder);
            reasons.when(
                live.is_some_and(|live| live.seat != seat),
                MarketError::NotYourOrder,
            );
            let is_owner = self
                .members
                .get(&seat)
                .is_some_and(|member| member.wallet == trader);
            let is_owners = live.is_some_and(|live| live.is_owners);
            reasons.when(is_owners && !is_owner, MarketError::NotOwner);
        }
        reasons.found()?;

        for order in orders {
            let cancelled = self
                .books
                .get_mut(&slot)
                .and_then(|book| book.orders.remove(&order.index));
            if let (Some(order), Some(seat)) = (cancelled, self.seats.get_mut(&seat)) {
                seat.free += order.lock;
            }
        }
        Ok(())
    }
}

impl Book {
    fn cost(&self, order: &NewOrder) -> i128 {
        self.lock_of(order.side == 0, order.tick, order.quantity.into())
    }
}
