use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::ZoneChanged,
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when},
    stage::{role, Stage},
};
use solana_signer::Signer;

use crate::support::{add_zone, event, padded, rename_zone, signed_by, BAD_NAMES};

fn changed(stage: &Stage, zone: u8, name: &str) -> RegistryEvent {
    RegistryEvent::ZoneChanged(ZoneChanged {
        community: stage.here.community,
        zone,
        name: name.to_string(),
    })
}

#[test]
fn given_two_zones_when_one_is_added_then_it_is_the_third() {
    let mut stage = Stage::new();
    let receipt = stage.govern(add_zone(&stage.here, "feeder 3"));
    let community = stage.community();
    assert_eq!(community.zone_count, 3);
    assert_eq!(community.zones[1].name, padded("feeder 2"));
    assert_eq!(community.zones[2].name, padded("feeder 3"));
    assert_eq!(event(&receipt), changed(&stage, 2, "feeder 3"));
}

#[test]
fn given_sixteen_zones_when_one_is_added_then_it_is_refused() {
    let mut stage = Stage::new();
    for zone in 3..=16 {
        stage.govern(add_zone(&stage.here, &format!("feeder {zone}")));
    }
    assert_eq!(stage.community().zone_count, 16);
    let authority = stage.here.authority.insecure_clone();
    let add = add_zone(&stage.here, "feeder 17");
    refused(
        &mut stage.chain,
        &add,
        &[&authority],
        RegistryError::ZoneCount,
    );
}

#[test]
fn given_a_zone_when_it_is_renamed_then_nothing_of_the_old_name_is_left() {
    let mut stage = Stage::new();
    let receipt = stage.govern(rename_zone(&stage.here, 1, "dyke"));
    let community = stage.community();
    assert_eq!(community.zone_count, 2);
    assert_eq!(community.zones[0].name, padded("feeder 1"));
    assert_eq!(community.zones[1].name, padded("dyke"));
    assert_eq!(event(&receipt), changed(&stage, 1, "dyke"));
}

#[test]
fn given_no_such_zone_when_it_is_renamed_then_it_is_refused() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    for index in [2, 15, 16, u8::MAX] {
        let rename = rename_zone(&stage.here, index, "dyke");
        let reason = RegistryError::ZoneUnknown;
        refused(&mut stage.chain, &rename, &[&authority], reason);
    }
}

#[test]
fn given_a_bad_name_when_a_zone_is_added_or_renamed_then_it_is_refused() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    for name in BAD_NAMES {
        for call in [
            add_zone(&stage.here, name),
            rename_zone(&stage.here, 0, name),
        ] {
            let reason = RegistryError::NameInvalid;
            refused_when(name, &mut stage.chain, &call, &[&authority], reason);
        }
    }
}

#[test]
fn given_anybody_else_when_they_change_zones_then_it_is_refused() {
    let mut stage = Stage::new();
    let all_roles = stage.member(role::ALL).wallet;
    let foreign = stage.elsewhere.authority.insecure_clone();
    let calls = [
        add_zone(&stage.here, "west"),
        rename_zone(&stage.here, 0, "west"),
    ];
    for key in [all_roles, foreign] {
        for call in &calls {
            let call = signed_by(call, 1, &key.pubkey());
            let reason = RegistryError::AuthorityOnly;
            refused(&mut stage.chain, &call, &[&key], reason);
        }
    }
}

#[test]
fn given_hostile_data_and_accounts_when_zones_change_then_each_is_refused() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    let add = add_zone(&stage.here, "feeder 3");
    sweep(&mut stage.chain, &add, &[&authority]);
    let rename = rename_zone(&stage.here, 2, "dyke");
    sweep(&mut stage.chain, &rename, &[&authority]);
    assert_eq!(stage.community().zones[2].name, padded("dyke"));
}
