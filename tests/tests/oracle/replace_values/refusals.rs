use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::metered_community::MeteredCommunity;
use solana_instruction::Instruction;

use super::closed;
use crate::support::refuse;

fn replace(
    meters: &MeteredCommunity,
    meter: u32,
    first: u16,
    values: &[(u32, u32)],
) -> Instruction {
    let authority = meters.authority();
    let slot = meters.slot(0);
    let own = &meters.communities.own;
    let (actor, owner) = ((&authority, None), (&meters.owner, true));
    own.replace_values(actor, owner, slot, meter, first, values)
}

#[test]
fn given_no_value_when_set_then_it_is_refused() {
    let (mut meters, _) = closed();
    let none = replace(&meters, 0, 0, &[]);
    refuse(&mut meters, "none", &none, OracleError::NoValues);
}

#[test]
fn given_intervals_beyond_the_page_when_set_then_none_is() {
    let (mut meters, _) = closed();
    for (first, count) in [(4, 1), (3, 2), (0, 5), (1, 4), (u16::MAX, 1), (u16::MAX, 2)] {
        let beyond = replace(&meters, 0, first, &vec![(1, 1); count]);
        let case = format!("{count} from {first} on");
        refuse(&mut meters, &case, &beyond, OracleError::OutsidePage);
    }
}

#[test]
fn given_more_than_the_connection_carries_when_set_then_none_is() {
    let (mut meters, device) = closed();
    for high in [8_335, 1 << 30, u32::MAX] {
        for values in [
            [(high, 0), (1, 1)],
            [(0, high), (1, 1)],
            [(1, 1), (high, 0)],
            [(1, 1), (0, high)],
        ] {
            let replace = replace(&meters, 0, 0, &values);
            let case = format!("{values:?}");
            let reason = OracleError::PowerLimitExceeded;
            refuse(&mut meters, &case, &replace, reason);
        }
    }
    // The 1 Wh by which differences of whole registers may be off.
    meters.replace(&device, 0, &[(8_334, 8_334)]);
}

#[test]
fn given_no_such_meter_when_values_are_set_then_it_is_refused() {
    let (mut meters, _) = closed();
    for meter in [1, 19, 20, 65_536, u32::MAX] {
        let unknown = replace(&meters, meter, 0, &[(1, 1)]);
        let reason = OracleError::NoSuchMeter;
        refuse(&mut meters, &meter.to_string(), &unknown, reason);
    }
}
