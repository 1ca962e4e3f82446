//! What to order in a window, by what the chain says and what was measured alone.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_auction::TickOrder;
use joulebook_client::{
    layout::{
        market::{NewOrder, OrderRef, Seat, Side, WindowStatus},
        registry::Roles,
    },
    order_packing::SeatOrders,
    tables::BookTable,
};
use joulebook_settlement::Terms;
use joulebook_strategy::{
    bidding::{
        decide, explain, lock_of, Because, Bidder, Decision, Fees, MoneyUnit, OpenWindow,
        OwnerLimits,
    },
    forecast, MarketRules,
};
use joulebook_units::{MilliAtoms, Price, PriceGrid, Tick, UnixTime, Wh, MILLI_ATOMS_PER_ATOM};
use solana_address::Address;

use crate::{configuration::AllLimits, doubt::InDoubt, measured::Values, view::View};

/// Orders of a household in a window, at most.
const MAX_ORDERS: u16 = 6;
/// Why nothing is ordered for a seat that was ordered for already.
const IN_DOUBT: &str = "something was sent that may yet land";

/// Who trades, and what it knows beside the chain.
pub struct Trader<'a> {
    pub delegate: Address,
    /// Upper byte of its client ids.
    pub client_id: u8,
    pub limits: &'a AllLimits,
    pub fees: Fees,
    pub unit: &'a MoneyUnit,
    /// By owner.
    pub values: &'a BTreeMap<Address, Values>,
    pub in_doubt: &'a InDoubt,
    /// Seats whose orders landed and failed of late.
    pub resting: &'a BTreeSet<u16>,
    /// What was planned in other windows since the chain was read, by seat, milli-atoms.
    pub locked: &'a BTreeMap<u16, u64>,
}

/// What is to be sent for a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WindowPlan {
    /// In the sequence in which they are packed.
    pub seats: Vec<SeatOrders>,
    /// What they expect to gain together, milli-atoms, fees of transactions not in it.
    pub gain: f64,
    /// Each order, explained.
    pub sentences: Vec<Sentence>,
    /// What its new orders lock, by seat, milli-atoms.
    pub locks: BTreeMap<u16, u64>,
    /// For how many seats nothing is ordered, by why.
    pub left: BTreeMap<&'static str, usize>,
}

/// An order in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub owner: Address,
    pub text: String,
}

/// A seat's orders in a book.
struct InBook {
    /// Those that the agent placed.
    own: Vec<(OrderRef, TickOrder)>,
    /// Whether there are others.
    is_taken: bool,
}

/// Decides for the window that starts at `start`. `None` if its book takes no orders.
pub fn plan(view: &View, start: i64, trader: &Trader) -> Option<WindowPlan> {
    let book = view.open_book(start)?;
    if view.is_paused() {
        return Some(WindowPlan::leaving("trading is paused"));
    }
    let header = &book.header;
    let grid = PriceGrid::new(Price(header.floor_price), header.tick_size, header.ticks).ok()?;
    let mut plan = WindowPlan::default();
    let mut seats: Vec<(u16, &Seat, InBook)> = vec![];
    let mut bidders = vec![];
    for (index, seat) in view.seats_of(&trader.delegate) {
        match bidder(view, book, &grid, (index, seat), trader) {
            Ok((bidder, in_book)) => {
                bidders.push(bidder);
                seats.push((index, seat, in_book));
            }
            Err(because) => plan.leave(because),
        }
    }
    // What is left as it is for a household whose owner orders is somebody else's.
    let own: BTreeSet<u16> = seats
        .iter()
        .zip(&bidders)
        .filter(|(_, bidder)| !bidder.is_taken)
        .flat_map(|((_, _, in_book), _)| in_book.own.iter().map(|(named, _)| named.index))
        .collect();
    let others = live(book).filter(|(named, _, _)| !own.contains(&named.index));
    let window = OpenWindow {
        grid,
        terms: Terms::from(header),
        others: others.map(|(_, _, order)| order).collect(),
        strangers: strangers(view, book, &seats, &grid),
    };
    let bids = decide(&window, &bidders, &trader.fees);
    for decision in &bids.decisions {
        if let Decision::Leave(because) = decision {
            plan.leave(words(*because));
        }
    }
    for place in bids.transactions.into_iter().flatten() {
        let (Some(bidder), Some((index, seat, in_book))) = (bidders.get(place), seats.get(place))
        else {
            continue;
        };
        let Some(Decision::Order { orders, gain, .. }) = bids.decisions.get(place) else {
            continue;
        };
        let owner = Address::from(seat.owner.0);
        if let Some(expected) = &bidder.expected {
            let told = |order| Sentence {
                owner,
                text: explain(order, expected, &bidder.rules, trader.unit),
            };
            plan.sentences.extend(orders.iter().map(told));
        }
        let locks = bidder.rules.terms.locks();
        let locked = orders
            .iter()
            .map(|order| lock_of(&locks, order, &bidder.rules))
            .fold(0, |sum: u64, lock| {
                sum.saturating_add(lock.map_or(0, |lock| lock.0))
            });
        plan.locks.insert(*index, locked);
        plan.gain += gain;
        plan.seats.push(SeatOrders {
            owner,
            seat: *index,
            cancelled: in_book.own.iter().map(|(named, _)| *named).collect(),
            placed: new_orders(orders, trader.client_id),
        });
    }
    Some(plan)
}

