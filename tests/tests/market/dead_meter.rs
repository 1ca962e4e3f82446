//! A meter that fails between its last reading and its removal: its owner is paid for what a verifier finds, and is kept
//! from nothing.

use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    amounts, check_invariants, check_settled, contracted, govern, instructions, meters_of,
    pass_until, read_start, BUYER, FREE, SELLER,
};
use solana_instruction::Instruction;

/// The seller delivers what it sold; its meter, read at the start of the page, is taken out in that page with 1000 Wh on it
/// and can sign nothing any more.
fn dead_meter() -> (LocalCommunity, i64) {
    dead_meter_retired(|community| {
        let meter = meters_of(community, SELLER)[0];
        instructions::retire_meter(community, meter)
    })
}

/// The same where its owner is not to be found.
fn dead_meter_of_nobody() -> (LocalCommunity, i64) {
    dead_meter_retired(|community| {
        let owner = &community.households[SELLER];
        instructions::retire_meter_alone(community, owner, owner.devices[0].number)
    })
}

fn dead_meter_retired(retire: impl Fn(&LocalCommunity) -> Instruction) -> (LocalCommunity, i64) {
    let (mut community, start) = contracted(Parameters::default());
    read_start(&mut community, start);
    pass_until(&mut community, start + 200);
    community.households[SELLER].devices[0].flow(0, 1000);
    let retire = retire(&community);
    govern(&mut community, retire).unwrap();
    pass_until(&mut community, start + 1200 + 600);
    (community, start)
}

/// The first version charged the seller 150,000,000 by every way that its pages offered.
#[test]
fn given_values_of_a_verifier_when_the_meter_is_dead_then_its_owner_is_paid_for_what_it_delivered()
{
    let (mut community, start) = dead_meter();
    let meter = meters_of(&community, SELLER)[0];
    let owner = &community.households[SELLER];
    let values = [(0, 1000), (0, 0), (0, 0), (0, 0)];
    let replace = instructions::replace_values(&community, owner, start, meter, &values);
    govern(&mut community, replace).unwrap();
    community.settle_page(start).unwrap();
    check_settled(&community, start);
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    community.finish_page(start).unwrap();
    // The final registers tell of nothing more.
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    assert_eq!(community.seat(SELLER).silent_windows, 0);
    check_invariants(&community);
}

#[test]
fn given_no_values_when_the_meter_is_dead_then_its_final_registers_end_the_silence() {
    let (mut community, start) = dead_meter();
    community.finish_page(start).unwrap();
    // As if nothing had been delivered, 300,000 a kWh, and 1 kWh fed in that nobody had bought, 80,000.
    let seller = community.seat(SELLER);
    let free = FREE + amounts::INCOME - 300_000_000 + 80_000_000;
    assert_eq!((seller.free, seller.locked), (free, 0));
    assert_eq!((seller.silent_windows, seller.owed), (0, 0));
    check_invariants(&community);
}

/// A verifier's values stand: they used to be taken back, against registers that nobody had read.
#[test]
fn given_values_when_a_dead_meter_was_retired_without_its_owner_then_it_is_paid_for_them() {
    let (mut community, start) = dead_meter_of_nobody();
    let meter = meters_of(&community, SELLER)[0];
    let owner = &community.households[SELLER];
    let values = [(0, 1000), (0, 0), (0, 0), (0, 0)];
    let replace = instructions::replace_values(&community, owner, start, meter, &values);
    govern(&mut community, replace).unwrap();
    community.finish_page(start).unwrap();
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    check_invariants(&community);
}

/// Nobody is paid for having been silent until it was taken out; and what the seat has is its owner's all the same.
#[test]
fn given_no_values_when_a_dead_meter_was_retired_without_its_owner_then_its_silence_does_not_end() {
    let (mut community, start) = dead_meter_of_nobody();
    community.finish_page(start).unwrap();
    // As if nothing had been delivered, and nobody knows of the 1 kWh.
    let seller = community.seat(SELLER);
    let free = FREE + amounts::INCOME - 300_000_000;
    assert_eq!((seller.free, seller.locked), (free, 0));
    // No register of its will ever tell.
    assert_eq!((seller.silent_windows, seller.owed), (0, 0));
    community.withdraw(SELLER, seller.free / 1000).unwrap();
    let close = instructions::close_seat(&community, &community.households[SELLER]);
    govern(&mut community, close).unwrap();
    check_invariants(&community);
}

/// In the first version a meter that was retired without having been heard froze its owner's money for good.
#[test]
fn given_a_dead_meter_when_its_pages_are_final_then_its_owner_takes_everything_out() {
    let (mut community, start) = dead_meter();
    community.finish_page(start).unwrap();
    for place in [BUYER, SELLER] {
        let free = community.seat(place).free / 1000;
        community.withdraw(place, free).unwrap();
    }
    let close = instructions::close_seat(&community, &community.households[SELLER]);
    govern(&mut community, close).unwrap();
    assert!(!community.seat(SELLER).is_open());
    check_invariants(&community);
}
