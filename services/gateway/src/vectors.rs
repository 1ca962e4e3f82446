//! Messages with their keys, bytes and signatures, for whoever builds a device: what it makes of the same must be the same.

use base64::{engine::general_purpose::STANDARD, Engine};
use joulebook_metering::{
    message::{Profile, Reading},
    page::Energy,
    register::Registers,
};
use joulebook_units::{UnixTime, Wh, WhSum};
use serde_json::{json, Value};
use solana_keypair::Keypair;

use crate::{
    api::hex,
    device::{DeviceKey, DeviceKeyError, P256Key},
    message::Signed,
};

/// Of a meter table that there is not.
const BINDING: [u8; 32] = [7; 32];
const METER: u32 = 41;
/// 2026-11-22 07:30 UTC.
const BOUNDARY: i64 = 1_795_332_600;
const REGISTERS: Registers = Registers {
    import: WhSum(12_345_678),
    export: WhSum(9_876_543),
};

/// All vectors. Numbers of 64 bits are text: JSON's own are not exact. ECDSA's secret number is that of RFC 6979; another one gives
/// another signature, which holds as well.
///
/// # Errors
/// None that a key in memory gives.
pub fn vectors() -> Result<Value, DeviceKeyError> {
    let ed25519 = || DeviceKey::Ed25519(Keypair::new_from_array([1; 32]));
    let p256 = |secret: [u8; 32]| {
        let key = P256Key::from_bytes(&secret).ok_or(DeviceKeyError::NoP256)?;
        Ok::<_, DeviceKeyError>(DeviceKey::P256(key))
    };
    let day: Vec<Energy> = (0..96)
        .map(|interval: u32| match interval {
            0..28 => energy(40, 0),
            28..68 => energy(interval % 3, 17 * interval),
            _ => energy(31 * interval, 0),
        })
        .collect();
    let four = [
        energy(0, 0),
        energy(31, 0),
        energy(0, 250),
        energy(4_096, 1),
    ];
    Ok(Value::Array(vec![
        reading("a reading, Ed25519", &ed25519(), [1; 32], 1, 0)?,
        reading(
            "a reading of a meter without mains, Ed25519",
            &ed25519(),
            [1; 32],
            2,
            4,
        )?,
        profile("four intervals, Ed25519", &ed25519(), [1; 32], 3, &four)?,
        profile("a day, Ed25519", &ed25519(), [1; 32], 4, &day)?,
        profile("no interval, P-256", &p256([2; 32])?, [2; 32], 1, &[])?,
        profile("four intervals, P-256", &p256([2; 32])?, [2; 32], 2, &four)?,
        profile("a day, P-256", &p256([3; 32])?, [3; 32], 3, &day)?,
    ]))
}

fn energy(import: u32, export: u32) -> Energy {
    Energy {
        import: Wh(import),
        export: Wh(export),
    }
}

fn reading(
    name: &str,
    key: &DeviceKey,
    secret: [u8; 32],
    sequence: u64,
    flags: u16,
) -> Result<Value, DeviceKeyError> {
    let reading = Reading {
        meter: METER,
        boundary: UnixTime(BOUNDARY),
        sequence,
        registers: REGISTERS,
        flags,
    };
    let signed = key.sign_reading(&BINDING, &reading)?;
    Ok(vector(name, key, secret, (sequence, flags), None, &signed))
}

fn profile(
    name: &str,
    key: &DeviceKey,
    secret: [u8; 32],
    sequence: u64,
    values: &[Energy],
) -> Result<Value, DeviceKeyError> {
    let profile = Profile {
        meter: METER,
        boundary: UnixTime(BOUNDARY),
        sequence,
        registers: REGISTERS,
        // A day has 96.
        intervals: values.len() as u16,
        flags: 0,
    };
    let signed = key.sign_profile(&BINDING, &profile, values)?;
    Ok(vector(
        name,
        key,
        secret,
        (sequence, 0),
        Some(values),
        &signed,
    ))
}

fn vector(
    name: &str,
    key: &DeviceKey,
    secret: [u8; 32],
    (sequence, flags): (u64, u16),
    values: Option<&[Energy]>,
    signed: &Signed,
) -> Value {
    let public = key.public();
    let values = values.map(|values| {
        let pair = |value: &Energy| json!([value.import.0, value.export.0]);
        values.iter().map(pair).collect::<Vec<Value>>()
    });
    json!({
        "name": name,
        "curve": match key {
            DeviceKey::Ed25519(_) => "ed25519",
            _ => "p256",
        },
        "secretKey": hex(&secret),
        "publicKey": public.hex(),
        "binding": hex(&BINDING),
        "meter": METER,
        "boundary": BOUNDARY.to_string(),
        "sequence": sequence.to_string(),
        "import": REGISTERS.import.0.to_string(),
        "export": REGISTERS.export.0.to_string(),
        "flags": flags,
        // Import and export of each interval, Wh; none of a reading.
        "values": values,
        "message": hex(&signed.message),
        "signature": hex(&signed.signature),
        // As it is posted to a gateway.
        "body": {
            "message": STANDARD.encode(&signed.message),
            "signature": STANDARD.encode(signed.signature),
        },
    })
}
