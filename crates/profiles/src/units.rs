//! The unit of each column: as its name says, or as the option does.

use joulebook_units::Seconds;

use crate::{
    columns::{Unit, ValueColumn},
    table::Decimal,
    DecimalMark, Energy, Question, Warning,
};

/// Units, questions where nothing tells one, and warnings where name and option differ.
#[derive(Debug, Default)]
pub struct Units {
    pub units: Vec<Unit>,
    pub questions: Vec<Question>,
    pub warnings: Vec<Warning>,
}

impl Units {
    /// `samples` has a number of each column.
    pub fn of(
        columns: &[ValueColumn],
        samples: &[Option<String>],
        option: Option<Unit>,
        mark: DecimalMark,
        length: i64,
    ) -> Units {
        let first = columns.first().and_then(|column| column.unit);
        // Where all names say the same, the option can only mean that they are wrong.
        let all_alike = first.is_some() && columns.iter().all(|column| column.unit == first);
        let mut units = Units::default();
        for (column, sample) in columns.iter().zip(samples) {
            let unit = match (column.unit, option) {
                (_, Some(option)) if all_alike => option,
                (Some(unit), Some(option)) if unit != option => {
                    units.warnings.push(Warning::UnitStays {
                        column: column.number(),
                        name: column.name.clone(),
                        unit,
                    });
                    unit
                }
                (Some(unit), _) | (None, Some(unit)) => unit,
                (None, None) => {
                    units.ask(column, sample.as_deref(), mark, length);
                    Unit::Watt
                }
            };
            units.units.push(unit);
        }
        units
    }

    /// Once, of the first column that names none: the option is for all of them.
    fn ask(&mut self, column: &ValueColumn, sample: Option<&str>, mark: DecimalMark, length: i64) {
        if !self.questions.is_empty() {
            return;
        }
        let number = sample.and_then(|text| Decimal::parse(text, mark));
        let milliwatts = |unit: Unit| {
            let (factor, power) = unit.attojoules(length);
            let (energy, _) = number?.scaled(factor, power)?;
            Some(Energy(energy).milliwatts(Seconds(length)))
        };
        self.questions.push(Question::Unit {
            column: column.number(),
            name: column.name.clone(),
            value: sample.unwrap_or("no value").to_owned(),
            as_kilowatts: milliwatts(Unit::Kilowatt),
            as_kilowatt_hours: milliwatts(Unit::KilowattHour),
        });
    }
}
