//! What must never break, recomputed from the accounts alone (docs/architecture.md, Invariants).

mod books;
mod contract;
mod door;
mod events;
mod meters;
mod money;
mod pages;
mod paid;
mod state;

pub use paid::settled;

use state::State;

use crate::LocalCommunity;

/// Checks the whole state of a community's market.
///
/// # Errors
/// A sentence about the first thing that does not add up.
pub fn invariants(community: &LocalCommunity) -> Result<(), String> {
    let state = State::of(community);
    money::vault_adds_up(community, &state)?;
    money::claims_add_up(&state)?;
    books::add_up(&state)?;
    pages::add_up(&state)?;
    paid::adds_up(&state)?;
    money::escrow_adds_up(&state)?;
    money::locks_add_up(&state)?;
    door::holds_add_up(community, &state.ledger)?;
    events::are_complete(community)
}

fn expect(what: &str, found: u128, due: u128) -> Result<(), String> {
    if found == due {
        return Ok(());
    }
    Err(format!("{what}: found {found}, should be {due}"))
}
