//! submit_readings.

mod accounts;
mod any_order;
mod batches;
mod counted;
mod extremes;
mod late;
mod paused;
mod rejected;
mod replaced;
mod seam;
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
    device.sign(&meters.binding(), &reading)
}

/// Sends a reading to the page with the `n`th interval; it must be rejected, and change nothing.
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

/// A meter of these first registers, read at the start of interval 0; that one is over.
fn begun_at(import: u64, export: u64) -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| {
        (details.import, details.export) = (import, export);
    });
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(1);
    (meters, device)
}

fn begun() -> (MeteredCommunity, Device) {
    begun_at(0, 0)
}
