use anchor_lang::error::ErrorCode;
use joulebook_client::{
    events::events,
    layout::oracle::Quality,
    oracle::{
        errors::OracleError,
        events::OracleEvent,
        types::{ReadingResult, SignedReading},
    },
};
use joulebook_sim::Device;
use joulebook_tests::{metered_community::MeteredCommunity, refused::refused};
use solana_instruction::{error::InstructionError, Instruction};
use solana_message::{Message, VersionedMessage};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;

use super::read_as;

/// So many meters, each with 100 Wh more to show; interval 0 is open and over.
fn meters_of(count: usize) -> (MeteredCommunity, Vec<Device>) {
    let mut meters = MeteredCommunity::new();
    let mut devices: Vec<Device> = (0..count).map(|_| meters.meter()).collect();
    for device in &mut devices {
        device.flow(100, 0);
    }
    meters.open(0);
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
        joulebook_client::events::Event::Oracle(OracleEvent::ReadingsProcessed(event)) => {
            Some(event.results)
        }
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
    let (mut meters, mut devices) = meters_of(6);
    let [first, second, third, fourth, fifth, sixth] = &mut devices[..] else {
        unreachable!();
    };
    meters.quarantine(fourth);
    meters.retire(fifth);
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
        meters.read(fifth, 0),
        read_as(&meters, third, 0, |reading| {
            reading.registers.import.0 = u64::MAX
        }),
        meters.read(sixth, 0),
    ];
    assert_eq!(
        meters.submit(0, &batch),
        [
            ReadingResult::BadSignature,
            ReadingResult::Counted,
            ReadingResult::UnknownMeter,
            ReadingResult::Counted,
            ReadingResult::StaleSequence,
            ReadingResult::Quarantined,
            ReadingResult::Retired,
            ReadingResult::PowerLimit,
            ReadingResult::Counted,
        ]
    );
    let entries = meters.interval(0).entries;
    let found: Vec<_> = entries[..6]
        .iter()
        .map(|entry| (entry.import, entry.quality() == Some(Quality::Measured)))
        .collect();
    let (heard, silent) = ((100, true), (0, false));
    assert_eq!(found, [heard, heard, silent, silent, silent, heard]);
    assert_eq!(meters.interval(0).header.heard, 3);
}

#[test]
fn given_readings_of_one_meter_out_of_order_when_sent_then_the_newest_alone_counts() {
    let (mut meters, mut devices) = meters_of(1);
    let device = &mut devices[0];
    let older = meters.read(device, 0);
    device.flow(11, 0);
    let newer = meters.read(device, 0);
    let results = meters.submit(0, &[newer, older]);
    assert_eq!(
        results,
        [ReadingResult::Counted, ReadingResult::StaleSequence]
    );
    assert_eq!(meters.entry(0, device).import, 111);
}

#[test]
fn given_two_intervals_in_one_batch_when_sent_then_each_needs_its_own_account() {
    let (mut meters, mut devices) = meters_of(1);
    let device = &mut devices[0];
    meters.open(1);
    meters.go_to(2);
    let batch = [meters.read(device, 0), meters.read(device, 1)];
    let results = meters.submit(0, &batch);
    assert_eq!(
        results,
        [ReadingResult::Counted, ReadingResult::WrongInterval]
    );
    let results = meters.submit(1, &batch);
    assert_eq!(
        results,
        [ReadingResult::StaleSequence, ReadingResult::Counted]
    );
}

#[test]
fn given_no_reading_when_sent_then_the_instruction_is_refused() {
    let (mut meters, _) = meters_of(1);
    let submit = meters.communities.own.submit(0, &[]);
    refused(
        &mut meters.communities.chain,
        &submit,
        &[],
        OracleError::NoReadings,
    );
}

#[test]
fn given_a_count_that_lies_when_sent_then_the_instruction_is_refused() {
    let (mut meters, mut devices) = meters_of(1);
    let reading = meters.read(&mut devices[0], 0);
    let good = meters.communities.own.submit(0, &[reading]);
    for count in [2, 64, 65, u32::MAX] {
        let mut submit = good.clone();
        submit.data[8..12].copy_from_slice(&count.to_le_bytes());
        let reason = ErrorCode::InstructionDidNotDeserialize;
        refused(&mut meters.communities.chain, &submit, &[], reason);
    }
}

#[test]
fn given_sixty_four_readings_when_sent_then_each_has_its_result() {
    let (mut meters, mut devices) = meters_of(3);
    let mut batch = vec![unknown(&meters, &mut devices[0]); 64];
    for (place, device) in [0, 31, 63].into_iter().zip(&mut devices) {
        batch[place] = meters.read(device, 0);
    }
    let submit = meters.communities.own.submit(0, &batch);
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
        let submit = meters.communities.own.submit(0, &batch);
        let failure = send_large(&mut meters, submit).unwrap_err();
        let code = InstructionError::Custom(OracleError::TooManyReadings as u32);
        assert_eq!(failure, TransactionError::InstructionError(0, code));
        assert!(meters.state(0) == before);
    }
}
