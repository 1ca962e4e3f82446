use std::str::FromStr;

use crate::{ProfileError, Question};

use super::Separator;

/// What stands before a number's decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecimalMark {
    #[default]
    Point,
    Comma,
}

impl FromStr for DecimalMark {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<DecimalMark, Self::Err> {
        match text {
            "point" => Ok(DecimalMark::Point),
            "comma" => Ok(DecimalMark::Comma),
            _ => Err("write comma or point"),
        }
    }
}

/// What a file's numbers say about their decimal mark: lines, and a number that could be either.
#[derive(Debug, Default)]
pub struct MarkSurvey {
    point: Option<u64>,
    comma: Option<u64>,
    either: Option<(u64, String, char)>,
}

impl MarkSurvey {
    /// Looks at one more number.
    pub fn add(&mut self, line: u64, text: &str) {
        match evidence(text) {
            Some(Evidence::Point) => {
                self.point.get_or_insert(line);
            }
            Some(Evidence::Comma) => {
                self.comma.get_or_insert(line);
            }
            // A comma is the rarer decimal mark: it is asked about first.
            Some(Evidence::Either(mark)) => {
                let asked = self.either.as_ref().map(|either| either.2);
                if asked.is_none() || (asked == Some('.') && mark == ',') {
                    self.either = Some((line, text.to_owned(), mark));
                }
            }
            None => {}
        }
    }

    /// The mark, or a question where no number tells.
    ///
    /// # Errors
    /// Two marks in one file.
    pub fn decide(
        self,
        separator: Separator,
    ) -> Result<Result<DecimalMark, Question>, ProfileError> {
        match (self.point, self.comma, self.either) {
            (Some(point), Some(comma), _) => Err(ProfileError::MixedDecimals { comma, point }),
            (Some(_), None, _) | (None, None, None) => Ok(Ok(DecimalMark::Point)),
            (None, Some(_), _) => Ok(Ok(DecimalMark::Comma)),
            // Between commas, nobody writes points for thousands.
            (None, None, Some((_, _, '.'))) if separator == Separator::Comma => {
                Ok(Ok(DecimalMark::Point))
            }
            (None, None, Some((line, value, _))) => Ok(Err(Question::DecimalMark { line, value })),
        }
    }
}

enum Evidence {
    Point,
    Comma,
    Either(char),
}

fn evidence(text: &str) -> Option<Evidence> {
    let number = text.trim_start_matches(['+', '-', '−']);
    let mut marks = number.chars().filter(|letter| matches!(letter, '.' | ','));
    let first = marks.next()?;
    let decimal = |mark| match mark {
        '.' => Evidence::Point,
        _ => Evidence::Comma,
    };
    let other = |mark| match mark {
        '.' => Evidence::Comma,
        _ => Evidence::Point,
    };
    match (marks.next(), marks.next_back()) {
        (None, _) => {
            let (whole, decimals) = number.split_once(first)?;
            let is_grouped = (1..=3).contains(&whole.len())
                && !whole.starts_with('0')
                && decimals.len() == 3
                && decimals.bytes().all(|byte| byte.is_ascii_digit());
            Some(if is_grouped {
                Evidence::Either(first)
            } else {
                decimal(first)
            })
        }
        (Some(second), last) => {
            let last = last.unwrap_or(second);
            // 1.234.567 has groups, 1.234,5 groups and decimals.
            Some(if last == first {
                other(first)
            } else {
                decimal(last)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(
        numbers: &[&str],
        separator: Separator,
    ) -> Result<Result<DecimalMark, Question>, ProfileError> {
        let mut survey = MarkSurvey::default();
        for (number, line) in numbers.iter().zip(2..) {
            survey.add(line, number);
        }
        survey.decide(separator)
    }

    #[test]
    fn given_numbers_that_tell_when_surveyed_then_the_mark_is_found() {
        use DecimalMark::{Comma, Point};
        for (numbers, mark) in [
            (&["1", "200"][..], Point),
            (&["0,4"], Comma),
            (&["1.234", "0,4"], Comma),
            (&["1,234", "0.4"], Point),
            (&["1.234,5"], Comma),
            (&["1,234.5"], Point),
            (&["1.234.567"], Comma),
            (&["-0,125"], Comma),
            (&["12345,678"], Comma),
            (&["1,5e3"], Comma),
        ] {
            let found = decided(numbers, Separator::Semicolon);
            assert!(
                matches!(found, Ok(Ok(found)) if found == mark),
                "{numbers:?}"
            );
        }
    }

    #[test]
    fn given_numbers_that_do_not_tell_when_surveyed_then_it_is_asked() {
        for (number, separator) in [
            ("1,234", Separator::Semicolon),
            ("1,234", Separator::Comma),
            ("1.234", Separator::Semicolon),
        ] {
            let found = decided(&["7", number], separator);
            let question = Question::DecimalMark {
                line: 3,
                value: number.to_owned(),
            };
            assert!(matches!(found, Ok(Err(asked)) if asked == question));
        }
        assert!(matches!(
            decided(&["1.234"], Separator::Comma),
            Ok(Ok(DecimalMark::Point))
        ));
    }

    #[test]
    fn given_two_marks_when_surveyed_then_both_lines_are_named() {
        let found = decided(&["0,4", "0.4"], Separator::Semicolon);
        assert!(matches!(
            found,
            Err(ProfileError::MixedDecimals { comma: 2, point: 3 })
        ));
    }
}
