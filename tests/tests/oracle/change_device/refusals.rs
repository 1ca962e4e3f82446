use joulebook_client::oracle::types::FinalRegisters;
use joulebook_client::oracle::{errors::OracleError, instructions::ChangeDeviceInstructionArgs};
use joulebook_tests::{metered_community::MeteredCommunity, two_communities::role};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{change, heard, instruct};
use crate::support::{refuse, refuse_meters, refuse_own_meter, refuse_owners};

/// Changes nothing: `edit` makes the change one that must be refused.
#[track_caller]
fn refuse_change(
    meters: &mut MeteredCommunity,
    reason: OracleError,
    edit: impl FnOnce(&mut ChangeDeviceInstructionArgs),
) {
    let mut change = change(&Keypair::new());
    edit(&mut change);
    let case = format!("{change:?}");
    let instruction = instruct(meters, &change);
    refuse(meters, &case, &instruction, reason);
}

#[test]
fn given_an_owner_who_has_not_agreed_when_its_device_is_changed_then_it_is_refused() {
    let (mut meters, _) = heard();
    let instruction = instruct(&meters, &change(&Keypair::new()));
    refuse_owners(&mut meters, &instruction);
    meters.govern(instruction);
}

#[test]
fn given_an_owner_who_verifies_when_it_changes_its_own_device_then_it_is_refused() {
    let (mut meters, _) = heard();
    let change = change(&Keypair::new());
    refuse_own_meter(&mut meters, |meters, acting| {
        let own = &meters.communities.own;
        own.change_device(acting, &meters.owner, &change)
    });
    meters.govern(instruct(&meters, &change));
}

#[test]
fn given_the_meter_of_another_when_its_device_is_changed_then_it_is_refused() {
    let (mut meters, _) = heard();
    meters.owner = meters.communities.member(role::CONSUMER);
    refuse_change(&mut meters, OracleError::WrongOwner, |_| ());
}

#[test]
fn given_a_key_that_cannot_be_when_the_device_is_changed_then_it_is_refused() {
    let (mut meters, _) = heard();
    let other = meters.meter();
    let quarantined = meters.meter();
    meters.quarantine(&quarantined);
    refuse_change(&mut meters, OracleError::DeviceKeyInvalid, |change| {
        change.device = [0; 32];
    });
    for used in [other, quarantined] {
        let reason = OracleError::DeviceAlreadyRegistered;
        refuse_change(&mut meters, reason, |change| {
            change.device = used.key.pubkey().to_bytes();
        });
    }
}

#[test]
fn given_the_key_of_a_retired_meter_when_the_device_is_changed_then_it_takes_its_place() {
    let (mut meters, device) = heard();
    let other = meters.meter();
    meters.retire(&other);
    let instruction = instruct(&meters, &change(&other.key));
    meters.govern(instruction);
    let record = meters.record(&device);
    assert_eq!(record.device, other.key.pubkey().to_bytes());
}

#[test]
fn given_registers_that_no_device_shows_when_it_is_changed_then_it_is_refused() {
    let (mut meters, _) = heard();
    for high in [1 << 63, u64::MAX] {
        let reason = OracleError::RegisterInvalid;
        refuse_change(&mut meters, reason.clone(), |c| c.last.import = high);
        refuse_change(&mut meters, reason.clone(), |c| c.last.export = high);
        refuse_change(&mut meters, reason.clone(), |c| c.import = high);
        refuse_change(&mut meters, reason, |c| c.export = high);
    }
}

#[test]
fn given_final_registers_below_the_last_reading_when_changed_then_it_is_refused() {
    let (mut meters, _) = heard();
    for low in [1_069, 70, 69, 0] {
        let reason = OracleError::RegisterFell;
        refuse_change(&mut meters, reason, |c| c.last.import = low);
    }
    for low in [506, 7, 6, 0] {
        let reason = OracleError::RegisterFell;
        refuse_change(&mut meters, reason, |c| c.last.export = low);
    }
}

#[test]
fn given_more_than_the_connection_carries_when_changed_then_it_is_refused() {
    let (mut meters, _) = heard();
    // 100 s at 100 kW are 2,777 Wh, and one more may show.
    for high in [2_779, 1_000_000, (1 << 63) - 1 - 1_070] {
        let reason = OracleError::PowerLimitExceeded;
        refuse_change(&mut meters, reason.clone(), |c| {
            c.last.import = 1_070 + high
        });
        refuse_change(&mut meters, reason, |c| c.last.export = 507 + high);
    }
    let highest = ChangeDeviceInstructionArgs {
        last: FinalRegisters {
            import: 1_070 + 2_778,
            export: 507 + 2_778,
        },
        ..change(&Keypair::new())
    };
    meters.govern(instruct(&meters, &highest));
}

#[test]
fn given_a_meter_that_is_none_when_its_device_is_changed_then_it_is_refused() {
    let (mut meters, device) = heard();
    meters.retire(&device);
    refuse_meters(&mut meters, device.number, |meters, meter| {
        let change = ChangeDeviceInstructionArgs {
            meter,
            ..change(&Keypair::new())
        };
        instruct(meters, &change)
    });
}

/// Its sequences would begin anew, and what it signed before would count again.
#[test]
fn given_the_same_device_when_it_is_changed_then_it_is_refused() {
    let (mut meters, old) = heard();
    let reason = OracleError::DeviceAlreadyRegistered;
    refuse_change(&mut meters, reason, |change| {
        change.device = old.key.pubkey().to_bytes();
    });
}
