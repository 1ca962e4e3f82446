use joulebook_client::layout::oracle::Quality;
use joulebook_client::oracle::{
    errors::OracleError,
    events::OracleEvent,
    types::{PowerLimitsChanged, ReadingResult, SignedReading},
};
use joulebook_sim::Device;
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeterTableParameters, MeteredCommunity, LIMIT, QUARANTINED, SPAN},
    two_communities::{role, NOW},
    unauthorized,
};
use solana_instruction::Instruction;

use super::support::{
    copy, refuse, refuse_account, refuse_meters, refuse_own_meter, refuse_owners,
};

/// The highest power of which a page's energy fits an entry, W.
const HIGHEST: u32 = 3_221_225_468;

/// Of the owner's meter, by the authority; the owner signs if it agrees.
fn set(meters: &MeteredCommunity, agrees: bool, meter: u32, limits: (u32, u32)) -> Instruction {
    let authority = meters.authority();
    let own = &meters.communities.own;
    own.set_power_limits((&authority, None), (&meters.owner, agrees), meter, limits)
}

#[test]
fn given_a_verifier_and_the_owner_when_limits_are_set_then_nothing_else_changes() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let device = meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let mut expected = meters.table();
    let row = &mut expected.meters[1];
    (row.max_import, row.max_export) = (0, HIGHEST);
    let from = NOW - NOW.rem_euclid(SPAN) + SPAN;
    row.limits_from = from;
    let own = &meters.communities.own;
    let set = own.set_power_limits(actor, (&meters.owner, true), device.number, (0, HIGHEST));
    let signers = [&verifier.wallet, &meters.owner.wallet];

    let receipt = meters.communities.chain.send(&[set], &signers).unwrap();

    assert_eq!(meters.table(), expected);
    assert_eq!(
        event(&receipt),
        OracleEvent::PowerLimitsChanged(PowerLimitsChanged {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            meter: device.number,
            max_import: 0,
            max_export: HIGHEST,
            from,
            actor: verifier.address(),
        })
    );
}

#[test]
fn given_the_limits_that_it_has_when_set_then_the_owner_need_not_agree() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.govern(set(&meters, false, 0, (LIMIT, LIMIT)));
    let record = meters.record(&device);
    assert_eq!((record.max_import, record.max_export), (LIMIT, LIMIT));
    // Nor does it put off those that are planned.
    meters.govern(set(&meters, true, 0, (LIMIT + 1, LIMIT)));
    let before = meters.record(&device);
    meters.go_to(8);
    meters.govern(set(&meters, false, 0, (LIMIT + 1, LIMIT)));
    assert_eq!(meters.record(&device), before);
}

/// Of a meter that is read at the start of interval 0; in it, its limits become 2 and 1 MW, of LIMIT.
fn raised() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.open(4);
    meters.govern(set(&meters, true, 0, (2_000_000, 1_000_000)));
    let limits = |meters: &MeteredCommunity, n| {
        let start = MeteredCommunity::start(n);
        meters.table().meters[0].limits_at(start)
    };
    assert_eq!(limits(&meters, 3), [LIMIT; 2]);
    assert_eq!(limits(&meters, 4), [2_000_000, 1_000_000]);
    (meters, device)
}

/// Energy in Wh of five minutes at so many kW.
const fn five_minutes(kilowatts: u64) -> u64 {
    kilowatts * 1_000 / 12
}

#[test]
fn given_higher_limits_when_read_then_they_hold_from_the_next_page_on() {
    let (mut meters, mut device) = raised();
    meters.go_to(5);
    device.flow(five_minutes(2_000), 0);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::PowerLimit);
    device.import = 0;
    let reading = meters.read(&mut device, 3);
    assert_eq!(meters.submit_one(3, &reading), ReadingResult::Counted);
    device.flow(five_minutes(2_000), five_minutes(1_000));
    let reading = meters.read(&mut device, 4);
    assert_eq!(meters.submit_one(4, &reading), ReadingResult::Counted);
    device.flow(0, five_minutes(1_000) + 2);
    meters.go_to(6);
    let reading = meters.read(&mut device, 5);
    assert_eq!(meters.submit_one(5, &reading), ReadingResult::PowerLimit);
}

/// What flowed before they were lowered is not refused because it is told later.
#[test]
fn given_lower_limits_when_read_for_the_first_time_since_then_those_of_before_count_too() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.open(4);
    meters.govern(set(&meters, true, 0, (0, 0)));
    meters.go_to(6);
    device.flow(five_minutes(LIMIT as u64 / 1_000), 0);
    let reading = meters.read(&mut device, 4);
    assert_eq!(meters.submit_one(4, &reading), ReadingResult::Counted);
    device.flow(2, 0);
    let reading = meters.read(&mut device, 5);
    assert_eq!(meters.submit_one(5, &reading), ReadingResult::PowerLimit);
}

