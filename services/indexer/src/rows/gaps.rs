//! What is missing.

use super::table::row;

row! {
    /// What could not be read while it stood on chain.
    GapRow in gaps by [kind, since] {
        /// `windows`: positions and readings were never seen. `unfinished`: they were, but not as they were in the end.
        /// `events`: by number.
        kind: String,
        since: i64,
        until: i64,
    }
}