impl WindowPlan {
    fn leaving(because: &'static str) -> WindowPlan {
        let mut plan = WindowPlan::default();
        plan.leave(because);
        plan
    }

    /// Whether nothing was planned for a seat, only because of what was sent before.
    pub fn is_in_doubt(&self) -> bool {
        self.left.contains_key(IN_DOUBT)
    }

    fn leave(&mut self, because: &'static str) {
        let count = self.left.entry(because).or_default();
        *count += 1;
    }
}

/// A seat's own orders in windows that take orders, by their starts.
pub fn own_orders(view: &View, index: u16, client_id: u8) -> Vec<(i64, Vec<OrderRef>)> {
    let starts = view.books.iter().map(|book| book.header.start);
    let books = starts.filter_map(|start| view.open_book(start));
    let own = books.map(|book| {
        let own = in_book(book, index, client_id).own;
        let named = own.into_iter().map(|(named, _)| named).collect();
        (book.header.start, named)
    });
    own.filter(|(_, named): &(i64, Vec<OrderRef>)| !named.is_empty())
        .collect()
}

fn bidder(
    view: &View,
    book: &BookTable,
    grid: &PriceGrid,
    (index, seat): (u16, &Seat),
    trader: &Trader,
) -> Result<(Bidder, InBook), &'static str> {
    let header = &book.header;
    let member = view.members.get(&index).ok_or("no participant")?;
    let roles = member.roles();
    match () {
        () if trader.in_doubt.blocks_orders(header.start, index) => return Err(IN_DOUBT),
        () if trader.resting.contains(&index) => return Err("its orders failed of late"),
        () if !member.is_active() => return Err("the participant is not active"),
        () if seat.debt() > 0 => return Err("the seat is in debt: deposit"),
        () if seat.is_silent(header.max_silent) => return Err("the meters are silent"),
        () => {}
    }
    let on_book = book.seats.get(usize::from(index)).ok_or("no such seat")?;
    let in_book = in_book(book, index, trader.client_id);
    let standing = view.standing(index, seat);
    let of = |side: Side| {
        let own = in_book.own.iter().map(|(_, order)| order);
        own.filter(move |order| order.side == side)
            .fold(0_u32, |sum, order| sum.saturating_add(order.quantity.0))
    };
    let may = |left: u32, side: Side, roles_of_side: Roles| match roles.intersects(roles_of_side) {
        true => Wh(left.saturating_add(of(side))),
        false => Wh(0),
    };
    let taken = on_book.orders.saturating_sub(in_book.own.len() as u16);
    let rules = MarketRules {
        terms: Terms::from(header),
        grid: *grid,
        min_quantity: Wh(header.min_quantity),
        max_orders: MAX_ORDERS.min(header.max_orders_per_seat.saturating_sub(taken)),
        may_buy: may(on_book.may_buy, Side::Buy, Roles::BUYING),
        may_sell: may(on_book.may_sell, Side::Sell, Roles::SELLING),
    };
    let owner = Address::from(seat.owner.0);
    let length = view.state.market.window_length();
    let measured = trader.values.get(&owner);
    let measured = measured.and_then(|values| values.measured(length, view.now));
    let expected = measured.and_then(|measured| {
        let target = measured.interval(header.start)?;
        forecast(&measured.past(), target)
    });
    let locks = rules.terms.locks();
    let unlocked = in_book
        .own
        .iter()
        .filter_map(|(_, order)| lock_of(&locks, order, &rules));
    let unlocked = unlocked.fold(0, |sum: u64, lock| sum.saturating_add(lock.0));
    let limits = trader.limits.of(&owner);
    let prices = limits.prices(&seat.delegate_bounds, &rules.terms);
    let locked = trader.locked.get(&index).copied().unwrap_or(0);
    let free = seat.free.saturating_sub(locked);
    let daily = daily_left(seat, limits.daily_lock, view.now).saturating_sub(locked);
    // What cancelling frees can be locked again, but counts towards the day's limit all the same.
    let may_lock = free.saturating_add(unlocked).min(daily);
    Ok((
        Bidder {
            rules,
            expected,
            live: in_book.own.iter().map(|(_, order)| *order).collect(),
            limits: OwnerLimits {
                highest_buy: Some(prices.highest_buy),
                lowest_sell: Some(prices.lowest_sell),
                may_lock: MilliAtoms(match in_book.own.is_empty() {
                    true => may_lock,
                    // As it was before these.
                    false => free.min(may_lock).saturating_add(unlocked),
                }),
            },
            may_lock_anew: MilliAtoms(may_lock),
            is_taken: in_book.is_taken || standing.orders_in(header, &prices),
        },
        in_book,
    ))
}