/// The row knows two pairs of limits alone. Raised again, they let in what flowed under the first one.
#[test]
fn given_limits_lowered_twice_over_a_silence_when_read_then_they_must_be_raised_first() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        ring: 6,
        reading_seconds: 2_400,
        correction_seconds: 2_700,
        ..MeterTableParameters::default()
    });
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(1);
    let lower = set(&meters, true, device.number, (1_000, 1_000));
    meters.govern(lower);
    // As much as 100 kW are in four intervals, within the limits of then.
    device.flow(4 * 8_000, 0);
    for n in [4, 8, 12] {
        meters.go_to(n);
        meters.open(n);
    }
    meters.go_to(13);
    let lower = set(&meters, true, device.number, (2_000, 2_000));
    meters.govern(lower);
    meters.go_to(16);
    meters.open(16);
    meters.go_to(17);
    let reading = meters.read(&mut device, 16);
    assert_eq!(meters.submit_one(16, &reading), ReadingResult::PowerLimit);
    assert_eq!(meters.record(&device).violations, 0);

    for n in [20, 24, 28, 32, 36] {
        meters.go_to(n);
        if n >= 24 {
            let oldest = meters.slot(n - 24);
            meters.send(meters.own().finish_page(oldest, u16::MAX));
        }
        meters.open(n);
        if n == 28 {
            let raise = set(&meters, true, device.number, (LIMIT, LIMIT));
            meters.govern(raise);
        }
    }
    meters.go_to(37);
    let reading = meters.read(&mut device, 36);
    assert_eq!(meters.submit_one(36, &reading), ReadingResult::Counted);
}

#[test]
fn given_higher_limits_when_values_are_set_then_each_page_has_its_own() {
    let (mut meters, device) = raised();
    let value = five_minutes(2_000) as u32;
    let owner = copy(&meters.owner);
    meters.close_readings(0);
    let set = |meters: &MeteredCommunity, n: i64| {
        let own = &meters.communities.own;
        let (slot, place) = (meters.slot(n), MeteredCommunity::place(n));
        let authority = meters.authority();
        own.replace_values(
            (&authority, None),
            (&owner, true),
            slot,
            device.number,
            place,
            &[(value, 0)],
        )
    };
    let early = set(&meters, 1);
    refuse(
        &mut meters,
        "early",
        &early,
        OracleError::PowerLimitExceeded,
    );
    meters.close_readings(4);
    let later = set(&meters, 5);
    meters.govern(later);
}

/// Two changes in a row would raise the limits of pages that values still come for.
#[test]
fn given_limits_that_changed_when_they_change_again_then_pages_of_before_are_corrected_first() {
    let (mut meters, device) = raised();
    // A plan that holds for nothing yet may change.
    meters.govern(set(&meters, true, 0, (7, 8)));
    let record = meters.record(&device);
    assert_eq!(record.limits_at(record.limits_from), [7, 8]);
    assert_eq!(record.limits_at(record.limits_from - 1), [LIMIT; 2]);

    meters.go_to(4);
    let again = set(&meters, true, 0, (9, 9));
    refuse(&mut meters, "at once", &again, OracleError::LimitsChanged);
    let correction = i64::from(meters.table().header.correction_seconds);
    let over = record.limits_from + correction;
    meters.communities.chain.set_time(over - 1);
    refuse(&mut meters, "too early", &again, OracleError::LimitsChanged);
    meters.communities.chain.set_time(over);
    meters.govern(again);
    let later = meters.record(&device);
    assert_eq!(later.limits_at(later.limits_from - 1), [7, 8]);
}

#[test]
fn given_a_limit_that_changes_when_the_owner_does_not_agree_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    // Lower ones are refused, too: they would reject what the meter signs.
    for limits in [
        (LIMIT + 1, LIMIT),
        (LIMIT, LIMIT + 1),
        (LIMIT - 1, LIMIT),
        (LIMIT, LIMIT - 1),
        (0, 0),
    ] {
        let change = set(&meters, false, 0, limits);
        let case = format!("{limits:?}");
        refuse(&mut meters, &case, &change, OracleError::OwnerMustSign);
    }
    let change = set(&meters, true, 0, (LIMIT + 1, LIMIT));
    refuse_owners(&mut meters, &change);
    meters.govern(change);
}

#[test]
fn given_an_owner_who_verifies_when_it_changes_its_own_limits_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    for limits in [(LIMIT + 1, LIMIT), (LIMIT, LIMIT - 1)] {
        refuse_own_meter(&mut meters, |meters, acting| {
            let own = &meters.communities.own;
            own.set_power_limits(acting, (&meters.owner, true), 0, limits)
        });
    }
}

#[test]
fn given_the_meter_of_another_when_its_limits_are_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    meters.owner = meters.communities.member(role::CONSUMER);
    for (agrees, limits) in [(false, (1, 1)), (true, (1, 1)), (true, (HIGHEST, 1))] {
        let set = set(&meters, agrees, 0, limits);
        refuse(&mut meters, "a neighbour", &set, OracleError::WrongOwner);
    }
}

