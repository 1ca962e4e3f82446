//! What the commands of operators and participants have in common: whose key, which market, how much is asked and said.

use std::{
    io::{self, BufRead, IsTerminal},
    path::{Path, PathBuf},
};

use anyhow::{anyhow, Context};
use clap::Args;
use indicatif::HumanCount;
use joulebook_cluster::ClusterOptions;
use joulebook_daemon::{config, key::KeySource};
use joulebook_deployment::Sandbox;
use joulebook_operations::{Carried, Configuration, OperationError, Plan, Session};
use joulebook_sim::in_sol;
use solana_keypair::Keypair;

use crate::{command_error::CommandError, output, paragraph};

const PREFIX: &str = "JOULEBOOK_OPERATIONS_";
/// Lamports below which a sandbox's balances are low.
const LOW: u64 = 50_000_000;

/// Whose key acts in a sandbox, unless another is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Authority,
    Supplier,
    /// Nobody in particular: the key is to be named.
    Participant,
}

#[derive(Clone, Debug, Args)]
pub struct Access {
    /// What it needs: a key, a market, RPC endpoints
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Work in the sandbox of this state file instead
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "config")]
    state: Option<PathBuf>,
    /// Keypair file of whoever acts, in place of the one configured
    #[arg(long, value_name = "FILE", global = true)]
    key: Option<PathBuf>,
    /// Only find out whether it would work and what it costs
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Don't ask before anything is signed
    #[arg(long, global = true)]
    pub yes: bool,
}

impl Access {
    /// Opens the market for whoever acts.
    pub async fn open(&self, role: Role) -> Result<Session, CommandError> {
        let mut configuration: Configuration = match (&self.config, &self.state) {
            (Some(path), _) => config::read(path, PREFIX).map_err(CommandError::input)?,
            (None, Some(path)) => self.sandbox(path, role)?,
            (None, None) => {
                return Err(CommandError::Input(anyhow!(
                    "no market is named; pass --config FILE, or --state FILE of a sandbox"
                )))
            }
        };
        if let Some(key) = &self.key {
            configuration.key = KeySource::File(key.clone());
        }
        Session::open(&configuration).await.map_err(told)
    }

    fn sandbox(&self, path: &Path, role: Role) -> Result<Configuration, CommandError> {
        let sandbox = Sandbox::read(path)
            .with_context(|| format!("reading {}", path.display()))
            .map_err(CommandError::Input)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let key = match (role, &self.key) {
            (_, Some(key)) => key.clone(),
            (Role::Authority, None) => folder.join(&sandbox.authority.key),
            (Role::Supplier, None) => folder.join(&sandbox.supplier.key),
            (Role::Participant, None) => {
                return Err(CommandError::Input(anyhow!(
                    "a sandbox has many participants; name one's keypair file with --key"
                )))
            }
        };
        let url = sandbox.rpc_url.parse().context("the sandbox's cluster")?;
        let watched = [
            ("keeper", &sandbox.keeper.address),
            ("gateway", &sandbox.gateway.address),
            ("agent", &sandbox.agent.address),
        ];
        let watched = watched.map(|(name, address)| (name.to_owned(), address.clone()));
        Ok(Configuration {
            key: KeySource::File(key),
            market: sandbox.market,
            low_balance: LOW,
            watch: watched.into(),
            cluster: ClusterOptions::of(url),
        })
    }

    /// Sends plans one after the other, and says what each cost; in a dry run says what it would.
    pub async fn carry_out(&self, session: &Session, plans: &[Plan]) -> Result<(), CommandError> {
        for plan in plans {
            self.carry_out_with(session, plan, &[]).await?;
        }
        Ok(())
    }

    /// The same of one that others have to sign, too.
    pub async fn carry_out_with(
        &self,
        session: &Session,
        plan: &Plan,
        signers: &[&Keypair],
    ) -> Result<(), CommandError> {
        let carried = session.carry_out(plan, signers, self.dry_run).await;
        output::line(&paragraph::fill(&said(&plan.what, &carried.map_err(told)?)))
    }

    /// Asks whether to go on; no answer is a no.
    pub fn confirm(&self, question: &str) -> Result<(), CommandError> {
        if self.yes || self.dry_run {
            return Ok(());
        }
        output::note(&format!("{question} Type yes to go on:"));
        let mut answer = String::new();
        let mut lines = io::stdin().lock();
        lines.read_line(&mut answer).context("reading the answer")?;
        match answer.trim() {
            "yes" => Ok(()),
            _ => Err(CommandError::Run(anyhow!(
                match io::stdin().is_terminal() {
                    true => "nothing was signed",
                    false => "nothing was signed; pass --yes where nobody can answer",
                }
            ))),
        }
    }
}

fn said(what: &str, carried: &Carried) -> String {
    let rent = match carried.rent {
        0 => String::new(),
        rent => format!(", {} SOL of rent", in_sol(rent)),
    };
    let fee = HumanCount(carried.fee);
    match carried.signature {
        None => format!("{what}: would cost {fee} lamports{rent}"),
        Some(signature) => format!("{what}: done, for {fee} lamports{rent}\n  {signature}"),
    }
}

/// Whose fault it is.
pub fn told(error: OperationError) -> CommandError {
    match error.is_input() {
        true => CommandError::input(error),
        false => CommandError::Run(error.into()),
    }
}
