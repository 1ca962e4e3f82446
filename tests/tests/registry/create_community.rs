use anchor_lang::error::ErrorCode;
use joulebook_client::{
    instructions::SYSTEM_PROGRAM,
    layout::registry::Community,
    registry::{
        errors::RegistryError,
        events::RegistryEvent,
        instructions::{CreateCommunity, CreateCommunityInstructionArgs},
        pdas::find_community_pda,
        types::CommunityCreated,
    },
};
use joulebook_sim::{Chain, Token, TokenKind};
use joulebook_tests::{
    hostile::{forge, sweep},
    refused::{refused, refused_when, ALREADY_IN_USE},
    two_communities::{funded, TwoCommunities},
};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::support::{event, padded, replaced, BAD_NAMES};

const ID: u64 = 77;

fn create(founder: &Keypair, mint: Address, name: &str, zones: &[&str]) -> Instruction {
    let founder = founder.pubkey();
    CreateCommunity {
        community: find_community_pda(&founder, ID).0,
        founder,
        quote_mint: mint,
        system_program: SYSTEM_PROGRAM,
    }
    .instruction(CreateCommunityInstructionArgs {
        id: ID,
        name: name.to_string(),
        zones: zones.iter().map(|zone| zone.to_string()).collect(),
    })
}

fn read(chain: &Chain, founder: &Keypair) -> Community {
    let address = find_community_pda(&founder.pubkey(), ID).0;
    Community::from_bytes(&chain.data(&address)).unwrap()
}

#[test]
fn given_a_mint_when_a_community_is_created_then_the_founder_governs_it() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    let before = communities.chain.lamports(&founder.pubkey());
    let create = create(&founder, communities.mint, "Sonnenhof", &["north", "south"]);

    let receipt = communities.chain.send(&[create], &[&founder]).unwrap();

    let address = find_community_pda(&founder.pubkey(), ID).0;
    let community = read(&communities.chain, &founder);
    assert_eq!(community.authority, founder.pubkey());
    assert_eq!(community.pending_authority, Address::default());
    assert_eq!(community.founder, founder.pubkey());
    assert_eq!(community.quote_mint, communities.mint);
    assert_eq!(community.id, ID);
    assert_eq!(community.name, padded("Sonnenhof"));
    assert_eq!(community.zones[0].name, padded("north"));
    assert_eq!(community.zones[1].name, padded("south"));
    assert!(community.zones[2..].iter().all(|zone| zone.name == [0; 16]));
    assert_eq!((community.participants, community.next_index), (0, 0));
    assert_eq!((community.zone_count, community.paused), (2, 0));
    assert_eq!(
        event(&receipt),
        RegistryEvent::CommunityCreated(CommunityCreated {
            community: address,
            number: 0,
            authority: founder.pubkey(),
            quote_mint: communities.mint,
            id: ID,
            name: "Sonnenhof".to_string(),
        })
    );
    let rent = communities.chain.lamports(&address);
    let len = communities.chain.data(&address).len();
    assert_eq!(
        rent,
        communities
            .chain
            .svm
            .minimum_balance_for_rent_exemption(len)
    );
    assert_eq!(communities.chain.lamports(&founder.pubkey()), before - rent);
}

#[test]
fn given_the_longest_names_and_most_zones_when_created_then_all_are_kept() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    let create = create(
        &founder,
        communities.mint,
        &"ö".repeat(16),
        &["üüüüüüüü"; 16],
    );
    communities.chain.send(&[create], &[&founder]).unwrap();
    let community = read(&communities.chain, &founder);
    assert_eq!(community.name.as_slice(), "ö".repeat(16).as_bytes());
    assert_eq!(community.zone_count, 16);
    assert!(community
        .zones
        .iter()
        .all(|zone| zone.name == padded("üüüüüüüü")));
}

#[test]
fn given_a_bad_name_when_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    let reason = RegistryError::NameInvalid;
    let long = ["x".repeat(33), "ö".repeat(17), "x".repeat(600)];
    let names = ["", "bell\u{7}", "zero\0", "\u{85}"].into_iter();
    for name in names.chain(long.iter().map(String::as_str)) {
        let create = create(&founder, communities.mint, name, &["north"]);
        refused_when(
            name,
            &mut communities.chain,
            &create,
            &[&founder],
            reason.clone(),
        );
    }
    for zone in BAD_NAMES {
        let create = create(&founder, communities.mint, "Sonnenhof", &["north", zone]);
        refused_when(
            zone,
            &mut communities.chain,
            &create,
            &[&founder],
            reason.clone(),
        );
    }
}

#[test]
fn given_no_zone_or_seventeen_when_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    for zones in [&[][..], &["z"; 17], &["z"; 100]] {
        let create = create(&founder, communities.mint, "Sonnenhof", zones);
        let reason = RegistryError::ZoneCountInvalid;
        refused(&mut communities.chain, &create, &[&founder], reason);
    }
}

