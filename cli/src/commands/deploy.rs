//! `joulebook deploy`: programs, a community and its market on a cluster.

use std::path::PathBuf;

use anyhow::{anyhow, Context};
use clap::Args;
use joulebook_daemon::config;
use joulebook_deployment::{
    features, programs::ProgramStatus, Configuration, Deployment, DeploymentError, FeatureStatus,
    Item, ProgramItem, Status,
};
use joulebook_sim::in_sol;
use solana_address::Address;

use crate::{asynchronous, command_error::CommandError, output, paragraph, text_table::TextTable};

const PREFIX: &str = "JOULEBOOK_DEPLOY_";

/// Bring programs, a community and its market to a cluster, as a configuration says.
///
/// Shows first what is there, what is missing and what rent it locks. What is there is compared, what is missing created, what was
/// begun gone on with: it can be interrupted at any moment and be run again. Programs that are on chain byte for byte are left
/// alone, others upgraded.
#[derive(Debug, Args)]
#[command(
    after_help = "migrations/community.toml is an example of FILE, with a comment on each key.

With a multisignature as authority of the programs, two steps:
  joulebook deploy FILE --hand-over VAULT     once; can't be taken back
  joulebook deploy FILE --buffer-for VAULT    each version, to be upgraded from
VAULT is the address that signs for it, not that of its account."
)]
pub struct DeployArgs {
    /// What is to be deployed, and where
    #[arg(value_name = "FILE")]
    configuration: PathBuf,
    /// Only show what would be done
    #[arg(long)]
    dry_run: bool,
    /// Only the programs
    #[arg(long)]
    programs_only: bool,
    /// Write programs that differ into buffers that belong to this address, and change nothing else
    #[arg(long, value_name = "ADDRESS", conflicts_with = "hand_over")]
    buffer_for: Option<Address>,
    /// Give the right to upgrade the programs to this address, and change nothing else
    #[arg(long, value_name = "ADDRESS")]
    hand_over: Option<Address>,
    /// Write what stands there then to this file: addresses, hashes
    #[arg(long, value_name = "FILE.json")]
    record: Option<PathBuf>,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &DeployArgs) -> Result<(), CommandError> {
    let configuration: Configuration =
        config::read(&args.configuration, PREFIX).map_err(CommandError::input)?;
    asynchronous::run(deploy(args, configuration))
}

