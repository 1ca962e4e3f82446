//! Tables for people: columns aligned, the first to the left, the others to the right, by the room that letters take on a
//! terminal.

use std::fmt::{self, Display, Formatter};

use unicode_width::UnicodeWidthStr;

/// A table with a heading.
#[derive(Clone, Debug, Default)]
pub struct TextTable {
    rows: Vec<Vec<String>>,
}

impl TextTable {
    pub fn new<const N: usize>(heading: [&str; N]) -> TextTable {
        TextTable {
            rows: vec![heading.map(str::to_owned).to_vec()],
        }
    }

    /// Adds a row; what it lacks of the heading's columns stays empty.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.to_vec());
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    }
}

impl Display for TextTable {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        for (number, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let room = self.width(column).saturating_sub(cell.width());
                let pad = " ".repeat(room);
                line += &match column {
                    0 => format!("{cell}{pad}"),
                    _ => format!("  {pad}{cell}"),
                };
            }
            if number > 0 {
                writeln!(f)?;
            }
            f.write_str(line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = TextTable::new(["name", "kWh"]);
        table.row(["a".into(), "1,000".into()]);
        table.row(["Zoë’s".into(), "2".into()]);
        assert_eq!(
            table.to_string(),
            "name     kWh\na      1,000\nZoë’s      2"
        );
    }

    #[test]
    fn wide_letters_take_two_places_and_combining_ones_none() {
        let mut table = TextTable::new(["name", "kWh"]);
        table.row(["太陽光".into(), "1".into()]);
        table.row(["Zoe\u{308}".into(), "2".into()]);
        assert_eq!(
            table.to_string(),
            "name    kWh\n太陽光    1\nZoe\u{308}       2"
        );
    }
}
