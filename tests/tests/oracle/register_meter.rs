use joulebook_client::oracle::{
    errors::OracleError,
    events::OracleEvent,
    types::{MeterDetails, MeterRegistered},
};
use joulebook_tests::{
    hostile::{forged_owner, sweep},
    metered_community::MeterTableParameters,
    metered_community::{details, event, MeteredCommunity, ACTIVE},
    refused::{refused, refused_when},
    two_communities::{pause, role, NOW},
    unauthorized,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Registers nothing: `change` makes the details ones that must be refused.
#[track_caller]
fn refuse_details(
    meters: &mut MeteredCommunity,
    case: &str,
    reason: OracleError,
    change: impl FnOnce(&mut MeterDetails),
) {
    let authority = meters.communities.own.authority.insecure_clone();
    let mut details = details(&Keypair::new());
    change(&mut details);
    let owner = meters.owner.participant;
    let own = &meters.communities.own;
    let register = own.register_meter((&authority.pubkey(), None), &owner, &details);
    refused_when(
        case,
        &mut meters.communities.chain,
        &register,
        &[&authority],
        reason,
    );
}

#[test]
fn given_a_verifier_when_it_registers_a_meter_then_it_counts_from_the_last_boundary() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    meters.communities.chain.set_time(NOW + 299);
    let details = MeterDetails {
        device: [7; 32],
        zone: 1,
        asset_kind: 2,
        source: 6,
        max_import: 11,
        max_export: 12,
        import: u64::MAX,
        export: 13,
    };
    let owner = meters.communities.member(role::CONSUMER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let register = meters
        .communities
        .own
        .register_meter(actor, &owner.participant, &details);

    let receipt = meters
        .communities
        .chain
        .send(&[register], &[&verifier.wallet])
        .unwrap();

    let table = meters.table();
    assert_eq!(table.header.count, 2);
    let meter = table.meters[1];
    assert_eq!(meter.device, [7; 32]);
    assert_eq!((meter.boundary, meter.sequence), (NOW, 0));
    assert_eq!((meter.import, meter.export), (u64::MAX, 13));
    assert_eq!((meter.carried_import, meter.carried_export), (0, 0));
    assert_eq!((meter.max_import, meter.max_export), (11, 12));
    assert_eq!((meter.zone, meter.asset_kind, meter.source), (1, 2, 6));
    assert_eq!(
        (meter.status, meter.violations, meter.behind),
        (ACTIVE, 0, 0)
    );
    let participant = meters.communities.participant(&owner).index;
    assert_eq!(meter.participant, participant);
    assert_eq!(
        event(&receipt),
        OracleEvent::MeterRegistered(MeterRegistered {
            meter_table: meters.communities.own.addresses.meter_table,
            meter: 1,
            participant,
            details,
            boundary: NOW,
            actor: verifier.address(),
        })
    );
}

#[test]
fn given_details_that_cannot_be_when_registered_then_each_is_refused_by_name() {
    let mut meters = MeteredCommunity::new();
    let m = &mut meters;
    refuse_details(m, "no key", OracleError::DeviceKeyInvalid, |d| {
        d.device = [0; 32]
    });
    for zone in [2, 16, u8::MAX] {
        refuse_details(m, "zone", OracleError::NoSuchZone, |d| d.zone = zone);
    }
    for kind in [6, u8::MAX] {
        refuse_details(m, "kind", OracleError::AssetKindInvalid, |d| {
            d.asset_kind = kind
        });
    }
    for source in [7, u8::MAX] {
        refuse_details(m, "source", OracleError::SourceInvalid, |d| {
            d.source = source
        });
    }
    for limit in [3_221_225_460, u32::MAX] {
        let reason = OracleError::PowerLimitInvalid;
        refuse_details(m, "import", reason.clone(), |d| d.max_import = limit);
        refuse_details(m, "export", reason, |d| d.max_export = limit);
    }
    let highest = m.meter_with(|d| (d.max_import, d.max_export) = (3_221_225_459, 0));
    assert_eq!(m.record(&highest).max_import, 3_221_225_459);
}

#[test]
fn given_any_pause_when_registered_then_only_that_of_registration_stops_it() {
    let mut meters = MeteredCommunity::new();
    for paused in pause::STATES {
        meters.communities.pause(paused);
        if paused & pause::REGISTRATION == 0 {
            meters.meter();
        } else {
            refuse_details(
                &mut meters,
                "paused",
                OracleError::RegistrationPaused,
                |_| (),
            );
        }
    }
}

#[test]
fn given_an_owner_who_is_not_active_when_its_meter_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.authority();
    let suspend = meters
        .communities
        .own
        .suspend(&meters.owner, &authority, None);
    meters.govern(suspend);
    let reason = OracleError::NotActive;
    refuse_details(&mut meters, "suspended", reason.clone(), |_| ());
    meters.owner = meters.communities.applicant(role::ALL);
    refuse_details(&mut meters, "applied", reason, |_| ());
}

