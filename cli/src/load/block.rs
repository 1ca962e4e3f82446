//! Which transactions a block takes: a model of Solana's limits, by what transactions write and compute. Leaders run as many at the
//! same time as write different accounts; what a block takes in all, and of those that write one account, is bounded.
//!
//! Numbers are those of the validator's cost model (`cost-model/src/block_cost_limits.rs` of Agave), with a block of 100 million
//! compute units.

use std::collections::BTreeMap;

/// Of a signature.
const SIGNATURE: u64 = 720;
/// Of an account that is locked to be written.
const WRITE_LOCK: u64 = 300;
/// Bytes of instructions' data that cost a unit.
const DATA_BYTES: u64 = 4;
/// Of each begun page of account data that is loaded.
const LOADED_PAGE: u64 = 8;
const LOADED_PAGE_BYTES: u64 = 32 * 1024;

/// An account, by any number.
pub type Account = u32;

/// What a block takes, compute units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockLimits {
    pub block: u64,
    /// Of transactions that write the same account.
    pub account: u64,
}

impl Default for BlockLimits {
    /// 100 million, and 40% of that for one account.
    fn default() -> BlockLimits {
        BlockLimits {
            block: 100_000_000,
            account: 40_000_000,
        }
    }
}

/// What a transaction locks and costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Accounts that it writes, each once.
    pub writes: Vec<Account>,
    /// As [`cost`] says.
    pub cost: u64,
}

/// What a transaction counts for, in compute units.
pub fn cost(signatures: u64, writes: u64, data_bytes: u64, units: u64, loaded_bytes: u64) -> u64 {
    SIGNATURE
        .saturating_mul(signatures)
        .saturating_add(WRITE_LOCK.saturating_mul(writes))
        .saturating_add(data_bytes / DATA_BYTES)
        .saturating_add(units)
        .saturating_add(LOADED_PAGE.saturating_mul(loaded_bytes.div_ceil(LOADED_PAGE_BYTES)))
}

/// A block, and what it has taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub transactions: u64,
    pub cost: u64,
    /// What the account has that is written most, and which that is.
    pub busiest: (u64, Account),
}

/// Transactions that no block takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a transaction counts for {0} compute units, more than a block takes for one account")]
pub struct TooLarge(pub u64);

/// Fills blocks until all is done. Each queue is taken in its sequence, all queues in turn; where the next of a queue does not fit,
/// the rest of it waits for the next block.
///
/// # Errors
/// [`TooLarge`].
pub fn fill(queues: &[Vec<Work>], limits: BlockLimits) -> Result<Vec<Block>, TooLarge> {
    let mut next = vec![0; queues.len()];
    let mut blocks = vec![];
    loop {
        let mut block = Block::default();
        let mut written: BTreeMap<Account, u64> = BTreeMap::new();
        for (queue, next) in queues.iter().zip(&mut next) {
            while let Some(work) = queue.get(*next) {
                if work.cost > limits.account.min(limits.block) {
                    return Err(TooLarge(work.cost));
                }
                let of = |account: &Account| written.get(account).copied().unwrap_or(0);
                let fits = |account: &Account| of(account) + work.cost <= limits.account;
                if block.cost + work.cost > limits.block || !work.writes.iter().all(fits) {
                    break;
                }
                block.cost += work.cost;
                block.transactions += 1;
                for account in &work.writes {
                    *written.entry(*account).or_default() += work.cost;
                }
                *next += 1;
            }
        }
        if block.transactions == 0 {
            return Ok(blocks);
        }
        let costs = written.iter().map(|(account, cost)| (*cost, *account));
        block.busiest = costs.max().unwrap_or_default();
        blocks.push(block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: BlockLimits = BlockLimits {
        block: 100,
        account: 40,
    };

    fn work(writes: &[Account], cost: u64) -> Work {
        Work {
            writes: writes.to_vec(),
            cost,
        }
    }

    fn costs(queues: &[Vec<Work>]) -> Vec<u64> {
        let blocks = fill(queues, LIMITS).expect("each fits");
        blocks.into_iter().map(|block| block.cost).collect()
    }

    #[test]
    fn given_queues_that_share_nothing_when_blocks_are_filled_then_they_are_full() {
        let queues: Vec<Vec<Work>> = (0..10).map(|queue| vec![work(&[queue], 30)]).collect();
        assert_eq!(costs(&queues), [90, 90, 90, 30]);
    }

    #[test]
    fn given_one_account_that_all_write_when_blocks_are_filled_then_it_is_what_limits() {
        let queues: Vec<Vec<Work>> = (0..4).map(|queue| vec![work(&[queue, 99], 20)]).collect();
        assert_eq!(costs(&queues), [40, 40]);
        let blocks = fill(&queues, LIMITS).expect("each fits");
        assert_eq!(blocks[0].busiest, (40, 99));
    }

    #[test]
    fn given_a_queue_whose_next_does_not_fit_when_blocks_are_filled_then_its_rest_keeps_its_place()
    {
        let queues = [
            vec![work(&[1], 30), work(&[1], 30), work(&[2], 5)],
            vec![work(&[3], 10)],
        ];
        let blocks = fill(&queues, LIMITS).expect("each fits");
        let shown: Vec<(u64, u64)> = blocks
            .iter()
            .map(|block| (block.transactions, block.cost))
            .collect();
        assert_eq!(shown, [(2, 40), (2, 35)]);
    }

    #[test]
    fn given_a_transaction_that_no_block_takes_when_blocks_are_filled_then_that_is_said() {
        assert_eq!(fill(&[vec![work(&[1], 41)]], LIMITS), Err(TooLarge(41)));
        assert_eq!(fill(&[], LIMITS), Ok(vec![]));
        assert_eq!(fill(&[vec![]], LIMITS), Ok(vec![]));
    }

    #[test]
    fn a_cost_is_what_signatures_locks_data_units_and_loaded_data_count_for() {
        // 720 + 5 × 300 + 100 / 4 + 14,000 + 2 × 8.
        assert_eq!(cost(1, 5, 100, 14_000, 32 * 1024 + 1), 16_261);
        assert_eq!(cost(u64::MAX, 0, 0, 1, 0), u64::MAX);
    }
}
