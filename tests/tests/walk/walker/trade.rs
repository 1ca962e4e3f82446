use joulebook_client::{
    events::Event,
    layout::market::{DelegateBounds, NewOrder, OrderRef},
    market::{events::MarketEvent, instructions as market, types::PlacedOrder},
};
use joulebook_sim::Receipt;

use super::{Checked, Walker};
use crate::model::{Placement, TRADING};

impl Walker {
    pub(super) fn open_books(&self) -> Vec<i64> {
        let books = self.model.books.iter();
        books
            .filter(|(_, book)| book.is_taking_orders(self.model.now))
            .map(|(slot, _)| *slot)
            .collect()
    }

    /// A slot whose book takes orders, or now and then any.
    pub(super) fn open_slot(&mut self) -> i64 {
        let open = self.open_books();
        if open.is_empty() || self.random.percent(5) {
            self.some_book()
        } else {
            self.random.pick(&open)
        }
    }

    fn some_order(&mut self, slot: i64) -> NewOrder {
        let ticks = u64::from(self.model.sizes.ticks);
        let smallest = self
            .model
            .books
            .get(&slot)
            .map_or(1, |book| u64::from(book.terms.min_quantity));
        // Prices that meet in the middle more often than not, and often the same one.
        let side = self.random.below(2) as u8;
        let tick = match self.random.below(4) {
            0 => ticks / 2,
            1 => self.random.below(ticks),
            _ if side == 0 => ticks / 2 + self.random.below(ticks - ticks / 2),
            _ => self.random.below(ticks / 2 + 1),
        };
        let mut order = NewOrder {
            quantity: (smallest + self.random.of_any_size(3)) as u32,
            tick: tick as u16,
            client_id: self.random.below(1 << 16) as u16,
            side,
            node: 0,
            reserved: self.random.pick(&[0, 0, 1, u16::MAX]),
        };
        match self.random.below(120) {
            0 => order.quantity = self.random.pick(&[0, u32::MAX, u32::MAX / 2]),
            1 => order.quantity = smallest as u32 - 1,
            2 => order.tick = (ticks + self.random.below(3)) as u16,
            3 => order.tick = u16::MAX,
            4 => order.side = self.random.pick(&[2, 255]),
            5 => order.node = self.random.pick(&[1, 255]),
            // More than most have money for.
            6..9 => order.quantity = self.random.between(100_000, 600_000_000) as u32,
            _ => {}
        }
        order
    }

    pub fn place_orders(&mut self) -> Checked {
        // A pause or a closed market that lasts would leave little to walk through.
        if self.model.is_paused(TRADING) && self.random.percent(30) {
            self.pause(true, 0)?;
        }
        if self.open_books().is_empty() && self.random.percent(80) {
            self.open_next_window()?;
            if self.open_books().is_empty() {
                return self.keep();
            }
        }
        let seat = self.anyone();
        self.make_ready(seat)?;
        let slot = self.open_slot();
        let count = match self.random.below(40) {
            0 => 0,
            1 => 8,
            _ => self.random.between(1, 3),
        };
        let orders: Vec<NewOrder> = (0..count).map(|_| self.some_order(slot)).collect();
        let signer = self.trader_for(seat);
        self.place(signer, seat, slot, orders)
    }

    /// Those who want to trade mostly see to it that they can.
    pub(super) fn make_ready(&mut self, seat: u16) -> Checked {
        let Some(record) = self.model.seats.get(&seat).filter(|seat| seat.is_open) else {
            return match self.random.percent(70) {
                true => self.open_seat(seat),
                false => Ok(()),
            };
        };
        let (free, debt) = (record.free, record.debt());
        if (debt > 0 || free < 10_000_000) && self.random.percent(60) {
            let debt = u64::try_from(debt / 1000).unwrap_or(0);
            let atoms = 2 * debt + self.random.of_any_size(7);
            return self.deposit_atoms(seat, seat, atoms);
        }
        Ok(())
    }

    pub fn place(&mut self, signer: u16, seat: u16, slot: i64, orders: Vec<NewOrder>) -> Checked {
        let trader = self.person(signer).address();
        let start = self.start_in(slot);
        let at = &self.community.addresses;
        let instruction = market::PlaceOrders {
            trader,
            community: at.community,
            participant: self.person(seat).participant,
            ledger: at.ledger,
            book: at.book_slot(slot as u16),
        }
        .instruction(market::PlaceOrdersInstructionArgs {
            start,
            orders: orders.clone(),
        });
        let found = self.send(&[instruction], &[signer]);
        let placement = Placement {
            slot,
            seat,
            trader,
            orders: &orders,
        };
        let predicted = self.model.check_placement(placement);
        let what = format!("{signer} places {orders:?} for seat {seat} in window {start}");
        if let Some(((), receipt)) = self.agree(what, predicted, found)? {
            let placed = placed(&receipt).ok_or("there is no event of placed orders")?;
            self.model.place(placement, &placed)?;
        }
        Ok(())
    }

