//! Who can't be named, and who can't name.

use joulebook_client::{layout::market::ImbalancePrices, market::errors::MarketError};
use joulebook_sim::{roles::CONSUMER, LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        altered::swap, first_start, govern, instructions, with_other_community, BUYER, SELLER,
    },
    refused::refused_when,
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{community, NEXT};

/// With the authority's signature and the new supplier's.
#[track_caller]
fn refuse(what: &str, community: &mut LocalCommunity, replace: &Instruction, why: MarketError) {
    let households = community.households.iter().map(|owner| &owner.wallet);
    let keys: Vec<Keypair> = households
        .chain([&community.authority, &community.supplier.wallet])
        .map(Keypair::insecure_clone)
        .collect();
    let keys: Vec<&Keypair> = keys.iter().collect();
    refused_when(what, &mut community.chain, replace, &keys, why);
}

fn naming(community: &LocalCommunity, place: usize) -> Instruction {
    instructions::replace_supplier(community, &community.households[place])
}

#[test]
fn given_somebody_else_when_it_names_a_supplier_then_it_is_not_the_authority() {
    let (mut community, _) = community();
    let replace = naming(&community, NEXT);
    let authority = community.authority.pubkey();
    for (what, by) in [
        ("the supplier", community.supplier.address()),
        ("a household", community.households[BUYER].address()),
    ] {
        let altered = swap(&replace, authority, by);
        refuse(what, &mut community, &altered, MarketError::NotAuthority);
    }
}

#[test]
fn given_another_signature_than_the_new_suppliers_when_it_is_named_then_it_has_not_agreed() {
    let (mut community, _) = community();
    let replace = naming(&community, NEXT);
    let next = community.households[NEXT].address();
    for (what, by) in [
        ("the former supplier", community.supplier.address()),
        ("another household", community.households[SELLER].address()),
    ] {
        let altered = swap(&replace, next, by);
        refuse(what, &mut community, &altered, MarketError::NotOwner);
    }
    // A delegate trades for a seat, and binds it no further.
    let delegate = community.households[BUYER].address();
    let owner = &community.households[NEXT];
    let name = instructions::set_delegate(&community, owner, Some(delegate));
    govern(&mut community, name).unwrap();
    let altered = swap(&replace, next, delegate);
    refuse(
        "a delegate",
        &mut community,
        &altered,
        MarketError::NotOwner,
    );
}

#[test]
fn given_one_that_can_not_stand_in_when_it_is_named_then_it_is_refused() {
    let (mut community, start) = community();
    let itself = instructions::replace_supplier(&community, &community.supplier);
    let why = MarketError::SupplierStands;
    refuse("the present one", &mut community, &itself, why);

    let guest = community.admit("guest", CONSUMER).unwrap();
    community.households.push(guest);
    let guest = naming(&community, community.households.len() - 1);
    let why = MarketError::NoSuchSeat;
    refuse("without a seat", &mut community, &guest, why);

    let replace = naming(&community, NEXT);
    let why = || MarketError::OperatorSeatInvalid;
    let emergency = instructions::set_roles(&community, &community.households[NEXT], 1 << 7);
    govern(&mut community, emergency).unwrap();
    refuse("who may pause", &mut community, &replace, why());
    let trader = instructions::set_roles(&community, &community.households[NEXT], CONSUMER);
    govern(&mut community, trader).unwrap();
    let suspend = instructions::suspend(&community, &community.households[NEXT]);
    govern(&mut community, suspend).unwrap();
    refuse("suspended", &mut community, &replace, why());

    community.open_pages(start).unwrap();
    community.end_market().unwrap();
    let replace = naming(&community, SELLER);
    let why = MarketError::MarketEnded;
    refuse("the end", &mut community, &replace, why);
}

/// The authority could otherwise have a tariff of the former supplier's signed before, and the new one would pay its prices.
#[test]
fn given_a_tariff_since_the_new_one_looked_when_it_is_named_then_it_has_not_agreed_to_that() {
    let (mut community, _) = community();
    let unseen = naming(&community, NEXT);
    let entries = vec![ImbalancePrices { short: 2, long: 1 }];
    let tariff = instructions::set_tariff(&community, true, 0, entries);
    govern(&mut community, tariff).unwrap();
    let why = MarketError::MarketChanged;
    refuse("a tariff", &mut community, &unseen, why);

    let unseen = naming(&community, NEXT);
    let terms = instructions::set_terms(&community, community.market().planned_terms);
    govern(&mut community, terms).unwrap();
    let why = MarketError::MarketChanged;
    refuse("terms", &mut community, &unseen, why);
    let seen = naming(&community, NEXT);
    govern(&mut community, seen).unwrap();
}

#[test]
fn given_a_participant_of_another_community_when_it_is_named_then_it_has_no_seat_here() {
    let mut start = 0;
    let (mut community, other) = with_other_community(Parameters::default(), |other| {
        start = first_start(other);
    });
    let replace = naming(&community, BUYER);
    let buyer = &community.households[BUYER];
    let altered = swap(&replace, buyer.participant, other.buyer().participant);
    let altered = swap(&altered, buyer.address(), other.buyer().address());
    let keys = [&community.authority, &other.buyer().wallet];
    let why = MarketError::OperatorSeatInvalid;
    refused_when("", &mut community.chain, &altered, &keys, why);
}
