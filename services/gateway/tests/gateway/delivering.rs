//! What waits is brought to the oracle in few transactions, once, and its fate is known from the accounts.

use joulebook_client::{
    layout::oracle::{KeyKind, Quality},
    oracle::types::ReadingResult,
    packing::{transaction_len, MAX_LEN},
};
use joulebook_gateway::{
    decision::{Deliver, Wait},
    device::{DeviceKey, P256Key},
    fate::Fate,
    store::Put,
};
use joulebook_metering::{message::Profile, page::Energy, register::Registers};
use joulebook_units::{UnixTime, Wh, WhSum};
use proptest::prelude::*;
use solana_signature::Signature;
use solana_signer::Signer;

use crate::village::{Village, CONNECTION, LENGTH, PAGE};

const DAY: [(u32, u32); 4] = [(100, 0), (0, 50), (7, 3), (0, 0)];

#[test]
fn given_profiles_of_a_page_when_delivered_then_all_are_in_the_oracle_in_as_few_transactions_as_fit(
) {
    let mut village = Village::new(12);
    let page = village.service();
    let keys: Vec<_> = (0..12)
        .map(|household| {
            let signed = village.profile(household, page, &DAY);
            village.put(signed).0
        })
        .collect();
    assert_eq!(village.deliver().len(), 0, "the page is not over");
    village.pass_until(page + PAGE);
    let decision = village.decide();
    for batch in &decision.batches {
        let all = joulebook_client::packing::with_limits(batch.instructions[0].clone());
        let len = transaction_len(&village.payer.pubkey(), &all);
        assert!(len <= MAX_LEN, "{len}");
    }
    // 114 bytes each, and 8 to a transaction.
    assert_eq!(decision.batches.len(), 2);
    assert_eq!(village.deliver().len(), 2);
    for (household, key) in keys.iter().enumerate() {
        assert!(matches!(village.fate(key), Fate::Accepted { .. }));
        let entry = village.entry(household, page + LENGTH);
        assert!(entry.is(Quality::Measured));
        assert_eq!(entry.export(), Wh(50));
    }
    assert_eq!(village.store.counts().0, 0);
}

#[test]
fn given_a_message_that_comes_again_when_handed_in_then_it_is_known_and_sent_once() {
    let mut village = Village::new(1);
    let page = village.service();
    let signed = village.profile(0, page, &DAY);
    let (key, first) = village.put(signed.clone());
    assert_eq!(first, Put::New);
    assert_eq!(village.put(signed.clone()).1, Put::Known(Fate::Received));
    village.pass_until(page + PAGE);
    assert_eq!(village.deliver().len(), 1);
    let Put::Known(Fate::Accepted { transaction }) = village.put(signed).1 else {
        panic!("it is known");
    };
    assert!(transaction.is_some());
    assert_eq!(village.deliver().len(), 0);
    assert!(matches!(village.fate(&key), Fate::Accepted { .. }));
}

#[test]
fn given_two_gateways_with_the_same_meter_when_one_was_first_then_the_other_sends_nothing() {
    let mut village = Village::new(1);
    let page = village.service();
    let signed = village.profile(0, page, &DAY);
    village.pass_until(page + PAGE);
    let (key, _) = village.put(signed.clone());
    // The other one's way.
    let profile = village.message(signed).as_profile().expect("a profile");
    let submitted = village.community.submit_profiles(page, vec![profile]);
    submitted.expect("heard");
    assert_eq!(village.deliver().len(), 0);
    assert_eq!(village.fate(&key), Fate::Superseded);
}

#[test]
fn given_thrift_when_a_page_is_not_over_then_its_readings_wait_for_each_other() {
    let mut village = Village::new(2);
    village.policy.deliver = Deliver::Page;
    village.policy.wait = 60;
    let page = village.service();
    for boundary in 1..=4 {
        village.pass_until(page + boundary * LENGTH);
        for household in 0..2 {
            village.device(household).flow(10, 0);
            let signed = village.reading(household, page + boundary * LENGTH);
            let (key, _) = village.put(signed);
            assert_eq!(village.decide().waits[&key], Wait::Company);
        }
        assert_eq!(village.deliver().len(), 0);
    }
    village.pass_until(page + PAGE + 60);
    assert_eq!(village.deliver().len(), 1, "eight readings fit");
    assert_eq!(village.entry(1, page + 3 * LENGTH).import(), Wh(10));
}

