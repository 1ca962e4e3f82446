use super::Table;
use crate::table::{self, grouped};

const LAMPORTS_PER_SOL: f64 = 1e9;

/// The accounts that a market needs, for people.
pub fn render_tables(tables: &[Table]) -> String {
    let mut text = table::Table::new(["table", "accounts", "bytes", "rent in SOL"]);
    let mut row = |name: &str, accounts: u64, bytes: u64, rent: u64| {
        text.row([
            name.to_owned(),
            grouped(accounts),
            grouped(bytes),
            sol(rent),
        ]);
    };
    for table in tables {
        let accounts = table.accounts.into();
        row(table.name, accounts, table.bytes, table.rent_lamports);
    }
    row(
        "together",
        tables.iter().map(|table| u64::from(table.accounts)).sum(),
        tables.iter().map(|table| table.bytes).sum(),
        tables.iter().map(|table| table.rent_lamports).sum(),
    );
    text.to_string()
}

pub fn sol(lamports: u64) -> String {
    format!("{:.3}", lamports as f64 / LAMPORTS_PER_SOL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_add_up() {
        let table = |name, accounts, bytes, rent_lamports| Table {
            name,
            accounts,
            bytes,
            rent_lamports,
        };
        let text = render_tables(&[
            table("ledger", 1, 2_400, 17_594_880),
            table("windows", 4, 40_000, 281_962_880),
        ]);
        let expected = "\
table     accounts   bytes  rent in SOL
ledger           1   2,400        0.018
windows          4  40,000        0.282
together         5  42,400        0.300";
        assert_eq!(text, expected);
    }
}
