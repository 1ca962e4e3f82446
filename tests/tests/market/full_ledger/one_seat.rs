//! A deposit or a withdrawal for a seat that passes on what it is paid: what goes round by others is set off, too.

use joulebook_client::layout::market::{
    limits::{MAX_SEATS, MAX_SET_OFF},
    Owing,
};
use joulebook_sim::LocalCommunity;
use solana_instruction::Instruction;

use super::{owing_both, send, with_seats};

/// So many rows at the end pass on, one the one way and the next the other; so does household 0, which has money.
fn passing_on(rows: u16) -> LocalCommunity {
    let mut community = owing_both(0, 0);
    // What it deposits.
    community.withdraw(0, 1).unwrap();
    let suppliers = [community.supplier.seat, community.households[1].seat];
    let seat = community.households[0].seat;
    let (debt, claim) = (Owing { debt: 5, claim: 0 }, Owing { debt: 0, claim: 5 });
    with_seats(&mut community, |header, seats| {
        let first = seats.len() - usize::from(rows);
        for (index, row) in seats.iter_mut().enumerate() {
            row.owing = match index {
                _ if index == usize::from(seat) => [claim, debt],
                _ if index < first => [debt, debt],
                _ if index % 2 == 0 => [debt, claim],
                _ => [claim, debt],
            };
        }
        for index in suppliers {
            seats[usize::from(index)].owing = Default::default();
        }
        for (place, supplier) in header.suppliers.iter_mut().enumerate() {
            supplier.claims = seats.iter().map(|row| row.owing[place].claim).sum();
        }
        header.money = 1 << 55;
    });
    community
}

/// What docs/operating.md says that these may need.
const MOST: u64 = 700_000;

#[test]
fn given_a_full_ledger_when_money_comes_or_goes_for_a_seat_that_passes_on_then_it_costs_that_at_most(
) {
    let deposit = |community: &LocalCommunity| -> Instruction {
        let giver = &community.households[0];
        let (from, seat) = (giver.tokens, giver.seat);
        community.addresses.deposit(giver.address(), from, seat, 1)
    };
    let withdrawal =
        |community: &LocalCommunity| community.withdrawal_of(&community.households[0], 1);
    let calls: [&dyn Fn(&LocalCommunity) -> Instruction; 2] = [&deposit, &withdrawal];
    for rows in [2, MAX_SET_OFF, 2 * MAX_SET_OFF, MAX_SEATS - 4] {
        for call in calls {
            let mut community = passing_on(rows);
            let call = call(&community);
            let units = send(&mut community, call).unwrap().compute_units;
            println!("{rows}: {units}");
            assert!(units <= MOST, "{rows}: {units}");
        }
    }
}
