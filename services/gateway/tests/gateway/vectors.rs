//! The test vectors for those who build devices.

use std::{env, fs, path::Path};

use joulebook_gateway::{explain::explain, message::Signed, vectors::vectors};
use serde_json::Value;

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("hexadecimal digits");
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("a byte"))
        .collect()
}

#[test]
fn given_the_vectors_when_made_then_they_are_those_of_the_file() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../clients/fixtures/meter-vectors.json");
    let made = vectors().expect("made");
    if env::var_os("JOULEBOOK_FIXTURES").is_some_and(|mode| mode == "write") {
        let text = serde_json::to_string_pretty(&made).expect("JSON");
        fs::write(&path, text + "\n").expect("written");
    }
    let text = fs::read_to_string(&path).unwrap_or_default();
    let committed: Value = serde_json::from_str(&text).unwrap_or_default();
    assert!(
        committed == made,
        "clients/fixtures/meter-vectors.json is stale: make generate"
    );
}

#[test]
fn given_a_vector_when_it_is_read_as_a_gateway_does_then_its_key_has_signed_it() {
    use joulebook_client::layout::oracle::{KeyKind, Meter};
    for vector in vectors().expect("made").as_array().expect("a list") {
        let signed: Signed = serde_json::from_value(vector["body"].clone()).expect("a message");
        assert_eq!(signed.message, bytes(&vector["message"]));
        assert_eq!(signed.signature.to_vec(), bytes(&vector["signature"]));
        let binding = bytes(&vector["binding"]).try_into().expect("32 bytes");
        let message = signed.read(&binding).expect("of this binding");
        let key = bytes(&vector["publicKey"]);
        let kind = match (key.len(), key[0]) {
            (32, _) => KeyKind::Ed25519,
            (_, 2) => KeyKind::P256Even,
            _ => KeyKind::P256Odd,
        };
        let mut meter = Meter {
            key_kind: kind as u8,
            device: key[key.len() - 32..].try_into().expect("32 bytes"),
            ..Meter::default()
        };
        assert!(message.is_signed_by(&meter), "{}", vector["name"]);
        meter.device[0] ^= 1;
        assert!(!message.is_signed_by(&meter));
    }
}

#[test]
fn given_a_vector_when_it_is_explained_then_each_byte_is_named_once() {
    for vector in vectors().expect("made").as_array().expect("a list") {
        let signed: Signed = serde_json::from_value(vector["body"].clone()).expect("a message");
        let binding = bytes(&vector["binding"]).try_into().expect("32 bytes");
        let parts = explain(&signed.read(&binding).expect("a message"));
        let all: String = parts.iter().map(|part| part.bytes.as_str()).collect();
        assert_eq!(all, vector["message"].as_str().expect("digits"));
        let mut offset = 0;
        for part in &parts {
            assert_eq!(part.offset, offset);
            offset += part.bytes.len() / 2;
        }
    }
}
