//! What `--columns` could say of a table whose names don't say enough.

use crate::{
    printable_whole,
    table::{is_missing, Decimal},
    times::RawStamp,
    DecimalMark,
};

use super::{is_date_name, is_duration_name, is_household_name, is_time_name, NameParts, Role};

/// Known columns that are named one by one.
const NAMED: usize = 4;

/// What a column looks like, by its name and its first cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Time,
    Household,
    Known(Role),
    /// Numbers, and whether their unit is named.
    Numbers(bool),
    Text,
    Other,
}

/// Like `household=LCLid,time=DateTime,value="KWH/hh"`, of names and the cells below them; `None` if nothing is worth
/// being read, or too much to be listed.
pub fn advice(names: &[String], cells: &[&str]) -> Option<String> {
    let cell = |index: usize| cells.get(index).copied().unwrap_or_default();
    let looks: Vec<Look> = (0..)
        .zip(names)
        .map(|(index, name)| look(name, cell(index)))
        .collect();
    let places = |wanted: fn(&Look) -> bool| {
        let all = (0..).zip(&looks).filter(move |(_, look)| wanted(look));
        all.map(|(index, _)| index).collect::<Vec<usize>>()
    };
    let entry = |role: &str, index: usize| format!("{role}={}", reference(names, index));

    let times = places(|look| *look == Look::Time);
    let mut entries = match *times.as_slice() {
        [] => return None,
        [date, time, ..] if holds_day_alone(names, date) => {
            vec![entry("date", date), entry("time", time)]
        }
        [time, ..] => vec![entry("time", time)],
    };
    let known = places(|look| matches!(look, Look::Known(_)));
    let numbers = places(|look| matches!(look, Look::Numbers(_)));
    let with_unit = places(|look| *look == Look::Numbers(true));
    let whose = places(|look| *look == Look::Household).first().copied();
    let text = places(|look| *look == Look::Text).first().copied();
    if let Some(whose) = whose.or(text.filter(|_| known.is_empty())) {
        entries.insert(0, entry("household", whose));
        if known.is_empty() {
            entries.push(entry("value", *with_unit.first().or(numbers.first())?));
        }
    } else if known.is_empty() {
        let _ = numbers.first()?;
        entries.push("load=*".to_owned());
    }
    if known.len() > NAMED {
        return None;
    }
    for index in known {
        if let Some(Look::Known(role)) = looks.get(index) {
            entries.push(entry(role.name(), index));
        }
    }
    Some(entries.join(","))
}

fn look(name: &str, cell: &str) -> Look {
    let stamp = RawStamp::parse(cell);
    let is_moment = stamp.is_some_and(|stamp| !stamp.is_unix());
    let parts = NameParts::of(name);
    match parts.role {
        _ if is_time_name(name) || is_moment => Look::Time,
        _ if is_household_name(name) => Look::Household,
        _ if is_duration_name(name) || is_missing(cell) => Look::Other,
        Some(role) => Look::Known(role),
        None if is_number(cell) => Look::Numbers(parts.unit.is_some()),
        None => Look::Text,
    }
}

/// Whether a cell is a number with either decimal mark.
pub fn is_number(cell: &str) -> bool {
    let marks = [DecimalMark::Point, DecimalMark::Comma];
    let mut read = marks.iter().map(|mark| Decimal::parse(cell, *mark));
    read.any(|number| number.is_some())
}

fn holds_day_alone(names: &[String], index: usize) -> bool {
    names.get(index).is_some_and(|name| is_date_name(name))
}

/// A column as a choice names it in a shell's single quotes: by its name, or by its number where the name has what
/// stands for something else, is long, or is there twice.
pub fn reference(names: &[String], index: usize) -> String {
    const LONGEST: usize = 40;
    let name = names.get(index).map_or("", String::as_str);
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let has_no_quotes = !name.contains(['"', '\'']) && printable_whole(name) == name;
    let others = names
        .iter()
        .filter(|other| other.to_lowercase() == name.to_lowercase());
    match name {
        _ if others.count() > 1 || name.chars().count() > LONGEST => number(index),
        "" => number(index),
        _ if name.chars().all(is_plain) => name.to_owned(),
        _ if name != "*" && !name.starts_with('#') && has_no_quotes => format!("\"{name}\""),
        _ => number(index),
    }
}

fn number(index: usize) -> String {
    format!("#{}", index.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(heading: &str, row: &str) -> Option<String> {
        let names: Vec<String> = heading.split(',').map(str::to_owned).collect();
        let cells: Vec<&str> = row.split(',').collect();
        advice(&names, &cells)
    }

    #[test]
    fn given_tables_of_each_form_when_asked_then_each_column_is_what_it_looks_like() {
        for (heading, row, expected) in [
            (
                "LCLid,std,DateTime,KWH/hh (per half hour),Acorn",
                "MAC000099,Std,2012-10-12 00:30,0,A",
                "household=LCLid,time=DateTime,value=\"KWH/hh (per half hour)\"",
            ),
            (
                "Meter Number,Date,Start Time,Duration,Consumed",
                "0000000,09/04/2024,12:00:00 AM,Hour,0.34",
                "date=Date,time=\"Start Time\",load=Consumed",
            ),
            ("When,Ada,Bob", "2024-06-01,1,2", "time=When,load=*"),
            (
                "household,t,x",
                "A,2024-06-01 00:00,0.4",
                "household=household,time=t,value=x",
            ),
            (
                "id,utc,\"q\",y kWh",
                "A,1717200000,1,2",
                "household=id,time=utc,value=\"y kWh\"",
            ),
            (
                "id,utc,\"q\"",
                "A,1717200000,1",
                "household=id,time=utc,value=#3",
            ),
        ] {
            assert_eq!(of(heading, row).as_deref(), Some(expected), "{heading}");
        }
        assert_eq!(of("a,b", "x,y"), None);
        assert_eq!(of("time,b", "2024-06-01,y"), None);
    }
}
