use joulebook_client::{
    instructions::SYSTEM_PROGRAM,
    layout::oracle::Quality,
    oracle::{
        errors::OracleError,
        events::OracleEvent,
        types::{IntervalOpened, ReadingResult},
    },
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::MeterTableParameters,
    metered_community::{event, MeteredCommunity, LENGTH},
    refused::{refused, refused_when},
    two_communities::{pause, NOW},
};
use solana_signer::Signer;

#[test]
fn given_meters_of_every_status_when_opened_then_the_active_ones_are_waited_for() {
    let mut meters = MeteredCommunity::new();
    let devices: Vec<_> = (0..3).map(|_| meters.meter()).collect();
    meters.quarantine(&devices[1]);
    meters.retire(&devices[2]);

    let receipt = meters.open(0);

    let interval = meters.interval(0);
    assert_eq!((interval.header.start, interval.header.phase), (NOW, 1));
    assert_eq!((interval.header.expected, interval.header.heard), (1, 0));
    let awaited: Vec<_> = interval.entries[..4]
        .iter()
        .map(|entry| entry.awaited)
        .collect();
    assert_eq!(awaited, [1, 0, 0, 0]);
    let qualities: Vec<_> = interval.entries[..4]
        .iter()
        .map(|entry| entry.quality())
        .collect();
    let (missing, no) = (Some(Quality::Missing), Some(Quality::NotExpected));
    assert_eq!(qualities, [missing, missing, no, no]);
    assert_eq!(interval.entries[0].participant, 0);
    assert_eq!(
        event(&receipt),
        OracleEvent::IntervalOpened(IntervalOpened {
            meter_table: meters.communities.own.addresses.meter_table,
            start: NOW,
            slot: 0,
            expected: 1,
        })
    );
}

#[test]
fn given_a_meter_that_counts_from_later_when_opened_then_it_is_not_expected() {
    let mut meters = MeteredCommunity::new();
    meters.go_to(1);
    let late = meters.meter();
    meters.open(0);
    meters.open(1);
    assert_eq!(meters.entry(0, &late).quality(), Some(Quality::NotExpected));
    assert_eq!(meters.entry(1, &late).quality(), Some(Quality::Missing));
}

#[test]
fn given_a_meter_heard_beyond_when_opened_then_it_is_estimated_and_not_waited_for() {
    let mut meters = MeteredCommunity::new();
    let (mut ahead, mut behind) = (meters.meter(), meters.meter());
    meters.go_to(2);
    meters.open(1);
    ahead.flow(9, 0);
    let reading = meters.read(&mut ahead, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);

    // The interval before is opened late.
    meters.open(0);
    let header = meters.interval(0).header;
    assert_eq!((header.expected, header.heard), (1, 0));
    assert_eq!(meters.entry(0, &ahead).quality(), Some(Quality::Missing));
    assert_eq!(meters.entry(0, &ahead).awaited, 0);
    assert_eq!(meters.entry(0, &behind).awaited, 1);
    behind.flow(1, 0);
    let reading = meters.read(&mut behind, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    let header = meters.interval(0).header;
    assert_eq!((header.expected, header.heard), (1, 1));
}

#[test]
fn given_a_meter_restored_after_the_opening_when_it_is_heard_then_it_is_waited_for_too() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.quarantine(&device);
    meters.open(0);
    assert_eq!(meters.interval(0).header.expected, 0);
    meters.restore(&device, 0, (0, 0));
    meters.go_to(1);
    device.flow(5, 6);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    let header = meters.interval(0).header;
    assert_eq!((header.expected, header.heard), (1, 1));
    assert_eq!(meters.entry(0, &device).awaited, 1);
}

#[test]
fn given_any_pause_when_opened_then_it_opens() {
    let mut meters = MeteredCommunity::new();
    for (n, paused) in (0..).zip(pause::STATES) {
        meters.communities.pause(paused);
        meters.go_to(n);
        meters.open(n);
        meters.release(n);
    }
}

#[test]
fn given_a_start_off_the_boundaries_when_opened_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    for start in [NOW - 1, NOW + 1, NOW + 299, 1, -1, i64::MIN, i64::MAX] {
        let open = meters.communities.own.open_interval(0, start);
        let reason = OracleError::OffBoundary;
        refused_when(
            &start.to_string(),
            &mut meters.communities.chain,
            &open,
            &[],
            reason,
        );
    }
}

#[test]
fn given_the_account_of_another_slot_when_opened_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    for slot in [1, 2, 3] {
        let open = meters.communities.own.open_interval(slot, NOW);
        refused(
            &mut meters.communities.chain,
            &open,
            &[],
            OracleError::WrongSlot,
        );
    }
}

#[test]
fn given_a_start_in_the_future_when_opened_then_it_is_refused_until_its_time() {
    let mut meters = MeteredCommunity::new();
    let far = i64::MAX - i64::MAX.rem_euclid(LENGTH);
    for start in [NOW + LENGTH, NOW + 4 * LENGTH, far] {
        let open = meters
            .communities
            .own
            .open_interval(meters.slot(start), start);
        let reason = OracleError::TooEarlyToOpen;
        refused(&mut meters.communities.chain, &open, &[], reason);
    }
    let open = meters.communities.own.open_interval(1, NOW + LENGTH);
    meters.communities.chain.set_time(NOW + LENGTH - 1);
    refused(
        &mut meters.communities.chain,
        &open,
        &[],
        OracleError::TooEarlyToOpen,
    );
    meters.go_to(1);
    meters.send(open);
}

