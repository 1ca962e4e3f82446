use anchor_lang::error::ErrorCode;
use joulebook_client::oracle::types::FinalRegisters;
use joulebook_client::{
    layout::oracle::{limits::REASON_KEY_COPIED, KeyKind},
    oracle::{
        errors::OracleError,
        events::OracleEvent,
        instructions::ChangeDeviceInstructionArgs,
        types::{MeterQuarantined, ReadingResult, SignedReading},
    },
};
use joulebook_metering::message::Reading;
use joulebook_sim::Device;
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeteredCommunity, ACTIVE, QUARANTINED, RETIRED},
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::support::{copy, refuse, refuse_account, refuse_meters};

/// A meter in service, interval 0 of its first page is over.
fn begun() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.begin(0);
    meters.go_to(1);
    (meters, device)
}

/// What the key of `device` signs with sequence 7, at the end of interval 0.
fn signed(
    meters: &MeteredCommunity,
    device: &Device,
    change: impl FnOnce(&mut Reading),
) -> SignedReading {
    let mut copy = Device {
        key: device.key.insecure_clone(),
        sequence: 6,
        ..*device
    };
    let mut reading = copy.reading(MeteredCommunity::start(1));
    change(&mut reading);
    copy.sign(&meters.binding(), &reading)
}

/// Two readings that the key has signed with one sequence.
fn contradiction(meters: &MeteredCommunity, device: &Device) -> [SignedReading; 2] {
    let honest = signed(meters, device, |_| ());
    let other = signed(meters, device, |reading| reading.registers.import.0 += 1);
    [honest, other]
}

fn prove(meters: &MeteredCommunity, [first, second]: [SignedReading; 2]) -> Instruction {
    let addresses = &meters.communities.own.addresses;
    addresses.prove_key_copied(first, second)
}

/// Proves that the key of `device` was copied.
#[track_caller]
fn prove_copied(meters: &mut MeteredCommunity, device: &Device) {
    let proof = contradiction(meters, device);
    meters.send(prove(meters, proof));
    let record = meters.record(device);
    assert_eq!((record.status, record.key_copied), (QUARANTINED, 1));
}

#[track_caller]
fn refuse_restoring(meters: &mut MeteredCommunity, device: &Device) {
    let authority = meters.authority();
    let own = &meters.communities.own;
    let restore = own.restore((&authority, None), &meters.owner, device.number);
    refuse(meters, "restored", &restore, OracleError::KeyCopied);
}

#[test]
fn given_two_contents_with_one_sequence_when_handed_in_then_the_meter_is_quarantined() {
    let (mut meters, device) = begun();
    let proof = contradiction(&meters, &device);
    let mut expected = meters.table();
    expected.meters[0].status = QUARANTINED;
    expected.meters[0].key_copied = 1;

    let receipt = meters.send(prove(&meters, proof.clone()));

    assert_eq!(meters.table(), expected);
    let quarantined = MeterQuarantined {
        meter_table: meters.communities.own.addresses.meter_table,
        number: 0,
        meter: device.number,
        participant: meters.record(&device).participant,
        reason: REASON_KEY_COPIED,
        actor: None,
    };
    let expected = OracleEvent::MeterQuarantined(quarantined);
    assert_eq!(event(&receipt), expected);
    let [reading, _] = proof;
    let result = meters.submit_one(0, &reading);
    assert_eq!(result, ReadingResult::Quarantined);
}

#[test]
fn given_any_field_that_differs_when_handed_in_then_it_is_a_contradiction() {
    let changes: [fn(&mut Reading); 5] = [
        |reading| reading.boundary.0 -= 300,
        |reading| reading.registers.import.0 += 1,
        |reading| reading.registers.export.0 += 1,
        |reading| reading.flags = 4,
        // Of no page, and with flags that no version knows: the key has signed it all the same.
        |reading| (reading.boundary.0, reading.flags) = (i64::MAX, u16::MAX),
    ];
    for change in changes {
        let (mut meters, device) = begun();
        let proof = [
            signed(&meters, &device, change),
            signed(&meters, &device, |_| ()),
        ];
        meters.send(prove(&meters, proof));
        assert_eq!(meters.record(&device).status, QUARANTINED);
    }
}

#[test]
fn given_readings_that_do_not_contradict_when_handed_in_then_it_is_refused() {
    let (mut meters, device) = begun();
    let honest = signed(&meters, &device, |_| ());
    let next = signed(&meters, &device, |reading| {
        reading.sequence += 1;
        reading.registers.import.0 += 1;
    });
    let renamed = SignedReading {
        meter: 1,
        ..honest.clone()
    };
    for (case, other) in [
        ("the same once more", honest.clone()),
        ("the next one", next),
        ("another meter", renamed),
    ] {
        let prove = prove(&meters, [honest.clone(), other]);
        refuse(&mut meters, case, &prove, OracleError::NoContradiction);
    }
    assert_eq!(meters.record(&device).status, ACTIVE);
}

