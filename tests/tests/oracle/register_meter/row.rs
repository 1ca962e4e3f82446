use joulebook_client::{
    layout::oracle::{IntervalPage, KeyKind, Meter, ALWAYS},
    oracle::{
        events::OracleEvent,
        types::{MeterDetails, MeterRegistered},
    },
};
use joulebook_tests::{
    metered_community::{event, MeteredCommunity, ACTIVE, SPAN},
    two_communities::{role, NOW},
};

#[test]
fn given_a_verifier_when_it_registers_a_meter_then_it_counts_from_the_next_page_on() {
    for later in [299, 0, SPAN - 1] {
        let mut meters = MeteredCommunity::new();
        meters.meter();
        let verifier = meters.communities.member(role::VERIFIER);
        meters.communities.chain.set_time(NOW + later);
        let details = MeterDetails {
            device: [7; 32],
            key_kind: KeyKind::Ed25519 as u8,
            zone: 1,
            asset_kind: 2,
            source: 6,
            max_import: 11,
            max_export: 12,
            standard_draw: 15,
            import: (1 << 63) - 1,
            export: 13,
        };
        let owner = meters.communities.member(role::CONSUMER);
        let actor = (&verifier.address(), Some(verifier.participant));
        let own = &meters.communities.own;
        let register = own.register_meter(actor, &owner, &details);
        let signers = [&verifier.wallet, &owner.wallet];

        let receipt = meters
            .communities
            .chain
            .send(&[register], &signers)
            .unwrap();

        let participant = meters.communities.participant(&owner).index;
        let table = meters.table();
        assert_eq!(table.header.count, 2);
        let boundary = NOW + later - later.rem_euclid(300);
        assert_eq!(
            table.meters[1],
            Meter {
                device: [7; 32],
                boundary,
                import_offset: (1 << 63) - 1,
                export_offset: 13,
                counted_from: IntervalPage::NEVER,
                service_from: NOW + 1200,
                service_until: ALWAYS,
                device_from: boundary,
                limits_from: IntervalPage::NEVER,
                max_import: 11,
                max_export: 12,
                former_max_import: 11,
                former_max_export: 12,
                standard_draw: 15,
                participant,
                zone: 1,
                asset_kind: 2,
                source: 6,
                status: ACTIVE,
                ..Meter::default()
            }
        );
        assert_eq!(
            event(&receipt),
            OracleEvent::MeterRegistered(MeterRegistered {
                meter_table: meters.communities.own.addresses.meter_table,
                number: 0,
                meter: 1,
                participant,
                details,
                service_from: NOW + 1200,
                actor: verifier.address(),
            })
        );
    }
}

#[test]
fn given_the_start_of_a_page_when_a_meter_is_registered_then_it_serves_from_the_one_after() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    let device = meters.meter();
    let record = meters.record(&device);
    assert_eq!(record.boundary, MeteredCommunity::start(0));
    assert_eq!(record.service_from, MeteredCommunity::start(4));
}
