use std::str::FromStr;

/// What a number counts: average power over its interval, or energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Watt,
    Kilowatt,
    WattHour,
    KilowattHour,
    MegawattHour,
}

/// No unit of power or energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write W, kW, Wh, kWh or MWh")]
pub struct UnitError;

impl Unit {
    pub const ALL: [Unit; 5] = [
        Unit::Watt,
        Unit::Kilowatt,
        Unit::WattHour,
        Unit::KilowattHour,
        Unit::MegawattHour,
    ];

    pub fn symbol(self) -> &'static str {
        match self {
            Unit::Watt => "W",
            Unit::Kilowatt => "kW",
            Unit::WattHour => "Wh",
            Unit::KilowattHour => "kWh",
            Unit::MegawattHour => "MWh",
        }
    }

    /// Its symbol, and what an energy is of.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Watt => "W",
            Unit::Kilowatt => "kW",
            Unit::WattHour => "Wh per interval",
            Unit::KilowattHour => "kWh per interval",
            Unit::MegawattHour => "MWh per interval",
        }
    }

    pub fn is_energy(self) -> bool {
        !matches!(self, Unit::Watt | Unit::Kilowatt)
    }

    /// Attojoules in one of it over so many seconds, as a factor and a power of ten.
    pub fn attojoules(self, seconds: i64) -> (i128, i32) {
        match self {
            Unit::Watt => (seconds.into(), 18),
            Unit::Kilowatt => (seconds.into(), 21),
            Unit::WattHour => (36, 20),
            Unit::KilowattHour => (36, 23),
            Unit::MegawattHour => (36, 26),
        }
    }
}

impl FromStr for Unit {
    type Err = UnitError;

    /// However it is written, but for `mW` and `mWh`, thousandths.
    fn from_str(text: &str) -> Result<Unit, UnitError> {
        let all = Unit::ALL.into_iter();
        let mut found = all.filter(|unit| unit.symbol().eq_ignore_ascii_case(text));
        let unit = found.next().ok_or(UnitError)?;
        if text.starts_with("mW") {
            return Err(UnitError);
        }
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_known_in_any_case() {
        for (text, unit) in [
            ("w", Unit::Watt),
            ("KW", Unit::Kilowatt),
            ("wh", Unit::WattHour),
            ("KWH", Unit::KilowattHour),
            ("mwh", Unit::MegawattHour),
            ("MWh", Unit::MegawattHour),
        ] {
            assert_eq!(text.parse(), Ok(unit));
        }
        for text in ["", "mWh", "mW", "MW", "J", "kWh/h"] {
            assert_eq!(text.parse::<Unit>(), Err(UnitError), "{text}");
        }
    }

    #[test]
    fn a_kilowatt_hour_is_as_much_as_a_kilowatt_for_an_hour() {
        let whole = |unit: Unit| {
            let (factor, power) = unit.attojoules(3600);
            factor * 10_i128.pow(power.unsigned_abs())
        };
        assert_eq!(whole(Unit::Kilowatt), whole(Unit::KilowattHour));
        assert_eq!(whole(Unit::Watt), whole(Unit::WattHour));
        assert_eq!(whole(Unit::MegawattHour), 1000 * whole(Unit::KilowattHour));
    }
}
