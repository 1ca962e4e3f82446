//! The accounts of this program, as Anchor knows them.

joulebook_common::stored! {
    registry::{Community, Participant, Preferences},
}
