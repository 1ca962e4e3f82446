//! Of meters whose key is of P-256, checked by the precompile.

use joulebook_client::{
    layout::oracle::{KeyKind, Quality},
    oracle::{errors::OracleError, types::ReadingResult},
    reading,
    secp256r1::{self, Signed},
};
use joulebook_metering::message::Profile;
use joulebook_sim::{Device, Failure, SecureElement};
use joulebook_tests::metered_community::{results, MeteredCommunity, QUARANTINED};
use solana_instruction::Instruction;

use super::{profile, taken::measured, PAGE};

/// The order of the curve (FIPS 186-5, SP 800-186).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
    0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// The order less a number.
fn negated(number: &[u8; 32]) -> [u8; 32] {
    let mut less = [0; 32];
    let mut borrow = 0;
    for place in (0..32).rev() {
        let digit = i32::from(ORDER[place]) - i32::from(number[place]) - borrow;
        borrow = i32::from(digit < 0);
        less[place] = digit.rem_euclid(256) as u8;
    }
    less
}

/// What the precompile says.
const INVALID_SIGNATURE: Failure = Failure::Custom(2);

const SECRET: [u8; 32] = [9; 32];

/// A meter of that key, whose registers show 1,000 and 600 Wh; the page with its first four intervals is over.
fn page_over() -> (MeteredCommunity, Device, SecureElement) {
    let mut meters = MeteredCommunity::new();
    let element = SecureElement::new(SECRET);
    let mut device = meter(&mut meters, &element);
    device.flow(1_000, 600);
    meters.begin(0);
    meters.go_to(4);
    (meters, device, element)
}

/// The device counts, the element signs.
pub fn meter(meters: &mut MeteredCommunity, element: &SecureElement) -> Device {
    let (key, kind) = element.device();
    meters.meter_with(|details| {
        details.device = key;
        details.key_kind = kind as u8;
    })
}

/// Of the first page's four intervals.
pub fn message(meters: &MeteredCommunity, device: &mut Device) -> Vec<u8> {
    message_as(meters, device, |_| ())
}

fn message_as(
    meters: &MeteredCommunity,
    device: &mut Device,
    change: impl FnOnce(&mut Profile),
) -> Vec<u8> {
    let (mut profile, values) = device.profile(MeteredCommunity::start(4), &PAGE);
    change(&mut profile);
    reading::profile_message(&meters.binding(), &profile, &reading::packed(&values))
}

pub fn submit(meters: &MeteredCommunity, signed: &[Signed]) -> [Instruction; 2] {
    let addresses = &meters.communities.own.addresses;
    addresses
        .submit_checked_profiles(MeteredCommunity::start(0), signed)
        .unwrap()
}

fn take(meters: &mut MeteredCommunity, signed: &[Signed]) -> Vec<ReadingResult> {
    let submit = submit(meters, signed);
    results(&meters.communities.chain.send(&submit, &[]).unwrap())
}

/// Sends it; nothing may change.
#[track_caller]
fn rejected(case: &str, meters: &mut MeteredCommunity, signed: Signed, expected: ReadingResult) {
    let before = meters.state(0);
    assert_eq!(take(meters, &[signed]), [expected], "{case}");
    assert!(meters.state(0) == before, "{case}: something changed");
}

/// A transaction that must fail.
#[track_caller]
pub fn fails(case: &str, meters: &mut MeteredCommunity, instructions: &[Instruction]) -> Failure {
    let before = meters.state(0);
    let failure = meters.communities.chain.send(instructions, &[]);
    assert!(meters.state(0) == before, "{case}: something changed");
    match failure {
        Err(failure) => failure,
        Ok(_) => panic!("{case}: was taken"),
    }
}

#[track_caller]
pub fn not_checked(case: &str, meters: &mut MeteredCommunity, instructions: &[Instruction]) {
    let failure = fails(case, meters, instructions);
    assert!(
        matches!(failure, Failure::Oracle(OracleError::NotChecked)),
        "{case}: {failure}"
    );
}

/// By the precompile.
#[track_caller]
pub fn does_not_hold(case: &str, meters: &mut MeteredCommunity, instructions: &[Instruction]) {
    let failure = fails(case, meters, instructions);
    assert_eq!(failure, INVALID_SIGNATURE, "{case}");
}

#[test]
fn given_a_key_of_p256_when_its_profile_comes_then_it_counts_as_one_of_ed25519() {
    let (mut meters, mut device, element) = page_over();
    let signed = element.sign(message(&meters, &mut device));
    assert_eq!(
        take(&mut meters, std::slice::from_ref(&signed)),
        [ReadingResult::Counted]
    );
    measured(&meters, &device, 0, &PAGE);
    let row = meters.record(&device);
    assert_eq!((row.import, row.export), (1_130, 840));
    assert_eq!(
        (row.boundary, row.sequence),
        (MeteredCommunity::start(4), 1)
    );
    assert_eq!(row.key_kind, element.device().1 as u8);
    rejected("again", &mut meters, signed, ReadingResult::AlreadyKnown);
}

