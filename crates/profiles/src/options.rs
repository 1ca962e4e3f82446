use std::fmt;

use crate::{ColumnChoice, DateOrder, DecimalMark, RowLength, Separator, Unit, Zone};

/// What a file does not say of itself. With none of it set, the file has to.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Of the columns whose name tells none; of all, if they all tell the same other one.
    pub unit: Option<Unit>,
    /// Whether energies are of an interval each or cumulative.
    pub values: Option<Values>,
    /// Of times without an offset.
    pub zone: Option<Zone>,
    pub stamps: Stamps,
    /// How long one row lasts, where the distance of the rows does not tell.
    pub length: Option<RowLength>,
    /// Which columns are read, and as what.
    pub columns: Option<ColumnChoice>,
    /// Of dates like 09/04/2024.
    pub dates: Option<DateOrder>,
    /// Of numbers like 1,234.
    pub decimal: Option<DecimalMark>,
    pub separator: Option<Separator>,
    /// What stands for values that are missing; without it they are refused.
    pub fill: Option<Fill>,
}

/// What a row's energy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// What flowed in the row's interval.
    Interval,
    /// What a meter's register showed at the row's time.
    Register,
}

/// What a row's time is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stamps {
    #[default]
    Start,
    End,
}

/// What stands for a missing value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    Zero,
    /// The one before it.
    Previous,
    /// The mean of the column's values; between two registers, what flowed, spread evenly.
    Mean,
    /// That of the same time on the day before.
    Yesterday,
}

impl fmt::Display for Fill {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Fill::Zero => "zero",
            Fill::Previous => "previous",
            Fill::Mean => "mean",
            Fill::Yesterday => "yesterday",
        })
    }
}
