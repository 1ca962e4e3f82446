//! replace_values.

mod accounts;
mod agreement;
mod refusals;
mod times;
mod values;

use joulebook_client::oracle::types::ReadingResult;
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;

/// A meter measured in interval 0 with 100 and 10 Wh, with a gap of 70 and 7 Wh in intervals 1 and 2, and not heard
/// since; readings of its page have just closed.
fn closed() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(3);
    for (n, (import, export)) in [(0, (100, 10)), (2, (70, 7))] {
        device.flow(import, export);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
    }
    meters.close_readings(0);
    (meters, device)
}