#[test]
fn given_keys_of_either_sign_when_their_profiles_come_together_then_both_count() {
    let mut meters = MeteredCommunity::new();
    let of_sign = |sign| {
        let elements = (1..).map(|number| SecureElement::new([number; 32]));
        let mut of_sign = elements.filter(|element| element.device().1 == sign);
        of_sign.next().expect("about half of all keys")
    };
    let elements = [KeyKind::P256Even, KeyKind::P256Odd].map(of_sign);
    let mut devices = elements
        .each_ref()
        .map(|element| meter(&mut meters, element));
    meters.begin(0);
    meters.go_to(4);
    let signed = [
        elements[0].sign(message(&meters, &mut devices[0])),
        elements[1].sign(message(&meters, &mut devices[1])),
    ];
    assert_eq!(take(&mut meters, &signed), [ReadingResult::Counted; 2]);
    for device in &devices {
        measured(&meters, device, 0, &PAGE);
    }
}

#[test]
fn given_a_high_s_when_relayed_then_the_client_makes_it_low_and_as_it_is_it_fails() {
    let (mut meters, mut device, element) = page_over();
    let low = element.sign(message(&meters, &mut device));
    let low = Signed {
        signature: secp256r1::with_low_s(&low.signature).unwrap(),
        ..low
    };
    let mut high = low.clone();
    let s: [u8; 32] = low.signature[32..].try_into().unwrap();
    high.signature[32..].copy_from_slice(&negated(&s));
    assert_eq!(secp256r1::with_low_s(&high.signature), Some(low.signature));

    let mut as_it_is = submit(&meters, std::slice::from_ref(&low));
    let at = as_it_is[0]
        .data
        .windows(64)
        .position(|bytes| bytes == low.signature);
    let at = at.unwrap();
    as_it_is[0].data[at..at + 64].copy_from_slice(&high.signature);
    does_not_hold("high s", &mut meters, &as_it_is);
    assert_eq!(take(&mut meters, &[high]), [ReadingResult::Counted]);
}

#[test]
fn given_another_key_when_it_signs_then_the_profile_is_rejected() {
    let (mut meters, mut device, element) = page_over();
    let message = message(&meters, &mut device);
    let expected = ReadingResult::BadSignature;
    let stranger = SecureElement::new([8; 32]);
    let signed = stranger.sign(message.clone());
    rejected("a stranger", &mut meters, signed, expected);
    // The same x, and the other y.
    let mirrored = SecureElement::new(negated(&SECRET));
    assert_eq!(mirrored.device().0, element.device().0);
    let signed = mirrored.sign(message.clone());
    rejected("the other sign", &mut meters, signed, expected);
    // A key that did not sign is the precompile's to refuse.
    let mut lent = stranger.sign(message);
    lent.key = element.public_key();
    let lent = submit(&meters, &[lent]);
    does_not_hold("another's signature", &mut meters, &lent);
}

#[test]
fn given_other_bytes_than_were_signed_when_sent_then_the_transaction_fails() {
    let (mut meters, mut device, element) = page_over();
    let signed = element.sign(message(&meters, &mut device));
    for place in [0, 12, 40, 80, 90] {
        let mut other = signed.clone();
        other.message[place] ^= 1;
        let other = submit(&meters, &[other]);
        does_not_hold("other bytes", &mut meters, &other);
    }
}

#[test]
fn given_what_is_no_profile_of_this_table_when_signed_then_it_is_of_no_meter() {
    let (mut meters, mut device, element) = page_over();
    let good = message(&meters, &mut device);
    let expected = ReadingResult::UnknownMeter;
    let mut elsewhere = good.clone();
    // The binding: another table, program or cluster.
    elsewhere[20] ^= 1;
    let mut later = good.clone();
    later[8] = 2;
    let mut reserved = good.clone();
    reserved[83] = 1;
    let reading = device
        .reading(MeteredCommunity::start(4))
        .message(&meters.binding());
    for (case, message) in [
        ("elsewhere", elsewhere),
        ("another version", later),
        ("reserved", reserved),
        ("cut short", good[..87].to_vec()),
        ("nothing", vec![]),
        ("a reading", reading.to_vec()),
    ] {
        rejected(case, &mut meters, element.sign(message), expected);
    }
    let expected = ReadingResult::Malformed;
    rejected(
        "no energies",
        &mut meters,
        element.sign(good[..88].to_vec()),
        expected,
    );
    let long = [good, vec![0]].concat();
    rejected("too long", &mut meters, element.sign(long), expected);
}

#[test]
fn given_a_meter_with_the_other_kind_of_key_when_a_profile_comes_then_it_is_rejected() {
    let (mut meters, mut device, element) = page_over();
    // An Ed25519 signature of whoever has the x coordinate for a key.
    let signed = profile(&meters, &mut device, 3, &PAGE);
    let results = meters.submit_profiles(0, &[signed]);
    assert_eq!(results, [ReadingResult::BadSignature]);

    // The bytes of an Ed25519 key as the x coordinate of one of P-256.
    let mut meters = MeteredCommunity::new();
    let (key, _) = element.device();
    let mut device = meters.meter_with(|details| {
        details.device = key;
        details.key_kind = KeyKind::Ed25519 as u8;
    });
    meters.begin(0);
    meters.go_to(4);
    let signed = element.sign(message(&meters, &mut device));
    let expected = ReadingResult::BadSignature;
    rejected("an Ed25519 key", &mut meters, signed, expected);
}

