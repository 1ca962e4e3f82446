//! Reads market and queue, and sends what a plan lacks.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::market::SeatStatus,
    ring,
    steps::{next_steps, pack as pack_steps, MarketState},
    Addresses,
};
use joulebook_cluster::{ChainTime, Cluster, ClusterError, MarketError, Outgoing, SendError};
use joulebook_daemon::key::KeyError;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tracing::{info, warn};

use crate::{
    configuration::ConfigurationError,
    cost::Cost,
    plan::{plan, PlanError, PlannedTask, Queuer},
    queueing::{compare, of_market, pack, pack_dequeues, Comparison, QueueBatch},
    tuktuk::{self, NewQueue, Queue, QueueName, Task, Trigger, TUKTUK_ID},
    Configuration,
};

/// How often what is due is looked for before tasks are queued, and how often a transaction is made anew that lost its numbers to
/// somebody else.
const ROUNDS: usize = 8;

/// Why tasks can't be queued.
#[derive(Debug, thiserror::Error)]
pub enum CrankError {
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Market(#[from] MarketError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error("sending: {0}")]
    Send(#[from] SendError),
    #[error("there is no TukTuk on this cluster; check the RPC addresses")]
    NoTuktuk,
    #[error("{0} is no queue of TukTuk; check the address, or create one: joulebook crank create")]
    NoQueue(Address),
    #[error("{payer} may not add tasks to the queue {queue}; ask {governor}, who governs it, or create one of your own")]
    NotAuthority {
        payer: Address,
        queue: Address,
        governor: Address,
    },
    #[error("the queue has room for {free} tasks, and {missing} are to be queued; plan fewer windows, or take another queue")]
    QueueFull { free: usize, missing: usize },
    #[error("queueing takes {needed} lamports, of which {rent} come back, and {payer} has {has}; send it some, or plan fewer windows")]
    Poor {
        payer: Address,
        has: u64,
        needed: u64,
        rent: u64,
    },
    #[error(
        "tasks offer {reward} lamports, and the queue asks for {least} at least; set task-reward"
    )]
    RewardTooSmall { reward: u64, least: u64 },
    #[error("the queue was changed by others again and again; try again")]
    Raced,
}

/// A market and the queue of its tasks.
pub struct Crank {
    cluster: Cluster,
    key: Keypair,
    addresses: Addresses,
    queue: Address,
    configuration: Configuration,
}

/// What was found, and what is to be done.
#[derive(Clone, Debug)]
pub struct Survey {
    pub now: ChainTime,
    pub queue: Queue,
    /// All that wait in the queue.
    pub tasks: Vec<Task>,
    pub comparison: Comparison,
    /// Transactions that queue what is missing.
    pub batches: Vec<QueueBatch>,
    /// Of these.
    pub cost: Cost,
    /// Lamports that the wallet has.
    pub balance: u64,
    /// Steps that are due already, and in no task.
    pub due: usize,
    /// Unix seconds: until when it is planned.
    pub until: i64,
    is_authority: bool,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// Steps that were due, and taken.
    pub steps: usize,
    /// Tasks that were taken out because they are in the plan no more.
    pub outdated: usize,
    /// Tasks queued.
    pub cost: Cost,
}

impl Crank {
    /// # Errors
    /// [`CrankError`], if the configuration can't be used or the market is none.
    pub async fn open(configuration: Configuration) -> Result<Crank, CrankError> {
        let market = configuration.market()?;
        let queue = configuration.queue()?;
        let key = configuration.key.read()?;
        let cluster = Cluster::new(configuration.cluster.clone())?;
        let addresses = cluster.market(market).await?;
        Ok(Crank {
            cluster,
            key,
            addresses,
            queue,
            configuration,
        })
    }

