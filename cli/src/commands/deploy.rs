//! `joulebook deploy`: programs, a community and its market on a cluster.

use std::{io::BufRead, path::PathBuf};

use anyhow::{anyhow, Context};
use clap::Args;
use joulebook_daemon::config;
use joulebook_deployment::{
    features,
    programs::{Leftover, ProgramStatus},
    Configuration, Costs, Deployment, DeploymentError, FeatureStatus, Item, ProgramItem, Status,
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
VAULT is the address that signs for it, not that of its account.

A deployment that nobody goes on with leaves a buffer, which locks rent:
  joulebook deploy FILE --close-buffers"
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
    /// Give the right to upgrade the programs to this address, and change nothing else; asks for the address once more
    #[arg(long, value_name = "ADDRESS")]
    hand_over: Option<Address>,
    /// Don't ask before the programs are handed over
    #[arg(long, requires = "hand_over")]
    yes: bool,
    /// Close all buffers of the authority, and change nothing else; their rent goes to the payer
    #[arg(long, conflicts_with_all = ["buffer_for", "hand_over", "programs_only", "record"])]
    close_buffers: bool,
    /// Write what stands there then to this file: addresses, hashes
    #[arg(long, value_name = "FILE.json", conflicts_with_all = ["buffer_for", "hand_over"])]
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
    if args.close_buffers {
        return close_buffers(&deployment, args.dry_run).await;
    }
    check_features(&deployment).await?;
    let programs = deployment.survey_programs().await.map_err(told)?;
    output::line(&programs_table(&programs))?;
    let announce = |what: &str| output::note(&format!("  {what}"));
    if let Some(authority) = args.buffer_for {
        return write_buffers(&deployment, authority, args.dry_run).await;
    }
    if let Some(authority) = args.hand_over {
        deployment.check_holder(&authority).await.map_err(told)?;
        output::line(&format!(
            "{authority} alone could upgrade the programs then, for ever."
        ))?;
        if args.dry_run {
            return Ok(());
        }
        if !args.yes {
            output::note("Type its address to go on:");
            let answer = std::io::stdin().lock();
            confirm_holder(&authority, answer)?;
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
    output::line(&paragraph::fill(
        &cost_lines(&deployment, &Costs::of(&programs, &items)).await?,
    ))?;
    tell_of_leftovers(&deployment, &programs).await?;
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

/// What can't be taken back takes the address once more: one that was mistyped is not typed twice.
fn confirm_holder(authority: &Address, mut answer: impl BufRead) -> Result<(), CommandError> {
    let mut line = String::new();
    answer.read_line(&mut line).context("reading the answer")?;
    match line.trim().parse::<Address>().ok() == Some(*authority) {
        true => Ok(()),
        false => Err(CommandError::Run(anyhow!(
            "that is not {authority}, so nothing was handed over; type the address again, or pass --yes where nobody can answer"
        ))),
    }
}

fn told(error: DeploymentError) -> CommandError {
    match error {
        DeploymentError::Key(_)
        | DeploymentError::Amount(_)
        | DeploymentError::Contradictory(_)
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
        if !item.remarks.is_empty() {
            notes.push(format!(
                "{name} is not as configured, and stays so: {}",
                item.remarks.join("; ")
            ));
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

/// Who is to pay what, and whether the payer and the authority have it.
async fn cost_lines(deployment: &Deployment, costs: &Costs) -> Result<String, CommandError> {
    let balance = async |wallet: Address| {
        let balance = deployment.cluster.balance(wallet).await;
        balance.map_err(|error| CommandError::Run(error.into()))
    };
    let line = |who: &str, wallet: Address, needed: u64, has: u64, what: String| {
        let enough = match has >= needed {
            true => "",
            false => "; send it more before you begin",
        };
        format!(
            "The {who} {wallet} pays {what}. It has {} SOL{enough}.",
            in_sol(has)
        )
    };
    let (payer, authority) = (deployment.payer(), deployment.authority());
    let mut paid = format!("{} SOL of rent", in_sol(costs.rent.payer));
    if costs.buffer > 0 {
        paid += &format!(
            ", {} SOL more while an upgrade's buffer is there,",
            in_sol(costs.buffer)
        );
    }
    paid += &format!(" and about {} SOL of fees", in_sol(costs.fees));
    let mut lines = vec![line(
        "payer",
        payer,
        costs.payer(),
        balance(payer).await?,
        paid,
    )];
    if costs.rent.authority > 0 {
        let (needed, has) = (costs.rent.authority, balance(authority).await?);
        let paid = format!("{} SOL of rent", in_sol(needed));
        lines.push(line("authority", authority, needed, has, paid));
    }
    if costs.rent.operators > 0 {
        lines.push(format!(
            "Supplier and grid operator pay {} SOL of rent for their own records.",
            in_sol(costs.rent.operators)
        ));
    }
    Ok(lines.join("\n"))
}

/// Buffers that this deployment does not go on with lock rent for nothing.
async fn tell_of_leftovers(
    deployment: &Deployment,
    programs: &[ProgramItem],
) -> Result<(), CommandError> {
    let Ok(leftovers) = deployment.leftovers().await else {
        // Not every endpoint answers this, and nothing depends on it.
        output::note("This endpoint does not say whether buffers are left over.");
        return Ok(());
    };
    let wanted = deployment.buffers_in_use(programs);
    let idle: Vec<&Leftover> = leftovers
        .iter()
        .filter(|one| !wanted.contains(&one.address))
        .collect();
    let lamports = idle
        .iter()
        .fold(0u64, |sum, one| sum.saturating_add(one.lamports));
    match idle.len() {
        0 => Ok(()),
        count => output::line(&paragraph::fill(&format!(
            "{count} buffers of the authority are left over and lock {} SOL; --close-buffers gives that back.",
            in_sol(lamports)
        ))),
    }
}

async fn close_buffers(deployment: &Deployment, dry_run: bool) -> Result<(), CommandError> {
    let leftovers = deployment.leftovers().await.map_err(told)?;
    for one in &leftovers {
        output::line(&format!("{}  {} SOL", one.address, in_sol(one.lamports)))?;
    }
    let lamports = leftovers
        .iter()
        .fold(0u64, |sum, one| sum.saturating_add(one.lamports));
    let (count, payer) = (leftovers.len(), deployment.payer());
    if count == 0 {
        return output::line("There are none.");
    }
    if dry_run {
        return output::line(&paragraph::fill(&format!(
            "{count} would be closed, and {} SOL go to {payer}.",
            in_sol(lamports)
        )));
    }
    deployment.close(&leftovers).await.map_err(told)?;
    output::line(&paragraph::fill(&format!(
        "{count} are closed, and {} SOL went to {payer}.",
        in_sol(lamports)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_an_address_typed_again_when_it_is_another_then_nothing_is_handed_over() {
        let vault = Address::new_from_array([7; 32]);
        let typed = |text: String| confirm_holder(&vault, text.as_bytes());
        assert!(typed(format!(" {vault}\n")).is_ok());
        let other = Address::new_from_array([8; 32]);
        for wrong in [String::new(), "yes\n".into(), format!("{other}\n")] {
            assert!(typed(wrong).is_err());
        }
    }
}
