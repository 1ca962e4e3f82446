use std::str::FromStr;

use crate::ProfileError;

use super::{is_duration_name, is_time_name, Role};

/// Which columns are read, and as what: `household=LCLid,time=DateTime,value="KWH/hh"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnChoice {
    entries: Vec<(Role, String)>,
}

/// Why a choice of columns can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    #[error("'{0}' is not of the form role=column; write like time=DateTime,load=\"Use, kWh\"")]
    NoRole(String),
    #[error(
        "'{0}' is no role; there are time, date, duration, household, value or net, load, pv, import and export"
    )]
    UnknownRole(String),
    #[error("a quote is not closed; put one behind the column's name")]
    OpenQuote,
    #[error("'{0}' is there twice; name one column")]
    Twice(&'static str),
    #[error("no column of values; name one with value=, net=, load=, pv=, import= or export=")]
    NoValues,
}

/// Stands for all columns that have no other role, and no name of times or durations.
const REST: &str = "*";

impl ColumnChoice {
    /// Whether a column of this name is the time, or a part of it.
    pub fn has_time(&self, name: &str) -> bool {
        let mut times = self
            .entries
            .iter()
            .filter(|(role, _)| matches!(role, Role::Time | Role::Date));
        // By a number, it may be any.
        times.any(|(_, wanted)| wanted.starts_with('#') || begins_with(name, wanted))
    }

    /// The chosen roles of columns with these names, in the sequence of the columns.
    ///
    /// # Errors
    /// [`ProfileError`] for a name that none or several have.
    pub fn among(&self, names: &[String]) -> Result<Vec<(usize, Role)>, ProfileError> {
        let mut roles: Vec<Option<Role>> = vec![None; names.len()];
        let (rest, named): (Vec<_>, Vec<_>) =
            self.entries.iter().partition(|(_, name)| name == REST);
        for (role, name) in named {
            let index = find(names, name)?;
            if let Some(place) = roles.get_mut(index) {
                if place.replace(*role).is_some() {
                    return Err(ProfileError::ColumnChosenTwice {
                        number: index.saturating_add(1),
                        name: name.clone(),
                    });
                }
            }
        }
        if let Some((role, _)) = rest.first() {
            for (place, name) in roles.iter_mut().zip(names) {
                if place.is_none() && !is_time_name(name) && !is_duration_name(name) {
                    *place = Some(*role);
                }
            }
        }
        let chosen = roles.into_iter().enumerate();
        Ok(chosen
            .filter_map(|(index, role)| Some((index, role?)))
            .collect())
    }
}

/// A whole name, then one in other letters, then the only one that begins so; or a number, like #2.
fn find(names: &[String], wanted: &str) -> Result<usize, ProfileError> {
    let number = wanted
        .strip_prefix('#')
        .and_then(|text| text.parse::<usize>().ok());
    let by_number = number.and_then(|number| number.checked_sub(1));
    if let Some(index) = by_number.filter(|index| *index < names.len()) {
        return Ok(index);
    }
    let tests: [fn(&str, &str) -> bool; 3] = [
        |name, wanted| name == wanted,
        |name, wanted| name.to_lowercase() == wanted.to_lowercase(),
        begins_with,
    ];
    for test in tests {
        let mut found = (0..).zip(names).filter(|(_, name)| test(name, wanted));
        match (found.next(), found.next()) {
            (Some((index, _)), None) => return Ok(index),
            (Some((first, _)), Some((second, _))) => {
                return Err(ProfileError::UnclearColumn {
                    name: wanted.to_owned(),
                    first: first.saturating_add(1_usize),
                    second: second.saturating_add(1_usize),
                })
            }
            (None, _) => {}
        }
    }
    Err(ProfileError::NoSuchColumn {
        name: wanted.to_owned(),
        there: super::listed(names),
    })
}

fn begins_with(name: &str, wanted: &str) -> bool {
    !wanted.is_empty() && name.to_lowercase().starts_with(&wanted.to_lowercase())
}

impl FromStr for ColumnChoice {
    type Err = ChoiceError;

    fn from_str(text: &str) -> Result<ColumnChoice, ChoiceError> {
        let mut entries: Vec<(Role, String)> = Vec::new();
        for part in parts(text)? {
            let (role, name) = part
                .split_once('=')
                .ok_or_else(|| ChoiceError::NoRole(part.clone()))?;
            let role = Role::named(role.trim())
                .ok_or_else(|| ChoiceError::UnknownRole(role.trim().to_owned()))?;
            let is_there = entries.iter().any(|(other, _)| *other == role);
            if is_there && !role.is_value() {
                return Err(ChoiceError::Twice(role.name()));
            }
            entries.push((role, unquoted(name.trim()).to_owned()));
        }
        if !entries.iter().any(|(role, _)| role.is_value()) {
            return Err(ChoiceError::NoValues);
        }
        Ok(ColumnChoice { entries })
    }
}

/// Cut at commas outside quotes.
fn parts(text: &str) -> Result<Vec<String>, ChoiceError> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for letter in text.chars() {
        is_quoted ^= letter == '"';
        match parts.last_mut() {
            Some(part) if letter != ',' || is_quoted => part.push(letter),
            _ => parts.push(String::new()),
        }
    }
    if is_quoted {
        return Err(ChoiceError::OpenQuote);
    }
    Ok(parts)
}

fn unquoted(name: &str) -> &str {
    let inner = name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'));
    inner.unwrap_or(name).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn among(choice: &str, columns: &[&str]) -> Result<Vec<(usize, Role)>, String> {
        let choice: ColumnChoice = choice
            .parse()
            .map_err(|error: ChoiceError| error.to_string())?;
        choice
            .among(&names(columns))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn given_names_numbers_and_beginnings_when_chosen_then_columns_are_found() {
        let columns = ["LCLid", "std", "DateTime", "KWH/hh (per half hour)"];
        let roles = [(0, Role::Household), (2, Role::Time), (3, Role::Net)];
        for choice in [
            "household=LCLid,time=DateTime,value=\"KWH/hh\"",
            "value=kwh/hh,household=#1,time=datetime",
            " household = LCLid , time = \"DateTime\" , net = #4",
        ] {
            assert_eq!(among(choice, &columns), Ok(roles.to_vec()), "{choice}");
        }
        assert_eq!(
            among("time=t,load=\"a, b\",pv=*", &["a, b", "t", "x", ""]),
            Ok(vec![
                (0, Role::Load),
                (1, Role::Time),
                (2, Role::Pv),
                (3, Role::Pv)
            ])
        );
    }

    #[test]
    fn given_a_choice_that_can_not_be_when_read_then_the_reason_is_named() {
        let says = |choice: &str, part: &str| {
            let error = among(choice, &["time", "load a", "load b"]).expect_err("must be refused");
            assert!(error.contains(part), "{choice}: {error}");
        };
        says("time", "role=column");
        says("when=time,load=#2", "'when' is no role");
        says("time=\"a,load=#2", "not closed");
        says("time=#1,time=#2,load=#3", "'time' is there twice");
        says("time=#1", "no column of values");
        says("load=c", "no column 'c'; there are");
        says("load=load", "column 2 or column 3");
        says("load=#2,pv=\"load a\"", "named twice");
        says("load=#9", "no column '#9'");
        says("load=", "no column ''");
    }
}