    /// Those of the market.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Looks at market and queue, and plans; changes nothing.
    ///
    /// # Errors
    /// [`CrankError`].
    pub async fn survey(&self) -> Result<Survey, CrankError> {
        let payer = self.key.pubkey();
        let (state, now) = self.state().await?;
        let (queue, tasks) = self.read_queue().await?;
        let length = i64::from(self.addresses.window_seconds);
        let from = now.unix_timestamp;
        // Who asks twice in one window gets the same answer.
        let ahead = length.saturating_mul(self.configuration.windows.into());
        let until = ring::start(from, length)
            .unwrap_or(from)
            .saturating_add(ahead);
        let queuer = self.queuer(&state);
        let planned = plan(&state, &self.addresses, queuer, from, until)?;
        let comparison = compare(planned, &tasks, &self.addresses, payer, (from, until));
        let batches = pack(&queue, queuer, &comparison.missing);
        let rents = self.rents(&comparison.missing).await?;
        let authority = tuktuk::queue_authority(&self.queue, &payer);
        let authority = self.cluster.account(authority).await?;
        Ok(Survey {
            now,
            cost: Cost::of(&batches, &rents, queue.min_reward),
            due: next_steps(&state, from).len(),
            balance: self.cluster.balance(payer).await?,
            is_authority: authority.is_some_and(|account| account.owner == TUKTUK_ID),
            queue,
            tasks,
            comparison,
            batches,
            until,
        })
    }

    /// Queues what is missing of the plan, and takes out what is in it no more; before that, does what is due, if it is to catch up.
    /// Called again, it does nothing, or the rest.
    ///
    /// # Errors
    /// [`CrankError`].
    pub async fn queue(&self) -> Result<Queued, CrankError> {
        let mut done = Queued::default();
        if self.configuration.catch_up {
            done.steps = self.catch_up().await?;
        }
        let mut because = CrankError::Raced;
        for _ in 0..ROUNDS {
            let survey = self.survey().await?;
            self.check(&survey)?;
            for batch in pack_dequeues(self.key.pubkey(), &survey.comparison.outdated) {
                self.send(&batch).await?;
                done.outdated += batch.len();
            }
            if survey.comparison.missing.is_empty() {
                return Ok(done);
            }
            let mut failed = None;
            for batch in &survey.batches {
                match self.send(&batch.instructions).await {
                    Ok(()) => {
                        info!(tasks = batch.tasks.len(), "queued");
                    }
                    // Somebody may have taken the numbers; the next look tells.
                    Err(CrankError::Send(error)) if error.error().is_some() => {
                        warn!(%error, "not queued");
                        failed = Some((batch, error));
                        break;
                    }
                    Err(error) => return Err(error),
                }
            }
            let now = self.survey().await?;
            done.cost = done.cost.and(survey.cost.less(now.cost));
            if now.comparison.missing.is_empty() {
                return Ok(done);
            }
            because = why(failed, &now.queue);
        }
        Err(because)
    }

    /// Takes the wallet's own tasks of this market out of the queue: all, or those alone whose time has come by now. Rent and rewards
    /// come back. How many.
    ///
    /// # Errors
    /// [`CrankError`].
    pub async fn close(&self, late_alone: bool) -> Result<usize, CrankError> {
        let payer = self.key.pubkey();
        let now = self.cluster.now().await?.unix_timestamp;
        let (queue, tasks) = self.read_queue().await?;
        let is_late = |task: &Task| match task.trigger {
            Trigger::Now => true,
            Trigger::At(at) => at <= now,
        };
        let own = of_market(&tasks, &self.addresses, Some(payer));
        let closed: Vec<Task> = own
            .filter(|task| !late_alone || is_late(task))
            .cloned()
            .collect();
        if closed.is_empty() {
            return Ok(0);
        }
        self.check_authority(&queue).await?;
        for batch in pack_dequeues(payer, &closed) {
            self.send(&batch).await?;
        }
        Ok(closed.len())
    }

    /// Closes the queue, which the wallet governs and nobody has tasks in: deposit and rent come back.
    ///
    /// # Errors
    /// [`CrankError`].
    pub async fn close_queue(&self) -> Result<(), CrankError> {
        let payer = self.key.pubkey();
        let (queue, _) = self.read_queue().await?;
        let authority = tuktuk::queue_authority(&self.queue, &payer);
        let mut instructions = vec![];
        if self.cluster.account(authority).await?.is_some() {
            instructions.push(tuktuk::remove_queue_authority(payer, self.queue, payer));
        }
        instructions.push(tuktuk::close_task_queue(payer, self.queue, &queue.name));
        self.send(&instructions).await
    }