#[test]
fn given_a_page_that_is_not_open_when_its_message_waits_then_it_is_sent_once_it_is() {
    let mut village = Village::new(1);
    let page = village.service() + 2 * PAGE;
    let signed = village.profile(0, page, &DAY);
    let (key, _) = village.put(signed);
    village.community.chain.set_time(page + PAGE);
    assert_eq!(village.decide().waits[&key], Wait::Page);
    assert_eq!(village.deliver().len(), 0);
    village.community.keep().expect("kept");
    assert_eq!(village.deliver().len(), 1);
    assert!(matches!(village.fate(&key), Fate::Accepted { .. }));
}

#[test]
fn given_a_boundary_far_ahead_that_came_in_an_outage_when_decided_then_it_is_kept_no_longer() {
    let mut village = Village::new(1);
    let page = village.service();
    let far = village.reading(0, page + 100 * PAGE);
    let (key, _) = village.put(far);
    let result = ReadingResult::FutureBoundary;
    // While what is known is old, it waits.
    village.policy.ahead = None;
    assert_eq!(village.decide().waits[&key], Wait::Result(result));
    village.policy.ahead = Some(600);
    village.deliver();
    assert_eq!(village.fate(&key), Fate::Refused { result });
}

#[test]
fn given_hours_of_boundaries_that_were_signed_in_a_halt_when_the_clock_goes_on_behind_them_then_all_are_delivered_in_time(
) {
    let mut village = Village::new(1);
    let page = village.service();
    village.policy.ahead = Some(600);
    village.pass_until(page + LENGTH);
    // Three hours, while the clock stands still.
    let keys: Vec<_> = (1..=36)
        .map(|number| {
            village.device(0).flow(10, 0);
            let signed = village.reading(0, page + number * LENGTH);
            village.put(signed).0
        })
        .collect();
    village.pass_until(page + 2 * LENGTH);
    assert_eq!(village.decide().ends, []);
    for number in 2..=36 {
        village.pass_until(page + number * LENGTH);
        village.deliver();
    }
    for key in keys {
        let fate = village.fate(&key);
        assert!(matches!(fate, Fate::Accepted { .. }), "{fate:?}");
    }
}

#[test]
fn given_a_clock_that_stands_still_when_a_message_s_meter_is_unknown_then_it_waits() {
    let mut village = Village::new(2);
    let page = village.service();
    let binding = village.community.binding();
    village.pass_until(page + LENGTH);
    let mut stranger = village.device(0).reading(page + LENGTH);
    stranger.meter += 7;
    let stranger = village.device(0).sign(&binding, &stranger);
    let stranger = joulebook_gateway::message::Signed::of_reading(&stranger, &binding);
    let mut bent = village.reading(1, page + LENGTH);
    bent.signature[5] ^= 1;
    let both = [stranger, bent].map(|signed| village.message(signed));
    let puts = village.store.put_unjudged(&both, page, false);
    assert_eq!(puts.expect("kept"), [Put::New, Put::New]);
    village.policy.ahead = None;
    let decision = village.decide();
    assert_eq!((decision.ends, decision.batches), (vec![], vec![]));
    let mut waits: Vec<Wait> = decision.waits.into_values().collect();
    waits.sort_by_key(|wait| format!("{wait:?}"));
    assert_eq!(
        waits,
        [ReadingResult::BadSignature, ReadingResult::UnknownMeter].map(Wait::Result)
    );
    village.policy.ahead = Some(600);
    assert_eq!(village.decide().ends.len(), 2);
}