async fn deploy(args: &DeployArgs, configuration: Configuration) -> Result<(), CommandError> {
    let deployment = Deployment::open(configuration).await.map_err(told)?;
    check_features(&deployment).await?;
    let programs = deployment.survey_programs().await.map_err(told)?;
    output::line(&programs_table(&programs))?;
    let announce = |what: &str| output::note(&format!("  {what}"));
    if let Some(authority) = args.buffer_for {
        return write_buffers(&deployment, authority, args.dry_run).await;
    }
    if let Some(authority) = args.hand_over {
        if args.dry_run {
            return output::line(&format!(
                "{authority} alone could upgrade the programs then, for ever."
            ));
        }
        deployment.hand_over(&authority).await.map_err(told)?;
        return output::line(&format!("{authority} alone can upgrade the programs now."));
    }
    let items = match args.programs_only {
        true => vec![],
        false => deployment.survey().await.map_err(told)?,
    };
    if !items.is_empty() {
        output::line(&items_table(&items))?;
    }
    output::line(&rent_line(&deployment, &programs, &items).await?)?;
    if args.dry_run {
        return Ok(());
    }
    deployment.bring_programs(announce).await.map_err(told)?;
    if !args.programs_only {
        deployment.found(announce).await.map_err(told)?;
        output::line("All of it is there, as configured.")?;
    }
    if let Some(path) = &args.record {
        let record = deployment.record().await.map_err(told)?;
        record
            .write(path)
            .with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn told(error: DeploymentError) -> CommandError {
    match error {
        DeploymentError::Key(_)
        | DeploymentError::Amount(_)
        | DeploymentError::NoAddress { .. }
        | DeploymentError::NoOperator(_)
        | DeploymentError::NoMint(_) => CommandError::input(error),
        other => CommandError::Run(other.into()),
    }
}

async fn check_features(deployment: &Deployment) -> Result<(), CommandError> {
    let features = features(&deployment.cluster).await;
    for (what, status) in features.map_err(|error| CommandError::Run(error.into()))? {
        match status {
            FeatureStatus::Active { .. } => {}
            // A local node has all features from the start, and no account for them.
            FeatureStatus::Unlisted if deployment.cluster.is_local() => {}
            FeatureStatus::Unlisted | FeatureStatus::Pending => {
                return Err(CommandError::Run(anyhow!(
                    "this cluster does not run {what} yet; wait until it does"
                )))
            }
        }
    }
    Ok(())
}

async fn write_buffers(
    deployment: &Deployment,
    authority: Address,
    dry_run: bool,
) -> Result<(), CommandError> {
    if dry_run {
        return Ok(());
    }
    let announce = |what: &str| output::note(&format!("  {what}"));
    let buffers = deployment
        .write_buffers(authority, announce)
        .await
        .map_err(told)?;
    if buffers.is_empty() {
        return output::line("The programs are on chain byte for byte.");
    }
    for (name, buffer) in buffers {
        output::line(&format!("{name}: upgrade from the buffer {buffer}"))?;
    }
    Ok(())
}

fn programs_table(programs: &[ProgramItem]) -> String {
    let mut table = TextTable::new(["program", "on chain", "bytes", "rent, SOL"]);
    for program in programs {
        let status = match &program.status {
            ProgramStatus::Missing => "missing",
            ProgramStatus::Same { .. } => "the same",
            ProgramStatus::Other { .. } => "another version",
        };
        table.row([
            program.name.to_owned(),
            status.to_owned(),
            program.bytes.to_string(),
            in_sol(program.rent),
        ]);
    }
    table.to_string()
}

/// Slots of a ring that stand alike are one row; whatever somebody has to do stands below.
fn items_table(items: &[Item]) -> String {
    let mut rows: Vec<(String, String, usize, u64)> = vec![];
    let mut notes = vec![];
    for item in items {
        let name = item
            .name
            .trim_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
        let name = match item.name.contains("of intervals") {
            true => "page of intervals",
            false => name,
        };
        let status = match &item.status {
            Status::Present => "there",
            Status::Missing => "missing",
            Status::Growing { .. } => "begun",
            Status::Differs(_) => "differs",
            Status::Waits(_) => "waits",
        };
        match &item.status {
            Status::Differs(differences) => {
                notes.push(format!("{name}: {}", differences.join("; ")));
            }
            Status::Waits(reason) => notes.push(format!("{name}: {reason}")),
            _ => {}
        }
        match rows.iter_mut().find(|row| row.0 == name && row.1 == status) {
            Some(row) => (row.2, row.3) = (row.2 + 1, row.3 + item.rent),
            None => rows.push((name.to_owned(), status.to_owned(), 1, item.rent)),
        }
    }
    let mut table = TextTable::new(["account", "on chain", "number", "rent, SOL"]);
    for (name, status, count, rent) in rows {
        table.row([name, status, count.to_string(), in_sol(rent)]);
    }
    let notes = notes
        .iter()
        .map(|note| format!("\n{}", paragraph::fill(note)));
    format!("{table}{}", notes.collect::<String>())
}

/// What is still to be locked, and whether the payer has it.
async fn rent_line(
    deployment: &Deployment,
    programs: &[ProgramItem],
    items: &[Item],
) -> Result<String, CommandError> {
    let missing = |status: &Status| matches!(status, Status::Missing | Status::Growing { .. });
    let tables = items
        .iter()
        .filter(|item| missing(&item.status))
        .map(|item| item.rent);
    let new = |program: &&ProgramItem| program.status == ProgramStatus::Missing;
    let new_programs = programs.iter().filter(new).map(|program| program.rent);
    let needed: u64 = tables.chain(new_programs).sum();
    let payer = deployment.payer();
    let balance = deployment.cluster.balance(payer).await;
    let balance = balance.map_err(|error| CommandError::Run(error.into()))?;
    let enough = match balance >= needed {
        true => "",
        false => "; send it more before you begin",
    };
    Ok(format!(
        "To be locked as rent: {} SOL. The payer {payer} has {} SOL{enough}.",
        in_sol(needed),
        in_sol(balance)
    ))
}
