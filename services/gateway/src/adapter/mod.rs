//! Meters as they are: what they tell is read off a line, and signed with a device key of the gateway's own.

mod boundaries;
mod charger;
mod charging;
mod energy;
mod line;
mod line_adapter;
pub mod ocmf;
mod open_pages;
mod options;
mod signing;
mod sml;
mod stream;
mod telegram;

pub use boundaries::{runs, Boundaries, Run, Value};
pub use charger::{Chargers, TakenRecord};
pub use energy::{whole_wh, Unit};
pub use line_adapter::Adapter;
pub use options::{AdapterOptions, ChargerOptions, LineOptions, Sign, Speaks};
pub use sml::SmlReader;
pub use stream::{Reader, Unreadable};
pub use telegram::TelegramReader;
