//! Meters that are silent and have a standard draw make nothing so dear that the keeper can't go on.

use joulebook_client::steps::{next_steps, pack, retries, Step, StepBatch};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{govern, instructions, meters_of};
use solana_signer::Signer;

use super::{create, enter, entry, quantities, rule, DAY};

const QUARTER_HOUR: i64 = 900;

/// Days of quarter hours, with so many households, each with so many meters of a standard draw, and a standing order for
/// each.
fn village(households: usize, meters: usize) -> LocalCommunity {
    let mut parameters = Parameters {
        window_seconds: QUARTER_HOUR as u32,
        page_windows: 96,
        pages: 8,
        seats: households as u16 + 2,
        meters: (households * meters) as u16,
        orders: 512,
        ticks: 512,
        ..Parameters::default()
    };
    parameters.terms.horizon = 3_600;
    parameters.terms.max_silent = 0;
    parameters.terms.draw_after = 4;
    let mut community = LocalCommunity::new(parameters).unwrap();
    create(&mut community);
    for number in 0..households {
        let name = format!("household {number}");
        let place = community.join(&name, 1_000_000_000).unwrap();
        for _ in 1..meters {
            community.add_meter(place).unwrap();
        }
        for meter in meters_of(&community, place) {
            let owner = &community.households[place];
            let set = instructions::set_standard_draw(&community, owner, meter, 100);
            govern(&mut community, set).unwrap();
        }
        enter(&mut community, place, vec![entry(0, rule())]).unwrap();
    }
    community
}

/// What a keeper sends: everything that is due in as few transactions as it fits. How many failed, and the steps that could not
/// be taken.
fn keep(community: &mut LocalCommunity) -> (usize, Vec<Step>) {
    let state = community.market_state();
    let steps = next_steps(&state, community.chain.now());
    let payer = community.chain.payer.pubkey();
    let addresses = community.addresses.clone();
    let mut waiting = pack(&state, &addresses, &payer, &steps, None);
    waiting.reverse();
    let (mut failed, mut stuck) = (0, vec![]);
    while let Some(batch) = waiting.pop() {
        if community.chain.send(&batch.instructions, &[]).is_ok() {
            continue;
        }
        failed += 1;
        let parts: Vec<StepBatch> = retries(&batch, &state, &addresses, &payer, None, true);
        if parts.is_empty() {
            stuck.extend(batch.steps);
        }
        waiting.extend(parts.into_iter().rev());
    }
    (failed, stuck)
}

#[test]
fn given_nobody_heard_for_days_when_the_keeper_comes_then_all_goes_on_and_pages_become_final() {
    for (households, meters) in [(15, 4), (40, 1)] {
        let mut community = village(households, meters);
        let first = community.first_start();
        community.pass_until(first - 3_600);
        community.keep().unwrap();
        // Every second hour, and on each the last quarter of the hour.
        for hour in (1..60).step_by(2) {
            let time = first + hour * 3_600 - QUARTER_HOUR;
            community.pass_until(time);
            assert_eq!(
                keep(&mut community),
                (0, vec![]),
                "{households} × {meters}, hour {hour}"
            );
            let window = time + 3_600;
            for place in [0, households - 1] {
                assert_eq!(
                    quantities(&community, place, window),
                    [1_000],
                    "hour {hour}"
                );
            }
        }
        let last_final = community.ledger().header.last_final;
        assert!(
            last_final >= first + DAY / 2,
            "nothing is final since {last_final}"
        );
    }
}
