//! Meters: nothing is counted that no device has signed.

use joulebook_client::layout::oracle::{Meter, MeterTable};

use super::{
    change::{rows, Change},
    table::Power,
    Attempt,
};

const SUBMIT: &str = "oracle.submit_readings";
/// Of a signed reading, and where it has its meter and its sequence.
const LEN: usize = 102;
const METER: usize = 64;
const SEQUENCE: usize = 76;
/// Behind the discriminator and the number of readings.
const READINGS: usize = 12;

pub fn check(attempt: &Attempt, power: &Power, changes: &[Change]) -> Result<(), String> {
    if power.name != SUBMIT {
        return Ok(());
    }
    for change in changes.iter().filter(|change| change.is("MeterTable")) {
        let community = attempt.home(change)?.community;
        let genuine = genuine(attempt, &community);
        let before = rows::<MeterTable, Meter>(&change.before);
        let after = rows::<MeterTable, Meter>(&change.after);
        for (number, (before, after)) in (0u32..).zip(before.iter().zip(&after)) {
            if before == after {
                continue;
            }
            let of_meter = genuine
                .iter()
                .filter(|reading| reading[METER..].starts_with(&number.to_le_bytes()));
            let mut known = of_meter.filter(|reading| {
                let went_back = before.sequence == after.sequence;
                went_back || reading[SEQUENCE..].starts_with(&after.sequence.to_le_bytes())
            });
            if known.next().is_none() {
                return Err(format!(
                    "meter {number} counts what its device did not sign"
                ));
            }
        }
    }
    Ok(())
}

/// The readings that the instruction brings as a device of the community signed them.
fn genuine(attempt: &Attempt, community: &solana_address::Address) -> Vec<Vec<u8>> {
    let story = &attempt.pool.instructions[SUBMIT];
    let own = story
        .iter()
        .filter(|submit| submit.accounts.iter().any(|meta| meta.pubkey == *community));
    let signed = own.flat_map(|submit| submit.data[READINGS..].chunks_exact(LEN));
    let brought = |reading: &&[u8]| {
        let mut windows = attempt.instruction.data.windows(LEN);
        windows.any(|window| window == *reading)
    };
    signed.filter(brought).map(<[u8]>::to_vec).collect()
}
