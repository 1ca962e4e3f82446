//! A check of P-256 serves one call, and each of its entries one message: nothing is lent to another.

use joulebook_client::{layout::oracle::Quality, oracle::types::ReadingResult};
use joulebook_sim::{Device, Failure, SecureElement};
use joulebook_tests::metered_community::{results, MeteredCommunity};
use solana_instruction::Instruction;

use super::p256::{does_not_hold, fails, message, meter, not_checked, submit};

/// Two meters, each of a key of its own, and what they have signed; nothing is sent yet.
fn two_checked() -> (MeteredCommunity, [Device; 2], [Instruction; 2]) {
    let mut meters = MeteredCommunity::new();
    let elements = [SecureElement::new([7; 32]), SecureElement::new([8; 32])];
    let mut devices = elements
        .each_ref()
        .map(|element| meter(&mut meters, element));
    meters.begin(0);
    meters.go_to(4);
    let [one, other] = &mut devices;
    let signed = [
        elements[0].sign(message(&meters, one)),
        elements[1].sign(message(&meters, other)),
    ];
    let calls = submit(&meters, &signed);
    (meters, devices, calls)
}

/// The check has two entries, of which the first may say where the second one's signature, key or message stand.
#[test]
fn given_two_checked_messages_when_one_entry_names_the_others_parts_then_nothing_is_lent() {
    for mixture in 0..8_u16 {
        let (mut meters, devices, [mut check, submit]) = two_checked();
        for (bit, place) in [(0, 2), (1, 6), (2, 10)] {
            if mixture >> bit & 1 == 1 {
                let second = check.data[place + 14..place + 16].to_vec();
                check.data[place..place + 2].copy_from_slice(&second);
            }
        }
        let calls = [check, submit];
        let found = match mixture {
            0 | 7 => results(&meters.communities.chain.send(&calls, &[]).unwrap()),
            _ => {
                does_not_hold("a mixture", &mut meters, &calls);
                continue;
            }
        };
        let counted = ReadingResult::Counted;
        if mixture == 0 {
            assert_eq!(found, [counted; 2]);
        } else {
            // All three: the second one twice.
            assert_eq!(found, [counted, ReadingResult::AlreadyKnown]);
            assert!(meters.entry(0, &devices[0]).is(Quality::Missing));
        }
    }
}

#[test]
fn given_a_check_when_two_calls_stand_behind_it_then_it_serves_one_alone() {
    let (mut meters, _, [check, submit]) = two_checked();
    not_checked("twice", &mut meters, &[check, submit.clone(), submit]);
}

#[test]
fn given_a_check_that_counts_fewer_than_stand_there_when_sent_then_the_others_are_nothing() {
    let (mut meters, devices, [mut check, submit]) = two_checked();
    check.data[0] = 1;
    *check.data.last_mut().unwrap() ^= 1;
    let receipt = meters.communities.chain.send(&[check, submit], &[]);
    assert_eq!(results(&receipt.unwrap()), [ReadingResult::Counted]);
    assert!(meters.entry(0, &devices[1]).is(Quality::Missing));
}

#[test]
fn given_a_check_that_counts_none_or_more_than_stand_there_when_sent_then_it_is_refused() {
    // More than eight, or none at all, is too much or too little for the precompile; of three, the last one's place is no place.
    const SIZE: Failure = Failure::Custom(4);
    const PLACE: Failure = Failure::Custom(3);
    for (count, expected) in [(0, SIZE), (3, PLACE), (9, SIZE), (255, SIZE)] {
        let (mut meters, _, [mut check, submit]) = two_checked();
        check.data[0] = count;
        let failure = fails("another number", &mut meters, &[check, submit]);
        assert_eq!(failure, expected, "{count}");
    }
}
