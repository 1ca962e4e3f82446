//! A window whose page was used again: its orders from events, its auction with the engine that the program runs, its prices from what
//! the program reported.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_auction::{block_count, Depth, Level, Side};
use joulebook_client::{events::Event, market::events::MarketEvent};
use joulebook_settlement::Contract;
use joulebook_units::{Tick, Wh};
use solana_address::Address;
use solana_signature::Signature;

use crate::rows::WindowRow;

/// What events tell of one window.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// Retail price and feed-in tariff, atoms per kWh.
    opened: Option<(i32, i32)>,
    /// Live orders by their place.
    orders: BTreeMap<u16, Placed>,
    /// Volume, and the ticks between which it cleared.
    cleared: Option<(u64, u16, u16)>,
    allocated: Option<Allocated>,
    /// Standing orders were placed: no event lists them.
    has_standing: bool,
    /// Orders may be missing.
    is_cut: bool,
    pub transactions: BTreeSet<Signature>,
}

#[derive(Clone, Copy, Debug)]
struct Placed {
    sequence: u16,
    seat: u16,
    side: Side,
    tick: u16,
    quantity: u32,
}

#[derive(Clone, Copy, Debug)]
struct Allocated {
    volume: u64,
    price: i32,
    grid_fees: u64,
    market_fees: u64,
}

/// Why contracts can't be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayError {
    NotOpened,
    NotAllocated,
    Standing,
    Cut,
    Differs,
}

impl ReplayError {
    pub fn why(self) -> &'static str {
        match self {
            ReplayError::NotOpened => "its page was used again, and no transaction that opened it is kept",
            ReplayError::NotAllocated => "its page was used again, and no transaction that allocated it is kept",
            ReplayError::Standing => {
                "its page was used again, and it had standing orders, which no event lists one by one"
            }
            ReplayError::Cut => {
                "its page was used again, and events of the time when its orders came are missing: a log was cut short"
            }
            ReplayError::Differs => {
                "its page was used again, and its orders as events tell them do not clear as the program said"
            }
        }
    }
}

/// Windows by their start, from a transaction's events.
pub fn take(
    windows: &mut BTreeMap<i64, Replay>,
    market: &Address,
    signature: Signature,
    events: Vec<Event>,
) {
    for event in events {
        let Event::Market(event) = event else {
            continue;
        };
        if let Some(start) = start_of(market, &event) {
            let replay = windows.entry(start).or_default();
            replay.transactions.insert(signature);
            replay.take(event);
        }
    }
}

fn start_of(market: &Address, event: &MarketEvent) -> Option<i64> {
    let (of, start) = match event {
        MarketEvent::WindowOpened(one) => (one.market, one.window),
        MarketEvent::OrdersPlaced(one) => (one.market, one.window),
        MarketEvent::OrdersCancelled(one) => (one.market, one.window),
        MarketEvent::StandingOrdersPlaced(one) => (one.market, one.window),
        MarketEvent::WindowCleared(one) => (one.market, one.window),
        MarketEvent::WindowAllocated(one) => (one.market, one.window),
        _ => return None,
    };
    (of == *market).then_some(start)
}

impl Replay {
    /// Notes that orders may be missing.
    pub fn cut(&mut self) {
        self.is_cut = true;
    }

    fn take(&mut self, event: MarketEvent) {
        match event {
            MarketEvent::WindowOpened(one) => self.opened = Some((one.short, one.long)),
            MarketEvent::OrdersPlaced(one) => {
                for order in one.orders {
                    let placed = Placed {
                        sequence: order.sequence,
                        seat: one.seat,
                        side: match order.side {
                            0 => Side::Buy,
                            _ => Side::Sell,
                        },
                        tick: order.tick,
                        quantity: order.quantity,
                    };
                    self.orders.insert(order.index, placed);
                }
            }
            MarketEvent::OrdersCancelled(one) => {
                for order in one.orders {
                    let placed = self.orders.get(&order.index);
                    if placed.is_some_and(|placed| placed.sequence == order.sequence) {
                        self.orders.remove(&order.index);
                    }
                }
            }
            MarketEvent::StandingOrdersPlaced(_) => self.has_standing = true,
            MarketEvent::WindowCleared(one) => self.cleared = Some((one.volume, one.low, one.high)),
            MarketEvent::WindowAllocated(one) => {
                self.allocated = Some(Allocated {
                    volume: one.volume,
                    price: one.price,
                    grid_fees: one.grid_fees,
                    market_fees: one.market_fees,
                });
            }
            _ => {}
        }
    }

    /// The window, and what a seat has bought and sold in it.
    ///
    /// # Errors
    /// [`ReplayError`].
    pub fn outcome(
        &self,
        start: i64,
        seat: u16,
        ticks: u16,
    ) -> Result<(WindowRow, Contract), ReplayError> {
        if self.is_cut {
            return Err(ReplayError::Cut);
        }
        let (short, long) = self.opened.ok_or(ReplayError::NotOpened)?;
        let allocated = self.allocated.ok_or(ReplayError::NotAllocated)?;
        if self.has_standing {
            return Err(ReplayError::Standing);
        }
        let (volume, low, high, contract) = self.clear(seat, ticks).ok_or(ReplayError::Differs)?;
        let cleared = match volume {
            0 => self.cleared.is_none_or(|(volume, ..)| volume == 0),
            _ => self.cleared == Some((volume, low, high)),
        };
        if !cleared || allocated.volume != volume {
            return Err(ReplayError::Differs);
        }
        let per_kwh = |fees: u64| {
            let fee = fees.checked_div(volume).unwrap_or(0);
            i64::try_from(fee).ok()
        };
        let window = WindowRow {
            start,
            page: start,
            phase: "allocated".to_owned(),
            price: (volume > 0).then_some(allocated.price.into()),
            volume: i64::try_from(volume).map_err(|_| ReplayError::Differs)?,
            short: short.into(),
            long: long.into(),
            grid_fee: per_kwh(allocated.grid_fees),
            market_fee: per_kwh(allocated.market_fees),
            supplier: None,
            grid_operator: None,
            low: low.into(),
            high: high.into(),
            orders: i64::try_from(self.orders.len()).unwrap_or(i64::MAX),
        };
        Ok((window, contract))
    }

    /// Volume, ticks and a seat's contract; `None` if the orders are none of such a grid.
    fn clear(&self, seat: u16, ticks: u16) -> Option<(u64, u16, u16, Contract)> {
        let mut levels = vec![Level::default(); usize::from(ticks.max(1))];
        let mut blocks = vec![Level::default(); block_count(ticks.max(1))];
        let mut depth = Depth::new(&mut levels, &mut blocks).ok()?;
        for order in self.orders.values() {
            depth
                .add(order.side, Tick(order.tick), Wh(order.quantity))
                .ok()?;
        }
        let mut contract = Contract::default();
        let Some(mut clearing) = depth.clear().ok()? else {
            return Some((0, 0, 0, contract));
        };
        let (volume, low, high) = (clearing.volume, clearing.low.0, clearing.high.0);
        for order in self.orders.values() {
            let filled = clearing.fill(order.side, Tick(order.tick), Wh(order.quantity));
            if order.seat == seat {
                let sum = match order.side {
                    Side::Buy => &mut contract.bought,
                    Side::Sell => &mut contract.sold,
                };
                sum.0 = sum.0.checked_add(filled.0)?;
            }
        }
        Some((volume, low, high, contract))
    }
}
