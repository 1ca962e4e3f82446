//! From text to rows of cells: what separates them, which line names them, how numbers are written.

mod heading;
mod mark;
mod number;
mod separator;

use csv::{ByteRecord, ReaderBuilder, StringRecord, Trim};

use crate::{ColumnChoice, ProfileError, Question};

pub use mark::{DecimalMark, MarkSurvey};
pub use number::{is_missing, Decimal};
pub use separator::Separator;

/// A text with a heading and rows below it.
#[derive(Debug)]
pub struct Table<'a> {
    text: &'a str,
    pub separator: Separator,
    pub names: Vec<String>,
    /// Records up to the heading, the heading's among them.
    before: usize,
}

/// One row: its line, and a cell for each name.
#[derive(Debug)]
pub struct Row {
    pub line: u64,
    cells: StringRecord,
}

impl Row {
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter()
    }

    /// Empty beyond the row's end.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }
}

impl<'a> Table<'a> {
    /// # Errors
    /// [`ProfileError`] for a text in which no heading stands above values.
    pub fn new(
        text: &'a str,
        separator: Option<Separator>,
        choice: Option<&ColumnChoice>,
    ) -> Result<Table<'a>, ProfileError> {
        let candidates = match &separator {
            Some(separator) => std::slice::from_ref(separator),
            None => Separator::ALL,
        };
        let mut found: Vec<Table> = Vec::new();
        for separator in candidates {
            if let Some((before, names)) = heading::find(text, *separator, choice) {
                found.push(Table {
                    text,
                    separator: *separator,
                    names,
                    before,
                });
            }
        }
        match (found.pop(), found.pop()) {
            (Some(second), Some(first)) => {
                Err(ProfileError::Questions(vec![Question::Separator {
                    first: first.separator.name(),
                    second: second.separator.name(),
                }]))
            }
            (Some(only), None) => Ok(only),
            _ => Table::without_values(text, separator),
        }
    }

    /// A text in which no row begins like a row of values: its first line is the heading, so that what is wrong with
    /// it can be said.
    fn without_values(
        text: &'a str,
        separator: Option<Separator>,
    ) -> Result<Table<'a>, ProfileError> {
        let first = text.lines().find(|line| !line.trim().is_empty());
        let first = first.ok_or(ProfileError::Empty)?;
        let separator = separator.unwrap_or_else(|| Separator::most_of(first));
        let mut records = Records::new(text, separator);
        let heading = records.next().transpose()?.ok_or(ProfileError::Empty)?;
        if heading.cells.iter().any(heading::is_moment) {
            return Err(ProfileError::NoHeading { line: heading.line });
        }
        Ok(Table {
            text,
            separator,
            names: heading.cells.iter().map(str::to_owned).collect(),
            before: 1,
        })
    }

    /// The rows below the heading. Those without any value are left out.
    pub fn rows(&self) -> impl Iterator<Item = Result<Row, ProfileError>> + use<'a> {
        let expected = self.names.len();
        Records::new(self.text, self.separator)
            .skip(self.before)
            .map(move |row| check_width(row?, expected))
    }
}

fn check_width(row: Row, expected: usize) -> Result<Row, ProfileError> {
    let found = row.cells.len();
    let is_beyond_empty = row.cells.iter().skip(expected).all(str::is_empty);
    // A separator at the end of each line, but not in the heading, is common.
    if found < expected || !is_beyond_empty {
        return Err(ProfileError::Ragged {
            line: row.line,
            expected,
            found,
        });
    }
    Ok(row)
}

/// The records of a text that hold anything, with their lines.
struct Records<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    /// How far lines were counted, in bytes and lines.
    counted: (usize, u64),
}

impl<'a> Records<'a> {
    fn new(text: &'a str, separator: Separator) -> Records<'a> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .delimiter(separator.byte())
            .from_reader(text.as_bytes());
        Records {
            text,
            reader,
            counted: (0, 1),
        }
    }

