//! Orders of several seats, signed by one delegate, in as few transactions as they fit into.

use solana_address::Address;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_message::AddressLookupTableAccount;

use crate::{
    layout::market::{NewOrder, OrderRef},
    packing::{pack_groups, transaction_len_with, Batch, Metered, MAX_LEN},
    Addresses,
};

/// What placing or cancelling computes, whatever the number of orders, and what each takes: measured on the program and rounded
/// up, with the reading of accounts and the delegate's limit.
const CALL: u32 = 6_000;
const ORDER: u32 = 250;

/// Of a lookup table's counts: a byte more than what was measured on a small transaction.
const MARGIN: usize = 8;

/// What is ordered for a seat in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatOrders {
    /// Its owner's wallet.
    pub owner: Address,
    pub seat: u16,
    /// Taken out first.
    pub cancelled: Vec<OrderRef>,
    pub placed: Vec<NewOrder>,
}

/// Bytes that orders take of a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderBytes {
    /// What there is for seats.
    pub room: usize,
    /// Of a seat, beside its orders.
    pub seat: usize,
    pub order: usize,
    /// Of a seat that cancels before, beside what it cancels.
    pub cancel: usize,
    pub cancelled: usize,
}

/// Batches of the orders of seats in the window that starts at `start`, signed and paid for by `trader`. What a seat cancels and
/// what it places are in one transaction: it never has both, or neither.
pub fn pack_orders(
    addresses: &Addresses,
    trader: &Address,
    start: i64,
    seats: &[SeatOrders],
    tables: &[AddressLookupTableAccount],
) -> Vec<Batch> {
    let groups: Vec<Vec<Metered>> = seats
        .iter()
        .map(|seat| instructions(addresses, trader, start, seat))
        .collect();
    pack_groups(trader, &groups, tables)
}

/// What a lookup table should have that orders of the seats of these wallets are sent with.
pub fn table_addresses(addresses: &Addresses, owners: &[Address]) -> Vec<Address> {
    let books = (0..addresses.books).map(|slot| addresses.book_slot(slot));
    let participants = owners.iter().map(|owner| addresses.participant(owner));
    [addresses.community, addresses.ledger]
        .into_iter()
        .chain(books)
        .chain(participants)
        .collect()
}

/// How much room orders of the seats of these two wallets take.
pub fn order_bytes(
    addresses: &Addresses,
    trader: &Address,
    owners: [&Address; 2],
    tables: &[AddressLookupTableAccount],
) -> OrderBytes {
    let of = |owner: &Address, placed: usize, cancelled: usize| SeatOrders {
        owner: *owner,
        seat: 0,
        cancelled: vec![OrderRef::default(); cancelled],
        placed: vec![NewOrder::default(); placed],
    };
    let len = |seats: &[SeatOrders]| {
        let all = seats
            .iter()
            .flat_map(|seat| instructions(addresses, trader, 0, seat));
        let budget = ComputeBudgetInstruction::set_compute_unit_limit(1);
        let all: Vec<Instruction> = [budget]
            .into_iter()
            .chain(all.map(|one| one.instruction))
            .collect();
        transaction_len_with(trader, &all, tables).unwrap_or(MAX_LEN)
    };
    let [first, second] = owners;
    let one = len(&[of(first, 1, 0)]);
    let order = len(&[of(first, 2, 0)]) - one;
    let seat = len(&[of(first, 1, 0), of(second, 1, 0)]) - one - order;
    let with_cancel = len(&[of(first, 1, 1)]);
    let cancelled = len(&[of(first, 1, 2)]) - with_cancel;
    OrderBytes {
        room: (MAX_LEN + seat + order).saturating_sub(one + MARGIN),
        seat,
        order,
        cancel: with_cancel - one - cancelled,
        cancelled,
    }
}

fn instructions(
    addresses: &Addresses,
    trader: &Address,
    start: i64,
    seat: &SeatOrders,
) -> Vec<Metered> {
    let metered = |instruction: Instruction, count: usize| Metered {
        instruction,
        units: CALL.saturating_add(ORDER.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))),
    };
    let cancelled = seat.cancelled.len();
    let cancel = (cancelled > 0).then(|| {
        let cancel = addresses.cancel_orders(*trader, seat.seat, start, seat.cancelled.clone());
        metered(cancel, cancelled)
    });
    let placed = seat.placed.len();
    let place = (placed > 0).then(|| {
        let place = addresses.place_orders(*trader, &seat.owner, start, seat.placed.clone());
        metered(place, placed)
    });
    [cancel, place].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addresses::Rings;

    const TRADER: Address = Address::new_from_array([9; 32]);

    fn addresses() -> Addresses {
        let [community, mint, program] = [[1; 32], [2; 32], [3; 32]].map(Address::new_from_array);
        let rings = Rings {
            market: 0,
            window_seconds: 900,
            page_windows: 96,
            books: 4,
            pages: 5,
        };
        Addresses::new(community, mint, program, rings)
    }

    fn owner(seat: u8) -> Address {
        Address::new_from_array([100 + seat; 32])
    }

    fn seats(count: u8, orders: usize) -> Vec<SeatOrders> {
        let of = |seat: u8| SeatOrders {
            owner: owner(seat),
            seat: seat.into(),
            cancelled: vec![],
            placed: vec![NewOrder::default(); orders],
        };
        (0..count).map(of).collect()
    }

    /// With community, ledger, books and the participants of so many seats.
    fn table(count: u8) -> AddressLookupTableAccount {
        let owners: Vec<Address> = (0..count).map(owner).collect();
        AddressLookupTableAccount {
            key: Address::new_from_array([8; 32]),
            addresses: table_addresses(&addresses(), &owners),
        }
    }

    fn batches(seats: &[SeatOrders], tables: &[AddressLookupTableAccount]) -> Vec<usize> {
        let batches = pack_orders(&addresses(), &TRADER, 900, seats, tables);
        batches.iter().map(|batch| batch.range.len()).collect()
    }

    #[test]
    fn given_a_lookup_table_when_orders_are_packed_then_more_seats_share_a_transaction() {
        let table = [table(30)];
        assert_eq!(batches(&seats(30, 6), &[]), [7, 7, 7, 7, 2]);
        assert_eq!(batches(&seats(30, 6), &table), [9, 9, 9, 3]);
        assert_eq!(batches(&seats(30, 2), &[]), [11, 11, 8]);
        assert_eq!(batches(&seats(30, 2), &table), [18, 12]);
    }

    #[test]
    fn given_bytes_when_they_are_measured_then_they_say_how_many_seats_fit() {
        let owners = [&owner(0), &owner(1)];
        for tables in [vec![], vec![table(30)]] {
            let bytes = order_bytes(&addresses(), &TRADER, owners, &tables);
            for orders in [1, 2, 6] {
                let fits = bytes.room / (bytes.seat + orders * bytes.order);
                let seats = seats(30, orders);
                let packed = batches(&seats, &tables)[0];
                assert!(packed.abs_diff(fits) <= 1, "{orders}: {packed}, {fits}");
            }
        }
    }

    #[test]
    fn given_a_seat_that_replaces_its_orders_when_packed_then_both_are_in_one_transaction() {
        let mut seats = seats(12, 6);
        for seat in &mut seats {
            seat.cancelled = vec![OrderRef::default(); 6];
        }
        let batches = pack_orders(&addresses(), &TRADER, 900, &seats, &[]);
        for batch in &batches {
            // One asks for compute units.
            assert_eq!(batch.instructions.len(), 1 + 2 * batch.range.len());
        }
        assert!(batches.len() > 1);
    }
}
