//! Lamports: a wallet loses them only if it signed; an account of the programs only when it is closed, to one who signed or
//! whom the account itself names.

use solana_account::Account;
use solana_address::Address;

use super::{change::Change, Attempt};

pub fn check(attempt: &Attempt, changes: &[Change]) -> Result<(), String> {
    let signers = attempt.signers();
    let mut freed: Vec<&Account> = vec![];
    for change in changes {
        let (before, after) = (lamports(&change.before), lamports(&change.after));
        if after >= before || signers.contains(&change.address) {
            continue;
        }
        match &change.before {
            Some(closed) if after == 0 && !closed.data.is_empty() => freed.push(closed),
            _ => return Err(format!("{} lost lamports", change.address)),
        }
    }
    let gaining = changes
        .iter()
        .filter(|change| lamports(&change.after) > lamports(&change.before));
    for change in gaining {
        let names = |closed: &&Account| names(closed, &change.address);
        let is_due = signers.contains(&change.address) || grows(change) || freed.iter().any(names);
        if !is_due {
            return Err(format!("{} got lamports", change.address));
        }
    }
    Ok(())
}

fn lamports(account: &Option<Account>) -> u64 {
    account.as_ref().map_or(0, |account| account.lamports)
}

/// An account that is created or grown is paid for.
fn grows(change: &Change) -> bool {
    let len = |account: &Option<Account>| account.as_ref().map_or(0, |account| account.data.len());
    len(&change.after) > len(&change.before)
}

fn names(account: &Account, address: &Address) -> bool {
    let mut windows = account.data.windows(32);
    windows.any(|window| window == address.as_ref())
}
