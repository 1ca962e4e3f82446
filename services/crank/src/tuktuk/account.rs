//! What TukTuk's accounts hold. They are read from strangers' bytes: what is no account of that kind gives `None`.

use borsh::{BorshDeserialize, BorshSerialize};
use solana_address::Address;

use super::{discriminator, CompiledTransaction};

/// What holds for all queues.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Config {
    pub min_queue: u32,
    /// Number of the queue that is created next.
    pub next_queue: u32,
    pub authority: Address,
    /// What a queue is created with, lamports; comes back when it is closed.
    pub min_deposit: u64,
    pub bump: u8,
}

/// Which queue has a name.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QueueName {
    pub queue: Address,
    pub name: String,
    pub bump: u8,
}

impl QueueName {
    pub fn from_bytes(data: &[u8]) -> Option<QueueName> {
        decode("TaskQueueNameMappingV0", data)
    }
}

/// Tasks that wait, and what holds for them.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Queue {
    pub config: Address,
    pub number: u32,
    /// Says who may add tasks.
    pub update_authority: Address,
    pub reserved: Address,
    /// The least that a task offers, lamports.
    pub min_reward: u64,
    pub uncollected_fees: u64,
    /// Tasks that it has room for.
    pub capacity: u16,
    pub created_at: i64,
    pub updated_at: i64,
    pub bump: u8,
    /// A bit for each task that is there.
    pub taken: Vec<u8>,
    pub name: String,
    pub lookup_tables: Vec<Address>,
    pub authorities: u16,
    /// Seconds after its time from which on a task is only thrown away, and its reward paid for that.
    pub stale_after: u32,
}

/// When a task may be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub enum Trigger {
    Now,
    /// Unix seconds.
    At(i64),
}

/// Where a task's transaction comes from.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Source {
    Compiled(CompiledTransaction),
    Remote { url: String, signer: Address },
}

/// A task that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub queue: Address,
    pub id: u16,
    pub trigger: Trigger,
    /// Lamports, for whoever runs it.
    pub reward: u64,
    /// Gets the rent back: whoever queued it.
    pub refund: Address,
    /// `None` if a server gives it when it is run.
    pub transaction: Option<CompiledTransaction>,
    pub description: String,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct StoredTask {
    queue: Address,
    rent: u64,
    reward: u64,
    id: u16,
    trigger: Trigger,
    refund: Address,
    source: Source,
    queued_at: i64,
    bump: u8,
    free_tasks: u8,
    description: String,
}

impl Config {
    pub fn from_bytes(data: &[u8]) -> Option<Config> {
        decode("TuktukConfigV0", data)
    }

    /// As the program stores it.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode("TuktukConfigV0", self)
    }
}

impl Queue {
    pub fn from_bytes(data: &[u8]) -> Option<Queue> {
        let queue: Queue = decode("TaskQueueV0", data)?;
        let bits = queue.taken.len().checked_mul(8)?;
        (usize::from(queue.capacity) <= bits).then_some(queue)
    }

    /// As the program stores it.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode("TaskQueueV0", self)
    }

    pub fn is_taken(&self, id: u16) -> bool {
        let byte = self.taken.get(usize::from(id / 8)).copied();
        byte.unwrap_or(u8::MAX) >> (id % 8) & 1 == 1
    }

    /// Numbers of the tasks that are there.
    pub fn taken_ids(&self) -> Vec<u16> {
        let ids = 0..self.capacity;
        ids.filter(|id| self.is_taken(*id)).collect()
    }

    /// Numbers that are free, from `first` on and then from the beginning: who begins elsewhere gets in nobody's way.
    pub fn free_ids(&self, first: u16) -> Vec<u16> {
        let first = first.checked_rem(self.capacity).unwrap_or(0);
        let ids = (first..self.capacity).chain(0..first);
        ids.filter(|id| !self.is_taken(*id)).collect()
    }
}

impl Task {
    pub fn from_bytes(data: &[u8]) -> Option<Task> {
        let stored: StoredTask = decode("TaskV0", data)?;
        let transaction = match stored.source {
            Source::Compiled(transaction) => Some(transaction),
            Source::Remote { .. } => None,
        };
        Some(Task {
            queue: stored.queue,
            id: stored.id,
            trigger: stored.trigger,
            reward: stored.reward,
            refund: stored.refund,
            transaction,
            description: stored.description,
        })
    }

    /// As the program stores it, but for what it knows alone: rent and the time of queueing, which are 0 here.
    pub fn to_bytes(&self) -> Vec<u8> {
        let source = match &self.transaction {
            Some(transaction) => Source::Compiled(transaction.clone()),
            None => Source::Remote {
                url: String::new(),
                signer: Address::default(),
            },
        };
        encode(
            "TaskV0",
            &StoredTask {
                queue: self.queue,
                rent: 0,
                reward: self.reward,
                id: self.id,
                trigger: self.trigger,
                refund: self.refund,
                source,
                queued_at: 0,
                bump: 0,
                free_tasks: 0,
                description: self.description.clone(),
            },
        )
    }
}

fn encode(name: &str, account: &impl BorshSerialize) -> Vec<u8> {
    let mut data = discriminator("account", name).to_vec();
    // Into memory there is nothing to fail.
    let _ = account.serialize(&mut data);
    data
}

/// Accounts have room behind what they hold.
fn decode<T: BorshDeserialize>(name: &str, data: &[u8]) -> Option<T> {
    let mut rest = data.strip_prefix(&discriminator("account", name)[..])?;
    T::deserialize(&mut rest).ok()
}
