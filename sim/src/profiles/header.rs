use std::collections::{HashMap, HashSet};

use csv::StringRecord;

use super::{Profile, ProfileError};

/// Households that can be simulated at once.
pub const MAX_HOUSEHOLDS: usize = 1000;
const MAX_NAME: usize = 32;

/// What the columns of a file hold.
pub struct Header {
    pub columns: Vec<Column>,
    /// Named, their series still empty, in the sequence of the columns.
    pub households: Vec<Profile>,
}

/// One column, with the household's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    Time,
    Load(usize),
    Pv(usize),
}

impl Header {
    /// # Errors
    /// [`ProfileError`] for columns that are missing, unknown or there twice.
    pub fn parse(record: &StringRecord) -> Result<Header, ProfileError> {
        if !record.iter().any(|name| name == "time") {
            return Err(ProfileError::NoTimeColumn);
        }
        let mut header = Header {
            columns: Vec::with_capacity(record.len()),
            households: Vec::new(),
        };
        let mut places = HashMap::new();
        let mut seen = HashSet::new();
        for (index, name) in record.iter().enumerate() {
            let number = index + 1;
            let column = header.column(number, name, &mut places)?;
            if !seen.insert(column) {
                return Err(ProfileError::DuplicateColumn {
                    number,
                    name: printable(name),
                });
            }
            header.columns.push(column);
        }
        match header.households.len() {
            0 => Err(ProfileError::NoHouseholds),
            count if count > MAX_HOUSEHOLDS => Err(ProfileError::TooManyHouseholds(count)),
            _ => Ok(header),
        }
    }

    fn column(
        &mut self,
        number: usize,
        name: &str,
        places: &mut HashMap<String, usize>,
    ) -> Result<Column, ProfileError> {
        if name == "time" {
            return Ok(Column::Time);
        }
        let (household, column): (&str, fn(usize) -> Column) =
            if let Some(household) = name.strip_suffix("_load_w") {
                (household, Column::Load)
            } else if let Some(household) = name.strip_suffix("_pv_w") {
                (household, Column::Pv)
            } else {
                return Err(ProfileError::UnknownColumn {
                    number,
                    name: printable(name),
                });
            };
        let length = household.chars().count();
        if length == 0 || length > MAX_NAME || household.chars().any(char::is_control) {
            return Err(ProfileError::BadName { number });
        }
        if let Some(place) = places.get(household) {
            return Ok(column(*place));
        }
        let place = self.households.len();
        places.insert(household.to_owned(), place);
        self.households.push(Profile {
            name: household.to_owned(),
            ..Profile::default()
        });
        Ok(column(place))
    }
}

/// A file's own words, fit for a terminal: short and without control characters.
pub fn printable(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Result<Header, ProfileError> {
        Header::parse(&StringRecord::from(names.to_vec()))
    }

    #[test]
    fn columns_belong_to_households_in_any_sequence() {
        let header = header(&["b_pv_w", "time", "a_load_w", "b_load_w"]).expect("fine");
        assert_eq!(
            header.columns,
            [
                Column::Pv(0),
                Column::Time,
                Column::Load(1),
                Column::Load(0)
            ]
        );
        let names: Vec<&str> = header
            .households
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(names, ["b", "a"]);
    }

    #[test]
    fn columns_that_can_not_be_used_are_named() {
        let refusal = |names: &[&str]| header(names).err().map(|error| error.to_string());
        let says = |names: &[&str], part: &str| {
            let text = refusal(names).unwrap_or_default();
            assert!(text.contains(part), "{text}");
        };
        says(&["a_load_w"], "no column 'time'");
        says(&["time;a_load_w"], "separated by commas");
        says(&["time"], "no household");
        says(&["time", "a_laod_w"], "column 2 'a_laod_w' is neither");
        says(
            &["time", "a_load_w", "a_load_w"],
            "column 3 'a_load_w' is there twice",
        );
        says(
            &["time", "time", "a_load_w"],
            "column 2 'time' is there twice",
        );
        says(&["time", "_load_w"], "column 2: a household's name");
        says(&["time", "\u{1b}[2J_load_w"], "control character");
        says(&["time", "\u{1b}[2J"], "\\u{1b}");
        let many: Vec<String> = (0..1001).map(|n| format!("{n}_load_w")).collect();
        let names: Vec<&str> = std::iter::once("time")
            .chain(many.iter().map(String::as_str))
            .collect();
        says(&names, "at most 1000");
    }
}
