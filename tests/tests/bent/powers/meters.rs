//! Meters: nothing is counted that no device has signed, and no key is copied that has not signed twice.

use joulebook_client::layout::oracle::{Meter, MeterStatus, MeterTable};
use solana_address::Address;

use super::{
    change::{rows, Change},
    table::Power,
    Attempt,
};

/// What brings readings, and how many bytes stand before the first one: the discriminator, and the number of readings.
const BRING_READINGS: [(&str, usize); 2] = [(SUBMIT, 12), (PROVE, 8)];
const SUBMIT: &str = "oracle.submit_readings";
const PROVE: &str = "oracle.prove_key_copied";
/// Of a signed reading, and where it has its meter and its sequence.
const LEN: usize = 102;
const METER: usize = 64;
const SEQUENCE: usize = 76;

pub fn check(attempt: &Attempt, power: &Power, changes: &[Change]) -> Result<(), String> {
    let check: fn(&Changed) -> Result<(), String> = match power.name {
        SUBMIT => |meter| meter.counts(),
        PROVE => |meter| meter.is_proven_copied(),
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
            let is_own = |reading: &&Vec<u8>| reading[METER..].starts_with(&number.to_le_bytes());
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
    genuine: Vec<&'a Vec<u8>>,
}

impl Changed<'_> {
    fn counts(&self) -> Result<(), String> {
        let went_back = self.before.sequence == self.after.sequence;
        let last = self.after.sequence.to_le_bytes();
        let mut genuine = self.genuine.iter();
        match genuine.any(|reading| went_back || reading[SEQUENCE..].starts_with(&last)) {
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
        let sequence = |reading: &[u8]| reading[SEQUENCE..SEQUENCE + 8].to_vec();
        let contradicts = |one: &&&Vec<u8>| {
            let mut others = self.genuine.iter();
            others.any(|other| sequence(other) == sequence(one) && other[METER..] != one[METER..])
        };
        match self.genuine.iter().any(|one| contradicts(&one)) {
            true => Ok(()),
            false => Err("its device has signed nothing twice".to_string()),
        }
    }
}

/// The readings that the instruction brings as a device of the meter table signed them.
fn genuine(attempt: &Attempt, meter_table: &Address) -> Vec<Vec<u8>> {
    let story = BRING_READINGS.iter().flat_map(|(name, before)| {
        let told = attempt.pool.instructions[*name].iter();
        told.map(|instruction| (instruction, *before))
    });
    let own = story.filter(|(instruction, _)| {
        let mut accounts = instruction.accounts.iter();
        accounts.any(|meta| meta.pubkey == *meter_table)
    });
    let signed = own.flat_map(|(instruction, before)| instruction.data[before..].chunks_exact(LEN));
    let brought = |reading: &&[u8]| {
        let mut windows = attempt.instruction.data.windows(LEN);
        windows.any(|window| window == *reading)
    };
    signed.filter(brought).map(<[u8]>::to_vec).collect()
}
