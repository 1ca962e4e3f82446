use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::ZoneChanged,
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when},
    two_communities::{role, TwoCommunities},
};
use solana_signer::Signer;

use crate::support::{add_zone, event, padded, rename_zone, signed_by, BAD_NAMES};

fn changed(communities: &TwoCommunities, zone: u8, name: &str) -> RegistryEvent {
    RegistryEvent::ZoneChanged(ZoneChanged {
        community: communities.own.addresses.community,
        number: 0,
        zone,
        name: name.to_string(),
    })
}

#[test]
fn given_two_zones_when_one_is_added_then_it_is_the_third() {
    let mut communities = TwoCommunities::new();
    let receipt = communities.govern(add_zone(&communities.own, "feeder 3"));
    let community = communities.community();
    assert_eq!(community.zone_count, 3);
    assert_eq!(community.zones[1].name, padded("feeder 2"));
    assert_eq!(community.zones[2].name, padded("feeder 3"));
    assert_eq!(event(&receipt), changed(&communities, 2, "feeder 3"));
}

#[test]
fn given_sixteen_zones_when_one_is_added_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    for zone in 3..=16 {
        communities.govern(add_zone(&communities.own, &format!("feeder {zone}")));
    }
    assert_eq!(communities.community().zone_count, 16);
    let authority = communities.own.authority.insecure_clone();
    let add = add_zone(&communities.own, "feeder 17");
    refused(
        &mut communities.chain,
        &add,
        &[&authority],
        RegistryError::ZoneCountInvalid,
    );
}

#[test]
fn given_a_zone_when_it_is_renamed_then_nothing_of_the_old_name_is_left() {
    let mut communities = TwoCommunities::new();
    let receipt = communities.govern(rename_zone(&communities.own, 1, "dyke"));
    let community = communities.community();
    assert_eq!(community.zone_count, 2);
    assert_eq!(community.zones[0].name, padded("feeder 1"));
    assert_eq!(community.zones[1].name, padded("dyke"));
    assert_eq!(event(&receipt), changed(&communities, 1, "dyke"));
}

#[test]
fn given_no_such_zone_when_it_is_renamed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    for index in [2, 15, 16, u8::MAX] {
        let rename = rename_zone(&communities.own, index, "dyke");
        let reason = RegistryError::NoSuchZone;
        refused(&mut communities.chain, &rename, &[&authority], reason);
    }
}

#[test]
fn given_a_bad_name_when_a_zone_is_added_or_renamed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    for name in BAD_NAMES {
        for call in [
            add_zone(&communities.own, name),
            rename_zone(&communities.own, 0, name),
        ] {
            let reason = RegistryError::NameInvalid;
            refused_when(name, &mut communities.chain, &call, &[&authority], reason);
        }
    }
}

#[test]
fn given_anybody_else_when_they_change_zones_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let all_roles = communities.member(role::ALL).wallet;
    let foreign = communities.other.authority.insecure_clone();
    let calls = [
        add_zone(&communities.own, "west"),
        rename_zone(&communities.own, 0, "west"),
    ];
    for key in [all_roles, foreign] {
        for call in &calls {
            let call = signed_by(call, &key.pubkey());
            let reason = RegistryError::NotAuthority;
            refused(&mut communities.chain, &call, &[&key], reason);
        }
    }
}

#[test]
fn given_hostile_data_and_accounts_when_zones_change_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let add = add_zone(&communities.own, "feeder 3");
    sweep(&mut communities.chain, &add, &[&authority]);
    let rename = rename_zone(&communities.own, 2, "dyke");
    sweep(&mut communities.chain, &rename, &[&authority]);
    assert_eq!(communities.community().zones[2].name, padded("dyke"));
}
