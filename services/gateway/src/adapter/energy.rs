use rust_decimal::{prelude::ToPrimitive, Decimal};

/// What a register counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Wh,
    KWh,
}

/// Registers of one direction, added up: whole Wh, as a register shows them that has no decimals. Nothing of it is a float.
/// `None` if they are negative or do not fit.
pub fn whole_wh(registers: &[Decimal], unit: Unit) -> Option<u64> {
    let factor = match unit {
        Unit::Wh => Decimal::ONE,
        Unit::KWh => Decimal::ONE_THOUSAND,
    };
    let sum = registers.iter().try_fold(Decimal::ZERO, |sum, register| {
        match register.is_sign_negative() && !register.is_zero() {
            true => None,
            false => sum.checked_add(*register),
        }
    });
    sum?.checked_mul(factor)?.floor().to_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(registers: &[&str], unit: Unit) -> Option<u64> {
        let registers: Vec<Decimal> = registers
            .iter()
            .map(|text| text.parse().expect("a number"))
            .collect();
        whole_wh(&registers, unit)
    }

    #[test]
    fn registers_in_kwh_are_whole_wh_to_the_last_digit() {
        assert_eq!(of(&["123456.789"], Unit::KWh), Some(123_456_789));
        assert_eq!(of(&["000004.426", "000002.399"], Unit::KWh), Some(6_825));
        // 0.7 Wh and 0.4 Wh are one whole one.
        assert_eq!(of(&["0.0007", "0.0004"], Unit::KWh), Some(1));
        assert_eq!(of(&["99999999.9"], Unit::Wh), Some(99_999_999));
        assert_eq!(of(&[], Unit::Wh), Some(0));
    }

    #[test]
    fn what_no_register_shows_is_none() {
        assert_eq!(of(&["-0.001"], Unit::KWh), None);
        assert_eq!(of(&["79228162514264337593543950335"], Unit::KWh), None);
    }
}
