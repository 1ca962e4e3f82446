//! What a plan costs.

use std::collections::BTreeMap;

use joulebook_cluster::LAMPORTS_PER_SIGNATURE;

use crate::{plan::PlannedTask, queueing::QueueBatch};

/// Of queueing tasks, lamports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    pub tasks: usize,
    /// That queue them.
    pub transactions: usize,
    /// For whoever runs the tasks.
    pub rewards: u64,
    /// Of the transactions that queue them, without priority fees.
    pub fees: u64,
    /// Locked until each task is run or taken out.
    pub rent: u64,
}

impl Cost {
    /// `rents` says what accounts of so many bytes must hold; `least` is the queue's least reward.
    pub fn of(batches: &[QueueBatch], rents: &BTreeMap<usize, u64>, least: u64) -> Cost {
        let tasks = || batches.iter().flat_map(|batch| &batch.tasks);
        let rent = |task: &PlannedTask| rents.get(&task.new.account_len()).copied();
        Cost {
            tasks: tasks().count(),
            transactions: batches.len(),
            rewards: sum(tasks().map(|task| task.new.reward.unwrap_or(least))),
            fees: LAMPORTS_PER_SIGNATURE.saturating_mul(batches.len() as u64),
            rent: sum(tasks().map(|task| rent(task).unwrap_or(0))),
        }
    }

    /// Of both.
    pub fn and(self, other: Cost) -> Cost {
        Cost {
            tasks: self.tasks.saturating_add(other.tasks),
            transactions: self.transactions.saturating_add(other.transactions),
            rewards: self.rewards.saturating_add(other.rewards),
            fees: self.fees.saturating_add(other.fees),
            rent: self.rent.saturating_add(other.rent),
        }
    }

    /// What of it is done, if `rest` is left.
    pub fn less(self, rest: Cost) -> Cost {
        Cost {
            tasks: self.tasks.saturating_sub(rest.tasks),
            transactions: self.transactions.saturating_sub(rest.transactions),
            rewards: self.rewards.saturating_sub(rest.rewards),
            fees: self.fees.saturating_sub(rest.fees),
            rent: self.rent.saturating_sub(rest.rent),
        }
    }

    /// What is gone for good.
    pub fn spent(&self) -> u64 {
        self.rewards.saturating_add(self.fees)
    }

    /// What a wallet must have.
    pub fn needed(&self) -> u64 {
        self.spent().saturating_add(self.rent)
    }
}

fn sum(lamports: impl Iterator<Item = u64>) -> u64 {
    lamports.fold(0, u64::saturating_add)
}
