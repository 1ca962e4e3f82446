//! A day of quarter hours under one signature.

use joulebook_client::{oracle::ORACLE_ID, reading};
use solana_instruction::Instruction;

use super::explain;
use crate::{community::LIMITS, Device, Failure, LocalCommunity, Parameters, SecureElement};

const INTERVALS: u16 = 96;

/// Of one value of a load profile with as many as a day has, signed with Ed25519.
pub fn value_ed25519() -> Result<u64, String> {
    let (mut community, start) = day_over(|community| community.add_meter(0))?;
    let end = start + community.page_length();
    let binding = community.binding();
    let profile = device(&mut community).signed_profile(&binding, end, &values());
    let submit = community.addresses.submit_profiles(start, vec![profile]);
    units_of_value(&mut community, end, &[submit])
}

/// The same with a key of P-256, beside its precompile.
pub fn value_p256() -> Result<u64, String> {
    let element = SecureElement::new([7; 32]);
    let (mut community, start) = day_over(|community| {
        let number = community.register_meter(0, element.device(), LIMITS)?;
        // The element signs, not this key.
        let device = Device::new(community.chain.new_key(), number);
        community.households[0].devices.push(device);
        Ok(())
    })?;
    let end = start + community.page_length();
    let binding = community.binding();
    let (profile, values) = device(&mut community).profile(end, &values());
    let message = reading::profile_message(&binding, &profile, &reading::packed(&values));
    let signed = element.sign(message);
    let submit = community
        .addresses
        .submit_checked_profiles(start, &[signed])
        .map_err(|error| error.to_string())?;
    units_of_value(&mut community, end, &submit)
}

/// A household with a meter in service, and when the first day of its began, unix seconds; that is over.
fn day_over(
    add_meter: impl FnOnce(&mut LocalCommunity) -> Result<(), Failure>,
) -> Result<(LocalCommunity, i64), String> {
    let parameters = Parameters {
        window_seconds: 900,
        books: 3,
        page_windows: INTERVALS,
        pages: 6,
        reading_seconds: 129_600,
        correction_seconds: 172_800,
        ..Parameters::default()
    };
    let mut community = LocalCommunity::new(parameters)?;
    community.take_seat("household").map_err(explain)?;
    add_meter(&mut community).map_err(explain)?;
    let length = community.page_length();
    let start = community.addresses.page_start(community.chain.now()) + length;
    community.pass_until(start);
    community.open_pages(start).map_err(explain)?;
    community.pass_until(start + length);
    Ok((community, start))
}

fn device(community: &mut LocalCommunity) -> &mut Device {
    &mut community.households[0].devices[0]
}

/// As a household with panels has them: most intervals have one direction, a few both.
fn values() -> Vec<(u32, u32)> {
    (0..u32::from(INTERVALS))
        .map(|interval| match interval {
            36..64 => (interval % 3, 40 + 9 * interval),
            _ => (150 + 11 * (interval % 50), 0),
        })
        .collect()
}

/// Of the oracle's instruction, which must have brought the meter to `end`.
fn units_of_value(
    community: &mut LocalCommunity,
    end: i64,
    submit: &[Instruction],
) -> Result<u64, String> {
    let receipt = community.send_with_full_budget(submit).map_err(explain)?;
    let [units] = receipt.units_of(&ORACLE_ID)[..] else {
        return Err("one oracle instruction was expected".to_string());
    };
    let number = device(community).number;
    let meters = community.meters();
    let meter = meters.meter(number).ok_or("no meter")?;
    if meter.boundary != end {
        return Err("the profile did not count".to_string());
    }
    Ok(units.div_ceil(INTERVALS.into()))
}