    /// Whether all of it can be queued.
    fn check(&self, survey: &Survey) -> Result<(), CrankError> {
        let Survey { queue, cost, .. } = survey;
        let payer = self.key.pubkey();
        if !survey.is_authority {
            return Err(self.not_authority(queue));
        }
        let missing = survey.comparison.missing.len();
        if cost.tasks < missing {
            return Err(CrankError::QueueFull {
                free: cost.tasks,
                missing,
            });
        }
        if let Some(reward) = self.configuration.task_reward {
            let least = queue.min_reward;
            if reward < least {
                return Err(CrankError::RewardTooSmall { reward, least });
            }
        }
        if survey.balance < cost.needed() {
            return Err(CrankError::Poor {
                payer,
                has: survey.balance,
                needed: cost.needed(),
                rent: cost.rent,
            });
        }
        Ok(())
    }

    async fn check_authority(&self, queue: &Queue) -> Result<(), CrankError> {
        let authority = tuktuk::queue_authority(&self.queue, &self.key.pubkey());
        match self.cluster.account(authority).await? {
            Some(account) if account.owner == TUKTUK_ID => Ok(()),
            _ => Err(self.not_authority(queue)),
        }
    }

    fn not_authority(&self, queue: &Queue) -> CrankError {
        CrankError::NotAuthority {
            payer: self.key.pubkey(),
            queue: self.queue,
            governor: queue.update_authority,
        }
    }

    /// Does what is due, as a keeper does; how many steps. One that fails holds up none of the others.
    async fn catch_up(&self) -> Result<usize, CrankError> {
        let payer = self.key.pubkey();
        let mut taken = 0;
        for _ in 0..ROUNDS {
            let (state, now) = self.state().await?;
            let steps = next_steps(&state, now.unix_timestamp);
            let reward_seat = self.queuer(&state).reward_seat;
            let mut advanced = false;
            for batch in pack_steps(&state, &self.addresses, &payer, &steps, reward_seat) {
                match self.send(&batch.instructions).await {
                    Ok(()) => {
                        info!(steps = ?batch.steps, "caught up");
                        taken += batch.steps.len();
                        advanced = true;
                    }
                    Err(CrankError::Send(error)) if error.error().is_some() => {
                        warn!(steps = ?batch.steps, %error, "failed; a keeper tries them one by one");
                    }
                    Err(error) => return Err(error),
                }
            }
            if !advanced {
                break;
            }
        }
        Ok(taken)
    }

    fn queuer(&self, state: &MarketState) -> Queuer {
        let payer = self.key.pubkey();
        let seats = (0u16..).zip(&state.ledger.seats);
        let mut own = seats.filter(|(_, seat)| {
            seat.owner.0 == payer.to_bytes() && seat.status == SeatStatus::Open as u8
        });
        let seat = own.next().map(|(index, _)| index);
        Queuer {
            payer,
            queue: self.queue,
            reward: self.configuration.task_reward,
            reward_seat: seat.filter(|_| self.configuration.reward),
        }
    }

    async fn state(&self) -> Result<(MarketState, ChainTime), CrankError> {
        let read = self.cluster.market_accounts(&self.addresses).await?;
        let state = read.state(&self.addresses).map_err(MarketError::from)?;
        Ok((state, read.now))
    }

    async fn read_queue(&self) -> Result<(Queue, Vec<Task>), CrankError> {
        let account = self.cluster.account(self.queue).await?;
        let account = account.filter(|account| account.owner == TUKTUK_ID);
        let queue = account.and_then(|account| Queue::from_bytes(&account.data));
        let queue = queue.ok_or(CrankError::NoQueue(self.queue))?;
        let ids = queue.taken_ids();
        let addresses: Vec<Address> = ids
            .iter()
            .map(|id| tuktuk::task(&self.queue, *id))
            .collect();
        let read = self.cluster.accounts(&addresses).await?;
        let accounts = read.accounts.into_iter().flatten();
        let own = accounts.filter(|account| account.owner == TUKTUK_ID);
        // One that is run meanwhile is not there any more.
        let tasks = own.filter_map(|account| Task::from_bytes(&account.data));
        Ok((queue, tasks.collect()))
    }

