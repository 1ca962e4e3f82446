//! What the tests of the market share: a community that trades, the market's instructions, and a second
//! market to mix it up with.

pub mod altered;
pub mod door;
pub mod instructions;
pub mod named_errors;
pub mod other_community;
pub mod trading_community;

pub use other_community::{with_other_community, OtherCommunity};
pub use trading_community::*;
