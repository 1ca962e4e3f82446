//! submit_profiles.

mod accounts;
mod as_readings;
mod changed_at_a_seam;
mod lent;
mod p256;
mod rejected;
mod seam;
mod sizes;
mod taken;

use joulebook_client::{
    oracle::types::{ReadingResult, SignedProfile},
    reading,
};
use joulebook_metering::message::Profile;
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;

/// Import and export in Wh of a page's four intervals: 130 and 240 Wh together.
const PAGE: [(u32, u32); 4] = [(100, 0), (0, 200), (30, 40), (0, 0)];

/// A meter whose registers show 1,000 and 600 Wh, not heard yet; the page with its first four intervals is over.
fn page_over() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    device.flow(1_000, 600);
    meters.begin(0);
    meters.go_to(4);
    (meters, device)
}

/// Of `values` up to the end of the `n`th interval.
fn profile(
    meters: &MeteredCommunity,
    device: &mut Device,
    n: i64,
    values: &[(u32, u32)],
) -> SignedProfile {
    let boundary = MeteredCommunity::start(n + 1);
    device.signed_profile(&meters.binding(), boundary, values)
}

/// The same, changed before it is signed.
fn profile_as(
    meters: &MeteredCommunity,
    device: &mut Device,
    n: i64,
    values: &[(u32, u32)],
    change: impl FnOnce(&mut Profile),
) -> SignedProfile {
    let boundary = MeteredCommunity::start(n + 1);
    let (mut profile, values) = device.profile(boundary, values);
    change(&mut profile);
    device.sign_profile(&meters.binding(), &profile, reading::packed(&values))
}

fn take(meters: &mut MeteredCommunity, n: i64, profile: &SignedProfile) -> ReadingResult {
    meters.submit_profiles(n, std::slice::from_ref(profile))[0]
}

/// Sends a profile to the page with the `n`th interval; it must be rejected, and change nothing.
#[track_caller]
fn rejected(
    case: &str,
    meters: &mut MeteredCommunity,
    n: i64,
    profile: &SignedProfile,
    expected: ReadingResult,
) {
    let before = meters.state(n);
    assert_eq!(take(meters, n, profile), expected, "{case}");
    assert!(meters.state(n) == before, "{case}: something changed");
}
