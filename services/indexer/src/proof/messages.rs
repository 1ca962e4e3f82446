//! What devices have signed, in a transaction that the oracle took it from, and whether their signatures hold.

use borsh::BorshDeserialize;
use joulebook_client::{
    events::{events, Event},
    layout::oracle::{KeyKind, Meter},
    oracle::{
        events::OracleEvent,
        instructions::{
            SubmitProfilesInstructionArgs, SubmitReadingsInstructionArgs,
            SUBMIT_CHECKED_PROFILES_DISCRIMINATOR, SUBMIT_PROFILES_DISCRIMINATOR,
            SUBMIT_READINGS_DISCRIMINATOR,
        },
        types::{ReadingOutcome, ReadingResult},
    },
    ORACLE_ID,
};
use joulebook_cluster::PastTransaction;
use joulebook_metering::{
    message::{unpack, Profile, Reading, PROFILE_HEAD_LEN},
    page::Energy,
    register::Registers,
};
use joulebook_units::{UnixTime, WhSum};
use p256::ecdsa::{signature::Verifier, VerifyingKey};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_sdk_ids::secp256r1_program;
use solana_signature::Signature;

/// Of the precompile's instruction: before the first signature's numbers, and seven numbers of 16 bits each.
const HEAD_LEN: usize = 2;
const OFFSETS_LEN: usize = 14;
/// What stands for the instruction itself.
const ITSELF: u16 = u16::MAX;
/// Intervals that a profile can have: those of a page.
const MOST_INTERVALS: usize = 8_192;

/// Who signed, with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedBy {
    /// Whoever has the key of the meter's row.
    Ed25519 {
        signature: [u8; 64],
    },
    P256 {
        key: [u8; 33],
        signature: [u8; 64],
    },
}

/// A message of a meter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceMessage {
    pub meter: u32,
    /// The oracle's account that took it.
    pub page: Address,
    /// Registers that it tells, by boundary.
    pub registers: Vec<(i64, Registers)>,
    /// The bytes that were signed.
    pub message: Vec<u8>,
    pub signed_by: SignedBy,
}

impl DeviceMessage {
    /// Whether the device of this row has signed it.
    pub fn holds(&self, meter: &Meter) -> bool {
        match &self.signed_by {
            SignedBy::Ed25519 { signature } => {
                meter.key_kind == KeyKind::Ed25519 as u8
                    && Signature::from(*signature).verify(&meter.device, &self.message)
            }
            SignedBy::P256 { key, signature } => {
                is_key_of(meter, key) && verify_p256(key, signature, &self.message).is_some()
            }
        }
    }
}

fn is_key_of(meter: &Meter, key: &[u8; 33]) -> bool {
    let [parity, x @ ..] = key;
    let kind = match parity {
        2 => KeyKind::P256Even,
        3 => KeyKind::P256Odd,
        _ => return false,
    };
    meter.key_kind == kind as u8 && meter.device == *x
}

fn verify_p256(key: &[u8; 33], signature: &[u8; 64], message: &[u8]) -> Option<()> {
    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
    let signature = p256::ecdsa::Signature::from_slice(signature).ok()?;
    key.verify(message, &signature).ok()
}

/// The messages that a transaction had the oracle take for a meter table; those that it rejected are left out.
pub fn messages(
    transaction: &PastTransaction,
    meter_table: &Address,
    binding: &[u8; 32],
    interval_seconds: u32,
) -> Vec<DeviceMessage> {
    let mut calls = vec![];
    let mut previous = None;
    for instruction in &transaction.instructions {
        let is_ours = instruction.program_id == ORACLE_ID
            && instruction.accounts.first().map(|meta| meta.pubkey) == Some(*meter_table);
        if is_ours {
            calls.extend(read(
                instruction,
                previous,
                binding,
                interval_seconds.into(),
            ));
        }
        previous = Some(instruction);
    }
    let processed = events(&transaction.logs)
        .into_iter()
        .filter_map(|event| match event {
            Event::Oracle(OracleEvent::ReadingsProcessed(one))
                if one.meter_table == *meter_table =>
            {
                Some(one.results)
            }
            _ => None,
        });
    let processed: Vec<Vec<ReadingOutcome>> = processed.collect();
    // Otherwise nobody can tell which answer is whose: another program has called, or the log was cut short.
    if processed.len() != calls.len() {
        return vec![];
    }
    let mut taken = vec![];
    for (messages, outcomes) in calls.into_iter().zip(processed) {
        if messages.len() != outcomes.len() {
            continue;
        }
        for (message, outcome) in messages.into_iter().zip(outcomes) {
            let is_taken = matches!(
                outcome.result,
                ReadingResult::Counted | ReadingResult::Filled
            );
            if let Some(message) = message.filter(|one| is_taken && one.meter == outcome.meter) {
                taken.push(message);
            }
        }
    }
    taken
}

