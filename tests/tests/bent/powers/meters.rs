//! Meters: nothing is counted that no device has signed, and no key is copied that has not signed twice.

use borsh::BorshDeserialize;
use joulebook_client::{
    layout::{
        oracle::{Meter, MeterStatus, MeterTable},
        DISCRIMINATOR_LEN,
    },
    oracle::{
        instructions::{
            PROVE_KEY_COPIED_DISCRIMINATOR, SUBMIT_PROFILES_DISCRIMINATOR,
            SUBMIT_READINGS_DISCRIMINATOR,
        },
        types::{SignedMessage, SignedProfile, SignedReading},
    },
    tables::MeterRecords,
};
use joulebook_metering::message::Stamp;
use solana_address::Address;

use super::{
    change::{rows, Change},
    table::Power,
    Attempt,
};

const READINGS: &str = "oracle.submit_readings";
const PROFILES: &str = "oracle.submit_profiles";
const CHECKED_PROFILES: &str = "oracle.submit_checked_profiles";
const PROOF: &str = "oracle.prove_key_copied";
const CHECKED_PROOF: &str = "oracle.prove_checked_key_copied";

/// What a device has signed.
#[derive(PartialEq)]
struct Message {
    meter: u32,
    sequence: u64,
    /// All of it.
    content: Vec<u8>,
}

pub fn check(attempt: &Attempt, power: &Power, changes: &[Change]) -> Result<(), String> {
    let check: fn(&Changed) -> Result<(), String> = match power.name {
        READINGS | PROFILES | CHECKED_PROFILES => |meter| meter.counts(),
        PROOF | CHECKED_PROOF => |meter| meter.is_proven_copied(),
        _ => return Ok(()),
    };
    for change in changes.iter().filter(|change| change.is("MeterTable")) {
        let genuine = genuine(attempt, &change.address);
        let before = rows::<MeterTable, Meter>(&change.before);
        let after = rows::<MeterTable, Meter>(&change.after);
        for (row, (before, after)) in (0u16..).zip(before.iter().zip(&after)) {
            if before == after {
                continue;
            }
            let number = before.number(row);
            let is_own = |message: &&Message| message.meter == number;
            let meter = Changed {
                before,
                after,
                genuine: genuine.iter().filter(is_own).collect(),
            };
            check(&meter).map_err(|error| format!("meter {number}: {error}"))?;
        }
    }
    Ok(())
}

/// A meter's row that changed.
struct Changed<'a> {
    before: &'a Meter,
    after: &'a Meter,
    /// What its device has signed of that which the instruction brings.
    genuine: Vec<&'a Message>,
}

impl Changed<'_> {
    fn counts(&self) -> Result<(), String> {
        let went_back = self.before.sequence == self.after.sequence;
        let mut genuine = self.genuine.iter();
        match genuine.any(|message| went_back || message.sequence == self.after.sequence) {
            true => Ok(()),
            false => Err("it counts what its device did not sign".to_string()),
        }
    }

    fn is_proven_copied(&self) -> Result<(), String> {
        let quarantined = Meter {
            status: MeterStatus::Quarantined as u8,
            key_copied: 1,
            ..*self.before
        };
        if *self.after != quarantined {
            return Err("it is more than quarantined".to_string());
        }
        let contradicts = |one: &Message| {
            let mut others = self.genuine.iter();
            others.any(|other| other.sequence == one.sequence && other.content != one.content)
        };
        match self.genuine.iter().any(|one| contradicts(one)) {
            true => Ok(()),
            false => Err("its device has signed nothing twice".to_string()),
        }
    }
}

/// What the instruction brings as a device of the meter table signed it: as the story has it, or as a precompile has checked it.
fn genuine(attempt: &Attempt, meter_table: &Address) -> Vec<Message> {
    if let Some(check) = attempt.check {
        let table = attempt.before.get_account(meter_table);
        let table = MeterRecords::from_bytes(&table.expect("it was changed").data);
        let binding = table.expect("a whole table").header.binding;
        return checked(&check.data, &binding);
    }
    let mut told = vec![];
    for name in [READINGS, PROFILES, PROOF] {
        for instruction in &attempt.pool.instructions[name] {
            let mut accounts = instruction.accounts.iter();
            if accounts.any(|meta| meta.pubkey == *meter_table) {
                told.extend(messages(&instruction.data));
            }
        }
    }
    let brought = messages(&attempt.instruction.data);
    told.retain(|message| brought.contains(message));
    told
}

/// Of an instruction's data, its discriminator first; none if it brings no messages.
fn messages(data: &[u8]) -> Vec<Message> {
    let (discriminator, mut arguments) = data.split_at(DISCRIMINATOR_LEN);
    let signed: Vec<SignedMessage> = match discriminator {
        of if of == SUBMIT_READINGS_DISCRIMINATOR => {
            let readings = Vec::<SignedReading>::deserialize(&mut arguments);
            let readings = readings.unwrap_or_default().into_iter();
            readings.map(SignedMessage::Reading).collect()
        }
        of if of == SUBMIT_PROFILES_DISCRIMINATOR => {
            let profiles = Vec::<SignedProfile>::deserialize(&mut arguments);
            let profiles = profiles.unwrap_or_default().into_iter();
            profiles.map(SignedMessage::Profile).collect()
        }
        of if of == PROVE_KEY_COPIED_DISCRIMINATOR => {
            let pair = <[SignedMessage; 2]>::deserialize(&mut arguments);
            pair.map(Vec::from).unwrap_or_default()
        }
        _ => vec![],
    };
    let message = |signed: SignedMessage| {
        let (meter, sequence) = match &signed {
            SignedMessage::Reading(reading) => (reading.meter, reading.sequence),
            SignedMessage::Profile(profile) => (profile.meter, profile.sequence),
        };
        let content = borsh::to_vec(&signed).expect("a message in memory");
        Message {
            meter,
            sequence,
            content,
        }
    };
    signed.into_iter().map(message).collect()
}

/// What an instruction of the secp256r1 precompile has checked, of messages for this table.
fn checked(data: &[u8], binding: &[u8; 32]) -> Vec<Message> {
    let places = data[2..].chunks_exact(14).take(data[0].into());
    let message = |place: &[u8]| {
        let number = |at: usize| usize::from(u16::from_le_bytes([place[at], place[at + 1]]));
        let content = &data[number(8)..][..number(10)];
        let stamp = Stamp::parse(content, binding)?;
        Some(Message {
            meter: stamp.meter,
            sequence: stamp.sequence,
            content: content.to_vec(),
        })
    };
    places.filter_map(message).collect()
}
