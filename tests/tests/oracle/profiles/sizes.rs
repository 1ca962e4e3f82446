//! How many days of quarter hours one transaction takes.

use joulebook_client::oracle::types::{ReadingResult, SignedProfile};
use joulebook_metering::message::Profile;
use joulebook_sim::{Failure, SecureElement};
use joulebook_tests::metered_community::{results, MeteredCommunity};
use joulebook_units::UnixTime;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;

use super::page_over;

/// The most that a day of one of fifteen real households takes, packed.
const PACKED_DAY: usize = 192;

/// As long as a day; the page is shorter, so it is none of that.
fn day(meters: &MeteredCommunity) -> Profile {
    let mut device = page_over().1;
    let (profile, _) = device.profile(MeteredCommunity::start(4), &[]);
    Profile {
        intervals: 96,
        boundary: UnixTime(meters.communities.chain.now()),
        ..profile
    }
}

fn send(meters: &mut MeteredCommunity, calls: &[Instruction]) -> Result<usize, Failure> {
    let limit = ComputeBudgetInstruction::set_compute_unit_limit(1_400_000);
    let all = [std::slice::from_ref(&limit), calls].concat();
    let receipt = meters.communities.chain.send(&all, &[])?;
    let found = results(&receipt);
    assert!(found
        .iter()
        .all(|result| *result == ReadingResult::OutsidePage));
    Ok(found.len())
}

#[test]
fn given_days_with_keys_of_ed25519_when_sent_together_then_three_fit_a_transaction() {
    let (mut meters, _) = page_over();
    let Profile {
        meter, boundary, ..
    } = day(&meters);
    let signed = SignedProfile {
        signature: [1; 64],
        meter,
        boundary: boundary.0,
        sequence: 1,
        import: 0,
        export: 0,
        intervals: 96,
        flags: 0,
        values: vec![0; PACKED_DAY],
    };
    let submit = |count| {
        let addresses = &meters.communities.own.addresses;
        addresses.submit_profiles(MeteredCommunity::start(0), vec![signed.clone(); count])
    };
    let [three, four] = [3, 4].map(submit);
    assert_eq!(send(&mut meters, &[three]), Ok(3));
    assert!(matches!(
        send(&mut meters, &[four]),
        Err(Failure::TooLarge(_))
    ));
}

#[test]
fn given_days_with_keys_of_p256_when_sent_together_then_two_fit_a_transaction() {
    let (mut meters, _) = page_over();
    let head = day(&meters).head(&meters.binding());
    let message = [&head[..], &[0; PACKED_DAY]].concat();
    let signed = SecureElement::new([9; 32]).sign(message);
    let submit = |count: usize| {
        let addresses = &meters.communities.own.addresses;
        let signed = vec![signed.clone(); count];
        addresses.submit_checked_profiles(MeteredCommunity::start(0), &signed)
    };
    let [two, three] = [2, 3].map(|count| submit(count).unwrap());
    assert_eq!(send(&mut meters, &two), Ok(2));
    assert!(matches!(
        send(&mut meters, &three),
        Err(Failure::TooLarge(_))
    ));
}
