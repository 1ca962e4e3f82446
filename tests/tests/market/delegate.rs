//! `set_delegate`, and what a delegate may do.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::DelegateChanged};
use joulebook_testkit::{Setup, World};
use joulebook_tests::{
    hostile::sweep,
    market::{
        bend::swap, buy, id, make, market_events, open_village, send_as, sound, BUYER, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// An open window, and a bot that trades for the buyer.
fn with_bot() -> (World, i64, Keypair) {
    let (mut world, start) = open_village(Setup::default());
    let bot = Keypair::new();
    let name = make::set_delegate(&world, &world.households[BUYER], Some(bot.pubkey()));
    send_as(&mut world, BUYER, name).unwrap();
    (world, start, bot)
}

fn place(world: &World, bot: &Keypair, of: usize, start: i64) -> Instruction {
    let household = &world.households[of];
    world
        .at
        .place_orders(&bot.pubkey(), household, start, vec![buy(10, 50)])
}

#[test]
fn given_a_seat_when_its_owner_names_a_delegate_then_it_is_named_until_taken_back() {
    let (mut world, _) = open_village(Setup::default());
    let bot = Address::new_unique();
    let seat = world.households[BUYER].seat;
    for delegate in [Some(bot), None] {
        let set = make::set_delegate(&world, &world.households[BUYER], delegate);
        let receipt = sweep(&mut world.chain, &set, &[&world.households[BUYER].wallet]);
        let delegate = delegate.unwrap_or_default();
        let changed = DelegateChanged {
            market: world.at.market,
            seat,
            delegate,
        };
        assert_eq!(
            market_events(&receipt),
            [MarketEvent::DelegateChanged(changed)]
        );
        assert_eq!(world.seat(BUYER).delegate, delegate.to_bytes());
    }
    sound(&world);
}

#[test]
fn given_a_delegate_when_it_places_and_cancels_then_it_may() {
    let (mut world, start, bot) = with_bot();
    let enter = place(&world, &bot, BUYER, start);
    world.chain.send(&[enter], &[&bot]).unwrap();
    assert_eq!(world.window(start).header.live_orders, 1);
    let seat = world.households[BUYER].seat;
    let cancel = world
        .at
        .cancel_orders(&bot.pubkey(), seat, start, vec![id(0, 0)]);
    world.chain.send(&[cancel], &[&bot]).unwrap();
    assert_eq!(world.window(start).header.live_orders, 0);
    sound(&world);
}

#[test]
fn given_a_delegate_when_it_reaches_for_money_or_the_seat_then_it_is_not_the_owner() {
    let (mut world, _, bot) = with_bot();
    let buyer = &world.households[BUYER];
    let destination = world
        .token
        .account(&mut world.chain, &bot.pubkey(), 0)
        .unwrap();
    let withdraw = world.at.withdraw(buyer, 1);
    let withdraw = swap(&withdraw, buyer.tokens, destination);
    let close = make::close_seat(&world, buyer);
    let name = make::set_delegate(&world, buyer, Some(bot.pubkey()));
    for (what, instruction) in [("withdraw", withdraw), ("close", close), ("name", name)] {
        let bent = swap(&instruction, buyer.address(), bot.pubkey());
        refused_when(
            what,
            &mut world.chain,
            &bent,
            &[&bot],
            MarketError::NotOwner,
        );
    }
    sound(&world);
}

#[test]
fn given_a_delegate_of_one_seat_when_it_trades_for_another_then_it_is_no_trader_there() {
    let (mut world, start, bot) = with_bot();
    let enter = place(&world, &bot, SELLER, start);
    refused(&mut world.chain, &enter, &[&bot], MarketError::NotTrader);
}

#[test]
fn given_a_delegate_taken_back_when_it_trades_then_it_is_no_trader() {
    let (mut world, start, bot) = with_bot();
    let enter = place(&world, &bot, BUYER, start);
    world
        .chain
        .send(std::slice::from_ref(&enter), &[&bot])
        .unwrap();
    let forget = make::set_delegate(&world, &world.households[BUYER], None);
    send_as(&mut world, BUYER, forget).unwrap();
    refused(&mut world.chain, &enter, &[&bot], MarketError::NotTrader);
    let seat = world.households[BUYER].seat;
    let cancel = world
        .at
        .cancel_orders(&bot.pubkey(), seat, start, vec![id(0, 0)]);
    refused(&mut world.chain, &cancel, &[&bot], MarketError::NotTrader);
    sound(&world);
}

#[test]
fn given_someone_elses_seat_or_none_when_a_delegate_is_named_then_it_is_refused() {
    let (mut world, _, bot) = with_bot();
    let mut set = make::set_delegate(&world, &world.households[BUYER], Some(bot.pubkey()));
    let buyer = &world.households[BUYER].wallet;
    for (seat, why) in [
        (world.households[SELLER].seat, MarketError::NotOwner),
        (31, MarketError::NoSuchSeat),
        (32, MarketError::NoSuchSeat),
        (u16::MAX, MarketError::NoSuchSeat),
    ] {
        set.data[8..10].copy_from_slice(&seat.to_le_bytes());
        refused(&mut world.chain, &set, &[buyer], why);
    }
}
