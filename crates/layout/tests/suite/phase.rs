//! The table of transitions, by phase.

use joulebook_layout::market::{
    Phase,
    Standing::{Done, Due, Early},
    Transition,
};

#[test]
fn given_each_phase_when_the_transitions_are_asked_then_the_table_says_how_they_stand() {
    for (phase, open, clear, allocate) in [
        (Phase::Free, Due, Early, Early),
        (Phase::Open, Early, Due, Early),
        (Phase::Cleared, Early, Done, Due),
        (Phase::Allocated, Due, Done, Done),
    ] {
        let standing = |transition: Transition| transition.standing(phase as u8);
        assert_eq!(standing(Transition::Open), open, "{phase:?}");
        assert_eq!(standing(Transition::Clear), clear, "{phase:?}");
        assert_eq!(standing(Transition::Allocate), allocate, "{phase:?}");
    }
}

#[test]
fn given_each_transition_when_finished_then_it_leads_to_its_phase() {
    assert_eq!(Transition::Open.leads_to(), Phase::Open);
    assert_eq!(Transition::Clear.leads_to(), Phase::Cleared);
    assert_eq!(Transition::Allocate.leads_to(), Phase::Allocated);
}

#[test]
fn given_every_byte_when_read_as_a_phase_then_four_of_them_are_one() {
    let phases = [Phase::Free, Phase::Open, Phase::Cleared, Phase::Allocated];
    for byte in 0..=u8::MAX {
        let phase = phases.get(usize::from(byte)).copied();
        assert_eq!(Phase::from_byte(byte), phase);
        if phase.is_none() {
            let standings = Transition::ALL.map(|transition| transition.standing(byte));
            assert_eq!(standings, [Early; 3]);
        }
    }
}
