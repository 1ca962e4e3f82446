//! `joulebook crank`: a market's steps, queued ahead for whoever runs them.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::anyhow;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use joulebook_crank::{
    cost::Cost,
    crank::{create_queue, CrankError, Survey},
    plan::{name, PlannedTask},
    queueing::of_market,
    tuktuk::{NewQueue, Task, Trigger},
    Configuration, Crank,
};
use joulebook_daemon::{config, logs};
use joulebook_sim::in_sol;
use solana_address::Address;

use super::whole_number::whole_number;
use crate::{asynchronous, command_error::CommandError, output, text_table::TextTable};

const PREFIX: &str = "JOULEBOOK_CRANK_";
const SECONDS_PER_HOUR: u32 = 3_600;

/// Have a market moved by others: queue its steps ahead with TukTuk, a permissionless crank.
///
/// What the next windows need, opening, standing orders, clearing, settling, is written down as tasks, and whoever runs TukTuk's
/// crank takes them when their time comes, for a reward. No process of yours has to be there; queue again before they are over,
/// say once a day. Anyone may, and a keeper beside it does no harm.
#[derive(Debug, Args)]
#[command(
    after_help = "services/crank/crank.toml has an example of FILE, docs/crank.md the rest.

Example:
  joulebook crank plan --config crank.toml"
)]
pub struct CrankArgs {
    #[command(subcommand)]
    action: Action,
    /// What it needs: a key, a market, a queue, RPC endpoints
    #[arg(long, value_name = "FILE", global = true, default_value = "crank.toml")]
    config: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show what would be queued and what it costs, and change nothing
    #[command(after_help = "Example:
  joulebook crank plan --each --config crank.toml")]
    Plan {
        /// One line for each task
        #[arg(long)]
        each: bool,
    },
    /// Queue what is missing of the plan; again, it does nothing, or the rest
    #[command(after_help = "Example:
  joulebook crank queue --config crank.toml")]
    Queue,
    /// Show which tasks of the market wait
    #[command(after_help = "Example:
  joulebook crank status --config crank.toml")]
    Status,
    /// Take tasks out that were not run: rent and rewards come back
    #[command(after_help = "Example:
  joulebook crank close --late --config crank.toml")]
    Close {
        /// Only those whose time has come already
        #[arg(long)]
        late: bool,
        /// The queue too, which must be yours and empty: its deposit comes back
        #[arg(long, conflicts_with = "late")]
        queue: bool,
    },
    /// Create a queue of your own, for a deposit that comes back
    Create(CreateArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook crank create --name sonnenhof --config crank.toml")]
struct CreateArgs {
    /// Name of the queue, up to 32 bytes, which no other has
    #[arg(long)]
    name: String,
    /// Tasks that it has room for
    #[arg(long, default_value_t = 1_000, value_parser = whole_number::<u16>(1..=65_535))]
    capacity: u16,
    /// Lamports that a task offers at least
    #[arg(long, default_value_t = 10_000, value_parser = whole_number::<u64>(0..=1_000_000_000))]
    least_reward: u64,
    /// How long a task can be run late; from then on it is thrown away
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = whole_number::<u32>(1..=8_760))]
    stale_hours: u32,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &CrankArgs) -> Result<(), CommandError> {
    let configuration: Configuration =
        config::read(&args.config, PREFIX).map_err(CommandError::input)?;
    logs::start(&configuration.log)
        .map_err(|error| CommandError::Input(anyhow::Error::msg(error)))?;
    configuration.check().map_err(CommandError::input)?;
    asynchronous::run(act(&args.action, configuration))
}

async fn act(action: &Action, configuration: Configuration) -> Result<(), CommandError> {
    if let Action::Create(create) = action {
        return create_one(create, &configuration).await;
    }
    let crank = Crank::open(configuration).await.map_err(told)?;
    match action {
        Action::Plan { each } => show_plan(&crank.survey().await.map_err(told)?, *each),
        Action::Queue => {
            let queued = crank.queue().await.map_err(told)?;
            let Cost { tasks, .. } = queued.cost;
            output::line(&format!(
                "{} steps were due and are taken, {} tasks were outdated and are taken out,\n{tasks} tasks are queued.",
                queued.steps, queued.outdated
            ))?;
            match tasks {
                0 => Ok(()),
                _ => output::line(&cost_lines(&queued.cost)),
            }
        }
        Action::Status => show_status(&crank, &crank.survey().await.map_err(told)?),
        Action::Close { late, queue } => {
            let closed = crank.close(*late).await.map_err(told)?;
            output::line(&format!("{closed} tasks are taken out."))?;
            if *queue {
                crank.close_queue().await.map_err(told)?;
                output::line("The queue is closed.")?;
            }
            Ok(())
        }
        Action::Create(_) => Ok(()),
    }
}

