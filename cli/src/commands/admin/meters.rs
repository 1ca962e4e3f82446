use clap::Args;
use joulebook_operations::{
    meters::{rows, status_of},
    time_of,
};

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
    output,
    text_table::TextTable,
};

/// List meters: number, owner's index, status, limits, when it was heard last.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin meters --config operations.toml")]
pub struct MetersArgs {
    /// Also those that are out of service
    #[arg(long)]
    all: bool,
}

pub async fn run(access: &Access, args: &MetersArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let records = session.meter_records().await.map_err(told)?;
    let mut table = TextTable::new([
        "number",
        "owner",
        "status",
        "in, W",
        "out, W",
        "heard until",
    ]);
    let mut count = 0usize;
    for (number, meter) in rows(&records) {
        let status = status_of(meter);
        if status == "retired" && !args.all {
            continue;
        }
        count = count.saturating_add(1);
        table.row([
            number.to_string(),
            meter.participant.to_string(),
            status.to_owned(),
            meter.max_import.to_string(),
            meter.max_export.to_string(),
            time_of(meter.boundary),
        ]);
    }
    match count {
        0 => output::line("There are none."),
        _ => output::line(&table.to_string()),
    }
}
