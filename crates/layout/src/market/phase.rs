code! {
    /// How far a window has come.
    pub enum Phase {
        /// The slot has never been used.
        Free,
        /// Orders come in.
        Open,
        /// Price and volume are known.
        Cleared,
        /// Orders have their fills, seats their contracts.
        Allocated,
        /// The metered energy is in the positions.
        Metered,
        /// Every seat is settled; the slot is ready for its next window.
        Settled,
    }
}

/// What moves a window from one phase to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Step {
    Open,
    Clear,
    Allocate,
    Meter,
    Settle,
}

/// Whether a step can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is this step's turn.
    Due,
    /// It was taken: there is nothing to do.
    Done,
    /// Another step comes first.
    Early,
}

/// The one table of transitions: for each step, by phase, how it stands.
const STANDINGS: [[Standing; 6]; 5] = {
    use Standing::{Done, Due, Early};
    [
        // Free, Open, Cleared, Allocated, Metered, Settled
        [Due, Early, Early, Early, Early, Due],
        [Early, Due, Done, Done, Done, Done],
        [Early, Early, Due, Done, Done, Done],
        [Early, Early, Early, Due, Done, Done],
        [Early, Early, Early, Early, Due, Done],
    ]
};

impl Step {
    pub const ALL: [Step; 5] = [
        Step::Open,
        Step::Clear,
        Step::Allocate,
        Step::Meter,
        Step::Settle,
    ];

    /// How the step stands in a window of this phase; early in one whose phase means nothing.
    #[inline(always)]
    pub fn standing(self, phase: u8) -> Standing {
        let standings = STANDINGS.get(self as usize);
        let standing = standings.and_then(|by_phase| by_phase.get(usize::from(phase)));
        standing.copied().unwrap_or(Standing::Early)
    }

    /// The phase that the step, once finished, leads to.
    pub const fn leads_to(self) -> Phase {
        match self {
            Step::Open => Phase::Open,
            Step::Clear => Phase::Cleared,
            Step::Allocate => Phase::Allocated,
            Step::Meter => Phase::Metered,
            Step::Settle => Phase::Settled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_any_phase_when_the_steps_are_asked_then_at_most_one_is_due() {
        for phase in Phase::ALL {
            let due = Step::ALL
                .iter()
                .filter(|step| step.standing(*phase as u8) == Standing::Due);
            assert_eq!(due.count(), 1, "{phase:?}");
        }
    }

    #[test]
    fn given_a_due_step_when_it_is_taken_then_it_is_done_until_the_slot_opens_again() {
        let mut phase = Phase::Free;
        for step in Step::ALL {
            assert_eq!(step.standing(phase as u8), Standing::Due);
            phase = step.leads_to();
            let after = step.standing(phase as u8);
            assert_eq!(after == Standing::Done, step != Step::Open, "{step:?}");
        }
        assert_eq!(Step::Open.standing(phase as u8), Standing::Due);
    }

    #[test]
    fn given_a_byte_that_is_no_phase_when_asked_then_nothing_is_due() {
        for byte in 6..=u8::MAX {
            for step in Step::ALL {
                assert_eq!(step.standing(byte), Standing::Early);
            }
        }
    }
}