async fn create_one(
    create: &CreateArgs,
    configuration: &Configuration,
) -> Result<(), CommandError> {
    if create.name.is_empty() || create.name.len() > 32 {
        return Err(CommandError::Input(anyhow!(
            "--name: 1 to 32 bytes are possible"
        )));
    }
    let new = NewQueue {
        min_reward: create.least_reward,
        name: create.name.clone(),
        capacity: create.capacity,
        lookup_tables: vec![],
        stale_after: create.stale_hours.saturating_mul(SECONDS_PER_HOUR),
    };
    let created = create_queue(configuration, &new).await.map_err(told)?;
    let what = match created.was_there {
        true => "was there already",
        false => "is created",
    };
    output::line(&format!(
        "The queue {} {what}; its deposit is {} SOL.\nName it in the configuration:\n  queue = \"{}\"",
        create.name,
        in_sol(created.deposit),
        created.address
    ))
}

fn told(error: CrankError) -> CommandError {
    match error {
        CrankError::Configuration(_)
        | CrankError::Key(_)
        | CrankError::NoQueue(_)
        | CrankError::RewardTooSmall { .. } => CommandError::input(error),
        other => CommandError::Run(other.into()),
    }
}

fn show_plan(survey: &Survey, each: bool) -> Result<(), CommandError> {
    let missing = &survey.comparison.missing;
    if each {
        for task in missing {
            output::line(&format!(
                "{}  {:<12}  {:>2} steps  {:>5} bytes",
                time(task.due),
                name(task.occasion),
                task.steps.len(),
                task.new.account_len()
            ))?;
        }
    }
    output::line(&kinds(missing).to_string())?;
    output::line(&format!(
        "\nuntil {}: {} tasks to be queued, {} wait already, {} outdated\nsteps due now: {}",
        time(survey.until),
        missing.len(),
        survey.comparison.queued,
        survey.comparison.outdated.len(),
        survey.due
    ))?;
    output::line(&cost_lines(&survey.cost))
}

/// How many tasks of each kind, and how large.
fn kinds(tasks: &[PlannedTask]) -> TextTable {
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for task in tasks {
        let (count, largest) = kinds.entry(name(task.occasion)).or_default();
        *count += 1;
        *largest = (*largest).max(task.new.account_len());
    }
    let mut table = TextTable::new(["task", "number", "bytes at most"]);
    for (kind, (count, largest)) in kinds {
        table.row([kind.to_owned(), count.to_string(), largest.to_string()]);
    }
    table
}

fn cost_lines(cost: &Cost) -> String {
    format!(
        "rewards  {:>12} lamports\nfees     {:>12} lamports, {} transactions\nrent     {:>12} lamports, until each task is run",
        cost.rewards, cost.fees, cost.transactions, cost.rent
    )
}

fn show_status(crank: &Crank, survey: &Survey) -> Result<(), CommandError> {
    let queue = &survey.queue;
    let now = survey.now.unix_timestamp;
    output::line(&format!(
        "queue {}: {} of {} tasks, {} lamports each at least,\nthrown away {} hours after their time",
        queue.name,
        queue.taken_ids().len(),
        queue.capacity,
        queue.min_reward,
        queue.stale_after / SECONDS_PER_HOUR
    ))?;
    let tasks: Vec<&Task> = of_market(&survey.tasks, crank.addresses(), None).collect();
    let payers: std::collections::BTreeSet<Address> =
        tasks.iter().map(|task| task.refund).collect();
    let late = tasks.iter().filter(|task| at(task) <= now).count();
    output::line(&format!(
        "{} tasks of this market wait, of {} wallets; {late} of them late",
        tasks.len(),
        payers.len()
    ))?;
    let next = tasks.iter().map(|task| at(task)).filter(|at| *at > now);
    if let (Some(first), Some(last)) = (next.clone().min(), next.max()) {
        output::line(&format!("next {}, last {}", time(first), time(last)))?;
    }
    let missing = survey.comparison.missing.len();
    output::line(&format!(
        "{missing} are missing of the plan until {}, {} steps are due now",
        time(survey.until),
        survey.due
    ))
}

fn at(task: &Task) -> i64 {
    match task.trigger {
        Trigger::Now => i64::MIN,
        Trigger::At(at) => at,
    }
}

fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
