//! What can never be accepted is refused with its reason; what may be is kept.

use joulebook_client::oracle::types::ReadingResult;
use joulebook_gateway::{
    batch::fits_alone,
    decision::pages_of,
    intake::{check, Refusal},
    message::{NoMessage, Signed},
};

use crate::village::{Village, LENGTH, PAGE};

const AHEAD: Option<i64> = Some(60);

fn refusal(village: &Village, signed: Signed) -> Option<Refusal> {
    check(signed, &village.view(), &village.community.addresses, AHEAD).err()
}

fn oracle(result: ReadingResult) -> Option<Refusal> {
    Some(Refusal::Oracle(result))
}

#[test]
fn given_a_message_of_a_known_meter_when_checked_then_it_is_kept() {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + PAGE);
    let profile = village.profile(0, page, &[(1, 0), (2, 0), (3, 0), (4, 0)]);
    assert_eq!(refusal(&village, profile), None);
    let reading = village.reading(0, page + PAGE);
    assert_eq!(refusal(&village, reading), None);
}

#[test]
fn given_bytes_that_are_no_message_when_checked_then_it_is_said_what_they_are() {
    let mut village = Village::new(1);
    let boundary = village.service() + LENGTH;
    let good = village.reading(0, boundary);
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut signed = good.clone();
        change(&mut signed.message);
        refusal(&village, signed)
    };
    let no = |why| Some(Refusal::NoMessage(why));
    assert_eq!(with(&|bytes| bytes.clear()), no(NoMessage::Kind));
    assert_eq!(with(&|bytes| bytes[0] ^= 1), no(NoMessage::Kind));
    assert_eq!(with(&|bytes| bytes[8] = 9), no(NoMessage::Version(9)));
    assert_eq!(with(&|bytes| bytes[20] ^= 1), no(NoMessage::Binding));
    assert_eq!(with(&|bytes| bytes.truncate(79)), no(NoMessage::Length));
    assert_eq!(with(&|bytes| bytes.push(0)), no(NoMessage::Length));
    assert_eq!(
        with(&|bytes| bytes[70] ^= 1),
        oracle(ReadingResult::BadSignature)
    );
}

#[test]
fn given_what_the_oracle_never_takes_when_checked_then_its_own_result_is_named() {
    let mut village = Village::new(1);
    let page = village.service();
    let binding = village.community.binding();
    village.pass_until(page + LENGTH);
    let signed = |village: &mut Village,
                  change: &dyn Fn(&mut joulebook_metering::message::Reading)| {
        let mut reading = village.device(0).reading(page + LENGTH);
        change(&mut reading);
        let signed = village.device(0).sign(&binding, &reading);
        let signed = Signed::of_reading(&signed, &binding);
        refusal(village, signed)
    };
    assert_eq!(
        signed(&mut village, &|reading| reading.meter += 7),
        oracle(ReadingResult::UnknownMeter)
    );
    assert_eq!(
        signed(&mut village, &|reading| reading.boundary.0 += 1),
        oracle(ReadingResult::OffBoundary)
    );
    assert_eq!(
        signed(&mut village, &|reading| reading.boundary.0 += LENGTH),
        oracle(ReadingResult::FutureBoundary)
    );
    assert_eq!(
        signed(&mut village, &|reading| reading.boundary.0 -= PAGE),
        oracle(ReadingResult::NotInService)
    );
    assert_eq!(
        signed(&mut village, &|reading| reading.flags = 8),
        oracle(ReadingResult::UnknownFlags)
    );
    assert_eq!(signed(&mut village, &|_| ()), None);
}

#[test]
fn given_a_meter_that_was_heard_when_it_goes_back_then_that_is_refused() {
    let mut village = Village::new(1);
    let page = village.service();
    village.device(0).flow(1_000, 0);
    village.pass_until(page + LENGTH);
    let first = village.reading(0, page + LENGTH);
    village.put(first);
    village.deliver();
    village.pass_until(page + 2 * LENGTH);
    village.device(0).import = 999;
    let fell = village.reading(0, page + 2 * LENGTH);
    assert_eq!(refusal(&village, fell), oracle(ReadingResult::RegisterFell));
    village.device(0).import = 1_000;
    village.device(0).sequence = 0;
    let stale = village.reading(0, page + 2 * LENGTH);
    assert_eq!(
        refusal(&village, stale),
        oracle(ReadingResult::StaleSequence)
    );
}

#[test]
fn given_a_boundary_a_bit_ahead_or_a_clock_that_nobody_knows_when_checked_then_it_is_kept() {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + LENGTH - 30);
    let soon = village.reading(0, page + LENGTH);
    assert_eq!(refusal(&village, soon), None);
    let late = village.reading(0, page + 3 * LENGTH);
    assert_eq!(
        refusal(&village, late.clone()),
        oracle(ReadingResult::FutureBoundary)
    );
    let addresses = &village.community.addresses;
    assert!(check(late, &village.view(), addresses, None).is_ok());
}

#[test]
fn given_a_message_of_a_page_that_is_long_gone_when_checked_then_it_is_refused_and_nothing_is_read()
{
    let mut village = Village::new(1);
    let page = village.service();
    let old = village.reading(0, page + LENGTH);
    let ring = i64::from(village.community.addresses.pages) * PAGE;
    let reading = i64::from(village.community.parameters.reading_seconds);
    village.pass_until(page + PAGE);
    assert_eq!(refusal(&village, old.clone()), None);
    village.pass_until(page + ring.max(PAGE + reading));
    assert_eq!(
        refusal(&village, old.clone()),
        oracle(ReadingResult::ReadingsClosed)
    );
    let new = village.reading(0, village.service() + ring.max(PAGE + reading));
    let messages = [village.message(old), village.message(new)];
    let asked = pages_of(
        &village.community.addresses,
        &village.view(),
        messages.iter(),
    );
    assert!(asked.iter().all(|start| *start > page), "{asked:?}");
    assert!(!asked.is_empty());
}

#[test]
fn given_a_profile_that_no_transaction_takes_when_asked_then_that_is_known_before_it_is_kept() {
    let mut village = Village::new(1);
    let page = village.service();
    let fits = |village: &Village, signed: Signed| {
        let table = village.view().table;
        fits_alone(
            &village.community.addresses,
            &table,
            &village.message(signed),
        )
    };
    let small = village.profile(0, page, &[(1, 2); 4]);
    assert!(fits(&village, small));
    let large = village.profile(0, page, &vec![(1_000, 0); 900]);
    assert!(!fits(&village, large));
}