#[test]
fn given_a_fresh_slot_when_opened_then_it_takes_only_the_last_round() {
    let mut meters = MeteredCommunity::new();
    let oldest = i64::MIN + LENGTH - i64::MIN.rem_euclid(LENGTH);
    for start in [NOW - 4 * LENGTH, NOW - 8 * LENGTH, 0, -4 * LENGTH, oldest] {
        let open = meters
            .communities
            .own
            .open_interval(meters.slot(start), start);
        let reason = OracleError::StartTooOld;
        refused_when(
            &start.to_string(),
            &mut meters.communities.chain,
            &open,
            &[],
            reason,
        );
    }
    for n in [-3, -2, -1, 0] {
        meters.open(n);
    }
}

#[test]
fn given_the_very_first_second_as_a_boundary_when_opened_then_it_is_refused() {
    // Of all lengths only the powers of two meet it; it also marks a slot never used.
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        interval_seconds: 128,
        ..MeterTableParameters::default()
    });
    let open = meters
        .communities
        .own
        .open_interval(meters.slot(i64::MIN), i64::MIN);
    refused(
        &mut meters.communities.chain,
        &open,
        &[],
        OracleError::StartPassed,
    );
}

#[test]
fn given_an_open_slot_when_its_next_interval_is_opened_then_only_after_the_release() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.open(0);
    for n in [4, 8, 400] {
        meters.go_to(n);
        let start = MeteredCommunity::start(n);
        let open = meters.communities.own.open_interval(0, start);
        refused(
            &mut meters.communities.chain,
            &open,
            &[],
            OracleError::SlotBusy,
        );
    }
    meters.release(0);
    meters.open(400);
    assert_eq!(
        meters.interval(0).header.start,
        MeteredCommunity::start(400)
    );
    assert_eq!(meters.entry(400, &device).quality(), Some(Quality::Missing));
}

#[test]
fn given_a_slot_that_was_used_when_an_old_start_is_opened_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.go_to(4);
    meters.open(4);
    for released in [false, true] {
        for n in [4, 0, -4] {
            let open = meters
                .communities
                .own
                .open_interval(0, MeteredCommunity::start(n));
            let case = format!("interval {n}, released {released}");
            let reason = OracleError::StartPassed;
            refused_when(&case, &mut meters.communities.chain, &open, &[], reason);
        }
        if !released {
            meters.release(4);
        }
    }
}

#[test]
fn given_a_released_slot_when_opened_then_nothing_of_the_old_entries_is_left() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    device.flow(100, 50);
    let reading = meters.read(&mut device, 0);
    meters.submit(0, &[reading]);
    meters.release(0);
    meters.retire(&device);
    meters.go_to(4);
    meters.open(4);
    let interval = meters.interval(4);
    assert_eq!((interval.header.expected, interval.header.heard), (0, 0));
    assert_eq!(interval.entries[0], Default::default());
}

#[test]
fn given_no_settlement_when_a_slot_is_used_again_then_one_length_after_its_end() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        ring: 2,
        ..MeterTableParameters::default()
    });
    let present = meters.settlement.pubkey();
    meters.govern(
        meters
            .communities
            .own
            .set_settlement(&present, &SYSTEM_PROGRAM),
    );
    meters.open(0);
    // Interval 0 ends at 1 and may be overwritten from 2 on, when interval 2 wants its slot.
    meters.go_to(2);
    meters.open(2);
    meters.go_to(3);
    let open = meters
        .communities
        .own
        .open_interval(0, MeteredCommunity::start(2));
    refused(
        &mut meters.communities.chain,
        &open,
        &[],
        OracleError::StartPassed,
    );
    meters.go_to(4);
    meters.govern(
        meters
            .communities
            .own
            .set_settlement(&SYSTEM_PROGRAM, &present),
    );
    let open = meters
        .communities
        .own
        .open_interval(0, MeteredCommunity::start(4));
    refused(
        &mut meters.communities.chain,
        &open,
        &[],
        OracleError::SlotBusy,
    );
}

#[test]
fn given_an_interval_of_another_table_when_opened_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let good = meters.communities.own.open_interval(0, NOW);
    let (own, other) = (&meters.communities.own, &meters.communities.other);
    for (table, interval) in [
        (own.addresses.meter_table, other.interval(0)),
        (other.addresses.meter_table, own.interval(0)),
    ] {
        let mut open = good.clone();
        open.accounts[0].pubkey = table;
        open.accounts[1].pubkey = interval;
        let reason = OracleError::WrongMeterTable;
        refused(&mut meters.communities.chain, &open, &[], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_opened_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let open = meters.communities.own.open_interval(0, NOW);
    sweep(&mut meters.communities.chain, &open, &[]);
    assert_eq!(meters.interval(0).header.start, NOW);
}
