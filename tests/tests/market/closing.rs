//! `close_history`, `close_ledger`, `close_market`: nothing stays behind. Books and pages: `close_slots.rs`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::MarketClosed};
use joulebook_sim::{Household, LocalCommunity, Token};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, buy, close_gate, deliver_and_settle, first_start, govern, instructions,
        market_events, sell, trading_community, BUYER, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

#[track_caller]
fn in_use(community: &mut LocalCommunity, what: &str, close: &Instruction) {
    let why = MarketError::StillInUse;
    refused_when(
        what,
        &mut community.chain,
        close,
        &[&community.authority],
        why,
    );
}

/// Lets the market end, and closes its books and pages.
fn end(community: &mut LocalCommunity) {
    community.end_market().unwrap();
    close_slots(community);
}

fn close_slots(community: &mut LocalCommunity) {
    let books = 0..community.parameters.books;
    let books = books.map(|slot| instructions::close_book(community, slot));
    let pages = 0..community.parameters.pages;
    let pages = pages.map(|slot| instructions::close_page(community, slot));
    let closes: Vec<Instruction> = books.chain(pages).collect();
    for close in closes {
        govern(community, close).unwrap();
    }
}

/// Takes all whole atoms out of a seat, and closes it.
fn leave(community: &mut LocalCommunity, household: &Household) {
    let free = community.ledger().seats[usize::from(household.seat)].free;
    let mut instructions = vec![instructions::close_seat(community, household)];
    if free >= 1000 {
        instructions.insert(0, community.withdrawal_of(household, free / 1000));
    }
    community
        .chain
        .send(&instructions, &[&household.wallet])
        .unwrap();
}

fn everyone(community: &LocalCommunity) -> Vec<Household> {
    let all = community.households.iter();
    all.chain([&community.supplier, &community.grid_operator])
        .map(|household| Household {
            name: household.name.clone(),
            wallet: household.wallet.insecure_clone(),
            devices: vec![],
            ..*household
        })
        .collect()
}

/// Closes all but the market itself; returns where the tokens are now.
fn wind_up(community: &mut LocalCommunity) -> Vec<Address> {
    end(community);
    let all = everyone(community);
    for household in &all {
        leave(community, household);
    }
    let authority = community.authority.pubkey();
    let token_account = community
        .token
        .account(&mut community.chain, &authority, 0)
        .unwrap();
    let fees = community.ledger().header.fees;
    assert_eq!(
        fees % 1000,
        0,
        "the vault holds whole atoms, and so does the rest"
    );
    if fees > 0 {
        let withdraw = instructions::withdraw_fees(community, token_account, fees / 1000);
        govern(community, withdraw).unwrap();
    }
    let close = [
        instructions::close_history(community),
        instructions::close_ledger(community),
    ];
    community
        .chain
        .send(&close, &[&community.authority])
        .unwrap();
    let token_accounts = all.iter().map(|household| household.tokens);
    token_accounts.chain([token_account]).collect()
}

#[test]
fn given_a_market_that_has_lived_when_it_is_wound_up_then_rent_and_tokens_are_with_their_owners() {
    let mut community = trading_community();
    let first = first_start(&community);
    // An odd Wh leaves half an atom here and there.
    community.open_window(first).unwrap();
    community.place(BUYER, first, vec![buy(333, 60)]).unwrap();
    community.place(SELLER, first, vec![sell(331, 50)]).unwrap();
    close_gate(&mut community, first);
    community.clear_and_allocate(first).unwrap();
    deliver_and_settle(&mut community, first, &[(340, 1), (0, 329)]);

    let tables = tables(&community);
    let locked: u64 = tables
        .iter()
        .map(|table| community.chain.lamports(table))
        .sum();
    let authority = community.authority.pubkey();
    let before = community.chain.lamports(&authority);
    let token_accounts = wind_up(&mut community);
    let close = instructions::close_market(&community);
    let receipt = sweep(&mut community.chain, &close, &[&community.authority]);
    let closed = MarketClosed {
        market: community.addresses.market,
        number: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::MarketClosed(closed)]);

    assert_eq!(community.chain.lamports(&authority), before + locked);
    for table in &tables {
        assert_eq!(community.chain.lamports(table), 0);
    }
    let kept: u64 = token_accounts
        .iter()
        .map(|token_account| Token::balance(&community.chain, token_account))
        .sum();
    assert_eq!(kept, community.token.supply(&community.chain));
    assert_eq!(kept, community.minted);
}

fn tables(community: &LocalCommunity) -> Vec<Address> {
    let at = &community.addresses;
    let mut tables = vec![at.market, at.vault, at.ledger, at.history];
    tables.extend((0..community.parameters.books).map(|slot| at.book_slot(slot)));
    tables.extend((0..community.parameters.pages).map(|slot| at.page_slot(slot)));
    tables
}