#[test]
fn given_no_check_right_before_it_when_profiles_come_then_the_instruction_is_refused() {
    let (mut meters, mut device, element) = page_over();
    let signed = element.sign(message(&meters, &mut device));
    let [check, submit] = submit(&meters, &[signed]);
    let other = meters
        .communities
        .own
        .submit(meters.slot(0), &[meters.read(&mut device, 3)]);
    not_checked("alone", &mut meters, std::slice::from_ref(&submit));
    not_checked("behind", &mut meters, &[submit.clone(), check.clone()]);
    let between = [check.clone(), other.clone(), submit.clone()];
    not_checked("another between", &mut meters, &between);
    // Of the same bytes, for another program.
    let disguised = Instruction {
        program_id: other.program_id,
        ..check.clone()
    };
    fails("disguised", &mut meters, &[disguised, submit.clone()]);
    let receipt = meters.communities.chain.send(&[other, check, submit], &[]);
    assert_eq!(results(&receipt.unwrap()), [ReadingResult::Counted]);
}

#[test]
fn given_a_check_of_what_stands_elsewhere_when_profiles_come_then_the_instruction_is_refused() {
    let (mut meters, mut device, element) = page_over();
    let signed = element.sign(message(&meters, &mut device));
    let [check, submit] = submit(&meters, &[signed]);
    // Where each of the three says that it stands: in the check before, which holds.
    for place in [4, 8, 14] {
        let mut borrowed = check.clone();
        borrowed.data[place..place + 2].copy_from_slice(&0_u16.to_le_bytes());
        let instructions = [check.clone(), borrowed, submit.clone()];
        not_checked("elsewhere", &mut meters, &instructions);
    }
    // By its own index it is the same.
    let mut by_index = check;
    for place in [4, 8, 14] {
        by_index.data[place..place + 2].copy_from_slice(&0_u16.to_le_bytes());
    }
    let receipt = meters.communities.chain.send(&[by_index, submit], &[]);
    assert_eq!(results(&receipt.unwrap()), [ReadingResult::Counted]);
}

#[test]
fn given_another_account_for_the_instructions_when_profiles_come_then_it_is_refused() {
    let (mut meters, mut device, element) = page_over();
    let signed = element.sign(message(&meters, &mut device));
    let mut instructions = submit(&meters, &[signed]);
    instructions[1].accounts[2].pubkey = meters.communities.own.addresses.community;
    fails("another account", &mut meters, &instructions);
}

#[test]
fn given_two_contents_with_one_sequence_when_handed_in_then_the_meter_is_quarantined() {
    let (mut meters, mut device, element) = page_over();
    let one = message(&meters, &mut device);
    device.sequence -= 1;
    let other = message(&meters, &mut device);
    device.sequence -= 1;
    let same_sequence = message_as(&meters, &mut device, |profile| profile.sequence = 2);
    let pair = |first: &Vec<u8>, second: &Vec<u8>| {
        [element.sign(first.clone()), element.sign(second.clone())]
    };
    let prove = |meters: &MeteredCommunity, pair: &[Signed; 2]| {
        let addresses = &meters.communities.own.addresses;
        addresses.prove_checked_key_copied(pair).unwrap()
    };
    let harmless = prove(&meters, &pair(&one, &one));
    let failure = fails("twice the same", &mut meters, &harmless);
    assert!(matches!(
        failure,
        Failure::Oracle(OracleError::NoContradiction)
    ));
    let harmless = prove(&meters, &pair(&one, &same_sequence));
    let failure = fails("another sequence", &mut meters, &harmless);
    assert!(matches!(
        failure,
        Failure::Oracle(OracleError::NoContradiction)
    ));
    let stranger = SecureElement::new([8; 32]);
    let forged = prove(
        &meters,
        &[element.sign(one.clone()), stranger.sign(other.clone())],
    );
    let failure = fails("a stranger's", &mut meters, &forged);
    assert!(matches!(
        failure,
        Failure::Oracle(OracleError::NotSignedByDevice)
    ));
    let single = [
        prove(&meters, &pair(&one, &other)),
        submit(&meters, &[element.sign(one.clone())]),
    ];
    let single = [single[1][0].clone(), single[0][1].clone()];
    let failure = fails("a single one", &mut meters, &single);
    assert!(matches!(
        failure,
        Failure::Oracle(OracleError::NoContradiction)
    ));

    let proof = prove(&meters, &pair(&one, &other));
    meters.communities.chain.send(&proof, &[]).unwrap();
    let record = meters.record(&device);
    assert_eq!((record.status, record.key_copied), (QUARANTINED, 1));
    rejected(
        "quarantined",
        &mut meters,
        element.sign(one),
        ReadingResult::Quarantined,
    );
    assert!(meters.entry(0, &device).is(Quality::Missing));
}
