//! Orders: a live one, put together from what is to be placed.

use joulebook_layout::market::{NewOrder, Order, OrderState, Side};
use joulebook_units::{Tick, Wh};

#[test]
fn given_an_order_to_place_when_live_then_each_field_is_in_its_place() {
    for (side, state) in [(Side::Buy, OrderState::Buy), (Side::Sell, OrderState::Sell)] {
        let new = NewOrder {
            quantity: 0x0102_0304,
            tick: 0x0506,
            client_id: 0x0708,
            side: side as u8,
            node: 9,
            reserved: 0xFFFF,
        };
        let expected = Order {
            quantity: 0x0102_0304,
            tick: 0x0506,
            client_id: 0x0708,
            state: state as u8,
            node: 9,
            seat: 0x0A0B,
            sequence: 0x0C0D,
            filled: 0,
            is_owners: 0,
            reserved: 0,
        };
        let order = Order::live(new, 0x0A0B, 0x0C0D);
        assert_eq!(order, expected);
        assert_eq!(order.side(), Some(side));
        assert_eq!(order.tick(), Tick(0x0506));
        assert_eq!(order.quantity(), Wh(0x0102_0304));
    }
}

#[test]
fn given_the_largest_numbers_when_live_then_no_field_runs_into_another() {
    let new = NewOrder {
        quantity: u32::MAX,
        tick: u16::MAX,
        client_id: u16::MAX,
        side: Side::Sell as u8,
        node: u8::MAX,
        reserved: u16::MAX,
    };
    let order = Order::live(new, u16::MAX, u16::MAX);
    assert_eq!((order.quantity, order.tick), (u32::MAX, u16::MAX));
    assert_eq!((order.client_id, order.node), (u16::MAX, u8::MAX));
    assert_eq!((order.seat, order.sequence), (u16::MAX, u16::MAX));
    assert_eq!((order.side(), order.filled), (Some(Side::Sell), 0));
}

#[test]
fn given_a_free_slot_when_asked_then_it_has_no_side() {
    assert_eq!(Order::default().side(), None);
    for state in 3..=u8::MAX {
        let order = Order {
            state,
            ..Order::default()
        };
        assert_eq!(order.side(), None, "{state}");
    }
}
