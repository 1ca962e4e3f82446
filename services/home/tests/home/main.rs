//! A feed on the real programs in a virtual machine, on an indexer that is none, and on a real broker.

mod broker;
mod discovery;
mod feed;
mod indexer;
mod listener;
mod market;
#[path = "../../../gateway/tests/gateway/mosquitto.rs"]
mod mosquitto;
#[path = "../../../indexer/tests/indexer/node.rs"]
#[allow(dead_code, reason = "the indexer's tests have a node do more")]
mod node;
mod state;

use joulebook_home::household::Household;
use solana_address::Address;

/// Of bytes 1, in a market of bytes 2.
pub fn household() -> Household {
    Household {
        market: Address::new_from_array([2; 32]),
        owner: Address::new_from_array([1; 32]),
    }
}
