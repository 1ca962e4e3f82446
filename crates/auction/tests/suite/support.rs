//! Orders and books to test with.

use joulebook_auction::{block_count, Clearing, Depth, Level, Side};
use joulebook_units::{Tick, Wh};
use proptest::{
    collection::vec, prelude::any, prop_oneof, sample::select, strategy::Just, strategy::Strategy,
};

/// The most ticks a market may have.
const MAX_TICKS: u16 = 8192;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub side: Side,
    pub tick: u16,
    pub quantity: u32,
}

pub fn buy(tick: u16, quantity: u32) -> Order {
    Order {
        side: Side::Buy,
        tick,
        quantity,
    }
}

pub fn sell(tick: u16, quantity: u32) -> Order {
    Order {
        side: Side::Sell,
        tick,
        quantity,
    }
}

/// The memory a book lives in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    pub levels: Vec<Level>,
    pub blocks: Vec<Level>,
}

impl Pages {
    pub fn empty(ticks: u16) -> Pages {
        Pages {
            levels: vec![Level::default(); usize::from(ticks)],
            blocks: vec![Level::default(); block_count(ticks)],
        }
    }

    pub fn of(ticks: u16, orders: &[Order]) -> Pages {
        let mut pages = Pages::empty(ticks);
        for order in orders {
            pages
                .book()
                .add(order.side, Tick(order.tick), Wh(order.quantity))
                .expect("the order fits the book");
        }
        pages
    }

    pub fn book(&mut self) -> Depth<'_> {
        Depth::new(&mut self.levels, &mut self.blocks).expect("the slices belong together")
    }
}

pub fn clear(ticks: u16, orders: &[Order]) -> Option<Clearing> {
    Pages::of(ticks, orders)
        .book()
        .clear()
        .expect("the sums fit")
}

/// The interval a book clears at, with its volume.
pub fn outcome(ticks: u16, orders: &[Order]) -> Option<(u64, u16, u16)> {
    clear(ticks, orders).map(|clearing| (clearing.volume, clearing.low.0, clearing.high.0))
}

/// Each order's fill, orders taken in their sequence.
pub fn fills(clearing: Option<Clearing>, orders: &[Order]) -> Vec<u32> {
    let mut clearing = clearing;
    let fill = |order: &Order| match &mut clearing {
        Some(clearing) => {
            clearing
                .fill(order.side, Tick(order.tick), Wh(order.quantity))
                .0
        }
        None => 0,
    };
    orders.iter().map(fill).collect()
}

pub fn total(side: Side, orders: &[Order], amounts: &[u32]) -> u64 {
    let pairs = orders.iter().zip(amounts);
    pairs
        .filter(|(order, _)| order.side == side)
        .map(|(_, amount)| u64::from(*amount))
        .sum()
}

/// A number of ticks: any, but often one where the last block is nearly empty or nearly full.
pub fn ticks() -> impl Strategy<Value = u16> {
    prop_oneof![
        1..=MAX_TICKS,
        select(vec![
            1, 2, 63, 64, 65, 127, 128, 129, 191, 192, 193, 8191, MAX_TICKS
        ]),
    ]
}

/// A tick of a grid: anywhere, at the border of a block, or near the middle, where orders meet.
pub fn tick(ticks: u16) -> impl Strategy<Value = u16> {
    let last = ticks - 1;
    let middle = ticks / 2;
    prop_oneof![
        0..=last,
        (0..=ticks / 64, 0..3u16)
            .prop_map(move |(block, step)| (block * 64 + step).saturating_sub(1).min(last)),
        (0..7u16).prop_map(move |step| (middle + step).saturating_sub(3).min(last)),
    ]
}

pub fn order(ticks: u16, quantity: impl Strategy<Value = u32>) -> impl Strategy<Value = Order> {
    (any::<bool>(), tick(ticks), quantity).prop_map(|(buys, tick, quantity)| Order {
        side: if buys { Side::Buy } else { Side::Sell },
        tick,
        quantity,
    })
}

/// A grid and orders on it, each of at most `quantity` Wh.
pub fn market(quantity: u32) -> impl Strategy<Value = (u16, Vec<Order>)> {
    ticks().prop_flat_map(move |ticks| (Just(ticks), vec(order(ticks, 0..=quantity), 0..48)))
}
