use joulebook_client::{
    oracle::types::{ReadingResult, SignedReading},
    reading,
};
use joulebook_metering::message::{Reading, MESSAGE_LEN};
use joulebook_sim::{founding::LOCAL_CLUSTER, Device};
use joulebook_tests::metered_community::MeteredCommunity;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{read_as, rejected};

/// Two meters, the first with 500 and 300 Wh to show; intervals 0 and 1 are over.
fn two() -> (MeteredCommunity, Device, Device) {
    let mut meters = MeteredCommunity::new();
    let (mut first, second) = (meters.meter(), meters.meter());
    meters.begin(0);
    meters.go_to(2);
    first.flow(500, 300);
    (meters, first, second)
}

const BAD: ReadingResult = ReadingResult::BadSignature;

#[test]
fn given_a_signed_reading_when_any_field_is_changed_then_the_signature_is_bad() {
    let (mut meters, mut device, _) = two();
    let good = meters.read(&mut device, 1);
    type Change = fn(&mut SignedReading);
    let changes: [(&str, Change); 14] = [
        ("meter", |reading| reading.meter = 1),
        ("boundary", |reading| {
            reading.boundary = MeteredCommunity::start(1)
        }),
        ("boundary", |reading| {
            reading.boundary = MeteredCommunity::start(0)
        }),
        ("sequence", |reading| reading.sequence += 1),
        ("sequence", |reading| reading.sequence = u64::MAX),
        ("import", |reading| reading.import += 1),
        ("import", |reading| reading.import -= 1),
        ("import", |reading| reading.import = 0),
        ("export", |reading| reading.export += 1),
        ("export", |reading| reading.export -= 1),
        ("flags", |reading| reading.flags = 1),
        ("flags", |reading| reading.flags = 2),
        ("flags", |reading| reading.flags = 4),
        ("registers", |reading| {
            std::mem::swap(&mut reading.import, &mut reading.export);
        }),
    ];
    for (case, change) in changes {
        let mut changed = good.clone();
        change(&mut changed);
        rejected(case, &mut meters, 1, &changed, BAD);
    }
    assert_eq!(meters.submit_one(1, &good), ReadingResult::Counted);
}

#[test]
fn given_a_signature_when_any_byte_is_changed_then_it_is_bad() {
    let (mut meters, mut device, _) = two();
    let good = meters.read(&mut device, 1);
    for place in 0..64 {
        for bit in [0x01, 0x80] {
            let mut changed = good.clone();
            changed.signature[place] ^= bit;
            rejected(&place.to_string(), &mut meters, 1, &changed, BAD);
        }
    }
    for signature in [[0; 64], [0xff; 64]] {
        let changed = SignedReading {
            signature,
            ..good.clone()
        };
        rejected("all the same", &mut meters, 1, &changed, BAD);
    }
    assert_eq!(meters.submit_one(1, &good), ReadingResult::Counted);
}

#[test]
fn given_another_key_when_it_signs_then_the_signature_is_bad() {
    let (mut meters, mut device, second) = two();
    let good = device.reading(MeteredCommunity::start(2));
    let message = reading::message(&meters.binding(), &good);
    let authority = &meters.communities.own.authority;
    let keys = [
        &second.key,
        &meters.owner.wallet,
        authority,
        &Keypair::new(),
    ];
    for key in keys.map(Keypair::insecure_clone) {
        let signed = reading::signed(&good, key.sign_message(&message).into());
        rejected("another key", &mut meters, 1, &signed, BAD);
    }
}