/// What is left of what a delegate's orders may lock today, milli-atoms: of what the owner allows, and of these atoms.
fn daily_left(seat: &Seat, daily: Option<u64>, now: i64) -> u64 {
    let today = i64::from(seat.delegate_day) == UnixTime(now).day();
    let locked = if today { seat.delegate_locked } else { 0 };
    let daily = daily.map_or(u64::MAX, |atoms| atoms.saturating_mul(MILLI_ATOMS_PER_ATOM));
    let limit = seat.delegate_bounds.daily_limit.min(daily);
    limit.saturating_sub(locked)
}

fn in_book(book: &BookTable, index: u16, client_id: u8) -> InBook {
    let of_seat = live(book).filter(|(_, seat, _)| *seat == index);
    let is_own = |named: &OrderRef| {
        let order = book.orders.get(usize::from(named.index));
        let [upper, _] = order.map_or(0, |order| order.client_id).to_be_bytes();
        order.is_some_and(|order| order.is_owners == 0) && upper == client_id
    };
    let (own, others): (Vec<_>, Vec<_>) = of_seat
        .map(|(named, _, order)| (named, order))
        .partition(|(named, _)| is_own(named));
    InBook {
        own,
        is_taken: !others.is_empty(),
    }
}

/// All live orders of a book, with their seats, in sequence.
fn live(book: &BookTable) -> impl Iterator<Item = (OrderRef, u16, TickOrder)> + '_ {
    book.live_orders().filter_map(|(index, order)| {
        let named = OrderRef {
            index,
            sequence: order.sequence,
        };
        let order_of = TickOrder {
            side: order.side()?,
            tick: Tick(order.tick),
            quantity: order.quantity(),
        };
        Some((named, order.seat, order_of))
    })
}

/// What households that the agent does not bid for would pay, if there are any that have not ordered yet: what was paid last, or
/// else the middle of the grid.
fn strangers(
    view: &View,
    book: &BookTable,
    seats: &[(u16, &Seat, InBook)],
    grid: &PriceGrid,
) -> Option<Price> {
    let ledger = &view.state.ledger;
    let is_stranger = |index: u16, seat: &Seat| {
        let on_book = book.seats.get(usize::from(index));
        let is_ours = seats.iter().any(|(ours, _, _)| *ours == index);
        let is_operator =
            ledger.header.has_place(index) || index == view.state.market.grid_operator;
        seat.is_open() && !is_ours && !is_operator && on_book.is_some_and(|seat| seat.orders == 0)
    };
    let mut all = (0u16..).zip(&ledger.seats);
    all.any(|(index, seat)| is_stranger(index, seat)).then(|| {
        let last = last_price(view, book.header.start);
        last.unwrap_or(Price::middle(Price(book.header.floor_price), grid.top()))
    })
}

fn last_price(view: &View, before: i64) -> Option<Price> {
    let pages = view.state.pages.iter();
    let traded = pages.flat_map(|page| {
        let windows = (0u16..).zip(&page.windows);
        windows
            .filter(|(_, window)| window.is(WindowStatus::Allocated) && window.volume > 0)
            .map(|(number, window)| (page.header.end_of(number), window.price))
    });
    let latest = traded.filter(|(end, _)| *end <= before).max();
    latest.map(|(_, price)| Price(price))
}

fn new_orders(orders: &[TickOrder], client_id: u8) -> Vec<NewOrder> {
    let new = |(number, order): (u8, &TickOrder)| NewOrder {
        quantity: order.quantity.0,
        tick: order.tick.0,
        client_id: u16::from_be_bytes([client_id, number]),
        side: order.side as u8,
        ..NewOrder::default()
    };
    (0u8..).zip(orders).map(new).collect()
}

fn words(because: Because) -> &'static str {
    match because {
        Because::NothingKnown => "too little was measured",
        Because::Taken => "the owner has ordered, or standing orders do",
        Because::NothingToOrder => "nothing is worth ordering within the limits",
        Because::AsOrdered => "ordered already",
        Because::NobodyElse => "nobody is on the other side",
        Because::NotWorthTheFee => "not worth the fee",
    }
}
