//! How many days of quarter hours one transaction takes, and how long a page may be.

use joulebook_client::{
    oracle::types::{ReadingResult, SignedProfile},
    ring,
};
use joulebook_metering::message::Profile;
use joulebook_sim::{Device, Failure, SecureElement};
use joulebook_tests::metered_community::{results, MeterTableParameters, MeteredCommunity};
use joulebook_units::UnixTime;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_signer::Signer;

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

/// The most intervals that a page has.
const LONGEST: i64 = 288;
const MINUTE: i64 = 60;

/// A page of minutes that is over, read at every boundary: where it starts, and its slot.
fn longest_page() -> (MeteredCommunity, Device, i64, u16) {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        page_intervals: LONGEST as u16,
        interval_seconds: MINUTE as u32,
        ring: 4,
        reading_seconds: 600,
        correction_seconds: 1_200,
        capacity: 2,
        ..MeterTableParameters::default()
    });
    let mut device = meters.meter();
    let start = meters.record(&device).service_from;
    let slot = ring::slot(start, LONGEST * MINUTE, 4).unwrap();
    meters.communities.chain.set_time(start);
    let open = meters.own().open_page(slot, &meters.settlement.pubkey());
    let MeteredCommunity {
        communities,
        settlement,
        ..
    } = &mut meters;
    communities.chain.send(&[open], &[settlement]).unwrap();
    communities.chain.set_time(start + LONGEST * MINUTE);
    let binding = meters.binding();
    for n in 0..=LONGEST {
        if n > 0 {
            device.flow(200, 0);
        }
        let reading = device.signed(&binding, start + n * MINUTE);
        let submit = meters.own().submit(slot, &[reading]);
        meters.send(submit);
    }
    (meters, device, start, slot)
}

/// Every boundary is compared, and of a violation twice: within the limits, and within the cap.
#[test]
fn given_the_longest_page_when_a_profile_is_of_all_of_it_then_it_fits_a_transaction_without_asking_for_more(
) {
    let (mut meters, mut device, start, slot) = longest_page();
    let end = start + LONGEST * MINUTE;
    let same = [(200, 0); LONGEST as usize];
    let mut other = same;
    (other[0], other[LONGEST as usize - 1]) = ((199, 0), (201, 0));
    for (values, expected) in [
        (same, ReadingResult::AlreadyKnown),
        (other, ReadingResult::Contradicts),
    ] {
        device.import = 0;
        let signed = device.signed_profile(&meters.binding(), end, &values);
        let submit = meters.own().submit_profiles(slot, &[signed]);
        let receipt = meters.send(submit);
        println!("{expected:?}: {} units", receipt.compute_units);
        assert_eq!(results(&receipt), [expected]);
    }
}
