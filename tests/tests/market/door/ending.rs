//! What is held keeps no market from ending for longer than the notice period.

use joulebook_client::market::errors::MarketError;
use joulebook_sim::{LocalCommunity, Token};
use joulebook_tests::{
    market::{
        check_invariants,
        door::{community_with_program, free_and_held, hold, release_to, retire, send},
        govern, instructions, pass_until, BUYER, DEPOSIT, FREE, SELLER,
    },
    refused::refused,
};
use solana_signer::Signer;

#[test]
fn given_an_owner_and_a_program_that_are_gone_when_the_market_ends_then_the_money_is_free_again() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, FREE);
    community.end_market().unwrap();
    let authority = community.authority.insecure_clone();
    let (buyer, seat, tokens) = {
        let owner = &community.households[BUYER];
        (owner.address(), owner.seat, owner.tokens)
    };
    let at = community.addresses.clone();
    let close = at.close_seat(authority.pubkey(), seat);
    let why = MarketError::SeatInUse;
    refused(&mut community.chain, &close, &[&authority], why);

    let ends_at = retire(&mut community, &program);
    pass_until(&mut community, ends_at);
    let steps = [
        at.take_back(&program, seat),
        at.close_hold(&program, seat, buyer),
        at.close_admission(&program, authority.pubkey()),
        at.pay_out(&buyer, tokens, seat),
    ];
    community.chain.send(&steps, &[]).unwrap();
    assert_eq!(free_and_held(&community, BUYER), (0, 0));
    assert_eq!(Token::balance(&community.chain, &tokens), DEPOSIT);
    govern(&mut community, close).unwrap();
    check_invariants(&community);
}

#[test]
fn given_what_a_program_left_behind_when_the_market_is_closed_then_anyone_can_close_it_still() {
    let (mut community, program) = community_with_program();
    let (owner, payer) = (
        community.households[BUYER].address(),
        community.authority.pubkey(),
    );
    let seat = community.households[BUYER].seat;
    let rent_of_owner = community.chain.lamports(&owner);
    hold(&mut community, BUYER, &program, 700);
    let release = release_to(&community, &program, BUYER, 700);
    send(&mut community, release).unwrap();
    wind_up(&mut community);
    assert_eq!(community.chain.lamports(&community.addresses.market), 0);

    let at = community.addresses.clone();
    let rent = community.chain.lamports(&at.admission(&program));
    let before = community.chain.lamports(&payer);
    let close = at.close_admission(&program, payer);
    let why = MarketError::AdmissionInUse;
    refused(&mut community.chain, &close, &[], why);
    let close_hold = at.close_hold(&program, seat, owner);
    community.chain.send(&[close_hold, close], &[]).unwrap();
    assert_eq!(community.chain.lamports(&owner), rent_of_owner);
    assert_eq!(community.chain.lamports(&payer), before + rent);
}

/// Everyone leaves, and all of the market is closed.
fn wind_up(community: &mut LocalCommunity) {
    community.end_market().unwrap();
    for slot in 0..community.parameters.books {
        let close = instructions::close_book(community, slot);
        govern(community, close).unwrap();
    }
    for slot in 0..community.parameters.pages {
        let close = instructions::close_page(community, slot);
        govern(community, close).unwrap();
    }
    let free = |community: &LocalCommunity, seat: u16| {
        let ledger = community.ledger();
        ledger.seats[usize::from(seat)].free / 1000
    };
    let everyone: Vec<_> = [BUYER, SELLER]
        .iter()
        .map(|place| &community.households[*place])
        .chain([&community.supplier, &community.grid_operator])
        .map(|household| {
            (
                household.wallet.insecure_clone(),
                household.tokens,
                household.seat,
            )
        })
        .collect();
    for (wallet, tokens, seat) in everyone {
        let at = &community.addresses;
        let mut leave = vec![at.close_seat(wallet.pubkey(), seat)];
        let atoms = free(community, seat);
        if atoms > 0 {
            leave.insert(0, at.withdraw(wallet.pubkey(), tokens, seat, atoms));
        }
        community.chain.send(&leave, &[&wallet]).unwrap();
    }
    assert_eq!(
        Token::balance(&community.chain, &community.addresses.vault),
        0
    );
    let close = [
        instructions::close_history(community),
        instructions::close_ledger(community),
        instructions::close_market(community),
    ];
    let authority = community.authority.insecure_clone();
    community.chain.send(&close, &[&authority]).unwrap();
}