#[test]
fn given_a_quarantined_meter_when_its_limits_are_set_then_it_stays_quarantined() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.quarantine(&device);
    meters.govern(set(&meters, true, 0, (1, 2)));
    let record = meters.record(&device);
    assert_eq!((record.max_import, record.max_export), (1, 2));
    assert_eq!(record.status, QUARANTINED);
}

#[test]
fn given_limits_that_do_not_fit_a_page_when_set_then_they_are_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    for limits in [(HIGHEST + 1, 1), (1, HIGHEST + 1), (u32::MAX, u32::MAX)] {
        let set = set(&meters, true, 0, limits);
        let reason = OracleError::PowerLimitInvalid;
        refuse(&mut meters, "too high", &set, reason);
    }
}

#[test]
fn given_limits_above_the_communitys_cap_when_set_then_they_are_refused() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        power_cap: LIMIT,
        ..MeterTableParameters::default()
    });
    let device = meters.meter();
    for limits in [(LIMIT + 1, 1), (1, LIMIT + 1)] {
        let set = set(&meters, true, 0, limits);
        let reason = OracleError::PowerLimitInvalid;
        refuse(&mut meters, "above the cap", &set, reason);
    }
    meters.govern(set(&meters, true, 0, (LIMIT, 1)));
    assert_eq!(meters.record(&device).max_export, 1);
}

#[test]
fn given_a_meter_that_is_none_when_its_limits_are_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let retired = meters.meter();
    meters.retire(&retired);
    refuse_meters(&mut meters, retired.number, |meters, meter| {
        set(meters, true, meter, (1, 1))
    });
}

#[test]
fn given_accounts_of_another_community_when_limits_are_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    meters.meter();
    let set = set(&meters, true, 0, (1, 1));
    let other = meters.communities.other.copy();
    for (place, address, reason) in [
        (2, other.addresses.community, OracleError::NotPermitted),
        (3, other.addresses.meter_table, OracleError::WrongCommunity),
    ] {
        refuse_account(&mut meters, &set, (place, address), reason);
    }
}

#[test]
fn given_anybody_else_when_they_set_limits_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let (own, owner) = (meters.own(), copy(&meters.owner));
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused_though(
        &mut meters.communities,
        &[&owner.wallet],
        role::VERIFIER,
        reason,
        |actor, acting| own.set_power_limits((actor, acting), (&owner, true), 0, (1, 1)),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_limits_are_set_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let own = &meters.communities.own;
    let set = own.set_power_limits(actor, (&meters.owner, true), 0, (1, 2));
    let signers = [&verifier.wallet, &meters.owner.wallet];
    sweep(&mut meters.communities.chain, &set, &signers);
    assert_eq!(meters.table().meters[0].max_export, 2);
}

/// Limits of 100 kW, 1 MW from interval 4 on; everything the device signs is within the limits of its time. It draws 1,000 Wh
/// in each interval of the first page and 80,000 in interval 4. All of it is signed: boundaries 0 to 5.
fn raised_in_time() -> (MeteredCommunity, Device, Vec<SignedReading>) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    let authority = meters.authority();
    let set = meters.communities.own.set_power_limits(
        (&authority, None),
        (&meters.owner, true),
        device.number,
        (1_000_000, 100_000),
    );
    meters.govern(set);
    meters.go_to(1);
    meters.open(4);
    let mut signed = vec![meters.read(&mut device, -1)];
    for n in 0..4 {
        device.flow(1_000, 0);
        signed.push(meters.read(&mut device, n));
    }
    device.flow(80_000, 0);
    signed.push(meters.read(&mut device, 4));
    meters.go_to(5);
    (meters, device, signed)
}

#[test]
fn given_raised_limits_when_readings_come_in_order_then_all_count() {
    let (mut meters, device, signed) = raised_in_time();
    for (n, reading) in (-1..4).zip(&signed) {
        assert_eq!(meters.submit_one(n.max(0), reading), ReadingResult::Counted);
    }
    assert_eq!(meters.submit_one(4, &signed[5]), ReadingResult::Counted);
    for n in 0..5 {
        assert!(meters.entry(n, &device).is(Quality::Measured), "{n}");
    }
}

/// The newest used to be held against the lower limits, and the page before was refused for good.
#[test]
fn given_raised_limits_when_the_newest_reading_comes_first_then_all_of_the_page_before_fill() {
    let (mut meters, device, signed) = raised_in_time();
    assert_eq!(meters.submit_one(4, &signed[5]), ReadingResult::Counted);
    assert_eq!(meters.submit_one(4, &signed[4]), ReadingResult::Filled);
    for (place, reading) in signed[..5].iter().enumerate().rev() {
        let n = (place as i64 - 1).max(0);
        let result = meters.submit_one(n, reading);
        assert_eq!(result, ReadingResult::Filled, "{place}");
    }
    for n in 0..5 {
        assert!(meters.entry(n, &device).is(Quality::Measured), "{n}");
    }
    // Within the page its own limits hold still.
    meters.finish(0);
}