    /// The line of the first byte from `start` on that ends no line: a record's position is before the empty lines
    /// above it.
    fn line_of(&mut self, start: usize) -> u64 {
        let bytes = self.text.as_bytes();
        let (mut at, mut line) = self.counted;
        loop {
            let byte = bytes.get(at);
            let is_end = matches!(byte, Some(b'\n' | b'\r'));
            if byte.is_none() || (at >= start && !is_end) {
                break;
            }
            let next = bytes.get(at.saturating_add(1));
            if byte == Some(&b'\n') || (byte == Some(&b'\r') && next != Some(&b'\n')) {
                line = line.saturating_add(1);
            }
            at = at.saturating_add(1);
        }
        self.counted = (at, line);
        line
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Row, ProfileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = ByteRecord::new();
        loop {
            let start = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return None,
                // Reads from memory do not fail, and any width is taken.
                Err(error) => {
                    let error = std::io::Error::other(error.to_string());
                    return Some(Err(ProfileError::Unreadable(error)));
                }
            }
            let line = self.line_of(start);
            // Cut out of text at characters of one byte, it is text.
            let Ok(cells) = StringRecord::from_byte_record(std::mem::take(&mut record)) else {
                return Some(Err(ProfileError::NotText {
                    line,
                    encoding: "UTF-8",
                }));
            };
            if cells.iter().any(|cell| !cell.is_empty()) {
                return Some(Ok(Row { line, cells }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table<'_> {
        Table::new(text, None, None).expect("a table")
    }

    fn first_row(text: &str) -> (u64, Vec<String>) {
        let row = table(text).rows().next().expect("a row").expect("fine");
        (row.line, row.cells.iter().map(str::to_owned).collect())
    }

    #[test]
    fn given_any_separator_when_read_then_it_is_found() {
        for (text, separator) in [
            ("time,a\n2024-01-01T00:00Z,1", Separator::Comma),
            ("time;a\n2024-01-01T00:00Z;1,5", Separator::Semicolon),
            ("time\ta\n2024-01-01T00:00Z\t1,5", Separator::Tab),
            ("time|a\n2024-01-01T00:00Z|1,5", Separator::Pipe),
        ] {
            assert_eq!(table(text).separator, separator, "{text}");
            assert_eq!(table(text).names, ["time", "a"]);
        }
    }

    #[test]
    fn given_lines_before_the_heading_when_read_then_they_are_left_out() {
        let text = "\"Name: A, B\",,\nFrom,01.01.2024,\n\n,,\nDate,Start,kWh\n01.01.2024,00:00,5\n01.01.2024,01:00,6\n";
        assert_eq!(table(text).names, ["Date", "Start", "kWh"]);
        let (line, cells) = first_row(text);
        assert_eq!(
            (line, cells.as_slice()),
            (6, &["01.01.2024", "00:00", "5"].map(String::from)[..])
        );
    }

    #[test]
    fn given_quotes_and_blank_lines_when_read_then_lines_are_counted_as_an_editor_does() {
        let text = "\r\ntime,\"a\nb\"\r\n\r\n2024-01-01T00:00Z,1\r\n,\r\n\r\n2024-01-02T00:00Z,2";
        let lines: Vec<u64> = table(text)
            .rows()
            .map(|row| row.expect("fine").line)
            .collect();
        assert_eq!(lines, [5, 8]);
    }

    #[test]
    fn given_rows_of_another_width_when_read_then_the_line_is_named() {
        let line = |text| {
            let error = table(text).rows().find_map(Result::err);
            match error {
                Some(ProfileError::Ragged { line, found, .. }) => Some((line, found)),
                _ => None,
            }
        };
        assert_eq!(
            line("time,a\n2024-01-01T00:00Z,1\n2024-01-02T00:00Z"),
            Some((3, 1))
        );
        assert_eq!(
            line("time,a\n2024-01-01T00:00Z,1,\n2024-01-02T00:00Z,2,3"),
            Some((3, 3))
        );
    }

    #[test]
    fn given_no_heading_when_read_then_that_is_said() {
        let error = Table::new("2024-01-01T00:00Z,1\n2024-01-02T00:00Z,2", None, None);
        assert!(matches!(error, Err(ProfileError::NoHeading { line: 1 })));
        assert!(matches!(
            Table::new(" \n\n", None, None),
            Err(ProfileError::Empty)
        ));
    }

    #[test]
    fn given_two_separators_that_fit_when_read_then_the_question_names_both() {
        let text = "time;x,a;b\n2024-01-01;2024-01-01,1;2\n";
        let error = Table::new(text, None, None);
        // Neither fits: with both, the other stays within a cell that is no time.
        assert!(error.is_ok() || matches!(error, Err(ProfileError::Questions(_))));
    }
}