#[test]
fn given_a_copy_with_another_signature_that_came_first_in_an_outage_when_the_meter_s_own_comes_then_that_is_accepted(
) {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + LENGTH);
    let original = village.reading(0, page + LENGTH);
    let mut copy = original.clone();
    copy.signature[5] ^= 1;
    let both = [copy, original].map(|signed| village.message(signed));
    for message in &both {
        let put = village
            .store
            .put_unjudged(std::slice::from_ref(message), page, false);
        assert_eq!(put.expect("kept"), [Put::New]);
    }
    let again = village.store.put_unjudged(&both, page, false);
    assert_eq!(again.expect("known"), vec![Put::Known(Fate::Received); 2]);
    let key = both[1].key();
    assert_eq!(village.fate(&key), Fate::Received);
    village.deliver();
    assert_eq!(village.store.counts().0, 0);
    assert!(matches!(village.fate(&key), Fate::Accepted { .. }));
}

#[test]
fn given_a_copy_that_nobody_could_judge_when_the_meter_s_own_message_is_judged_then_it_is_kept() {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + LENGTH);
    let original = village.reading(0, page + LENGTH);
    let mut copy = original.clone();
    copy.signature[5] ^= 1;
    let copy = village.message(copy);
    let put = village.store.put_unjudged(&[copy], page, false);
    assert_eq!(put.expect("kept"), [Put::New]);
    let (key, put) = village.put(original);
    assert_eq!(put, Put::New);
    village.deliver();
    assert!(matches!(village.fate(&key), Fate::Accepted { .. }));
}

#[test]
fn given_a_message_that_lands_in_vain_when_its_page_is_open_then_it_is_sent_still() {
    let mut village = Village::new(1);
    let page = village.service();
    let signed = village.profile(0, page, &DAY);
    let (key, _) = village.put(signed.clone());
    village.pass_until(page + PAGE);
    for number in 0..5 {
        let signature = Signature::from([number; 64]);
        let settled = village.store.settle(&signature, &[key], true);
        settled.expect("noted");
    }
    assert_eq!(village.decide().batches.len(), 1);
    let reading = i64::from(village.community.parameters.reading_seconds);
    village.pass_until(page + PAGE + reading);
    assert_eq!(village.deliver().len(), 0);
    assert_eq!(village.fate(&key), Fate::Ineffective);
    // What was in the way may be no more: it is judged anew.
    assert_eq!(village.put(signed.clone()).1, Put::New);
    village.deliver();
    let result = ReadingResult::ReadingsClosed;
    assert_eq!(village.fate(&key), Fate::Refused { result });
    assert_eq!(village.put(signed).1, Put::New);
}

#[test]
fn given_a_message_that_came_too_late_when_decided_then_it_is_refused_without_a_fee() {
    let mut village = Village::new(1);
    let page = village.service();
    let signed = village.profile(0, page, &DAY);
    let (key, _) = village.put(signed);
    let reading = i64::from(village.community.parameters.reading_seconds);
    village.pass_until(page + PAGE + reading);
    assert_eq!(village.deliver().len(), 0);
    let result = ReadingResult::ReadingsClosed;
    assert_eq!(village.fate(&key), Fate::Refused { result });
}

#[test]
fn given_a_tampered_meter_when_it_says_so_then_the_oracle_hears_of_it_and_takes_nothing() {
    let mut village = Village::new(1);
    let page = village.service();
    let binding = village.community.binding();
    village.pass_until(page + LENGTH);
    let mut reading = village.device(0).reading(page + LENGTH);
    reading.flags = 1;
    let signed = village.device(0).sign(&binding, &reading);
    let signed = joulebook_gateway::message::Signed::of_reading(&signed, &binding);
    let (key, _) = village.put(signed);
    assert_eq!(village.deliver().len(), 1);
    let result = ReadingResult::Tampered;
    assert_eq!(village.fate(&key), Fate::Refused { result });
    let number = village.number(0);
    let meters = village.community.meters();
    assert_eq!(meters.meter(number).expect("a meter").violations, 1);
}

#[test]
fn given_several_tampered_messages_when_decided_then_one_of_a_meter_is_sent_in_a_turn() {
    let mut village = Village::new(2);
    let page = village.service();
    let binding = village.community.binding();
    village.pass_until(page + 3 * LENGTH);
    for household in [0, 0, 0, 1] {
        let mut reading = village.device(household).reading(page + LENGTH);
        reading.flags = 1;
        let signed = village.device(household).sign(&binding, &reading);
        village.put(joulebook_gateway::message::Signed::of_reading(
            &signed, &binding,
        ));
    }
    let decision = village.decide();
    let sent: Vec<_> = decision.batches.iter().flat_map(|one| one.keys()).collect();
    assert_eq!(sent.len(), 2);
    assert_ne!(sent[0].meter, sent[1].meter);
}

