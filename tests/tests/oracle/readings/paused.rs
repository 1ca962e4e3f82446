use joulebook_client::oracle::{errors::OracleError, types::ReadingResult};
use joulebook_tests::two_communities::pause;

use super::begun;
use crate::support::refuse;

#[test]
fn given_any_pause_when_a_reading_comes_then_only_that_of_metering_stops_it() {
    let (mut meters, mut device) = begun();
    meters.open(4);
    for (n, paused) in (0..).zip(pause::STATES) {
        meters.go_to(n + 1);
        meters.communities.pause(paused);
        let reading = meters.read(&mut device, n);
        if paused & pause::METERING == 0 {
            assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        } else {
            let submit = meters.communities.own.submit(meters.slot(n), &[reading]);
            refuse(&mut meters, "paused", &submit, OracleError::MeteringPaused);
        }
    }
}
