//! `joulebook prove-bill`: a household's bill from accounts, transactions and device signatures alone.

use clap::Args;
use jiff::{tz::TimeZone, Timestamp};
use joulebook_cluster::{Cluster, ClusterOptions};
use joulebook_indexer::{
    bill::Lines,
    decimal,
    month::month,
    proof::{prove, Comparison, Intervals, Proof, ProofError, Question, Unproven},
};
use solana_address::Address;
use url::Url;

use crate::{
    asynchronous, command_error::CommandError, counted::counted, output, paragraph,
    text_table::TextTable,
};

/// Of an atom.
const MILLI_DIGITS: u8 = 3;
/// Transactions that are named one by one.
const NAMED: usize = 10;

/// Work out a household's bill from the chain alone, and say where each number comes from.
///
/// It asks no indexer and believes no gateway. Contracts and prices come from the market's accounts, or from its transactions
/// where an account was used again; energy from what the meters' devices have signed. Signatures of devices and of transactions are
/// verified here. Accounts are compared where more than one endpoint is named. What can't be proven, because an account was used
/// again or no endpoint keeps a transaction any more, is said. One month is worked out at a time.
#[derive(Debug, Args)]
#[command(
    override_usage = "joulebook prove-bill [OPTIONS] --market <MARKET> \\
       --household <WALLET> --month <YYYY-MM>",
    after_help = "Example:
  joulebook prove-bill --url http://127.0.0.1:8899 --market MARKET \\
      --household WALLET --month 2026-11 --zone Europe/Vienna"
)]
pub struct ProveBillArgs {
    /// RPC endpoint of the cluster; one that keeps the history of transactions. May be repeated: then
    /// what they say of accounts is compared
    #[arg(long, default_value = "http://127.0.0.1:8899")]
    url: Vec<Url>,
    /// The market's address
    #[arg(long)]
    market: Address,
    /// The household's wallet
    #[arg(long, value_name = "WALLET")]
    household: Address,
    /// The month, as 2026-11
    #[arg(long, value_name = "YYYY-MM")]
    month: String,
    /// The time zone that the month is of
    #[arg(long, default_value = "UTC")]
    zone: String,
}

/// # Errors
/// [`CommandError::Input`] if month, zone, market or household mean nothing.
pub fn run(args: &ProveBillArgs) -> Result<(), CommandError> {
    let span = month(&args.month, &args.zone).map_err(CommandError::input)?;
    let zone = TimeZone::get(&args.zone).map_err(CommandError::input)?;
    let question = Question {
        market: args.market,
        household: args.household,
        span,
    };
    let options = ClusterOptions {
        urls: args.url.clone(),
        ..ClusterOptions::default()
    };
    asynchronous::run(async {
        let cluster = Cluster::new(options).map_err(CommandError::input)?;
        let proof = prove(&cluster, question).await.map_err(told)?;
        output::line(&shown(&proof, &args.month, &zone, &cluster.names()))
    })
}

fn told(error: ProofError) -> CommandError {
    match error {
        ProofError::Market(_) | ProofError::NoHousehold(_) | ProofError::TooLong => {
            CommandError::input(error)
        }
        other => CommandError::Run(other.into()),
    }
}

