//! What each column holds: by its name, or as it was chosen.

mod advice;
mod choice;
mod name;
mod role;
mod unit;

use std::collections::{BTreeMap, HashMap};

use crate::{printable, ProfileError, Question};

pub use advice::{is_number, reference};
pub use choice::{ChoiceError, ColumnChoice};
pub use name::{duration_unit, is_time_name};
use name::{is_date_name, is_duration_name, is_household_name, NameParts};
pub use role::Role;
pub use unit::{Unit, UnitError};

/// Whose energy it is, where no name says.
const DEFAULT_HOUSEHOLD: &str = "household";

/// What the columns of a table are read as.
#[derive(Debug, Default)]
pub struct Columns {
    pub time: Option<usize>,
    /// The day, if `time` is the time of day alone.
    pub date: Option<usize>,
    pub duration: Option<usize>,
    /// Whether somebody said that it is one.
    pub is_duration_chosen: bool,
    /// The household of each row, in long format.
    pub household: Option<usize>,
    pub values: Vec<ValueColumn>,
    /// In the sequence of their first columns; empty in long format.
    pub households: Vec<String>,
    /// Seconds that a row lasts, as a name says.
    pub length: Option<i64>,
}

/// A column of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueColumn {
    pub index: usize,
    pub name: String,
    pub role: Role,
    pub unit: Option<Unit>,
    pub is_register: bool,
    /// Its household's place; 0 in long format.
    pub household: usize,
}

impl ValueColumn {
    /// Counted from 1.
    pub fn number(&self) -> usize {
        self.index.saturating_add(1)
    }
}

/// Columns, and what has to be asked about them.
pub type Asked = (Columns, Vec<Question>);

/// The roles of columns with these names, above a row of these cells.
///
/// # Errors
/// [`ProfileError`] for columns that are missing, unknown or there twice.
pub fn of(
    names: &[String],
    cells: &[&str],
    choice: Option<&ColumnChoice>,
) -> Result<Asked, ProfileError> {
    let (roles, mut questions) = match choice {
        Some(choice) => (choice.among(names)?, Vec::new()),
        None => by_name(names, cells)?,
    };
    let place = |wanted: Role| {
        let mut all = roles.iter();
        all.find(|(_, role)| *role == wanted)
            .map(|(index, _)| *index)
    };
    let mut columns = Columns {
        time: place(Role::Time),
        date: place(Role::Date),
        duration: place(Role::Duration).or_else(|| only_free(names, &roles, is_duration_name)),
        is_duration_chosen: choice.is_some() && place(Role::Duration).is_some(),
        household: place(Role::Household),
        ..Columns::default()
    };
    if columns.time.is_none() {
        // A chosen day alone is the start of the day; of the rest, the heading tells.
        let by_name = || only_free(names, &roles, is_time_name);
        columns.time = columns.date.take().or_else(by_name);
    }
    if columns.time.is_none() {
        return Err(no_time(names, cells));
    }
    let values = roles.iter().filter(|(_, role)| role.is_value());
    let values: Vec<(usize, Role, NameParts)> = values
        .filter_map(|(index, role)| Some((*index, *role, NameParts::of(names.get(*index)?))))
        .collect();
    let is_one_household = choice.is_some() && is_one_of_each(&values);
    columns.add_values(names, values, choice.is_some(), is_one_household)?;
    columns.check_pairs()?;
    questions.extend(columns.directions(names, choice.is_some()));
    Ok((columns, questions))
}

