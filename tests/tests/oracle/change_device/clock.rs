//! The clock is a little behind: a device that was recorded right after a boundary was recorded before it. It shows less there, and has
//! done nothing wrong.

use joulebook_client::oracle::types::ReadingResult;
use joulebook_tests::metered_community::{MeteredCommunity, ACTIVE};

use super::{changed, heard};

#[test]
fn given_a_clock_behind_when_a_new_device_is_read_then_its_first_boundary_is_refused_alone() {
    let (mut meters, _) = heard();
    let now = MeteredCommunity::start(2) - 5;
    meters.communities.chain.set_time(now);
    let mut device = changed(&mut meters);
    meters.go_to(4);
    // 1 Wh was moved since the boundary.
    device.import -= 1;
    let first = meters.read(&mut device, 1);
    let day = device.signed_profile(
        &meters.binding(),
        MeteredCommunity::start(4),
        &[(100, 0); 2],
    );
    device.import -= 200;
    device.flow(100, 0);
    let second = meters.read(&mut device, 2);
    let before = meters.state(0);
    assert_eq!(meters.submit_one(0, &first), ReadingResult::RegisterFell);
    let found = meters.submit_profiles(0, &[day]);
    assert_eq!(found, [ReadingResult::RegisterFell]);
    assert!(meters.state(0) == before);
    assert_eq!(meters.record(&device).violations, 0);
    assert_eq!(meters.submit_one(0, &second), ReadingResult::Counted);
}

#[test]
fn given_a_clock_behind_when_a_meter_was_registered_then_its_first_boundary_is_no_violation() {
    let mut meters = MeteredCommunity::new();
    meters
        .communities
        .chain
        .set_time(MeteredCommunity::start(0) - 5);
    let mut device = meters.meter_with(|details| details.import = 1_000);
    assert_eq!(
        meters.record(&device).service_from,
        MeteredCommunity::start(0)
    );
    meters.begin(0);
    device.import = 999;
    let first = meters.read(&mut device, -1);
    assert_eq!(meters.submit_one(0, &first), ReadingResult::RegisterFell);
    let record = meters.record(&device);
    assert_eq!((record.violations, record.status), (0, ACTIVE));
    meters.go_to(1);
    device.import = 1_100;
    let second = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &second), ReadingResult::Counted);
}
