//! What is to be queued: a market's steps ahead, as tasks of TukTuk.

use joulebook_client::{
    packing::MAX_LEN,
    steps::{steps_ahead, Ahead, MarketState, Occasion, StepAhead},
    Addresses,
};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    queueing::sent_len,
    tuktuk::{
        self, queue_task, run_task, CompileError, CompiledTransaction, NewTask, Task, Trigger,
    },
};

/// Compute units that a task's steps may take by estimate. A transaction may take 1.4 million: the rest is for TukTuk, and for seats
/// that are opened meanwhile.
const MAX_UNITS: u32 = 1_150_000;
/// Tasks of one occasion come so many seconds after each other, where the later ones need what the earlier ones do.
const APART: i64 = 20;

/// Who queues tasks, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queuer {
    /// Pays rent and rewards, and gets the rent back.
    pub payer: Address,
    pub queue: Address,
    /// Lamports a task offers; the queue's least if `None`.
    pub reward: Option<u64>,
    /// The open seat that earns the keeper's reward of windows that tasks allocate.
    pub reward_seat: Option<u16>,
}

/// A task of a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedTask {
    /// When it may be run, unix seconds.
    pub due: i64,
    pub occasion: Occasion,
    pub steps: Vec<StepAhead>,
    pub new: NewTask,
}

/// Why a market can't be moved by tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Compile(#[from] CompileError),
    #[error("a single step of {0:?} does not fit into a task; run a keeper for this market")]
    TooLarge(Occasion),
}

/// The tasks whose time comes after `from` and until `until`, unix seconds, by the market as it is now. A task of a time that is
/// over is none of them: [`next_steps`](joulebook_client::steps::next_steps) finds what is due by now.
///
/// The same market gives the same tasks to whoever asks at whatever moment, as long as nothing of its terms, seats and meters
/// changes.
///
/// # Errors
/// [`PlanError`].
pub fn plan(
    state: &MarketState,
    addresses: &Addresses,
    queuer: Queuer,
    from: i64,
    until: i64,
) -> Result<Vec<PlannedTask>, PlanError> {
    let mut tasks = vec![];
    for ahead in steps_ahead(state, from, until) {
        tasks.extend(tasks_of(&ahead, addresses, queuer)?);
    }
    Ok(tasks)
}

/// One task, or as many as its steps need.
fn tasks_of(
    ahead: &Ahead,
    addresses: &Addresses,
    queuer: Queuer,
) -> Result<Vec<PlannedTask>, PlanError> {
    let mut tasks: Vec<PlannedTask> = vec![];
    let first: Vec<StepAhead> = ahead.first.into_iter().collect();
    let mut steps = first.clone();
    let task = |steps: &[StepAhead], number: usize| {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let due = ahead.due.saturating_add(number.saturating_mul(APART));
        planned(steps, due, ahead.occasion, addresses, queuer)
    };
    for step in &ahead.steps {
        let mut more = steps.clone();
        more.push(*step);
        let fits = fits(&task(&more, tasks.len())?, queuer);
        if fits {
            steps = more;
            continue;
        }
        if steps.len() == first.len() {
            return Err(PlanError::TooLarge(ahead.occasion));
        }
        tasks.push(task(&steps, tasks.len())?);
        steps = first.clone();
        steps.push(*step);
    }
    if !steps.is_empty() {
        tasks.push(task(&steps, tasks.len())?);
    }
    Ok(tasks)
}

fn planned(
    steps: &[StepAhead],
    due: i64,
    occasion: Occasion,
    addresses: &Addresses,
    queuer: Queuer,
) -> Result<PlannedTask, PlanError> {
    let instructions: Vec<Instruction> = steps
        .iter()
        .map(|ahead| ahead.step.instruction(addresses, queuer.reward_seat))
        .collect();
    Ok(PlannedTask {
        due,
        occasion,
        steps: steps.to_vec(),
        new: NewTask {
            trigger: Trigger::At(due),
            transaction: CompiledTransaction::of(&instructions)?,
            reward: queuer.reward,
            description: name(occasion).to_owned(),
        },
    })
}

/// Whether it can be queued, and run by whoever has another wallet, in a transaction of its own each.
fn fits(task: &PlannedTask, queuer: Queuer) -> bool {
    let units = task.steps.iter().map(|step| step.units);
    if units.fold(0, u32::saturating_add) > MAX_UNITS {
        return false;
    }
    let queue = queue_task(queuer.payer, queuer.queue, u16::MAX, &task.new);
    let queued = sent_len(&queuer.payer, vec![queue]);
    // Any address stands for whoever runs it.
    let turner = tuktuk::config();
    let run = run_task(turner, &waiting(&task.new, queuer, u16::MAX));
    let run = run.map_or(usize::MAX, |run| sent_len(&turner, vec![run]));
    queued.max(run) <= MAX_LEN
}

/// The task as it waits in the queue.
pub fn waiting(new: &NewTask, queuer: Queuer, id: u16) -> Task {
    Task {
        queue: queuer.queue,
        id,
        trigger: new.trigger,
        reward: new.reward.unwrap_or(0),
        refund: queuer.payer,
        transaction: Some(new.transaction.clone()),
        description: new.description.clone(),
    }
}

/// For people.
pub fn name(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::OpenPage { .. } => "open page",
        Occasion::OpenWindow { .. } => "open window",
        Occasion::EndAuction { .. } => "clear window",
        Occasion::Settle { .. } => "settle page",
        Occasion::FinishPage { .. } => "finish page",
    }
}
