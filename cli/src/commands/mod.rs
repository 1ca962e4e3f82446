//! One command each: its options, what it reads and what it prints.

mod access;
pub mod admin;
pub mod agent;
pub mod bench;
pub mod clear;
mod co_signing;
pub mod crank;
mod daemon;
pub mod deploy;
pub mod gateway;
pub mod home;
mod household_choice;
pub mod indexer;
pub mod keeper;
pub mod load;
pub mod member;
pub mod meter;
pub mod meters;
pub mod profile_args;
pub mod prove_bill;
pub mod sandbox;
pub mod simulate;
pub mod up;
mod whole_number;

use clap::{Parser, Subcommand};
use joulebook_sim::{auction, bench::measure, simulation::ChainVenue};

use crate::{
    command_error::CommandError, output_files::OutputFiles, paragraph::WIDTH, progress::Progress,
};

/// Joulebook: a local energy market on Solana.
///
/// Households with solar panels sell what they don't need to neighbours who do. For each delivery
/// window they place orders, a double auction finds one price for all, smart meters sign what really
/// flowed, and money settles in an SPL token. These commands run and examine such a market on this
/// machine, deploy one to a cluster, and are the daemons that move it along.
#[derive(Debug, Parser)]
#[command(
    name = "joulebook",
    version,
    arg_required_else_help = true,
    max_term_width = WIDTH
)]
#[command(after_help = "Exit codes:
  0  done
  1  a step failed, a check did not hold, or the result can't be written
  2  the arguments or a file can't be used; the message says what to change
  130, 143  interrupted by Ctrl-C, or asked to end; it says what is left

The programs are taken from target/deploy of the checkout that one is in, where 'make build' puts \
them, or from the folder that the environment variable JOULEBOOK_PROGRAMS names.

'joulebook COMMAND --help' says more about a command, with an example.")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Simulate(simulate::SimulateArgs),
    Clear(clear::ClearArgs),
    Bench(bench::BenchArgs),
    Sandbox(sandbox::SandboxArgs),
    Keeper(keeper::KeeperArgs),
    Gateway(gateway::GatewayArgs),
    Crank(crank::CrankArgs),
    Up(up::UpArgs),
    Deploy(deploy::DeployArgs),
    Meter(meter::MeterArgs),
    Meters(meters::MetersArgs),
    Load(load::LoadArgs),
    Agent(agent::AgentArgs),
    Indexer(indexer::IndexerArgs),
    Home(home::HomeArgs),
    ProveBill(prove_bill::ProveBillArgs),
    Admin(admin::AdminArgs),
    Member(member::MemberArgs),
}

impl Cli {
    /// Whether the command runs until it is asked to stop, and listens for that itself.
    pub fn is_daemon(&self) -> bool {
        match &self.command {
            Command::Home(home) => home.is_daemon(),
            command => matches!(
                command,
                Command::Keeper(_)
                    | Command::Gateway(_)
                    | Command::Agent(_)
                    | Command::Indexer(_)
                    | Command::Meters(_)
                    | Command::Up(_)
            ),
        }
    }
}

/// Runs a command; `progress` shows how far it has come, and `files` are those that it writes.
///
/// # Errors
/// [`CommandError`], which holds the exit code.
pub fn run(cli: Cli, progress: &Progress, files: &OutputFiles) -> Result<(), CommandError> {
    match cli.command {
        Command::Simulate(args) => simulate::run(&args, progress, files, |scenario, seed| {
            ChainVenue::start(scenario, seed, |rents| simulate::announce(scenario, rents))
        }),
        Command::Clear(args) => clear::run(&args, auction::clear_on_chain),
        Command::Bench(args) => bench::run(&args, files, || measure().map_err(anyhow::Error::msg)),
        Command::Sandbox(args) => sandbox::run(&args),
        Command::Keeper(args) => keeper::run(&args),
        Command::Gateway(args) => gateway::run(&args),
        Command::Crank(args) => crank::run(&args),
        Command::Up(args) => up::run(&args),
        Command::Deploy(args) => deploy::run(&args),
        Command::Meter(args) => meter::run(&args),
        Command::Meters(args) => meters::run(&args),
        Command::Load(args) => load::run(&args),
        Command::Agent(args) => agent::run(&args),
        Command::Indexer(args) => indexer::run(&args),
        Command::Home(args) => home::run(&args),
        Command::ProveBill(args) => prove_bill::run(&args),
        Command::Admin(args) => admin::run(&args),
        Command::Member(args) => member::run(&args),
    }
}
