//! The examples in `docs/message-format.md`: what a meter signs, with a key of either kind.

use joulebook_client::{
    layout::oracle::{KeyKind, MeterFlags},
    reading,
    secp256r1::{self, Signed},
};
use joulebook_metering::{
    message::{Profile, Reading},
    page::Energy,
    register::Registers,
};
use joulebook_sim::SecureElement;
use joulebook_units::{UnixTime, Wh, WhSum};
use sha2_const_stable::Sha256;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{page, section};

const BINDING: [u8; 32] = [7; 32];
const REGISTERS: Registers = Registers {
    import: WhSum(12_345_678),
    export: WhSum(9_876_543),
};

/// One of a section's blocks: lines of hex digits and what they are.
struct Block(Vec<(String, String)>);

impl Block {
    /// All lines, one behind the other.
    fn joined(&self) -> String {
        self.0.iter().map(|(hex, _)| hex.as_str()).collect()
    }

    /// The line that is called so.
    #[track_caller]
    fn line(&self, name: &str) -> &str {
        let mut lines = self.0.iter();
        let line = lines.find(|(_, found)| found == name);
        &line.unwrap_or_else(|| panic!("no line '{name}'")).0
    }

    #[track_caller]
    fn secret(&self, name: &str) -> [u8; 32] {
        let line = self.line(name);
        core::array::from_fn(|index| {
            let digits = line.get(2 * index..2 * index + 2);
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            byte.expect("32 bytes in hex")
        })
    }
}

fn blocks(heading: &str) -> Vec<Block> {
    let page = page("message-format.md");
    let blocks = section(&page, heading).split("```text\n").skip(1);
    let lines = blocks.map(|rest| rest.split("```").next().expect("the block").lines());
    let split = |line: &str| {
        let (hex, name) = line.split_once(' ').unwrap_or((line, ""));
        (hex.to_owned(), name.trim().to_owned())
    };
    lines
        .map(|lines| Block(lines.map(split).collect()))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Energies of four quarter hours.
fn profile() -> Vec<u8> {
    let values = [(0, 0), (31, 0), (0, 250), (4_096, 1)].map(|(import, export)| Energy {
        import: Wh(import),
        export: Wh(export),
    });
    let profile = Profile {
        meter: 41,
        boundary: UnixTime(1_795_305_600),
        sequence: 1_095,
        registers: REGISTERS,
        intervals: 4,
        flags: MeterFlags::CLOCK_UNSURE.0,
    };
    reading::profile_message(&BINDING, &profile, &reading::packed(&values))
}

#[track_caller]
fn signed_with_ed25519(block: &Block, message: &[u8]) {
    let device = Keypair::new_from_array(block.secret("secret key"));
    assert_eq!(block.line("public key"), hex(device.pubkey().as_array()));
    let signature: [u8; 64] = device.sign_message(message).into();
    assert_eq!(block.line("signature"), hex(&signature));
}

#[test]
fn a_reading_signed_with_ed25519() {
    let reading = Reading {
        meter: 41,
        boundary: UnixTime(1_795_332_900),
        sequence: 105_120,
        registers: REGISTERS,
        flags: 0,
    };
    let message = reading.message(&BINDING);
    let [fields, signed] = &blocks("Example of a reading")[..] else {
        panic!("the message, and its signature");
    };
    assert_eq!(fields.joined(), hex(&message));
    signed_with_ed25519(signed, &message);
}

#[test]
fn a_load_profile_signed_with_ed25519() {
    let message = profile();
    let [fields, signed] = &blocks("Example of a load profile")[..] else {
        panic!("the message, and its signature");
    };
    assert_eq!(fields.joined(), hex(&message));
    signed_with_ed25519(signed, &message);
}

#[test]
fn a_load_profile_signed_with_p256() {
    let [block, check] = &blocks("Example with a key of P-256")[..] else {
        panic!("the signature, and its check");
    };
    let device = SecureElement::new(block.secret("secret key, the highest first"));
    assert_eq!(block.line("public key"), hex(&device.public_key()));
    assert_eq!(device.device().1, KeyKind::P256Even);

    let signed = device.sign(profile());
    let hash = Sha256::new().update(&signed.message).finalize();
    assert_eq!(block.line("SHA-256 of the message"), hex(&hash));
    assert_eq!(block.line("signature"), hex(&signed.signature));
    let low = secp256r1::with_low_s(&signed.signature).expect("a signature");
    assert_ne!(low, signed.signature);
    assert_eq!(block.line("signature with a low s"), hex(&low));

    let found = secp256r1::check(std::slice::from_ref(&signed)).expect("a signature");
    let Signed { key, message, .. } = signed;
    let behind = [&low[..], &key, &message].concat();
    assert_eq!(check.joined() + &hex(&behind), hex(&found.data));
}