    /// The owner, its delegate, or somebody else.
    pub(super) fn trader_for(&mut self, seat: u16) -> u16 {
        let delegate = self
            .model
            .seats
            .get(&seat)
            .and_then(|record| record.delegate);
        let delegate = (0..self.people()).find(|who| Some(self.person(*who).address()) == delegate);
        match delegate {
            Some(delegate) if self.random.percent(50) => delegate,
            _ => self.mostly(seat),
        }
    }

    pub fn cancel_orders(&mut self) -> Checked {
        let slot = self.open_slot();
        let live: Vec<(u16, OrderRef)> = self
            .model
            .books
            .get(&slot)
            .map(|book| {
                let named = |(place, order): (&u16, &crate::model::Order)| {
                    let reference = OrderRef {
                        index: *place,
                        sequence: order.sequence,
                    };
                    (order.seat, reference)
                };
                book.orders.iter().map(named).collect()
            })
            .unwrap_or_default();
        let seat = match live.is_empty() {
            true => self.anyone(),
            false => self.random.pick(&live).0,
        };
        let mut orders: Vec<OrderRef> = live
            .iter()
            .filter(|(owner, _)| *owner == seat)
            .map(|(_, order)| *order)
            .collect();
        orders.truncate(self.random.between(1, 3) as usize);
        match self.random.below(15) {
            // Somebody else's, the same one twice, one that was cancelled before, one that never was.
            0 | 4 | 5 if !live.is_empty() => orders.push(self.random.pick(&live).1),
            1 => orders.extend(orders.first().cloned()),
            2 => {
                let ids: Vec<(u16, u16)> = self
                    .model
                    .books
                    .get(&slot)
                    .map(|book| book.ids.iter().copied().collect())
                    .unwrap_or_default();
                if !ids.is_empty() {
                    let (index, sequence) = self.random.pick(&ids);
                    orders.push(OrderRef { index, sequence });
                }
            }
            3 => orders.push(OrderRef {
                index: self.random.pick(&[0, 1, 5, 16, u16::MAX]),
                sequence: self.random.pick(&[0, 1, 2, u16::MAX]),
            }),
            _ => {}
        }
        let signer = self.trader_for(seat);
        let trader = self.person(signer).address();
        let start = self.start_in(slot);
        let instruction =
            self.community
                .addresses
                .cancel_orders(trader, seat, start, orders.clone());
        let found = self.send(&[instruction], &[signer]);
        let predicted = self.model.cancel(slot, seat, trader, &orders);
        let what = format!("{signer} cancels {orders:?} of seat {seat} in window {start}");
        self.agree(what, predicted, found).map(|_| ())
    }

    /// Of a book's grid; now and then none.
    fn some_price(&mut self) -> Option<i32> {
        let slot = self.some_book();
        let tick = self.random.below(self.model.sizes.ticks.into()) as u16;
        let book = self.model.books.get(&slot)?;
        let price = book.price_of(tick) as i32;
        self.random.percent(40).then_some(price)
    }

    pub fn set_delegate(&mut self) -> Checked {
        let seat = self.anyone();
        let signer = self.mostly(seat);
        let delegate = match self.random.percent(30) {
            true => None,
            false => {
                let who = self.anyone();
                Some(self.person(who).address())
            }
        };
        let daily_limit = match self.random.percent(50) {
            true => u64::MAX,
            false => self.random.of_any_size(10),
        };
        let bounds = DelegateBounds {
            daily_limit,
            highest_buy: self.some_price().unwrap_or(i32::MAX),
            lowest_sell: self.some_price().unwrap_or(i32::MIN),
        };
        let instruction = market::SetDelegate {
            owner: self.person(signer).address(),
            ledger: self.community.addresses.ledger,
        }
        .instruction(market::SetDelegateInstructionArgs {
            seat,
            delegate,
            bounds,
        });
        let found = self.send(&[instruction], &[signer]);
        let predicted = self.model.set_delegate(signer, seat, delegate, bounds);
        let what = format!("{signer} makes {delegate:?} the delegate of seat {seat}");
        self.agree(what, predicted, found).map(|_| ())
    }
}

fn placed(receipt: &Receipt) -> Option<Vec<PlacedOrder>> {
    receipt.events().into_iter().find_map(|event| match event {
        Event::Market(MarketEvent::OrdersPlaced(placed)) => Some(placed.orders),
        _ => None,
    })
}