#[test]
fn given_a_later_message_of_an_earlier_boundary_when_delivered_then_both_count() {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + 2 * LENGTH);
    // The device was asked for an old boundary after a newer one.
    let newer = village.reading(0, page + 2 * LENGTH);
    let older = village.reading(0, page + LENGTH);
    let keys = [village.put(newer).0, village.put(older).0];
    assert!(keys[0].sequence < keys[1].sequence);
    village.deliver();
    for key in keys {
        let fate = village.fate(&key);
        assert!(matches!(fate, Fate::Accepted { .. }), "{fate:?}");
    }
}

#[test]
fn given_a_message_in_doubt_when_decided_then_the_others_of_its_meter_wait() {
    let mut village = Village::new(2);
    let page = village.service();
    village.pass_until(page + 2 * LENGTH);
    let mut put = |household, boundary| {
        let signed = village.reading(household, boundary);
        village.put(signed).0
    };
    let first = put(0, page + LENGTH);
    let second = put(0, page + 2 * LENGTH);
    let other = put(1, page + LENGTH);
    let decision = village.decide_in_doubt(&[first].into());
    assert_eq!(decision.waits[&first], Wait::InDoubt);
    assert_eq!(decision.waits[&second], Wait::Another);
    assert_eq!(decision.batches.len(), 1);
    assert_eq!(decision.batches[0].keys(), [other]);
}

#[test]
fn given_an_endpoint_that_is_behind_when_decided_then_nothing_is_judged_by_it() {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + LENGTH);
    let signed = village.reading(0, page + LENGTH);
    let message = village.message(signed);
    let later = village.community.chain.now() + 20;
    let put = village
        .store
        .put(std::slice::from_ref(&message), later, false);
    put.expect("kept");
    let decision = village.decide();
    assert_eq!(decision.waits[&message.key()], Wait::Behind);
    assert!(decision.ends.is_empty() && decision.batches.is_empty());
}

#[test]
fn given_meters_of_both_curves_when_delivered_then_they_go_in_one_transaction_and_count() {
    let mut village = Village::new(1);
    let key = DeviceKey::P256(P256Key::from_bytes(&[9; 32]).expect("a key"));
    let public = key.public();
    assert_ne!(public.kind, KeyKind::Ed25519);
    let device = (public.device, public.kind);
    let number = village.community.register_meter(0, device, CONNECTION);
    let number = number.expect("registered");
    let page = village.service();
    village.pass_until(page + PAGE);
    let energy = |import| Energy {
        import: Wh(import),
        export: Wh(0),
    };
    let profile = Profile {
        meter: number,
        boundary: UnixTime(page + PAGE),
        sequence: 1,
        registers: Registers {
            import: WhSum(10),
            export: WhSum(0),
        },
        intervals: 4,
        flags: 0,
    };
    let values = [1, 2, 3, 4].map(energy);
    let signed = key.sign_profile(&village.community.binding(), &profile, &values);
    let (p256, _) = village.put(signed.expect("signed"));
    let signed = village.profile(0, page, &DAY);
    let (ed25519, _) = village.put(signed);
    assert_eq!(village.deliver().len(), 1);
    for key in [p256, ed25519] {
        assert!(matches!(village.fate(&key), Fate::Accepted { .. }));
    }
    assert_eq!(
        village.community.entry(page + 2 * LENGTH, number).import(),
        Wh(3)
    );
}

#[test]
fn given_pages_that_come_in_the_wrong_order_when_delivered_then_no_interval_is_missing() {
    let mut village = Village::new(1);
    let page = village.service();
    // Readings at all boundaries up to the first one of the next page; those of the first page come last.
    let boundaries: Vec<i64> = (0..=5).map(|number| page + number * LENGTH).collect();
    village.pass_until(page + 5 * LENGTH);
    let mut signed = vec![];
    for boundary in boundaries {
        village.device(0).flow(10, 0);
        signed.push(village.reading(0, boundary));
    }
    let later = signed.split_off(5);
    for one in later {
        village.put(one);
    }
    village.deliver();
    for one in signed {
        village.put(one);
    }
    village.deliver();
    for interval in 0..5 {
        let entry = village.entry(0, page + interval * LENGTH);
        assert!(
            entry.is(Quality::Measured),
            "interval {interval}: {entry:?}"
        );
        assert_eq!(entry.import(), Wh(10));
    }
}

