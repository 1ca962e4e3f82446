code! {
    /// How far a book has come.
    pub enum Phase {
        /// The slot has never been used.
        Free,
        /// Orders come in.
        Open,
        /// Price and volume are known.
        Cleared,
        /// Orders have their fills, positions their contracts; the slot is ready for its next window.
        Allocated,
    }
}

/// What moves a book from one phase to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Transition {
    Open,
    Clear,
    Allocate,
}

/// Whether a transition can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is its turn.
    Due,
    /// It was made: there is nothing to do.
    Done,
    /// Another one comes first.
    Early,
}

/// The one table of transitions: for each of them, by phase, how it stands.
const STANDINGS: [[Standing; 4]; 3] = {
    use Standing::{Done, Due, Early};
    [
        // Free, Open, Cleared, Allocated
        [Due, Early, Early, Due],
        [Early, Due, Done, Done],
        [Early, Early, Due, Done],
    ]
};

impl Transition {
    pub const ALL: [Transition; 3] = [Transition::Open, Transition::Clear, Transition::Allocate];

    /// How the transition stands in a book of this phase; early in one whose phase means nothing.
    #[inline(always)]
    pub fn standing(self, phase: u8) -> Standing {
        let standings = STANDINGS.get(self as usize);
        let standing = standings.and_then(|by_phase| by_phase.get(usize::from(phase)));
        standing.copied().unwrap_or(Standing::Early)
    }

    /// The phase that it leads to once it is finished.
    pub const fn leads_to(self) -> Phase {
        match self {
            Transition::Open => Phase::Open,
            Transition::Clear => Phase::Cleared,
            Transition::Allocate => Phase::Allocated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_any_phase_when_the_transitions_are_asked_then_at_most_one_is_due() {
        for phase in Phase::ALL {
            let due = Transition::ALL
                .iter()
                .filter(|transition| transition.standing(*phase as u8) == Standing::Due);
            assert_eq!(due.count(), 1, "{phase:?}");
        }
    }

    #[test]
    fn given_a_due_transition_when_it_is_made_then_it_is_done_until_the_slot_opens_again() {
        let mut phase = Phase::Free;
        for transition in Transition::ALL {
            assert_eq!(transition.standing(phase as u8), Standing::Due);
            phase = transition.leads_to();
            let after = transition.standing(phase as u8);
            assert_eq!(
                after == Standing::Done,
                transition != Transition::Open,
                "{transition:?}"
            );
        }
        assert_eq!(Transition::Open.standing(phase as u8), Standing::Due);
    }

    #[test]
    fn given_a_byte_that_is_no_phase_when_asked_then_nothing_is_due() {
        for byte in 4..=u8::MAX {
            for transition in Transition::ALL {
                assert_eq!(transition.standing(byte), Standing::Early);
            }
        }
    }
}