/// Names, for an error.
pub fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown = names.iter().take(SHOWN);
    let mut shown: Vec<String> = shown.map(|name| format!("'{}'", printable(name))).collect();
    if let Some(more @ 1..) = names.len().checked_sub(SHOWN) {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

fn no_time(names: &[String], cells: &[&str]) -> ProfileError {
    ProfileError::NoTimeColumn {
        columns: listed(names),
        advice: advice::advice(names, cells),
    }
}

type Roles = Vec<(usize, Role)>;

fn by_name(names: &[String], cells: &[&str]) -> Result<(Roles, Vec<Question>), ProfileError> {
    let mut roles = Roles::new();
    let mut questions = Vec::new();
    let mut unknown = Vec::new();
    let times: Vec<usize> = (0..)
        .zip(names)
        .filter(|(_, name)| is_time_name(name))
        .map(|(index, _)| index)
        .collect();
    let name = |index: usize| names.get(index).map_or("", String::as_str);
    match *times.as_slice() {
        [] => {}
        [time] => roles.push((time, Role::Time)),
        [date, time] | [time, date] if is_date_name(name(date)) && !is_date_name(name(time)) => {
            roles.extend([(date, Role::Date), (time, Role::Time)]);
        }
        [first, second, ..] => {
            let advice = advice::advice(names, cells);
            questions.push(Question::Time {
                first: name(first).to_owned(),
                second: name(second).to_owned(),
                advice: advice
                    .unwrap_or_else(|| format!("time={},load=*", reference(names, first))),
            });
            roles.extend(times.iter().map(|index| (*index, Role::Time)));
        }
    }
    let has_time = !times.is_empty();
    for (index, name) in names.iter().enumerate() {
        let parts = NameParts::of(name);
        if times.contains(&index) {
            continue;
        }
        match parts.role {
            _ if is_household_name(name) => roles.push((index, Role::Household)),
            _ if is_duration_name(name) => roles.push((index, Role::Duration)),
            // A table's index often has no name.
            None if index == 0 && name.is_empty() && !has_time => roles.push((index, Role::Time)),
            Some(role) => roles.push((index, role)),
            None if parts.unit.is_some() && !parts.household.is_empty() => {
                questions.push(Question::Direction {
                    column: index.saturating_add(1),
                    name: name.clone(),
                    reference: reference(names, index),
                });
                roles.push((index, Role::Load));
            }
            None => unknown.push((index.saturating_add(1), name.clone())),
        }
    }
    if roles.iter().all(|(_, role)| *role != Role::Time) {
        return Err(no_time(names, cells));
    }
    if !unknown.is_empty() {
        return Err(ProfileError::UnknownColumns {
            columns: unknown,
            advice: advice::advice(names, cells),
        });
    }
    Ok((roles, questions))
}

/// The only column that is called so and has no other role.
fn only_free(names: &[String], roles: &Roles, is_called: fn(&str) -> bool) -> Option<usize> {
    let is_free = |index: usize| roles.iter().all(|(taken, _)| *taken != index);
    let mut found = (0..)
        .zip(names)
        .filter(|(index, name)| is_free(*index) && is_called(name));
    let (index, _) = found.next()?;
    found.next().is_none().then_some(index)
}

/// Whether no two columns have one role: then they are of one household, whatever they are called.
fn is_one_of_each(values: &[(usize, Role, NameParts)]) -> bool {
    let mut roles: Vec<Role> = values.iter().map(|(_, role, _)| *role).collect();
    let count = roles.len();
    roles.sort_unstable();
    roles.dedup();
    roles.len() == count
}

impl Columns {
    fn add_values(
        &mut self,
        names: &[String],
        values: Vec<(usize, Role, NameParts)>,
        is_chosen: bool,
        is_one_household: bool,
    ) -> Result<(), ProfileError> {
        let mut places: HashMap<String, usize> = HashMap::new();
        let is_only = values.len() == 1;
        for (index, role, parts) in values {
            self.length = self.length.or(parts.length);
            let household = match parts.household {
                _ if self.household.is_some() => String::new(),
                _ if is_one_household && !is_only => DEFAULT_HOUSEHOLD.to_owned(),
                name if name.is_empty() => DEFAULT_HOUSEHOLD.to_owned(),
                name => name,
            };
            let next = places.len();
            let place = *places.entry(household.clone()).or_insert(next);
            let name = names.get(index).cloned().unwrap_or_default();
            let mut earlier = self.values.iter();
            if let Some(first) = earlier.find(|one| (one.household, one.role) == (place, role)) {
                let (number, first) = (index.saturating_add(1), first.number());
                return Err(match self.household {
                    Some(_) => ProfileError::DuplicateInRow {
                        number,
                        first,
                        name,
                        role: role.name(),
                    },
                    None => ProfileError::DuplicateColumn {
                        number,
                        first,
                        name,
                        household,
                    },
                });
            }
            if place == next && self.household.is_none() {
                self.households.push(household);
            }
            self.values.push(ValueColumn {
                index,
                name,
                role,
                unit: parts.unit,
                is_register: parts.is_register && (parts.role.is_some() || is_chosen),
                household: place,
            });
        }
        match self.values.is_empty() {
            true => Err(ProfileError::NoHouseholds),
            false => Ok(()),
        }
    }

    /// What a household uses and what its meter shows count the same energy.
    fn check_pairs(&self) -> Result<(), ProfileError> {
        // In order, so that the household that is named is the first one.
        type Places = BTreeMap<usize, usize>;
        let of = |is_one: fn(Role) -> bool| -> Places {
            let all = self.values.iter().filter(|column| is_one(column.role));
            all.map(|column| (column.household, column.number()))
                .collect()
        };
        let uses = of(|role| !role.is_of_a_meter());
        let nets = of(|role| role == Role::Net);
        let directions = of(|role| role.is_of_a_meter() && role != Role::Net);
        let twice = |one: &Places, other: &Places| {
            let mut both = one.iter().filter_map(|(place, number)| {
                other.get(place).map(|other| (*place, *number, *other))
            });
            both.next()
        };
        let found = twice(&uses, &nets)
            .or_else(|| twice(&uses, &directions))
            .or_else(|| twice(&nets, &directions));
        match found {
            Some((place, first, second)) => Err(ProfileError::CountedTwice {
                household: self.households.get(place).cloned().unwrap_or_default(),
                first,
                second,
            }),
            None => Ok(()),
        }
    }

    /// Columns of registers that don't say which way they count.
    fn directions(&self, names: &[String], is_chosen: bool) -> Vec<Question> {
        let unclear = self
            .values
            .iter()
            .filter(|column| column.is_register && column.role == Role::Net && !is_chosen);
        unclear
            .map(|column| Question::Direction {
                column: column.number(),
                name: column.name.clone(),
                reference: reference(names, column.index),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn read(columns: &[&str], choice: Option<&str>) -> Result<Asked, ProfileError> {
        let choice = choice.map(|choice| choice.parse().expect("a choice"));
        of(&names(columns), &[], choice.as_ref())
    }

    fn fine(columns: &[&str], choice: Option<&str>) -> Columns {
        let (columns, questions) = read(columns, choice).expect("columns");
        assert_eq!(questions, []);
        columns
    }

    fn says(columns: &[&str], choice: Option<&str>, part: &str) {
        let error = read(columns, choice)
            .expect_err("must be refused")
            .to_string();
        assert!(error.contains(part), "{error}");
    }

    #[test]
    fn given_names_in_any_sequence_when_read_then_columns_belong_to_households() {
        let columns = fine(&["b_pv_w", "time", "a_load_kwh", "b_load_w"], None);
        assert_eq!(columns.households, ["b", "a"]);
        let values: Vec<_> = columns
            .values
            .iter()
            .map(|one| (one.index, one.role, one.household))
            .collect();
        assert_eq!(
            values,
            [(0, Role::Pv, 0), (2, Role::Load, 1), (3, Role::Load, 0)]
        );
        assert_eq!(columns.time, Some(1));
    }

    #[test]
    fn given_columns_without_households_when_read_then_they_are_of_one() {
        assert_eq!(fine(&["", "GC", "GG"], None).households, ["household"]);
        assert_eq!(
            fine(&["time", "import_kwh", "export_kwh"], None).households,
            ["household"]
        );
        assert_eq!(
            fine(&["t", "Use", "Sun"], Some("time=t,load=Use,pv=Sun")).households,
            ["household"]
        );
        let many = fine(&["t", "Ada", "Bob"], Some("time=t,load=*"));
        assert_eq!(many.households, ["Ada", "Bob"]);
        let others = fine(&["Start", "Duration", "Ada", "Bob"], Some("load=*"));
        assert_eq!(others.households, ["Ada", "Bob"]);
        assert_eq!((others.time, others.duration), (Some(0), Some(1)));
    }

    #[test]
    fn given_a_day_and_a_time_of_day_when_read_then_both_are_the_time() {
        let columns = fine(&["Date", "Start Time", "load_kwh"], None);
        assert_eq!((columns.date, columns.time), (Some(0), Some(1)));
        let columns = fine(&["x", "Consumed"], Some("date=x,value=Consumed"));
        assert_eq!((columns.date, columns.time), (None, Some(0)));
    }

    #[test]
    fn given_a_column_of_durations_when_read_then_it_is_known_by_its_name() {
        let columns = fine(&["time", "Duration", "load_kwh"], None);
        assert_eq!(columns.duration, Some(1));
        let columns = fine(&["time", "Duration (h)", "x"], Some("value=x"));
        assert_eq!(
            (columns.duration, columns.is_duration_chosen),
            (Some(1), false)
        );
        let columns = fine(&["time", "d", "x"], Some("duration=d,value=x"));
        assert_eq!(
            (columns.duration, columns.is_duration_chosen),
            (Some(1), true)
        );
    }

    #[test]
    fn given_columns_that_can_not_be_used_when_read_then_they_are_named() {
        says(&["a_load_w"], None, "no column of times among 'a_load_w'");
        says(&["time"], None, "no household");
        says(&["time", "a_laod_w", "x"], None, "column 3 'x'");
        says(
            &["time", "a_load_w", "a_load_kwh"],
            None,
            "column 3 'a_load_kwh' is there twice",
        );
        says(
            &["time", "a_load_w", "a_net_w"],
            None,
            "count the same energy",
        );
        says(
            &["time", "a_import_kwh", "a_net_w"],
            None,
            "count the same energy",
        );
        says(&["time", "\u{1b}[2J"], None, "\\u{1b}");
    }

    #[test]
    fn given_two_readings_when_read_then_both_are_named() {
        let asked = |columns: &[&str]| {
            let (_, questions) = read(columns, None).expect("columns");
            let all: Vec<String> = questions.iter().map(Question::to_string).collect();
            all.join("\n")
        };
        assert!(asked(&["time", "MAC1_kwh"]).contains("what its panels give (pv)"));
        assert!(
            asked(&["Start", "Time", "load_w"]).contains("'Start' and 'Time': which is the time?")
        );
    }
}