/// What may be handed in, in any order and as often as one likes.
#[derive(Clone, Debug)]
enum Step {
    Profile(usize, i64),
    Reading(usize, i64),
    Again(usize),
    Deliver,
    Pass(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..3_usize, 0..3_i64).prop_map(|(meter, page)| Step::Profile(meter, page)),
        3 => (0..3_usize, 0..12_i64).prop_map(|(meter, boundary)| Step::Reading(meter, boundary)),
        1 => (0..40_usize).prop_map(Step::Again),
        2 => Just(Step::Deliver),
        2 => (1..5_i64).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever comes in whatever order: the oracle says of what is sent what was expected of it, nothing is sent that changes
    /// nothing, and everything has a fate once its page takes nothing more.
    #[test]
    fn given_any_messages_when_delivered_then_each_transaction_does_something_and_all_have_a_fate(
        steps in steps()
    ) {
        let mut village = Village::new(3);
        let service = village.service();
        let mut handed_in = vec![];
        for step in steps {
            match step {
                Step::Profile(meter, page) => {
                    let signed = village.profile(meter, service + page * PAGE, &DAY);
                    handed_in.push(signed.clone());
                    village.put(signed);
                }
                Step::Reading(meter, boundary) => {
                    village.device(meter).flow(5, 1);
                    let signed = village.reading(meter, service + boundary * LENGTH);
                    handed_in.push(signed.clone());
                    village.put(signed);
                }
                Step::Again(which) => {
                    if let Some(signed) = handed_in.get(which) {
                        village.put(signed.clone());
                    }
                }
                Step::Pass(lengths) => {
                    let now = village.community.chain.now();
                    village.pass_until(now + lengths * LENGTH);
                }
                Step::Deliver => check(&mut village),
            }
        }
        let reading = i64::from(village.community.parameters.reading_seconds);
        village.pass_until(service + 3 * PAGE + reading);
        check(&mut village);
        prop_assert_eq!(village.store.counts().0, 0);
        for signed in handed_in {
            let key = village.message(signed).key();
            prop_assert!(village.fate(&key).is_final());
        }
    }
}

fn check(village: &mut Village) {
    use joulebook_client::{events::Event, oracle::events::OracleEvent};
    for receipt in village.deliver() {
        let results = receipt
            .events()
            .into_iter()
            .filter_map(|event| match event {
                Event::Oracle(OracleEvent::ReadingsProcessed(processed)) => Some(processed.results),
                _ => None,
            });
        for outcome in results.flatten() {
            let is_told = matches!(
                outcome.result,
                ReadingResult::Counted | ReadingResult::Filled
            );
            assert!(is_told, "{outcome:?}");
        }
    }
}

#[test]
fn given_a_message_that_could_not_be_judged_when_the_chain_is_seen_then_it_has_the_fate_that_is_due(
) {
    let mut village = Village::new(2);
    let page = village.service();
    village.pass_until(page + LENGTH);
    let good = village.reading(0, page + LENGTH);
    let mut bent = village.reading(1, page + LENGTH);
    bent.signature[5] ^= 1;
    let both = [good, bent].map(|signed| village.message(signed));
    let puts = village.store.put_unjudged(&both, page, false);
    assert_eq!(puts.expect("kept"), [Put::New, Put::New]);
    assert_eq!(village.deliver().len(), 1);
    let [good, bent] = both.map(|message| message.key());
    assert!(matches!(village.fate(&good), Fate::Accepted { .. }));
    // Whoever makes messages up does not fill the disk with their fates; handed in again, it is refused at once.
    assert_eq!(village.store.counts().0, 0);
    assert_eq!(village.store.fate(&bent).expect("asked"), None);
}
