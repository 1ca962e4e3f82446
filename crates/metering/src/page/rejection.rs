//! What becomes of a reading.

/// A reading that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Newer than everything known of the meter: its row moves on to it.
    Newest,
    /// Not newer than the meter's row, and new to the page. The row stays as it is.
    Filled,
    /// The page knows these registers at this boundary. Nothing changes.
    AlreadyKnown,
}

/// Why a reading is not taken. Nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The boundary is none of the page's; hand it in with the page that it lies in.
    OutsidePage,
    /// Newer than the meter's last reading, and its sequence is not.
    StaleSequence,
    /// Other registers are known at this boundary.
    Contradicts,
    /// A register is lower than at a boundary before, or higher than at one behind.
    RegisterFell,
    /// A register is lower than the device showed when it was recorded.
    BelowFirst,
    /// More energy than the connection can carry in the time to the nearest known boundary before or behind, or than an
    /// entry holds.
    PowerLimit,
    /// A replaced value lies between this boundary and the registers that the page knows. Nothing to do: values there
    /// are the verifier's.
    Replaced,
    /// The page's bytes contradict themselves: a fault of the program.
    Broken,
}

impl Rejection {
    /// Whether an honest, working meter can't have signed this, beside what else it has signed: counted against the
    /// meter, once its signature has been verified. The others may be a relay's doing. What is above the meter's limits and
    /// not above the community's cap may have been signed while the limits were higher: ask again with the cap.
    pub fn is_violation(self) -> bool {
        matches!(
            self,
            Rejection::Contradicts
                | Rejection::RegisterFell
                | Rejection::BelowFirst
                | Rejection::PowerLimit
        )
    }
}
