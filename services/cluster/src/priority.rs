//! What a transaction offers beyond its base fee.

use std::sync::Arc;

use solana_address::Address;
use solana_instruction::Instruction;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;

use crate::Cluster;

const MICRO_LAMPORTS_PER_LAMPORT: u64 = 1_000_000;
/// Of the fees that were paid of late for the same accounts, the one that so many percent of slots did not exceed is offered.
const PERCENTILE: usize = 60;
/// Accounts that a node can be asked about at once.
const ACCOUNTS: usize = 128;

impl Cluster {
    /// The price of a compute unit to offer, micro-lamports, for a transaction that asks for so many units; never more in all
    /// than the options' cap. Without an answer nothing is offered: a fee is no reason to wait.
    pub(crate) async fn unit_price(&self, instructions: &[Instruction], units: u32) -> u64 {
        let cap = self.options.max_priority_fee;
        if cap == 0 || units == 0 {
            return 0;
        }
        let written = written(instructions);
        let ask = |client: Arc<RpcClient>| {
            let written = &written;
            async move { client.get_recent_prioritization_fees(written).await }
        };
        let fees = self.ask("recent fees", ask).await.unwrap_or_default();
        let prices = fees.iter().map(|fee| fee.prioritization_fee).collect();
        capped(usual(prices), cap, units)
    }
}

fn written(instructions: &[Instruction]) -> Vec<Address> {
    let metas = instructions.iter().flat_map(|one| &one.accounts);
    let mut written: Vec<Address> = metas
        .filter(|meta| meta.is_writable)
        .map(|meta| meta.pubkey)
        .collect();
    written.sort_unstable();
    written.dedup();
    written.truncate(ACCOUNTS);
    written
}

fn usual(mut prices: Vec<u64>) -> u64 {
    prices.sort_unstable();
    let place = prices.len() * PERCENTILE / 100;
    prices.get(place).copied().unwrap_or(0)
}

/// `cap` in lamports, over all units.
fn capped(price: u64, cap: u64, units: u32) -> u64 {
    price.min(cap.saturating_mul(MICRO_LAMPORTS_PER_LAMPORT) / u64::from(units.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_recent_fees_are_matched_and_the_cap_holds() {
        assert_eq!(usual(vec![]), 0);
        assert_eq!(usual(vec![7]), 7);
        assert_eq!(usual((0..10).rev().collect()), 6);
        // 200,000 units at 50,000 micro-lamports are 10,000 lamports.
        assert_eq!(capped(80_000, 10_000, 200_000), 50_000);
        assert_eq!(capped(40_000, 10_000, 200_000), 40_000);
    }
}
