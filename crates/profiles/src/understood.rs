use std::fmt;

use crate::{shown, DecimalMark, Fill, Unit};

/// What a file was understood as, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// Seconds that a row lasts.
    pub length: i64,
    pub households: usize,
    /// Of its columns of values.
    pub units: Vec<Unit>,
    pub has_registers: bool,
    pub times: Vec<TimeKind>,
    /// Of local times.
    pub zone: Option<String>,
    pub decimal: DecimalMark,
    pub is_newest_first: bool,
    pub are_ends: bool,
    pub are_rows_split: bool,
    /// What was missing, and what stands for it.
    pub filled: Option<(usize, Fill)>,
    /// Unless it is UTF-8.
    pub encoding: Option<&'static str>,
}

/// How a row's time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeKind {
    Utc,
    Offset,
    Local,
    Unix,
}

impl Understood {
    fn units(&self) -> String {
        let name = |unit: &Unit| match self.has_registers && unit.is_energy() {
            true => format!("{} of registers", unit.symbol()),
            false => unit.name().to_owned(),
        };
        let names: Vec<String> = self.units.iter().map(name).collect();
        names.join(" and ")
    }

    fn times(&self) -> String {
        let name = |kind: &TimeKind| match (kind, &self.zone) {
            (TimeKind::Utc, _) => "times in UTC".to_owned(),
            (TimeKind::Offset, _) => "times with offset".to_owned(),
            (TimeKind::Unix, _) => "unix seconds".to_owned(),
            (TimeKind::Local, Some(zone)) => format!("local time {zone}"),
            (TimeKind::Local, None) => "local time".to_owned(),
        };
        let names: Vec<String> = self.times.iter().map(name).collect();
        names.join(" and ")
    }
}

impl fmt::Display for Understood {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let households = match self.households {
            1 => "1 household".to_owned(),
            count => format!("{count} households"),
        };
        let decimal = match self.decimal {
            DecimalMark::Point => "decimal point",
            DecimalMark::Comma => "decimal comma",
        };
        write!(
            f,
            "{}, {households}, {}, {}, {decimal}",
            shown::length(self.length),
            self.units(),
            self.times()
        )?;
        for (is_so, what) in [
            (self.are_ends, "stamps at the end"),
            (self.is_newest_first, "newest row first"),
            (self.are_rows_split, "rows split at the windows' boundaries"),
        ] {
            if is_so {
                write!(f, ", {what}")?;
            }
        }
        if let Some(encoding) = self.encoding {
            write!(f, ", {encoding}")?;
        }
        match self.filled {
            Some((1, fill)) => write!(f, ", 1 missing value filled: {fill}"),
            Some((count, fill)) => write!(f, ", {count} missing values filled: {fill}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_says_it_all() {
        let mut understood = Understood {
            length: 900,
            households: 24,
            units: vec![Unit::KilowattHour],
            has_registers: false,
            times: vec![TimeKind::Local],
            zone: Some("Europe/Vienna".into()),
            decimal: DecimalMark::Comma,
            is_newest_first: false,
            are_ends: false,
            are_rows_split: false,
            filled: None,
            encoding: None,
        };
        assert_eq!(
            understood.to_string(),
            "15 min, 24 households, kWh per interval, local time Europe/Vienna, decimal comma"
        );
        understood.filled = Some((3, Fill::Zero));
        understood.are_ends = true;
        assert!(understood
            .to_string()
            .ends_with("decimal comma, stamps at the end, 3 missing values filled: zero"));
    }
}
