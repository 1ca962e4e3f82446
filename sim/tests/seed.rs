//! All of a run follows from its seed: the keys, and with them what addresses cost to find.

use joulebook_profiles::LoadProfiles;
use joulebook_sim::{
    simulation::{self, ChainVenue, Scenario, Ways, DEFAULT_CORRECTION_DAYS, DEFAULT_TERMS},
    synthetic::{SyntheticProfiles, DEFAULT_LATITUDE},
    Chain, LocalCommunity, Parameters,
};
use joulebook_units::Seconds;
use solana_address::Address;
use solana_signer::Signer;

/// Of everybody and everything that has a key in a community of two households.
fn keys(seed: u64) -> Vec<Address> {
    let chain = Chain::new(&Chain::programs_dir(), seed).expect("the programs are built");
    let community = LocalCommunity::on(chain, Parameters::default(), 0);
    let mut community = community.expect("founded");
    for name in ["ada", "bob"] {
        community.join(name, 1).expect("joined");
    }
    let mut keys = vec![
        community.chain.payer.pubkey(),
        community.authority.pubkey(),
        community.token.mint,
    ];
    let members = [&community.supplier, &community.grid_operator];
    for member in members.into_iter().chain(&community.households) {
        keys.extend([member.address(), member.tokens]);
        keys.extend(member.devices.iter().map(|device| device.key.pubkey()));
    }
    keys
}

#[test]
fn given_a_seed_when_communities_are_founded_then_their_keys_are_the_same() {
    assert_eq!(keys(1), keys(1));
}

#[test]
fn given_two_seeds_when_communities_are_founded_then_no_key_is_the_same() {
    let mut all = [keys(1), keys(2)].concat();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "a key was given twice");
}

fn report(profiles: &LoadProfiles, seed: u64) -> String {
    let ways = Ways::default();
    let scenario = Scenario::new(profiles, DEFAULT_TERMS, DEFAULT_CORRECTION_DAYS, ways);
    let scenario = scenario.expect("a scenario");
    let mut venue = ChainVenue::start(&scenario, seed, |_| ()).expect("starts");
    let report = simulation::run(&mut venue, profiles, &scenario, seed, || ());
    serde_json::to_string(&report.expect("runs")).expect("is JSON")
}

#[test]
fn given_a_seed_when_run_twice_then_not_a_byte_of_the_report_differs() {
    let profiles = SyntheticProfiles {
        seed: 7,
        households: 4,
        length: Seconds(3600),
        days: 1,
        latitude: DEFAULT_LATITUDE,
    };
    let profiles = profiles.generate();
    assert_eq!(report(&profiles, 7), report(&profiles, 7));
}
