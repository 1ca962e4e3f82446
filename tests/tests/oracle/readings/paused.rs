use joulebook_client::oracle::types::ReadingResult;
use joulebook_tests::two_communities::pause;

use super::begun;

#[test]
fn given_any_pause_when_a_reading_comes_then_it_is_taken() {
    let (mut meters, mut device) = begun();
    meters.open(4);
    for (n, paused) in (0..).zip(pause::STATES) {
        meters.go_to(n + 1);
        meters.communities.pause(paused);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
    }
}
