use indicatif::HumanCount;
use joulebook_sim::{in_sol, AccountRent};

use crate::text_table::TextTable;

/// The accounts that a market needs, for people.
pub fn render_account_rents(rents: &[AccountRent]) -> String {
    let mut text = TextTable::new(["table", "accounts", "bytes", "rent in SOL"]);
    let mut row = |name: &str, accounts: u64, bytes: u64, lamports: u64| {
        text.row([
            name.to_owned(),
            HumanCount(accounts).to_string(),
            HumanCount(bytes).to_string(),
            in_sol(lamports),
        ]);
    };
    for rent in rents {
        let accounts = rent.accounts.into();
        row(rent.name, accounts, rent.bytes, rent.rent_lamports);
    }
    row(
        "together",
        rents.iter().map(|rent| u64::from(rent.accounts)).sum(),
        rents.iter().map(|rent| rent.bytes).sum(),
        rents.iter().map(|rent| rent.rent_lamports).sum(),
    );
    text.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rents_add_up() {
        let rent = |name, accounts, bytes, rent_lamports| AccountRent {
            name,
            accounts,
            bytes,
            rent_lamports,
        };
        let text = render_account_rents(&[
            rent("ledger", 1, 2_400, 17_594_880),
            rent("windows", 4, 40_000, 281_962_880),
        ]);
        let expected = "\
table     accounts   bytes  rent in SOL
ledger           1   2,400        0.018
windows          4  40,000        0.282
together         5  42,400        0.300";
        assert_eq!(text, expected);
    }
}