/// The proof for people.
fn shown(proof: &Proof, month: &str, zone: &TimeZone, endpoints: &[&str]) -> String {
    let parts = [
        paragraph::fill(&format!(
            "Bill of {} (seat {}) for {month}, from {} to {}.",
            proof.question.household,
            proof.seat,
            moment(proof.question.span.since, zone),
            moment(proof.question.span.until, zone),
        )),
        paragraph::fill(&format!(
            "Worked out from {} to {}.",
            moment(proof.worked_out.since, zone),
            moment(proof.worked_out.until, zone),
        )),
        lines(&proof.bill.lines, proof.decimals),
        paragraph::fill(&energies(proof)),
        paragraph::fill(&origin(proof)),
        accounts(proof),
        transactions(proof),
        believed(&proof.compared, endpoints),
        open(&proof.unproven, &proof.compared, zone),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

fn lines(lines: &Lines, decimals: u8) -> String {
    let digits = decimals.saturating_add(MILLI_DIGITS);
    let mut table = TextTable::new(["for", "tokens", "milli-atoms"]);
    let mut row = |what: &str, amount: i128| {
        table.row([what.to_owned(), decimal(amount, digits), amount.to_string()]);
    };
    row("energy bought", lines.bought);
    row("energy sold", lines.sold);
    row("grid fee", lines.grid_fee);
    row("market fee", lines.market_fee);
    row("imbalance, drawn beyond contracts", lines.short);
    row("imbalance, left over of contracts", lines.long);
    row("imbalance while meters are silent", lines.unheard);
    row("came to light after silence", lines.after_silence);
    row("in all", lines.total());
    table.to_string()
}

fn energies(proof: &Proof) -> String {
    let bill = &proof.bill;
    let mut text = format!(
        "It bought {} Wh and sold {} Wh, drew {} Wh and fed in {} Wh.",
        bill.bought, bill.sold, bill.import, bill.export
    );
    if bill.unseen_import + bill.unseen_export > 0 {
        text += &format!(
            " Of energy that no window tells of, {} Wh were charged as drawn and {} Wh as fed in, once meters were heard again.",
            bill.unseen_import, bill.unseen_export
        );
    }
    text
}

fn origin(proof: &Proof) -> String {
    let Intervals {
        signed,
        replaced,
        missing,
        unsigned,
        contradicted,
    } = proof.intervals;
    let mut text = format!(
        "Windows: {} from accounts, {} from transactions. Intervals of its meters: {signed} proven by the device's signature, \
         {replaced} set by a verifier, {missing} without a value, {unsigned} without a signature that is kept, {contradicted} \
         against a signature. Device signatures verified here: {}.",
        proof.from_accounts, proof.from_transactions, proof.verified
    );
    if proof.refused > 0 {
        text += &format!(
            " {} do not hold with the key that the meter has now: another device's, if it was changed.",
            proof.refused
        );
    }
    text
}

fn accounts(proof: &Proof) -> String {
    let all = proof.witnesses.iter().map(|witness| {
        let windows = match witness.windows {
            0 => String::new(),
            count => format!(", {}", counted(count, "window")),
        };
        format!(
            "{}{windows}, slot {}\n  {}",
            witness.what, witness.slot, witness.address
        )
    });
    let all: Vec<String> = all.collect();
    format!("From accounts:\n{}", all.join("\n"))
}

fn transactions(proof: &Proof) -> String {
    if proof.transactions.is_empty() {
        return String::new();
    }
    // In lines of their own: a signature is longer than a line.
    let named = proof.transactions.keys().take(NAMED);
    let count = proof.transactions.len() as u64;
    let mut text = format!("From {}:", counted(count, "transaction"));
    for signature in named {
        text += &format!("\n{signature}");
    }
    let more = proof.transactions.len().saturating_sub(NAMED);
    if more > 0 {
        text += &format!("\nand {more} more");
    }
    text
}

/// Who is believed for what, and whether endpoints contradict each other.
fn believed(compared: &Comparison, endpoints: &[&str]) -> String {
    let mut parts = vec![format!(
        "Believed: {}, for what accounts hold, which transactions landed, and what they logged. That devices have signed their \
         registers, and senders their transactions, is verified here.",
        endpoints.join(", ")
    )];
    match compared.endpoints.len() {
        0 | 1 => {
            parts.push("Name another endpoint, or your own node, to compare accounts.".to_owned())
        }
        _ => parts.push(format!(
            "Compared: {} of {}.",
            counted(compared.accounts as u64, "account"),
            compared.endpoints.join(", ")
        )),
    }
    if !compared.silent.is_empty() {
        parts.push(format!(
            "Not compared, as it did not answer: {}.",
            compared.silent.join(", ")
        ));
    }
    if !compared.moving.is_empty() {
        let moving = counted(compared.moving.len() as u64, "account");
        parts.push(format!(
            "{moving} changed each time that endpoints were compared."
        ));
    }
    let mut lines = vec![paragraph::fill(&parts.join(" "))];
    for one in &compared.differing {
        lines.push(paragraph::fill(&format!(
            "{} says otherwise of this account, slot {}: one of them is wrong; ask a third.",
            one.endpoint, one.slot
        )));
        lines.push(format!("  {}", one.address));
    }
    lines.join("\n")
}

/// What is not proven. What endpoints contradict each other about, or have not confirmed, proves nothing.
fn open(unproven: &[Unproven], compared: &Comparison, zone: &TimeZone) -> String {
    let doubt = match () {
        () if !compared.differing.is_empty() => {
            "As endpoints contradict each other, none of it is proven."
        }
        () if !compared.moving.is_empty() => {
            "As endpoints could not confirm each other, none of it is proven yet; ask again."
        }
        () if unproven.is_empty() && !compared.silent.is_empty() => {
            "With that, all of it is proven, as far as the endpoints that answered are believed."
        }
        () if unproven.is_empty() => "With that, all of it is proven.",
        () => "",
    };
    if unproven.is_empty() {
        return doubt.to_owned();
    }
    let all = unproven.iter().map(|one| {
        let (since, until) = (moment(one.since, zone), moment(one.until, zone));
        paragraph::fill(&format!("{since} to {until}: {}", one.why))
    });
    let all: Vec<String> = all.collect();
    let open = format!(
        "Not proven, and not in the sums but for what accounts tell:\n{}",
        all.join("\n")
    );
    match doubt {
        "" => open,
        doubt => format!("{doubt}\n\n{open}"),
    }
}

fn moment(time: i64, zone: &TimeZone) -> String {
    match Timestamp::from_second(time) {
        Ok(time) => time
            .to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M %Z")
            .to_string(),
        Err(_) => time.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use joulebook_indexer::proof::Difference;

    use super::*;

    fn gap() -> Unproven {
        Unproven {
            since: 0,
            until: 900,
            why: "not over yet",
        }
    }

    #[test]
    fn given_a_proof_when_it_is_shown_then_it_says_which_endpoints_are_believed() {
        let said = believed(&Comparison::default(), &["127.0.0.1:8899"]);
        assert!(said.starts_with("Believed: 127.0.0.1:8899, for"), "{said}");
        assert!(said.contains("Name another"), "{said}");
    }

    #[test]
    fn given_endpoints_that_contradict_each_other_when_a_proof_is_shown_then_the_one_is_named() {
        let address = Address::new_from_array([7; 32]);
        let compared = Comparison {
            endpoints: vec!["one:1".into(), "two:2".into()],
            silent: vec!["three:3".into()],
            accounts: 9,
            differing: vec![Difference {
                endpoint: "two:2".into(),
                address,
                slot: 77,
            }],
            moving: [address].into(),
        };
        let said = believed(&compared, &["one:1", "two:2", "three:3"]);
        let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for wanted in [
            "9 accounts of one:1, two:2",
            "did not answer: three:3",
            "1 account changed each time",
            &format!("two:2 says otherwise of this account, slot 77: one of them is wrong; ask a third. {address}"),
        ] {
            assert!(words.contains(wanted), "{wanted}: {words}");
        }
    }

    #[test]
    fn given_what_stays_open_when_a_proof_is_shown_then_it_does_not_say_that_all_is_proven() {
        let shown =
            |unproven: &[Unproven], compared: &Comparison| open(unproven, compared, &TimeZone::UTC);
        let alike = Comparison::default();
        let address = Address::new_from_array([7; 32]);
        let differing = Comparison {
            differing: vec![Difference {
                endpoint: "two:2".into(),
                address,
                slot: 77,
            }],
            ..Comparison::default()
        };
        let moving = Comparison {
            moving: [address].into(),
            ..Comparison::default()
        };
        let silent = Comparison {
            silent: vec!["three:3".into()],
            ..Comparison::default()
        };
        assert_eq!(shown(&[], &alike), "With that, all of it is proven.");
        assert!(shown(&[], &differing).contains("none of it is proven"));
        assert!(shown(&[], &moving).contains("none of it is proven yet; ask again"));
        assert!(shown(&[], &silent).contains("as far as the endpoints that answered"));
        for compared in [alike, differing, moving, silent] {
            let said = shown(&[gap()], &compared);
            assert!(
                said.contains("not over yet") && !said.contains("all of it is proven"),
                "{said}"
            );
        }
    }
}
