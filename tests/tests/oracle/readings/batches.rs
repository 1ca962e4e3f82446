use anchor_lang::error::ErrorCode;
use joulebook_client::{
    events::{events, Event},
    layout::oracle::Quality,
    oracle::{
        errors::OracleError,
        events::OracleEvent,
        types::{ReadingResult, SignedReading},
    },
};
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;
use solana_instruction::{error::InstructionError, Instruction};
use solana_message::{Message, VersionedMessage};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;

use super::read_as;
use crate::support::refuse;

/// So many meters, read at the start of interval 0, each with 100 Wh more to show; that interval is over.
fn meters_of(count: usize) -> (MeteredCommunity, Vec<Device>) {
    let mut meters = MeteredCommunity::new();
    let mut devices: Vec<Device> = (0..count).map(|_| meters.meter()).collect();
    meters.begin(0);
    for device in &mut devices {
        meters.read_start(device, 0);
        device.flow(100, 0);
    }
    meters.go_to(1);
    (meters, devices)
}

/// Sends an instruction that no packet could hold, as another program might.
fn send_large(
    meters: &mut MeteredCommunity,
    instruction: Instruction,
) -> Result<Vec<ReadingResult>, TransactionError> {
    let chain = &mut meters.communities.chain;
    let payer = chain.payer.pubkey();
    let blockhash = chain.svm.latest_blockhash();
    let message = Message::new_with_blockhash(&[instruction], Some(&payer), &blockhash);
    let message = VersionedMessage::Legacy(message);
    let transaction = VersionedTransaction::try_new(message, &[&chain.payer]).unwrap();
    let sent = chain.svm.send_transaction(transaction);
    let logs = sent.map_err(|failed| failed.err)?.logs;
    let processed = events(&logs).into_iter().find_map(|event| match event {
        Event::Oracle(OracleEvent::ReadingsProcessed(event)) => Some(event.results),
        _ => None,
    });
    let outcomes = processed.expect("the event of the readings");
    Ok(outcomes.into_iter().map(|outcome| outcome.result).collect())
}

fn unknown(meters: &MeteredCommunity, device: &mut Device) -> SignedReading {
    read_as(meters, device, 0, |reading| reading.meter = 19)
}

#[test]
fn given_bad_readings_among_good_ones_when_sent_then_every_good_one_counts() {
    let (mut meters, mut devices) = meters_of(5);
    let [first, second, third, fourth, fifth] = &mut devices[..] else {
        unreachable!();
    };
    meters.quarantine(fourth);
    let good = meters.read(first, 0);
    let mut forged = meters.read(second, 0);
    forged.signature[0] ^= 1;
    let batch = [
        forged,
        good.clone(),
        unknown(&meters, first),
        meters.read(second, 0),
        good,
        meters.read(fourth, 0),
        read_as(&meters, third, 0, |reading| {
            reading.registers.import.0 = u64::MAX
        }),
        meters.read(fifth, 0),
    ];
    assert_eq!(
        meters.submit(0, &batch),
        [
            ReadingResult::BadSignature,
            ReadingResult::Counted,
            ReadingResult::UnknownMeter,
            ReadingResult::Counted,
            ReadingResult::AlreadyKnown,
            ReadingResult::Quarantined,
            ReadingResult::PowerLimit,
            ReadingResult::Counted,
        ]
    );
    let found: Vec<_> = devices
        .iter()
        .map(|device| meters.entry(0, device))
        .map(|entry| (entry.import().0, entry.is(Quality::Measured)))
        .collect();
    let (heard, silent) = ((100, true), (0, false));
    assert_eq!(found, [heard, heard, silent, silent, heard]);
}

#[test]
fn given_readings_of_one_meter_out_of_order_when_sent_together_then_all_count() {
    let (mut meters, mut devices) = meters_of(1);
    meters.go_to(3);
    let device = &mut devices[0];
    let readings = [0, 1, 2].map(|n| {
        device.flow(n * 10, 0);
        meters.read(device, n as i64)
    });
    let [first, second, third] = readings;
    let results = meters.submit(0, &[second, third, first]);
    assert_eq!(
        results,
        [
            ReadingResult::Counted,
            ReadingResult::Counted,
            ReadingResult::Filled
        ]
    );
    for (n, import) in [(0, 100), (1, 10), (2, 20)] {
        let entry = meters.entry(n, &devices[0]);
        assert!(entry.is(Quality::Measured));
        assert_eq!(entry.import().0, import);
    }
}

#[test]
fn given_two_readings_of_one_boundary_when_sent_together_then_the_first_stands() {
    let (mut meters, mut devices) = meters_of(1);
    let device = &mut devices[0];
    let first = meters.read(device, 0);
    device.flow(11, 0);
    let second = meters.read(device, 0);
    let results = meters.submit(0, &[first, second]);
    assert_eq!(
        results,
        [ReadingResult::Counted, ReadingResult::Contradicts]
    );
    assert_eq!(meters.entry(0, &devices[0]).import().0, 100);
}

#[test]
fn given_no_reading_when_sent_then_the_instruction_is_refused() {
    let (mut meters, _) = meters_of(1);
    let submit = meters.communities.own.submit(meters.slot(0), &[]);
    refuse(&mut meters, "none", &submit, OracleError::NoReadings);
}

#[test]
fn given_a_count_that_lies_when_sent_then_the_instruction_is_refused() {
    let (mut meters, mut devices) = meters_of(1);
    let reading = meters.read(&mut devices[0], 0);
    let good = meters.communities.own.submit(meters.slot(0), &[reading]);
    for count in [2, 64, 65, u32::MAX] {
        let mut submit = good.clone();
        submit.data[8..12].copy_from_slice(&count.to_le_bytes());
        let reason = ErrorCode::InstructionDidNotDeserialize;
        refuse(&mut meters, &count.to_string(), &submit, reason);
    }
}

#[test]
fn given_sixty_four_readings_when_sent_then_each_has_its_result() {
    let (mut meters, mut devices) = meters_of(3);
    let mut batch = vec![unknown(&meters, &mut devices[0]); 64];
    for (place, device) in [0, 31, 63].into_iter().zip(&mut devices) {
        batch[place] = meters.read(device, 0);
    }
    let submit = meters.communities.own.submit(meters.slot(0), &batch);
    let results = send_large(&mut meters, submit).unwrap();
    let counted: Vec<_> = (0..)
        .zip(&results)
        .filter(|(_, result)| **result == ReadingResult::Counted)
        .map(|(place, _)| place)
        .collect();
    assert_eq!((results.len(), counted), (64, vec![0, 31, 63]));
}

#[test]
fn given_more_than_sixty_four_readings_when_sent_then_the_instruction_is_refused() {
    // Of 100 readings is the longest instruction that a program can pass on.
    for count in [65, 100] {
        let (mut meters, mut devices) = meters_of(1);
        let before = meters.state(0);
        let mut batch = vec![unknown(&meters, &mut devices[0]); count];
        batch[0] = meters.read(&mut devices[0], 0);
        let submit = meters.communities.own.submit(meters.slot(0), &batch);
        let failure = send_large(&mut meters, submit).unwrap_err();
        let code = InstructionError::Custom(OracleError::TooManyReadings as u32);
        assert_eq!(failure, TransactionError::InstructionError(0, code));
        assert!(meters.state(0) == before);
    }
}
