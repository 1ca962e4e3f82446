//! Times that are asked for.

/// Times from `since` to before `until`, unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub since: i64,
    pub until: i64,
}

impl Span {
    pub const ALL: Span = Span {
        since: i64::MIN,
        until: i64::MAX,
    };

    /// It in parts of so many seconds, from its beginning on; the last may be shorter.
    pub(super) fn parts(self, seconds: i64) -> impl Iterator<Item = Span> {
        let mut since = self.since;
        std::iter::from_fn(move || {
            let until = since.saturating_add(seconds.max(1)).min(self.until);
            let part = (since < until).then_some(Span { since, until });
            since = until;
            part
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_span_are_all_of_it() {
        let span = |since, until| Span { since, until };
        let parts: Vec<Span> = span(5, 30).parts(10).collect();
        assert_eq!(parts, [span(5, 15), span(15, 25), span(25, 30)]);
        assert_eq!(span(5, 5).parts(10).count(), 0);
        assert_eq!(span(i64::MAX - 1, i64::MAX).parts(0).count(), 1);
    }
}
