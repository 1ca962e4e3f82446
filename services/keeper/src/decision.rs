//! What is to be sent.

use joulebook_client::{
    steps::{next_due, next_steps, pack, MarketState, Step, StepBatch},
    Addresses,
};
use serde::Deserialize;
use solana_address::Address;

/// What a keeper does with a market that looks so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Transactions, in the sequence in which to send them.
    pub batches: Vec<StepBatch>,
    /// When to look again, unix seconds, if nobody changes anything before.
    pub next_due: i64,
    /// All that is due, also what rests or waits.
    pub due: Vec<Step>,
}

/// Who keeps: pays for transactions, and has a seat that earns the reward or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeper {
    pub payer: Address,
    pub reward_seat: Option<u16>,
    pub pace: Pace,
}

/// When what is due is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// With the next window that opens, at the latest when the window begins that it is about: one transaction a window.
    #[default]
    Thrifty,
    /// At once: a window is cleared at its gate, a position settled when values come. About twice as many transactions.
    Prompt,
}

/// Decides by a market's accounts and the chain's clock alone. Steps that `rests` names are left out this time.
pub fn decide(
    state: &MarketState,
    addresses: &Addresses,
    keeper: Keeper,
    now: i64,
    rests: impl Fn(&Step) -> bool,
) -> Decision {
    let due = next_steps(state, now);
    let mut steps = due.clone();
    steps.retain(|step| !rests(step));
    if keeper.pace == Pace::Thrifty && !is_pressing(&steps, state, now) {
        steps.clear();
    }
    let Keeper {
        payer, reward_seat, ..
    } = keeper;
    Decision {
        batches: pack(state, addresses, &payer, &steps, reward_seat),
        next_due: next_due(state, now),
        due,
    }
}

/// Whether one of the steps can't wait; the others go along with it.
fn is_pressing(steps: &[Step], state: &MarketState, now: i64) -> bool {
    let market = &state.market;
    let horizon = market.terms_at(now).horizon.into();
    // No window opens any more that the rest could go along with.
    let is_ending = now.saturating_add(horizon) >= market.ends_at;
    let is_own = |step: &Step| match *step {
        Step::OpenPage { .. } | Step::OpenWindow { .. } => true,
        Step::Clear { start } | Step::Allocate { start } => start <= now,
        _ => is_ending,
    };
    steps.iter().any(is_own)
}

#[cfg(test)]
mod tests {
    use joulebook_sim::{LocalCommunity, Parameters};
    use solana_signer::Signer;

    use super::*;

    /// Windows of 300 s, a horizon of 900, gates 60 before.
    fn community() -> LocalCommunity {
        let mut community = LocalCommunity::new(Parameters::default()).expect("a community");
        community.join("ada", 1_000_000).expect("joined");
        community.keep().expect("kept");
        community
    }

    fn steps(community: &LocalCommunity, pace: Pace) -> Vec<Step> {
        let keeper = Keeper {
            payer: Address::new_from_array([1; 32]),
            reward_seat: None,
            pace,
        };
        let (state, now) = (community.market_state(), community.chain.now());
        let decision = decide(&state, &community.addresses, keeper, now, |_| false);
        decision
            .batches
            .into_iter()
            .flat_map(|batch| batch.steps)
            .collect()
    }

    #[test]
    fn given_a_gate_that_has_closed_when_a_thrifty_keeper_looks_then_it_waits_for_the_window() {
        let mut community = community();
        let gate = community.parameters.now + 300 - 60;
        community.chain.set_time(gate);
        let clear = Step::Clear { start: gate + 60 };
        assert!(steps(&community, Pace::Prompt).contains(&clear));
        assert_eq!(steps(&community, Pace::Thrifty), []);
        community.chain.set_time(gate + 60);
        let due = steps(&community, Pace::Thrifty);
        assert!(due.contains(&clear), "{due:?}");
        assert!(
            due.iter()
                .any(|step| matches!(step, Step::OpenWindow { .. })),
            "{due:?}"
        );
    }

    #[test]
    fn given_a_market_that_ends_when_no_window_opens_any_more_then_nothing_waits() {
        let mut community = community();
        let start = community.parameters.now + 300;
        community.chain.set_time(start);
        community.keep().expect("kept");
        let page = community.addresses.page_seconds();
        let end = community.addresses.page_start(community.market().last_page) + page;
        let authority = community.authority.insecure_clone();
        let ends = community.addresses.end_market(authority.pubkey(), end);
        community.chain.send(&[ends], &[&authority]).expect("ended");
        community.chain.set_time(end - 600);
        community.keep().expect("kept");
        community.chain.set_time(end - 60);
        let due = steps(&community, Pace::Prompt);
        assert!(!due.is_empty());
        assert_eq!(steps(&community, Pace::Thrifty), due);
    }

    #[test]
    fn given_a_step_that_rests_when_decided_then_the_others_are_taken() {
        let mut community = community();
        let start = community.parameters.now + 300;
        community.chain.set_time(start);
        let (state, now) = (community.market_state(), community.chain.now());
        let keeper = Keeper {
            payer: Address::new_from_array([1; 32]),
            reward_seat: None,
            pace: Pace::Prompt,
        };
        let clear = Step::Clear { start };
        let decision = decide(&state, &community.addresses, keeper, now, |step| {
            *step == clear
        });
        let steps: Vec<Step> = decision
            .batches
            .iter()
            .flat_map(|batch| batch.steps.clone())
            .collect();
        assert!(!steps.contains(&clear) && !steps.is_empty(), "{steps:?}");
        assert!(decision.next_due > now);
    }
}
