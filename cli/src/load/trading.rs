//! Orders of all seats in one window: by hand, and by a delegate.

use anyhow::Result;
use joulebook_client::{
    layout::market::{NewOrder, Side},
    order_packing::{pack_orders, SeatOrders},
    tables::BookHead,
};
use joulebook_cluster::Cluster;
use solana_signer::Signer;

use super::{
    crowd::{Crowd, Home},
    posting::{post_all, Parcel, Posted},
};

/// Of a transaction that places some orders.
const UNITS: u32 = 30_000;
/// Of an order: little, so that all of them keep within what a connection carries.
const QUANTITY: u32 = 1;
/// Ticks between two orders of a seat.
const APART: u16 = 3;
const FIRST_TICK: u16 = 10;
/// What orders by hand are called, and those of the delegate: in rows and events.
const BY_HAND: u16 = 1_000;
const BY_DELEGATE: u16 = 2_000;

/// Every seat signs and pays for its own, all in one transaction.
///
/// # Errors
/// If the node does not take one.
pub async fn by_hand(cluster: &Cluster, crowd: &Crowd, start: i64, orders: u16) -> Result<Posted> {
    let parcels = crowd.homes.iter().map(|home| Parcel {
        instructions: vec![crowd.addresses.place_orders(
            home.address(),
            &home.address(),
            start,
            orders_of(home, orders, BY_HAND),
        )],
        payer: &home.wallet,
        signers: vec![],
        units: UNITS,
    });
    let posted = post_all(cluster, &parcels.collect::<Vec<_>>()).await?;
    posted.all("orders by hand")
}

/// One delegate signs and pays for all, of as many seats in a transaction as fit.
///
/// # Errors
/// If the node does not take one.
pub async fn by_delegate(
    cluster: &Cluster,
    crowd: &Crowd,
    start: i64,
    orders: u16,
) -> Result<Posted> {
    let seats: Vec<SeatOrders> = crowd
        .homes
        .iter()
        .map(|home| SeatOrders {
            owner: home.address(),
            seat: home.seat,
            cancelled: vec![],
            placed: orders_of(home, orders, BY_DELEGATE),
        })
        .collect();
    let trader = crowd.agent.pubkey();
    let batches = pack_orders(&crowd.addresses, &trader, start, &seats, &[]);
    let parcels = batches.into_iter().map(|batch| Parcel {
        // What it asks for is added when it is sent.
        instructions: batch.instructions.into_iter().skip(1).collect(),
        payer: &crowd.agent,
        signers: vec![],
        units: batch.units,
    });
    let posted = post_all(cluster, &parcels.collect::<Vec<_>>()).await?;
    posted.all("orders by the delegate")
}

/// How many orders the window's book has taken.
///
/// # Errors
/// If the book can't be read.
pub async fn orders_in_book(cluster: &Cluster, crowd: &Crowd, start: i64) -> Result<u64> {
    let book = cluster.account(crowd.addresses.book(start)).await?;
    let data = book.map_or(vec![], |book| book.data);
    let book = BookHead::from_bytes(&data)?.header;
    Ok(match book.start == start {
        true => book.used_orders.into(),
        false => 0,
    })
}

/// Half of the seats buy, half sell; none crosses itself.
fn orders_of(home: &Home, count: u16, client_id: u16) -> Vec<NewOrder> {
    let side = match home.seat % 2 {
        0 => Side::Buy,
        _ => Side::Sell,
    };
    (0..count)
        .map(|number| NewOrder {
            quantity: QUANTITY,
            tick: FIRST_TICK + number * APART + home.seat % APART,
            side: side as u8,
            client_id: client_id + number,
            ..NewOrder::default()
        })
        .collect()
}
