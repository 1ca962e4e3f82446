//! The accounts of this program, as Anchor knows them.

use joulebook_common::Stored;
use joulebook_layout::registry;

pub type Community = Stored<registry::Community>;
pub type Participant = Stored<registry::Participant>;
pub type Preferences = Stored<registry::Preferences>;