#[test]
fn given_text_that_is_not_utf8_or_lengths_that_lie_when_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    let good = create(&founder, communities.mint, "Sonnenhof", &["north"]);
    // Behind the discriminator and the id: the name's length, the name, the number of zones.
    let (name_len, name, zones) = (16, 20, 29);
    let spoil = |at: usize, bytes: &[u8]| {
        let mut spoilt = good.clone();
        spoilt.data[at..at + bytes.len()].copy_from_slice(bytes);
        spoilt
    };
    for spoilt in [
        spoil(name, &[0xc3, 0x28]),
        spoil(name, &[0xff]),
        spoil(name_len, &10u32.to_le_bytes()),
        spoil(name_len, &10_241u32.to_le_bytes()),
        spoil(name_len, &(1u32 << 20).to_le_bytes()),
        spoil(name_len, &u32::MAX.to_le_bytes()),
        spoil(zones + 4, &u32::MAX.to_le_bytes()),
        spoil(zones, &u32::MAX.to_le_bytes()),
        spoil(zones, &2u32.to_le_bytes()),
    ] {
        let reason = ErrorCode::InstructionDidNotDeserialize;
        refused(&mut communities.chain, &spoilt, &[&founder], reason);
    }
}

#[test]
fn given_what_is_no_mint_when_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    let mint = communities
        .chain
        .svm
        .get_account(&communities.mint)
        .unwrap();
    let token = Token::create(&mut communities.chain, TokenKind::Token2022).unwrap();
    let owner = founder.pubkey();
    let balance = token.account(&mut communities.chain, &owner, 5).unwrap();
    let mut copy = |change: &dyn Fn(&mut Account)| forge(&mut communities.chain, &mint, change);
    let not_mints = [
        ("nothing", Address::new_unique()),
        ("a wallet", founder.pubkey()),
        ("a token account", balance),
        (
            "of another program",
            copy(&|mint| mint.owner = Address::new_unique()),
        ),
        ("not initialised", copy(&|mint| mint.data[45] = 0)),
        ("cut short", copy(&|mint| mint.data.truncate(81))),
        ("of no known length", copy(&|mint| mint.data.push(0))),
        ("empty", copy(&|mint| mint.data.clear())),
        // A multisig's keys could look like an initialised mint with extensions.
        ("a multisig", copy(&|mint| mint.data.resize(355, 1))),
    ];
    for (case, address) in not_mints {
        let create = create(&founder, address, "Sonnenhof", &["north"]);
        let reason = RegistryError::QuoteMintInvalid;
        refused_when(case, &mut communities.chain, &create, &[&founder], reason);
    }
}

#[test]
fn given_a_mint_with_extensions_when_created_then_it_is_taken() {
    let mut communities = TwoCommunities::new();
    for kind in [TokenKind::Token2022, TokenKind::Token2022WithFee(10)] {
        let founder = funded(&mut communities.chain);
        let mint = Token::create(&mut communities.chain, kind).unwrap().mint;
        let create = create(&founder, mint, "Sonnenhof", &["north"]);
        communities.chain.send(&[create], &[&founder]).unwrap();
        assert_eq!(read(&communities.chain, &founder).quote_mint, mint);
    }
}

#[test]
fn given_a_community_when_created_again_then_it_stays_as_it_is() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    let first = create(&founder, communities.mint, "Sonnenhof", &["north"]);
    communities.chain.send(&[first], &[&founder]).unwrap();
    let again = create(&founder, communities.mint, "Mondhof", &["south"]);
    refused(&mut communities.chain, &again, &[&founder], ALREADY_IN_USE);
}

#[test]
fn given_an_address_of_another_founder_or_id_when_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    let good = create(&founder, communities.mint, "Sonnenhof", &["north"]);
    let victim = funded(&mut communities.chain).pubkey();
    for wrong in [
        find_community_pda(&victim, ID).0,
        find_community_pda(&founder.pubkey(), ID + 1).0,
    ] {
        let right = find_community_pda(&founder.pubkey(), ID).0;
        let create = replaced(&good, &right, &wrong);
        let reason = ErrorCode::ConstraintSeeds;
        refused(&mut communities.chain, &create, &[&founder], reason);
    }
}

#[test]
fn given_lamports_sent_ahead_to_the_address_when_created_then_nothing_stops_it() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    communities
        .chain
        .fund(&find_community_pda(&founder.pubkey(), ID).0);
    let create = create(&founder, communities.mint, "Sonnenhof", &["north"]);
    communities.chain.send(&[create], &[&founder]).unwrap();
    assert_eq!(
        read(&communities.chain, &founder).authority,
        founder.pubkey()
    );
}

#[test]
fn given_hostile_data_and_accounts_when_created_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let founder = funded(&mut communities.chain);
    let create = create(&founder, communities.mint, "Sonnenhof", &["north"]);
    sweep(&mut communities.chain, &create, &[&founder]);
}
