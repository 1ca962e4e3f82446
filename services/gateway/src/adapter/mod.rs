//! Meters as they are: what they tell is read off a line, and signed with a device key of the gateway's own.

mod boundaries;
mod energy;
mod line;
pub mod ocmf;
mod options;
mod sml;
mod stream;
mod telegram;
mod work;

pub use boundaries::{runs, Boundaries, Run, Value};
pub use energy::{whole_wh, Unit};
pub use options::{AdapterOptions, ChargerOptions, LineOptions, Sign, Speaks};
pub use sml::SmlReader;
pub use stream::{Reader, Unreadable};
pub use telegram::TelegramReader;
pub use work::{Adapter, Chargers};