#[test]
fn given_one_that_the_device_did_not_sign_when_handed_in_then_it_is_refused() {
    let (mut meters, device) = begun();
    let [honest, other] = contradiction(&meters, &device);
    let stranger = Device {
        key: Keypair::new(),
        ..device
    };
    let foreign = signed(&meters, &stranger, |reading| {
        reading.registers.import.0 += 1
    });
    let mut altered = honest.clone();
    altered.export += 1;
    for (case, pair) in [
        ("another key", [honest.clone(), foreign.clone()]),
        ("another key first", [foreign, honest.clone()]),
        ("altered", [honest, altered.clone()]),
        ("altered first", [altered, other]),
    ] {
        let prove = prove(&meters, pair);
        refuse(&mut meters, case, &prove, OracleError::NotSignedByDevice);
    }
}

#[test]
fn given_a_proof_for_another_table_when_handed_in_then_it_is_refused() {
    let (mut meters, device) = begun();
    meters.settle_other();
    let prove = prove(&meters, contradiction(&meters, &device));
    let table = meters.communities.other.addresses.meter_table;
    let reason = OracleError::NoSuchMeter;
    refuse_account(&mut meters, &prove, (0, table), reason);
    let page = meters.communities.own.interval_page(0);
    let reason = ErrorCode::AccountDiscriminatorMismatch;
    refuse_account(&mut meters, &prove, (0, page), reason);
}

#[test]
fn given_a_proof_when_handed_in_again_then_nothing_changes() {
    let (mut meters, device) = begun();
    prove_copied(&mut meters, &device);
    let before = meters.table();
    let again = contradiction(&meters, &device);
    let receipt = meters.send(prove(&meters, again));
    assert!(receipt.events().is_empty());
    assert_eq!(meters.table(), before);
}

#[test]
fn given_a_copied_key_when_restored_then_only_another_device_brings_the_meter_back() {
    let (mut meters, mut device) = begun();
    let owner = copy(&meters.owner);
    prove_copied(&mut meters, &device);
    refuse_restoring(&mut meters, &device);

    let key = Keypair::new();
    let authority = meters.authority();
    let change = ChangeDeviceInstructionArgs {
        meter: device.number,
        device: key.pubkey().to_bytes(),
        key_kind: KeyKind::Ed25519 as u8,
        last: FinalRegisters {
            import: 0,
            export: 0,
        },
        import: 0,
        export: 0,
    };
    let own = meters.own();
    meters.govern(own.change_device((&authority, None), &owner, &change));
    let former = [0, 1].map(|import| {
        signed(&meters, &device, |reading| {
            reading.boundary.0 += 300;
            reading.registers.import.0 = import;
        })
    });

    let record = meters.record(&device);
    assert_eq!((record.status, record.key_copied), (ACTIVE, 0));
    let again = prove(&meters, former);
    let reason = OracleError::NotSignedByDevice;
    refuse(&mut meters, "of the former device", &again, reason);
    device.key = key;
    meters.go_to(2);
    let reading = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
}

/// A device that comes back counts its sequences anew, and one may be reset before it is recorded.
#[test]
fn given_a_reading_of_before_the_device_was_recorded_when_handed_in_then_it_proves_nothing() {
    let (mut meters, device) = begun();
    let key = Keypair::new();
    let change = ChangeDeviceInstructionArgs {
        meter: device.number,
        device: key.pubkey().to_bytes(),
        key_kind: KeyKind::Ed25519 as u8,
        last: FinalRegisters {
            import: 0,
            export: 0,
        },
        import: 0,
        export: 0,
    };
    let (authority, own) = (meters.authority(), meters.own());
    meters.govern(own.change_device((&authority, None), &meters.owner, &change));
    let device = Device {
        key: key.insecure_clone(),
        ..device
    };
    let at = |boundary: i64| signed(&meters, &device, |reading| reading.boundary.0 = boundary);
    let recorded = MeteredCommunity::start(1);
    let [before, then, later] = [recorded - 300, recorded, recorded + 300].map(at);
    for pair in [[&before, &later], [&later, &then], [&before, &then]] {
        let prove = prove(&meters, pair.map(Clone::clone));
        let reason = OracleError::BeforeDevice;
        refuse(&mut meters, "of before", &prove, reason);
    }
    assert_eq!(meters.record(&device).status, ACTIVE);
}

#[test]
fn given_a_meter_quarantined_for_something_else_when_proven_then_it_can_not_be_restored() {
    let (mut meters, device) = begun();
    meters.quarantine(&device);
    prove_copied(&mut meters, &device);
    refuse_restoring(&mut meters, &device);
}

#[test]
fn given_a_meter_that_is_none_when_proven_then_it_is_refused() {
    let (mut meters, device) = begun();
    meters.retire(&device);
    refuse_meters(&mut meters, device.number, |meters, meter| {
        let device = Device {
            key: device.key.insecure_clone(),
            number: meter,
            ..device
        };
        prove(meters, contradiction(meters, &device))
    });
    assert_eq!(meters.record(&device).status, RETIRED);
}

#[test]
fn given_hostile_data_and_accounts_when_proven_then_each_is_refused() {
    let (mut meters, device) = begun();
    let prove = prove(&meters, contradiction(&meters, &device));
    sweep(&mut meters.communities.chain, &prove, &[]);
    assert_eq!(meters.record(&device).status, QUARANTINED);
}