#[test]
fn given_an_owner_of_another_community_when_its_meter_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let ours = meters.owner.participant;
    meters.owner = meters
        .communities
        .other
        .admit(&mut meters.communities.chain, role::ALL);
    refuse_details(&mut meters, "theirs", OracleError::WrongCommunity, |_| ());
    let authority = meters.communities.own.authority.insecure_clone();
    let forged = forged_owner(&mut meters.communities.chain, &ours);
    let details = details(&Keypair::new());
    let actor = (&authority.pubkey(), None);
    let register = meters
        .communities
        .own
        .register_meter(actor, &forged, &details);
    let reason = anchor_lang::error::ErrorCode::AccountOwnedByWrongProgram;
    refused(
        &mut meters.communities.chain,
        &register,
        &[&authority],
        reason,
    );
}

#[test]
fn given_a_table_of_another_community_when_a_meter_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let authority = meters.communities.own.authority.insecure_clone();
    let details = details(&Keypair::new());
    let actor = (&authority.pubkey(), None);
    let owner = meters.owner.participant;
    let mut register = meters
        .communities
        .own
        .register_meter(actor, &owner, &details);
    register.accounts[3].pubkey = meters.communities.other.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refused(
        &mut meters.communities.chain,
        &register,
        &[&authority],
        reason,
    );
}

#[test]
fn given_a_device_in_use_when_registered_again_then_only_after_it_is_retired() {
    let mut meters = MeteredCommunity::new();
    let first = meters.meter();
    let device = first.key.pubkey().to_bytes();
    let reason = OracleError::DeviceAlreadyRegistered;
    refuse_details(&mut meters, "active", reason.clone(), |d| d.device = device);
    meters.quarantine(&first);
    refuse_details(&mut meters, "quarantined", reason.clone(), |d| {
        d.device = device
    });
    meters.retire(&first);
    let second = meters.meter_with(|d| d.device = device);
    assert_eq!(second.number, 1);
    refuse_details(&mut meters, "active again", reason, |d| d.device = device);
}

#[test]
fn given_sixteen_meters_in_use_when_one_more_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let devices: Vec<_> = (0..16).map(|_| meters.meter()).collect();
    meters.quarantine(&devices[0]);
    let reason = OracleError::TooManyMeters;
    refuse_details(&mut meters, "seventeenth", reason.clone(), |_| ());
    meters.retire(&devices[3]);
    meters.meter();
    refuse_details(&mut meters, "seventeenth again", reason, |_| ());
    // Another participant is not held up by that.
    meters.owner = meters.communities.member(role::CONSUMER);
    meters.meter();
}

#[test]
fn given_a_full_table_when_one_more_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        capacity: 2,
        ..MeterTableParameters::default()
    });
    let first = meters.meter();
    meters.meter();
    refuse_details(&mut meters, "full", OracleError::TableFull, |_| ());
    // A number is never given twice: readings name it.
    meters.retire(&first);
    refuse_details(&mut meters, "one retired", OracleError::TableFull, |_| ());
}

#[test]
fn given_the_verifiers_record_and_the_owners_swapped_when_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(meters.owner.participant));
    let details = details(&Keypair::new());
    let register = meters
        .communities
        .own
        .register_meter(actor, &verifier.participant, &details);
    let reason = OracleError::NotPermitted;
    refused(
        &mut meters.communities.chain,
        &register,
        &[&verifier.wallet],
        reason,
    );
}

#[test]
fn given_anybody_else_when_they_register_a_meter_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let (place, owner) = (meters.own(), meters.owner.participant);
    let details = details(&Keypair::new());
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused(
        &mut meters.communities,
        role::VERIFIER,
        reason,
        |actor, acting| place.register_meter((actor, acting), &owner, &details),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_a_meter_is_registered_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let details = details(&Keypair::new());
    let owner = meters.owner.participant;
    let register = meters
        .communities
        .own
        .register_meter(actor, &owner, &details);
    sweep(
        &mut meters.communities.chain,
        &register,
        &[&verifier.wallet],
    );
    assert_eq!(meters.table().header.count, 1);
}