/// What one call has brought; `None` for a message that can't be read. Nothing of a call that is another one.
fn read(
    instruction: &Instruction,
    previous: Option<&Instruction>,
    binding: &[u8; 32],
    interval_seconds: i64,
) -> Option<Vec<Option<DeviceMessage>>> {
    let (discriminator, mut data) = instruction.data.split_first_chunk::<8>()?;
    let page = instruction.accounts.get(1)?.pubkey;
    match *discriminator {
        SUBMIT_READINGS_DISCRIMINATOR => {
            let args = SubmitReadingsInstructionArgs::deserialize(&mut data).ok()?;
            let messages = args.readings.into_iter().map(|one| {
                let reading = Reading {
                    meter: one.meter,
                    boundary: UnixTime(one.boundary),
                    sequence: one.sequence,
                    registers: Registers {
                        import: WhSum(one.import),
                        export: WhSum(one.export),
                    },
                    flags: one.flags,
                };
                Some(DeviceMessage {
                    meter: one.meter,
                    page,
                    registers: vec![(one.boundary, reading.registers)],
                    message: reading.message(binding).to_vec(),
                    signed_by: SignedBy::Ed25519 {
                        signature: one.signature,
                    },
                })
            });
            Some(messages.collect())
        }
        SUBMIT_PROFILES_DISCRIMINATOR => {
            let args = SubmitProfilesInstructionArgs::deserialize(&mut data).ok()?;
            let messages = args.profiles.into_iter().map(|one| {
                let profile = Profile {
                    meter: one.meter,
                    boundary: UnixTime(one.boundary),
                    sequence: one.sequence,
                    registers: Registers {
                        import: WhSum(one.import),
                        export: WhSum(one.export),
                    },
                    intervals: one.intervals,
                    flags: one.flags,
                };
                Some(DeviceMessage {
                    meter: one.meter,
                    page,
                    registers: registers(&profile, &one.values, interval_seconds)?,
                    message: [&profile.head(binding)[..], &one.values].concat(),
                    signed_by: SignedBy::Ed25519 {
                        signature: one.signature,
                    },
                })
            });
            Some(messages.collect())
        }
        SUBMIT_CHECKED_PROFILES_DISCRIMINATOR => {
            let checked = checked(previous?)?;
            let messages = checked.into_iter().map(|(key, signature, message)| {
                let head = message.first_chunk::<PROFILE_HEAD_LEN>()?;
                let profile = Profile::parse(head, binding)?;
                let values = message.get(PROFILE_HEAD_LEN..)?;
                Some(DeviceMessage {
                    meter: profile.meter,
                    page,
                    registers: registers(&profile, values, interval_seconds)?,
                    message: message.clone(),
                    signed_by: SignedBy::P256 { key, signature },
                })
            });
            Some(messages.collect())
        }
        _ => None,
    }
}

/// The registers at all boundaries of a profile: back from the last one.
fn registers(
    profile: &Profile,
    values: &[u8],
    interval_seconds: i64,
) -> Option<Vec<(i64, Registers)>> {
    let count = usize::from(profile.intervals);
    if count > MOST_INTERVALS {
        return None;
    }
    let mut energies = vec![Energy::default(); count];
    unpack(values, &mut energies).ok()?;
    let mut registers = profile.registers;
    let mut boundary = profile.boundary.0;
    let mut all = vec![(boundary, registers)];
    for energy in energies.iter().rev() {
        registers = Registers {
            import: WhSum(registers.import.0.checked_sub(energy.import.0.into())?),
            export: WhSum(registers.export.0.checked_sub(energy.export.0.into())?),
        };
        boundary = boundary.checked_sub(interval_seconds)?;
        all.push((boundary, registers));
    }
    all.reverse();
    Some(all)
}

type Checked = ([u8; 33], [u8; 64], Vec<u8>);

/// What the precompile has checked: keys, signatures and messages that stand in its own instruction.
fn checked(instruction: &Instruction) -> Option<Vec<Checked>> {
    if instruction.program_id != secp256r1_program::ID {
        return None;
    }
    let data = &instruction.data;
    let count = usize::from(*data.first()?);
    let mut all = vec![];
    for place in 0..count {
        let at = HEAD_LEN.checked_add(place.checked_mul(OFFSETS_LEN)?)?;
        let offsets = data.get(at..)?.first_chunk::<OFFSETS_LEN>()?;
        let mut numbers = [0u16; 7];
        for (number, bytes) in numbers.iter_mut().zip(offsets.chunks_exact(2)) {
            *number = u16::from_le_bytes(bytes.try_into().ok()?);
        }
        let [signature, signature_of, key, key_of, message, message_len, message_of] = numbers;
        if [signature_of, key_of, message_of] != [ITSELF; 3] {
            return None;
        }
        let part = |at: u16, len: usize| {
            let at = usize::from(at);
            data.get(at..at.checked_add(len)?)
        };
        all.push((
            part(key, 33)?.try_into().ok()?,
            part(signature, 64)?.try_into().ok()?,
            part(message, message_len.into())?.to_vec(),
        ));
    }
    Some(all)
}
