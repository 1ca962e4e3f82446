//! `release_skipped`: intervals whose window will never be.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    market::{errors::MarketError, events::MarketEvent, types::IntervalSkipped},
    oracle::{errors::OracleError, ORACLE_ID},
    registry::REGISTRY_ID,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, contracted, deliver, first_start, instructions,
        market_events, pass_until, trading_community, BUYER, DEPOSIT, SELLER,
    },
    refused::{refused, refused_when},
};

const ROUND: i64 = 8 * 300;

/// A community with an interval open, and no window for it.
fn orphaned() -> (LocalCommunity, i64) {
    let mut community = trading_community();
    let start = first_start(&community);
    pass_until(&mut community, start);
    community.open_interval(start).unwrap();
    (community, start)
}

#[test]
fn given_a_later_window_in_the_slot_when_the_interval_is_let_go_then_it_can_be_used_again() {
    let (mut community, start) = orphaned();
    let release = instructions::release_skipped(&community, start);
    refused(&mut community.chain, &release, &[], MarketError::NotSkipped);

    pass_until(&mut community, start + ROUND - 900);
    community.open_window(start + ROUND).unwrap();
    let receipt = sweep(&mut community.chain, &release, &[]);
    let skipped = IntervalSkipped {
        market: community.addresses.market,
        window: start,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::IntervalSkipped(skipped)]
    );
    assert_eq!(community.interval(start).header.phase, 0);
    refused(&mut community.chain, &release, &[], OracleError::NotOpen);

    pass_until(&mut community, start + ROUND);
    community.open_interval(start + ROUND).unwrap();
    check_invariants(&community);
}

#[test]
fn given_energy_in_a_skipped_interval_when_it_is_let_go_then_the_next_window_settles_it() {
    let (mut community, start) = orphaned();
    let flows = [(700, 0), (0, 300)];
    community.chain.set_time(start + 300);
    let readings = community.read_meters(start, &flows);
    community.submit(start, readings).unwrap();
    pass_until(&mut community, start + ROUND - 900);
    let next = start + ROUND;
    community.open_window(next).unwrap();
    let release = instructions::release_skipped(&community, start);
    sweep(&mut community.chain, &release, &[]);
    assert!(community
        .interval(start)
        .entries
        .iter()
        .all(|entry| entry.import | entry.export == 0));

    pass_until(&mut community, next);
    community.clear_and_allocate(next).unwrap();
    community.open_interval(next).unwrap();
    community.chain.set_time(next + 300);
    let readings = community.read_meters(next, &[(10, 0), (0, 20)]);
    community.submit(next, readings).unwrap();
    community.meter_and_settle(next).unwrap();
    assert_eq!(community.seat(BUYER).imported, 710);
    assert_eq!(community.seat(SELLER).exported, 320);
    // Nothing was traded: what was drawn is paid at the retail price, what was left over at the feed-in tariff.
    let window = community.window(next).header;
    let paid = DEPOSIT * 1000 - community.seat(BUYER).free;
    assert_eq!(paid, 710 * u64::from(window.short.unsigned_abs()));
    let earned = community.seat(SELLER).free - DEPOSIT * 1000;
    assert_eq!(earned, 320 * u64::from(window.long.unsigned_abs()));
    check_invariants(&community);
}

#[test]
fn given_its_own_window_in_the_slot_when_the_interval_is_let_go_then_it_must_be_settled() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[]);
    let release = instructions::release_skipped(&community, start);
    refused(&mut community.chain, &release, &[], MarketError::NotSkipped);
    community.meter_and_settle(start).unwrap();
    refused(&mut community.chain, &release, &[], MarketError::NotSkipped);
    check_invariants(&community);
}

#[test]
fn given_accounts_that_do_not_belong_together_when_an_interval_is_let_go_then_it_is_refused() {
    let (mut community, start) = orphaned();
    pass_until(&mut community, start + ROUND);
    community.open_window(start + ROUND).unwrap();
    let release = instructions::release_skipped(&community, start);
    let (window, interval) = (
        community.addresses.window(start),
        community.addresses.interval(start),
    );
    let other_window = community.addresses.window(start + 300);
    let unused = community.addresses.interval(start + 300);
    for (what, from, to) in [
        ("another slot's window", window, other_window),
        ("an interval never used", interval, unused),
    ] {
        let altered = swap(&release, from, to);
        refused_when(
            what,
            &mut community.chain,
            &altered,
            &[],
            MarketError::WrongSlot,
        );
    }
    let altered = swap(&release, ORACLE_ID, REGISTRY_ID);
    refused(
        &mut community.chain,
        &altered,
        &[],
        ErrorCode::InvalidProgramId,
    );
    check_invariants(&community);
}
