//! `joulebook bench`: what the market's operations cost on chain.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;
use joulebook_sim::bench::Figures;

use crate::{bench, command_error::CommandError, output, output_files::OutputFiles};

const RAISE: &str = "joulebook bench --write-baseline bench/baseline.json";

/// Measure what the market's operations cost in compute units.
///
/// Runs the real programs on this machine and compares with the design's targets and, if given, with a
/// baseline: an operation that takes over 3% more than that fails.
#[derive(Debug, Args)]
#[command(after_help = format!("To raise the baseline on purpose, and say why in the commit:\n  {RAISE}"))]
pub struct BenchArgs {
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Compare with this file, which holds what --json printed before
    #[arg(long, value_name = "FILE.json")]
    baseline: Option<PathBuf>,
    /// Write what was measured to this file, to be the baseline from now on
    #[arg(long, value_name = "FILE.json", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
}

/// Prints what `measure` finds.
///
/// # Errors
/// [`CommandError::Input`] for a baseline that can't be read or written, [`CommandError::Run`] if measuring fails or an
/// operation has become dearer than the baseline allows.
pub fn run(
    args: &BenchArgs,
    files: &OutputFiles,
    measure: impl FnOnce() -> anyhow::Result<Figures>,
) -> Result<(), CommandError> {
    let baseline = args.baseline.as_deref().map(bench::load).transpose();
    let baseline = baseline.map_err(CommandError::Input)?;
    let measured = measure()?;
    if let Some(path) = &args.write_baseline {
        bench::save(files, path, &measured).map_err(CommandError::Input)?;
    }
    if args.json {
        output::json(&measured)?;
    } else {
        output::line(&bench::render(&measured, baseline.as_ref()))?;
    }
    let risen = baseline.map_or_else(Vec::new, |baseline| {
        bench::regressions(&measured, &baseline)
    });
    if risen.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = risen.iter().map(ToString::to_string).collect();
    Err(CommandError::Run(anyhow!(
        "{}\nMake that cheaper, or raise the baseline on purpose:\n  {RAISE}",
        lines.join("\n")
    )))
}
