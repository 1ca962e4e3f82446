//! submit_readings.

mod accounts;
mod batches;
mod counted;
mod extremes;
mod late;
mod rejected;
mod signatures;
mod violations;

use joulebook_client::oracle::types::{ReadingResult, SignedReading};
use joulebook_metering::message::Reading;
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;

/// The device's registers at the end of the `n`th interval, changed before they are signed.
fn read_as(
    meters: &MeteredCommunity,
    device: &mut Device,
    n: i64,
    change: impl FnOnce(&mut Reading),
) -> SignedReading {
    let mut reading = device.reading(MeteredCommunity::start(n + 1));
    change(&mut reading);
    device.sign(&meters.communities.own.addresses.community, &reading)
}

/// Expects a reading for the `n`th interval to be rejected and to change nothing.
#[track_caller]
fn rejected(
    case: &str,
    meters: &mut MeteredCommunity,
    n: i64,
    reading: &SignedReading,
    expected: ReadingResult,
) {
    let before = meters.state(n);
    assert_eq!(meters.submit_one(n, reading), expected, "{case}");
    assert!(meters.state(n) == before, "{case}: something changed");
}