    async fn rents(&self, tasks: &[PlannedTask]) -> Result<BTreeMap<usize, u64>, CrankError> {
        let mut rents = BTreeMap::new();
        for task in tasks {
            let len = task.new.account_len();
            if let std::collections::btree_map::Entry::Vacant(entry) = rents.entry(len) {
                entry.insert(self.cluster.rent(len).await?);
            }
        }
        Ok(rents)
    }

    async fn send(&self, instructions: &[Instruction]) -> Result<(), CrankError> {
        send(&self.cluster, &self.key, instructions).await
    }
}

/// Why tasks are missing still: somebody has taken the numbers of those that were refused, or what they were refused for.
fn why(failed: Option<(&QueueBatch, SendError)>, queue: &Queue) -> CrankError {
    match failed {
        Some((batch, error)) if !batch.is_taken(queue) => CrankError::Send(error),
        _ => CrankError::Raced,
    }
}

/// A queue of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedQueue {
    pub address: Address,
    /// Whether it was there already.
    pub was_there: bool,
    /// Lamports that come back when it is closed, beside its rent.
    pub deposit: u64,
}

/// Creates a queue, unless one with that name is there, and lets the configuration's key add tasks to it, unless it may.
///
/// # Errors
/// [`CrankError`].
pub async fn create_queue(
    configuration: &Configuration,
    new: &NewQueue,
) -> Result<CreatedQueue, CrankError> {
    let key = configuration.key.read()?;
    let cluster = Cluster::new(configuration.cluster.clone())?;
    let payer = key.pubkey();
    let named = cluster.account(tuktuk::queue_name(&new.name)).await?;
    let named = named.and_then(|account| QueueName::from_bytes(&account.data));
    let config = cluster.account(tuktuk::config()).await?;
    let config = config.and_then(|account| tuktuk::Config::from_bytes(&account.data));
    let config = config.ok_or(CrankError::NoTuktuk)?;
    let mut instructions = vec![];
    let address = match &named {
        Some(named) => named.queue,
        None => {
            let number = config.next_queue;
            instructions.push(tuktuk::initialize_task_queue(payer, number, new));
            tuktuk::queue_of(number)
        }
    };
    let authority = tuktuk::queue_authority(&address, &payer);
    if cluster.account(authority).await?.is_none() {
        instructions.push(tuktuk::add_queue_authority(payer, address, payer));
    }
    if !instructions.is_empty() {
        send(&cluster, &key, &instructions).await?;
    }
    Ok(CreatedQueue {
        address,
        was_there: named.is_some(),
        deposit: config.min_deposit,
    })
}

async fn send(
    cluster: &Cluster,
    key: &Keypair,
    instructions: &[Instruction],
) -> Result<(), CrankError> {
    let outgoing = Outgoing {
        instructions,
        payer: key,
        signers: &[],
    };
    let landed = cluster.send(outgoing).await?;
    info!(signature = %landed.signature, fee = landed.fee, "landed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_tasks_that_are_refused_when_nobody_took_their_numbers_then_the_refusal_is_told() {
        let batch = QueueBatch {
            tasks: vec![],
            ids: vec![3, 4],
            instructions: vec![],
        };
        let queue = |taken: u8| Queue {
            config: Address::default(),
            number: 0,
            update_authority: Address::default(),
            reserved: Address::default(),
            min_reward: 0,
            uncollected_fees: 0,
            capacity: 8,
            created_at: 0,
            updated_at: 0,
            bump: 0,
            taken: vec![taken],
            name: String::new(),
            lookup_tables: vec![],
            authorities: 1,
            stale_after: 0,
        };
        let refused = || Some((&batch, SendError::TooLarge(2_000)));
        let told = why(refused(), &queue(0b0000_0111));
        assert!(
            matches!(told, CrankError::Send(SendError::TooLarge(2_000))),
            "{told}"
        );
        let told = why(refused(), &queue(0b0001_0000));
        assert!(matches!(told, CrankError::Raced), "{told}");
        assert!(matches!(why(None, &queue(0)), CrankError::Raced));
    }
}