#[test]
fn given_another_message_when_it_is_signed_then_the_signature_is_bad() {
    let (mut meters, mut device, _) = two();
    let good = device.reading(MeteredCommunity::start(2));
    let message = reading::message(&meters.binding(), &good);
    let with = |place: usize, byte: u8| {
        let mut other = message;
        other[place] = byte;
        other.to_vec()
    };
    let bound = |binding: &[u8; 32]| reading::message(binding, &good).to_vec();
    let [own, other] = [&meters.communities.own, &meters.communities.other]
        .map(|community| community.addresses.meter_table);
    let another_cluster = reading::binding(&[1; 32], &own);
    let another_table = reading::binding(&LOCAL_CLUSTER, &other);
    let messages = [
        ("another domain", with(0, b'X')),
        ("another version", with(8, 2)),
        ("another cluster", bound(&another_cluster)),
        ("another meter table", bound(&another_table)),
        ("no binding", bound(&[0; 32])),
        ("nothing", vec![]),
        ("cut short", message[..MESSAGE_LEN - 1].to_vec()),
        ("longer", [&message[..], &[0]].concat()),
    ];
    for (case, message) in messages {
        let signed = reading::signed(&good, device.key.sign_message(&message).into());
        rejected(case, &mut meters, 1, &signed, BAD);
    }
}

#[test]
fn given_a_second_form_of_a_signature_when_read_then_it_is_bad() {
    let (mut meters, mut device, _) = two();
    let good = meters.read(&mut device, 1);
    let mut other = good.clone();
    add_group_order(&mut other.signature);
    rejected("malleated", &mut meters, 1, &other, BAD);
}

/// S + L: the same scalar, in a form that a strict verifier does not take.
fn add_group_order(signature: &mut [u8; 64]) {
    const LOW: [u8; 16] = 0x14de_f9de_a2f7_9cd6_5812_631a_5cf5_d3ed_u128.to_le_bytes();
    let mut order = [0; 32];
    order[..16].copy_from_slice(&LOW);
    order[31] = 0x10;
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
}

#[test]
fn given_a_device_key_that_anybody_can_sign_for_when_read_then_the_signature_is_bad() {
    // For these points of small order R = A, S = 0 can pass a verifier that is not strict.
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut order_two = [0xff; 32];
    (order_two[0], order_two[31]) = (0xec, 0x7f);
    for weak in [identity, order_two] {
        let mut meters = MeteredCommunity::new();
        let mut device = meters.meter_with(|details| details.device = weak);
        meters.begin(0);
        meters.go_to(1);
        for r in [weak, identity] {
            let mut forged = meters.read(&mut device, 0);
            forged.signature = [0; 64];
            forged.signature[..32].copy_from_slice(&r);
            rejected("weak key", &mut meters, 0, &forged, BAD);
        }
    }
}

#[test]
fn given_a_device_key_that_is_no_point_when_read_then_the_signature_is_bad() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| details.device = [2; 32]);
    meters.begin(0);
    meters.go_to(1);
    let reading = meters.read(&mut device, 0);
    rejected("no point", &mut meters, 0, &reading, BAD);
}

#[test]
fn given_a_violation_that_the_device_did_not_sign_when_read_then_it_is_not_counted() {
    let (mut meters, mut device, second) = two();
    let known = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &known), ReadingResult::Counted);
    device.key = second.key.insecure_clone();
    let changes: [fn(&mut Reading); 4] = [
        |reading| reading.flags = 1,
        |reading| reading.registers.import.0 = u64::MAX,
        |reading| reading.registers.export.0 = 40_000,
        |reading| reading.registers.export.0 = 299,
    ];
    for change in changes {
        for n in [0, 1] {
            let reading = read_as(&meters, &mut device, n, change);
            rejected("not the device's", &mut meters, n, &reading, BAD);
        }
    }
    assert_eq!(meters.record(&device).violations, 0);
}

#[test]
fn given_registers_below_the_first_ones_that_nobody_signed_when_read_then_it_is_not_counted() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| details.import = 1_000);
    meters.begin(0);
    meters.go_to(1);
    device.import = 999;
    let fell = meters.read(&mut device, 0);
    let unsigned = SignedReading {
        signature: [7; 64],
        ..fell.clone()
    };
    rejected("unsigned", &mut meters, 0, &unsigned, BAD);
    assert_eq!(meters.submit_one(0, &fell), ReadingResult::RegisterFell);
    assert_eq!(meters.record(&device).violations, 1);
}
