//! Which part of a time that was asked for is worked out.

use super::Unproven;
use crate::store::Span;

/// From the first window that the household can have something in, to the last that is over.
pub(super) fn worked_out(asked: Span, approved_at: i64, now: i64, length: i64) -> Span {
    let since = asked.since.max(approved_at);
    let next_boundary = |time: i64| time.saturating_add(length - 1).div_euclid(length) * length;
    let since = next_boundary(since);
    // A window is of the time in which it starts, and over at its end.
    let until = next_boundary(asked.until).min(now.div_euclid(length) * length);
    Span {
        since,
        until: until.max(since),
    }
}

/// What was asked for and is not worked out.
pub(super) fn cut_off(asked: Span, worked_out: Span, has_left: bool) -> Vec<Unproven> {
    let before = Unproven {
        since: asked.since,
        until: worked_out.since.min(asked.until),
        why: "the household left once: what it had before it was last approved is not worked out",
    };
    let after = Unproven {
        since: worked_out
            .until
            .clamp(asked.since, asked.until.max(asked.since)),
        until: asked.until,
        why: "not over yet",
    };
    let parts = [Some(before).filter(|_| has_left), Some(after)];
    let parts = parts.into_iter().flatten();
    parts.filter(|part| part.since < part.until).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTH: Span = Span {
        since: 9_000,
        until: 90_000,
    };

    /// What stays open: since, until.
    fn open(approved_at: i64, now: i64, has_left: bool) -> Vec<(i64, i64)> {
        let worked_out = worked_out(MONTH, approved_at, now, 900);
        let all = cut_off(MONTH, worked_out, has_left).into_iter();
        all.map(|one| (one.since, one.until)).collect()
    }

    #[test]
    fn given_a_household_that_came_back_when_its_month_is_worked_out_then_what_it_had_before_stays_open(
    ) {
        assert_eq!(open(20_000, 100_000, true), [(9_000, 20_700)]);
        assert_eq!(open(20_000, 100_000, false), [], "another's, if anybody's");
        assert_eq!(open(5_000, 100_000, true), []);
        assert_eq!(open(200_000, 300_000, true), [(9_000, 90_000)]);
    }

    #[test]
    fn given_a_month_that_is_not_over_when_it_is_worked_out_then_its_rest_stays_open() {
        assert_eq!(open(5_000, 30_000, false), [(29_700, 90_000)]);
        assert_eq!(open(5_000, 8_000, false), [(9_000, 90_000)]);
        assert_eq!(open(5_000, 90_000, false), []);
    }

    #[test]
    fn given_a_month_that_ends_within_a_window_when_it_is_worked_out_then_that_window_is_in_it() {
        let month = Span {
            since: 9_300,
            until: 90_300,
        };
        let whole = worked_out(month, 0, 100_000, 900);
        assert_eq!((whole.since, whole.until), (9_900, 90_900));
        let early = worked_out(month, 0, 90_500, 900);
        assert_eq!((early.since, early.until), (9_900, 90_000));
    }
}
