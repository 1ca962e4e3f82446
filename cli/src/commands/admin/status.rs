use clap::Args;
use joulebook_operations::{status::Status, time_of, Session};

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
    output, paragraph,
    text_table::TextTable,
};

/// Show what is behind: windows, pages, meters, applicants, debts, prices, balances.
///
/// Reads the market's accounts and the chain's clock, and changes nothing. Below the table stands what somebody has to see to.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin status --config operations.toml --json")]
pub struct StatusArgs {
    /// Print it as JSON, as docs/schema/admin-status.schema.json says
    #[arg(long)]
    json: bool,
}

pub async fn run(access: &Access, args: &StatusArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let status = session.status().await.map_err(told)?;
    if args.json {
        return output::json(&status);
    }
    output::line(&table(&session, &status))?;
    let concerns = status.concerns();
    if concerns.is_empty() {
        return output::line("\nNothing is behind.");
    }
    output::line("\nTo be seen to:")?;
    for concern in concerns {
        output::line(&paragraph::fill_hanging(&format!("- {concern}"), 2))?;
    }
    Ok(())
}

fn table(session: &Session, status: &Status) -> String {
    let tokens = |milli_atoms: u64| session.tokens(milli_atoms).to_string();
    let listed = |numbers: &[u32]| match numbers {
        [] => "none".to_owned(),
        some if some.len() <= 5 => {
            let texts: Vec<String> = some.iter().map(u32::to_string).collect();
            texts.join(" ")
        }
        many => format!("{} of them", many.len()),
    };
    let owing = |seats: &[joulebook_operations::status::SeatOwing]| match seats {
        [] => "none".to_owned(),
        seats => {
            let sum = seats
                .iter()
                .fold(0u64, |sum, one| sum.saturating_add(one.amount));
            format!("{} of {} seats", tokens(sum), seats.len())
        }
    };
    let time = |time: Option<i64>| time.map_or_else(|| "-".to_owned(), time_of);
    let due: Vec<String> = status
        .due
        .iter()
        .map(|one| format!("{} {}", one.count, one.step))
        .collect();
    let due = match due.is_empty() {
        true => "nothing".to_owned(),
        false => due.join(", "),
    };
    let paused = match status.paused.is_empty() {
        true => "nothing".to_owned(),
        false => status.paused.join(", "),
    };
    let mut rows = vec![
        ("community", status.community.clone()),
        ("the chain's time", time_of(status.now)),
        ("paused", paused),
        ("a keeper could take", due),
        ("windows open", status.windows.open.to_string()),
        ("windows not cleared", status.windows.uncleared.to_string()),
        (
            "pages not finished",
            status.windows.unfinished_pages.to_string(),
        ),
        (
            "positions not settled",
            status.windows.unsettled_positions.to_string(),
        ),
        (
            "of these overdue",
            status.windows.overdue_positions.to_string(),
        ),
        ("meters in service", status.meters.in_service.to_string()),
        ("silent", listed(&status.meters.silent)),
        ("quarantined", listed(&status.meters.quarantined)),
        ("changing with a page", listed(&status.meters.changing)),
        ("participants", status.participants.to_string()),
        ("applicants", status.applicants.len().to_string()),
        ("approvals left", status.approvals.to_string()),
        ("debts", owing(&status.debts)),
        ("claims", owing(&status.claims)),
        ("supplier's free money", tokens(status.supplier.free)),
        ("its margin", tokens(status.supplier.margin)),
        ("prices posted until", time(status.prices.posted_until)),
        ("pages open until", time(status.prices.open_until)),
        ("files not co-signed", status.open_files.to_string()),
    ];
    let optional = [
        ("new terms from", status.terms_from),
        ("new tariff from", status.tariff_from),
        ("the market ends", status.ends_at),
    ];
    let set = optional.into_iter().filter(|(_, time)| time.is_some());
    rows.extend(set.map(|(what, at)| (what, time(at))));
    let mut table = TextTable::new(["", ""]);
    for (what, how) in rows {
        table.row([what.to_owned(), how]);
    }
    for balance in &status.balances {
        let lamports = joulebook_sim::in_sol(balance.lamports);
        table.row([format!("SOL of {}", balance.name), lamports]);
    }
    let mut text = table.to_string().trim_start().to_owned();
    if let Some(pending) = &status.pending_authority {
        text.push_str(&format!("\nthe authority was offered to {pending}"));
    }
    text
}
