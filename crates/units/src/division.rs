//! Division of signed numbers, made of unsigned ones: sBPF has no other, and what a linker puts in its place is more to be
//! trusted the less it is (decision 10).

/// value / divisor, rounded down: −1 / 2 is −1. `None` unless the divisor is positive.
#[inline(always)]
pub fn floor_div(value: i64, divisor: i64) -> Option<i64> {
    if divisor <= 0 {
        return None;
    }
    // Of a negative value the complement, −1 − value, is not negative, and so is the quotient's.
    let complement = value >> 63;
    let quotient = ((value ^ complement) as u64).checked_div(divisor as u64)?;
    Some(quotient as i64 ^ complement)
}

/// What [`floor_div`] leaves: from 0 to divisor − 1. `None` unless the divisor is positive.
#[inline(always)]
pub fn floor_rem(value: i64, divisor: i64) -> Option<i64> {
    let quotient = floor_div(value, divisor)?;
    Some(value.wrapping_sub(quotient.wrapping_mul(divisor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_any_value_when_divided_then_the_result_is_that_of_euclid() {
        let numbers = [
            0,
            1,
            2,
            3,
            7,
            900,
            86_399,
            86_400,
            86_401,
            i64::MAX / 2,
            i64::MAX - 1,
            i64::MAX,
        ];
        let divisors = numbers.into_iter().filter(|number| *number > 0);
        for divisor in divisors {
            for number in numbers {
                for value in [number, -number, !number] {
                    assert_eq!(
                        floor_div(value, divisor),
                        value.checked_div_euclid(divisor),
                        "{value} / {divisor}"
                    );
                    assert_eq!(
                        floor_rem(value, divisor),
                        value.checked_rem_euclid(divisor),
                        "{value} % {divisor}"
                    );
                }
            }
        }
    }

    #[test]
    fn given_a_divisor_that_is_not_positive_when_divided_then_none() {
        for divisor in [0, -1, i64::MIN] {
            assert_eq!(floor_div(5, divisor), None);
            assert_eq!(floor_rem(5, divisor), None);
        }
    }
}
