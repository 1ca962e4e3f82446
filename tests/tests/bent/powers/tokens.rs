//! Tokens: an account loses them only if its owner signed, a vault only to what its ledger says less of.

use joulebook_client::market::MARKET_ID;
use solana_account::Account;
use solana_clock::Clock;
use spl_token_2022_interface::{
    extension::StateWithExtensions,
    state::{Account as TokenAccount, Mint},
};

use super::{change::Change, Attempt};

pub fn check(attempt: &Attempt, changes: &[Change]) -> Result<(), String> {
    for change in changes {
        if is_mint(&change.before) {
            return Err("a mint changed".to_string());
        }
        let (before, after) = (token_account(&change.before), token_account(&change.after));
        match (before, after) {
            (Some(before), Some(after)) => {
                let fixed = |account: &TokenAccount| TokenAccount {
                    amount: 0,
                    ..*account
                };
                if fixed(&before) != fixed(&after) {
                    return Err(format!("{} is another token account", change.address));
                }
                let loses = after.amount < before.amount;
                if loses && !may_lose(attempt, &before) {
                    return Err(format!("{} lost tokens", change.address));
                }
            }
            (Some(before), None) if before.amount > 0 => {
                return Err(format!("{} was closed with tokens", change.address));
            }
            _ => (),
        }
    }
    Ok(())
}

/// Vaults are held against their ledgers elsewhere.
fn may_lose(attempt: &Attempt, account: &TokenAccount) -> bool {
    let owner = attempt.before.get_account(&account.owner);
    let is_vault = owner.is_some_and(|owner| owner.owner == MARKET_ID);
    is_vault || attempt.signs(account.owner.to_bytes())
}

/// Whose token account gained, and how many atoms.
pub fn gain(change: &Change) -> Option<([u8; 32], u64)> {
    let before = token_account(&change.before)?;
    let after = token_account(&change.after)?;
    let gained = after.amount.checked_sub(before.amount)?;
    (gained > 0).then(|| (after.owner.to_bytes(), gained))
}

/// Unix seconds.
pub fn now(attempt: &Attempt) -> i64 {
    attempt.before.get_sysvar::<Clock>().unix_timestamp
}

fn is_token_program(account: &Account) -> bool {
    let programs = [
        "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
        "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
    ];
    programs.contains(&account.owner.to_string().as_str())
}

fn token_account(account: &Option<Account>) -> Option<TokenAccount> {
    let account = account
        .as_ref()
        .filter(|account| is_token_program(account))?;
    let state = StateWithExtensions::<TokenAccount>::unpack(&account.data).ok()?;
    Some(state.base)
}

fn is_mint(account: &Option<Account>) -> bool {
    let account = account.as_ref().filter(|account| is_token_program(account));
    account.is_some_and(|account| StateWithExtensions::<Mint>::unpack(&account.data).is_ok())
}
