//! Money that goes along lines: from a supplier to many seats, from these to the other supplier, and on to one more. Nothing goes
//! round.

use joulebook_client::{
    layout::{
        market::{limits::MAX_SEATS, Owing, Seat, SeatStatus},
        Address,
    },
    market::errors::MarketError,
};
use joulebook_sim::{Failure, LocalCommunity};
use joulebook_tests::market::instructions;
use solana_instruction::Instruction;

use super::{full, resize, send, send_all, with_seats};

const NONE: Owing = Owing { debt: 0, claim: 0 };
const DEBT: Owing = Owing { debt: 5, claim: 0 };
const CLAIM: Owing = Owing { debt: 0, claim: 5 };

/// Free money, and what is owed with each supplier.
type Row = (u64, [Owing; 2]);

/// What the seats are that take no part.
const OTHERS: [Row; 7] = [
    (1, [NONE; 2]),
    (0, [NONE; 2]),
    (0, [DEBT; 2]),
    (0, [NONE, DEBT]),
    (0, [DEBT, NONE]),
    (1, [NONE, CLAIM]),
    (0, [NONE, CLAIM]),
];

/// The first supplier has `money` for the last `count` seats, which owe the second one; the very last two have claims on that. Household
/// 0 may become the next one, and the second one is household 1.
fn lines(capacity: u16, count: usize, others: Row, money: u64) -> LocalCommunity {
    let mut community = full(0, [NONE; 2]);
    resize(&mut community, capacity);
    let owner = Address(community.supplier.address().to_bytes());
    let suppliers = [community.supplier.seat, community.households[1].seat];
    let next = &community.households[0];
    let (next, next_owner) = (next.seat, Address(next.address().to_bytes()));
    let now = community.chain.now();
    with_seats(&mut community, |header, seats| {
        let open = Seat {
            owner,
            status: SeatStatus::Open as u8,
            ..Seat::default()
        };
        let len = seats.len();
        for (index, seat) in seats.iter_mut().enumerate() {
            let (free, owing) = match index {
                _ if index + 2 >= len => (
                    0,
                    [
                        NONE,
                        Owing {
                            debt: 0,
                            claim: 1 << 41,
                        },
                    ],
                ),
                _ if index + count >= len => (0, [CLAIM, DEBT]),
                _ => others,
            };
            *seat = Seat {
                free,
                owing,
                ..open
            };
        }
        for (seat, free) in suppliers.into_iter().zip([money, 1]) {
            seats[usize::from(seat)] = Seat { free, ..open };
        }
        seats[usize::from(next)] = Seat {
            owner: next_owner,
            free: 1 << 50,
            ..open
        };
        header.suppliers[1].seat = suppliers[1];
        for (place, supplier) in header.suppliers.iter_mut().enumerate() {
            supplier.claims = seats.iter().map(|seat| seat.owing[place].claim).sum();
            supplier.last_page = 0;
            supplier.final_at = 0;
        }
        header.last_final = now;
        header.supplying = 1;
        header.money = 1 << 55;
    });
    community
}

fn name(community: &LocalCommunity) -> Instruction {
    instructions::replace_supplier(community, &community.households[0])
}

/// The second round that this takes used to be too much above 13,000 seats, for good.
#[test]
fn given_seats_that_pass_on_what_they_are_paid_when_asked_often_enough_then_it_arrives() {
    for capacity in [12_000, MAX_SEATS] {
        for count in [3, 202, 2046, 3072] {
            for others in [OTHERS[0], OTHERS[2]] {
                let mut community = lines(capacity, count, others, 1 << 40);
                let mut units = vec![];
                for _ in 0..2 {
                    let pay = community.addresses.pay_claims();
                    units.push(send(&mut community, pay).unwrap().compute_units);
                }
                println!("{capacity} {count} {others:?}: {units:?}");
                let first = community.ledger().seats[usize::from(capacity) - 2].free;
                let passed = 5 * (count as u64 - 2);
                assert!(first > passed, "{first} of {passed}");
            }
        }
    }
}

#[test]
fn given_a_full_ledger_in_which_more_is_passed_on_when_something_else_is_asked_then_it_says_so() {
    for count in [600, 2046] {
        let mut community = lines(MAX_SEATS, count, OTHERS[0], 1 << 40);
        let (owner, seat) = (community.supplier.address(), community.supplier.seat);
        let close = community.addresses.close_seat(owner, seat);
        for call in [close, name(&community)] {
            let found = send(&mut community, call).unwrap_err();
            assert_eq!(found, Failure::Market(MarketError::PaymentsDue), "{count}");
        }
    }
}

/// A stranger's atom that somebody passes on is enough for the other supplier not to be named, so both are sent together.
#[test]
fn given_12000_seats_when_claims_are_paid_and_another_is_named_together_then_one_transaction_does_both(
) {
    const SEATS: u16 = 12_000;
    const ATOM: u64 = 1_000;
    for others in OTHERS {
        for count in [3, 202] {
            let mut community = lines(SEATS, count, others, ATOM);
            let name = name(&community);
            let alone = send(&mut community, name.clone()).unwrap_err();
            assert_eq!(alone, Failure::Market(MarketError::PaymentsDue));
            let calls = [community.addresses.pay_claims(), name];
            let both = send_all(&mut community, &calls).unwrap();
            println!("{others:?} {count}: {}", both.compute_units);
        }
    }
}