#[test]
fn given_a_market_wound_up_when_the_meters_are_too_then_their_rent_is_back() {
    let mut community = trading_community();
    wind_up(&mut community);
    let close = instructions::close_market(&community);
    govern(&mut community, close).unwrap();
    for slot in 0..community.parameters.pages {
        let close = instructions::close_interval_page(&community, slot);
        govern(&mut community, close).unwrap();
    }
    let close = instructions::close_meter_table(&community, community.addresses.market);
    govern(&mut community, close).unwrap();
    assert_eq!(
        community.chain.lamports(&community.addresses.meter_table),
        0
    );
}

#[test]
fn given_what_is_in_use_when_it_is_closed_then_it_stays() {
    let mut community = trading_community();
    let history = instructions::close_history(&community);
    let ledger = instructions::close_ledger(&community);
    let market = instructions::close_market(&community);
    in_use(&mut community, "history, with pages", &history);
    in_use(&mut community, "ledger, with pages", &ledger);
    in_use(&mut community, "market, with pages", &market);
    end(&mut community);
    in_use(&mut community, "ledger, with seats", &ledger);
    in_use(&mut community, "market, with tables", &market);
    sweep(&mut community.chain, &history, &[&community.authority]);
    assert_eq!(community.market().has_history, 0);
    in_use(&mut community, "market, with a ledger", &market);

    for household in everyone(&community) {
        leave(&mut community, &household);
    }
    give(&mut community, 5);
    let sweep_up = instructions::sweep_surplus(&community);
    community.chain.send(&[sweep_up], &[]).unwrap();
    in_use(&mut community, "ledger, with fees", &ledger);
    let token_account = give(&mut community, 0);
    let fees = instructions::withdraw_fees(&community, token_account, 5);
    govern(&mut community, fees).unwrap();
    sweep(&mut community.chain, &ledger, &[&community.authority]);
    assert_eq!(community.market().has_ledger, 0);
    govern(&mut community, market).unwrap();
}

/// Sends atoms to the vault from nowhere; returns a token account of the authority.
fn give(community: &mut LocalCommunity, atoms: u64) -> Address {
    let authority = community.authority.pubkey();
    let vault = community.addresses.vault;
    if atoms > 0 {
        community
            .token
            .mint_to(&mut community.chain, &vault, atoms)
            .unwrap();
    }
    community
        .token
        .account(&mut community.chain, &authority, 0)
        .unwrap()
}

#[test]
fn given_an_atom_sent_to_the_vault_in_the_last_moment_when_the_market_closes_then_it_can_be_swept()
{
    let mut community = trading_community();
    wind_up(&mut community);
    let token_account = give(&mut community, 1);
    let close = instructions::close_market(&community);
    in_use(&mut community, "an atom", &close);
    let instructions = [
        instructions::create_ledger(&community),
        instructions::sweep_surplus(&community),
        instructions::withdraw_fees(&community, token_account, 1),
        instructions::close_ledger(&community),
        close,
    ];
    community
        .chain
        .send(&instructions, &[&community.authority])
        .unwrap();
    assert_eq!(Token::balance(&community.chain, &token_account), 1);
    assert_eq!(community.chain.lamports(&community.addresses.market), 0);
}

#[test]
fn given_anyone_but_the_authority_when_it_closes_something_then_it_is_refused() {
    let mut community = trading_community();
    let stranger = community.households[BUYER].wallet.insecure_clone();
    let closes = [
        ("book", instructions::close_book(&community, 0)),
        ("page", instructions::close_page(&community, 0)),
        ("history", instructions::close_history(&community)),
        ("ledger", instructions::close_ledger(&community)),
        ("market", instructions::close_market(&community)),
    ];
    for (what, close) in closes {
        let altered = swap(&close, community.authority.pubkey(), stranger.pubkey());
        let why = MarketError::NotAuthority;
        refused_when(what, &mut community.chain, &altered, &[&stranger], why);
    }
    let other = Keypair::new();
    let close = instructions::close_market(&community);
    let mint = community
        .token
        .account(&mut community.chain, &other.pubkey(), 0)
        .unwrap();
    let altered = swap(&close, community.addresses.vault, mint);
    refused(
        &mut community.chain,
        &altered,
        &[&community.authority],
        MarketError::WrongMarket,
    );
    let token_2022 = spl_token_2022_interface::ID;
    let altered = swap(&close, community.addresses.token_program, token_2022);
    refused(
        &mut community.chain,
        &altered,
        &[&community.authority],
        MarketError::WrongTokenProgram,
    );
}
