//! What of a plan is queued already, and transactions that queue the rest.

use joulebook_client::{
    packing::{transaction_len, with_limits, MAX_LEN},
    Addresses,
};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    plan::{PlannedTask, Queuer},
    tuktuk::{dequeue_task, queue_task, Queue, Task, Trigger},
};

/// A plan, beside the tasks that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Planned tasks that nobody has queued.
    pub missing: Vec<PlannedTask>,
    /// How many of the plan wait, whoever queued them.
    pub queued: usize,
    /// Tasks of the same market and wallet, to be run in the time of the plan, that are in it no more: terms, seats or meters have
    /// changed, or they offer less than now.
    pub outdated: Vec<Task>,
}

/// The market's tasks among all that wait; of `payer` alone if one is named.
pub fn of_market<'a>(
    tasks: &'a [Task],
    addresses: &'a Addresses,
    payer: Option<Address>,
) -> impl Iterator<Item = &'a Task> {
    let is_of_market = move |task: &&Task| {
        let mut accounts = task.transaction.iter().flat_map(|one| &one.accounts);
        accounts.any(|account| *account == addresses.market || *account == addresses.ledger)
    };
    let is_payers = move |task: &&Task| payer.is_none_or(|payer| task.refund == payer);
    tasks.iter().filter(is_of_market).filter(is_payers)
}

/// Compares a plan for the time after `from` and until `until`, unix seconds, with the tasks that wait in the queue.
pub fn compare(
    plan: Vec<PlannedTask>,
    tasks: &[Task],
    addresses: &Addresses,
    payer: Address,
    (from, until): (i64, i64),
) -> Comparison {
    let of_market: Vec<&Task> = of_market(tasks, addresses, None).collect();
    let waits = |planned: &PlannedTask| of_market.iter().any(|task| planned.new.is(task));
    let is_planned = |task: &Task| plan.iter().any(|planned| planned.new.is(task));
    let is_in_time =
        |task: &Task| matches!(task.trigger, Trigger::At(at) if at > from && at <= until);
    let outdated = of_market
        .iter()
        .filter(|task| task.refund == payer && is_in_time(task) && !is_planned(task));
    let outdated = outdated.map(|task| (*task).clone()).collect();
    let (queued, missing): (Vec<_>, Vec<_>) = plan.iter().cloned().partition(waits);
    Comparison {
        missing,
        queued: queued.len(),
        outdated,
    }
}

/// Tasks that one transaction queues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueBatch {
    pub tasks: Vec<PlannedTask>,
    /// The tasks' numbers.
    pub ids: Vec<u16>,
    pub instructions: Vec<Instruction>,
}

/// Transactions that queue tasks under numbers that are free, as many in each as fit, in their sequence; those that there is no
/// number for are left out. Who pays decides which numbers are tried first.
pub fn pack(queue: &Queue, queuer: Queuer, tasks: &[PlannedTask]) -> Vec<QueueBatch> {
    let [first, second, ..] = queuer.payer.to_bytes();
    let ids = queue.free_ids(u16::from_le_bytes([first, second]));
    let numbered: Vec<((PlannedTask, u16), Instruction)> = ids
        .into_iter()
        .zip(tasks)
        .map(|(id, task)| {
            let instruction = queue_task(queuer.payer, queuer.queue, id, &task.new);
            ((task.clone(), id), instruction)
        })
        .collect();
    let batches = in_transactions(&queuer.payer, numbered);
    batches
        .into_iter()
        .map(|batch| {
            let (numbered, instructions): (Vec<_>, _) = batch.into_iter().unzip();
            let (tasks, ids) = numbered.into_iter().unzip();
            QueueBatch {
                tasks,
                ids,
                instructions,
            }
        })
        .collect()
}

impl QueueBatch {
    /// Whether somebody has taken one of its numbers.
    pub fn is_taken(&self, queue: &Queue) -> bool {
        self.ids.iter().any(|id| queue.is_taken(*id))
    }
}

/// Transactions that take tasks out of the queue, as many in each as fit.
pub fn pack_dequeues(authority: Address, tasks: &[Task]) -> Vec<Vec<Instruction>> {
    let all = tasks.iter().map(|task| ((), dequeue_task(authority, task)));
    let batches = in_transactions(&authority, all.collect());
    let only = |batch: Vec<((), Instruction)>| batch.into_iter().map(|(_, one)| one).collect();
    batches.into_iter().map(only).collect()
}

fn in_transactions<T>(payer: &Address, all: Vec<(T, Instruction)>) -> Vec<Vec<(T, Instruction)>> {
    let mut batches: Vec<Vec<(T, Instruction)>> = vec![];
    for one in all {
        let fits = |batch: &&mut Vec<(T, Instruction)>| {
            let with = batch.iter().map(|(_, instruction)| instruction);
            let with = with.chain([&one.1]).cloned().collect();
            sent_len(payer, with) <= MAX_LEN
        };
        match batches.last_mut().filter(fits) {
            Some(batch) => batch.push(one),
            None => batches.push(vec![one]),
        }
    }
    batches
}

/// Bytes of the transaction of these instructions, with those that ask for compute units and offer a price.
pub fn sent_len(payer: &Address, instructions: Vec<Instruction>) -> usize {
    let mut instructions = instructions.into_iter();
    let Some(first) = instructions.next() else {
        return 0;
    };
    let mut all = with_limits(first);
    all.extend(instructions);
    transaction_len(payer, &all)
}
