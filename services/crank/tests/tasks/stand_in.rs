//! A stand-in for TukTuk: it takes the instructions that queue tasks and take them out, and runs a task's instructions as the program
//! does: all or none of them, with nobody's signature, and once stale not at all.

use std::collections::BTreeMap;

use borsh::BorshDeserialize;
use joulebook_crank::{
    plan::Queuer,
    tuktuk::{
        config, Queue, QueueTaskArguments, Source, Task, Trigger, MAX_DESCRIPTION, QUEUE_TASK,
        TUKTUK_ID,
    },
};
use joulebook_sim::{Failure, LocalCommunity};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

pub const QUEUE: Address = Address::new_from_array([9; 32]);
pub const PAYER: Address = Address::new_from_array([8; 32]);
pub const REWARD: u64 = 10_000;

/// A queue, and the tasks in it.
pub struct StandIn {
    pub queue: Queue,
    pub tasks: BTreeMap<u16, Task>,
    /// Lamports paid to those who ran tasks.
    pub paid: u64,
    /// Tasks that were run, with what they did or without.
    pub run: Vec<Task>,
    /// Tasks that were thrown away.
    pub stale: usize,
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ran {
    Done,
    /// It waits on.
    Failed(Failure),
    ThrownAway,
}

pub fn queuer() -> Queuer {
    Queuer {
        payer: PAYER,
        queue: QUEUE,
        reward: None,
        reward_seat: None,
    }
}

impl StandIn {
    pub fn new(capacity: u16, stale_after: u32) -> StandIn {
        StandIn {
            queue: Queue {
                config: config(),
                number: 0,
                update_authority: PAYER,
                reserved: Address::default(),
                min_reward: REWARD,
                uncollected_fees: 0,
                capacity,
                created_at: 0,
                updated_at: 0,
                bump: 255,
                taken: vec![0; usize::from(capacity).div_ceil(8)],
                name: "stand-in".into(),
                lookup_tables: vec![],
                authorities: 1,
                stale_after,
            },
            tasks: BTreeMap::new(),
            paid: 0,
            run: vec![],
            stale: 0,
        }
    }

    /// Takes an instruction as the program does.
    pub fn take(&mut self, instruction: &Instruction) {
        assert_eq!(instruction.program_id, TUKTUK_ID);
        match instruction.data.strip_prefix(&QUEUE_TASK[..]) {
            Some(arguments) => self.queue_task(arguments, &instruction.accounts),
            None => self.dequeue(&instruction.accounts),
        }
    }

    fn queue_task(&mut self, arguments: &[u8], accounts: &[AccountMeta]) {
        let arguments = QueueTaskArguments::try_from_slice(arguments).expect("arguments");
        let Source::Compiled(mut transaction) = arguments.source else {
            panic!("a compiled transaction was expected");
        };
        let named = accounts[6..].iter().map(|meta| meta.pubkey);
        transaction.accounts.extend(named);
        assert!(arguments.id < self.queue.capacity);
        assert!(!self.queue.is_taken(arguments.id), "the number is free");
        assert!(arguments.description.len() <= MAX_DESCRIPTION);
        let reward = arguments.reward.unwrap_or(self.queue.min_reward);
        assert!(reward >= self.queue.min_reward);
        self.set_taken(arguments.id, true);
        let task = Task {
            queue: accounts[3].pubkey,
            id: arguments.id,
            trigger: arguments.trigger,
            reward,
            refund: accounts[0].pubkey,
            transaction: Some(transaction),
            description: arguments.description,
        };
        self.tasks.insert(arguments.id, task);
    }

    fn dequeue(&mut self, accounts: &[AccountMeta]) {
        let address = accounts[4].pubkey;
        let id = self.tasks.keys().copied();
        let mut ids = id.filter(|id| joulebook_crank::tuktuk::task(&QUEUE, *id) == address);
        let id = ids.next().expect("a task that waits");
        self.tasks.remove(&id);
        self.set_taken(id, false);
    }

    fn set_taken(&mut self, id: u16, is_taken: bool) {
        let byte = &mut self.queue.taken[usize::from(id / 8)];
        match is_taken {
            true => *byte |= 1 << (id % 8),
            false => *byte &= !(1 << (id % 8)),
        }
    }

    /// All that wait.
    pub fn waiting(&self) -> Vec<Task> {
        self.tasks.values().cloned().collect()
    }

    /// Numbers of those whose time has come, in the sequence of their times.
    pub fn due(&self, now: i64) -> Vec<u16> {
        let mut due: Vec<&Task> = self.tasks.values().filter(|task| at(task) <= now).collect();
        due.sort_by_key(|task| (at(task), task.id));
        due.into_iter().map(|task| task.id).collect()
    }

    /// Runs a task.
    pub fn run(&mut self, community: &mut LocalCommunity, id: u16) -> Ran {
        let task = self.tasks[&id].clone();
        let now = community.chain.now();
        assert!(at(&task) <= now, "its time has come");
        let is_stale = now - at(&task) > i64::from(self.queue.stale_after);
        if !is_stale {
            if let Err(failure) = community.send_with_full_budget(&instructions(&task)) {
                return Ran::Failed(failure);
            }
        }
        self.tasks.remove(&id);
        self.set_taken(id, false);
        self.paid += task.reward;
        self.run.push(task);
        match is_stale {
            true => {
                self.stale += 1;
                Ran::ThrownAway
            }
            false => Ran::Done,
        }
    }

    /// Runs all whose time has come, in the sequence of their times; those that failed.
    pub fn run_due(&mut self, community: &mut LocalCommunity) -> Vec<(Task, Failure)> {
        let due = self.due(community.chain.now());
        let mut failed = vec![];
        for id in due {
            let task = self.tasks[&id].clone();
            if let Ran::Failed(failure) = self.run(community, id) {
                failed.push((task, failure));
            }
        }
        failed
    }
}

/// When it may be run.
pub fn at(task: &Task) -> i64 {
    match task.trigger {
        Trigger::Now => i64::MIN,
        Trigger::At(at) => at,
    }
}

/// What running it calls.
pub fn instructions(task: &Task) -> Vec<Instruction> {
    let transaction = task.transaction.as_ref().expect("compiled");
    let metas = transaction.metas();
    let compiled = transaction.instructions.iter();
    compiled
        .map(|one| Instruction {
            program_id: metas[usize::from(one.program)].pubkey,
            accounts: one
                .accounts
                .iter()
                .map(|place| metas[usize::from(*place)].clone())
                .collect(),
            data: one.data.clone(),
        })
        .collect()
}
