//! Tells Home Assistant what a household wants to see of its market, by way of an MQTT broker. It only reads, and holds no key.
//!
//! | module | subject |
//! | --- | --- |
//! | [`configuration`] | what it needs |
//! | [`household`] | which household it is, and what that is called at the broker |
//! | [`chain`] | accounts that are read |
//! | [`view`] | what they say: windows, money, meters |
//! | [`calendar`] | the day and the month of a household |
//! | [`indexer`] | what accounts do not tell, asked of an indexer |
//! | [`indexed`] | what it says: where energy came from today, the bill of the month |
//! | [`sensors`] | what Home Assistant is told of, by name and quantity |
//! | [`discovery`] | how Home Assistant hears of the sensors |
//! | [`state`] | what they show, in whole units turned into exact decimals |
//! | [`publishing`] | the broker |
//! | [`forget`](mod@forget) | Home Assistant knows nothing of it any more |
//! | `figures` | what it says of itself in numbers |
//! | [`run`](mod@run) | all of it together |

#![forbid(unsafe_code)]

pub mod calendar;
pub mod chain;
pub mod configuration;
pub mod discovery;
mod figures;
pub mod forget;
pub mod household;
pub mod indexed;
pub mod indexer;
pub mod publishing;
pub mod run;
pub mod sensors;
pub mod state;
pub mod view;

pub use configuration::Configuration;
pub use forget::forget;
pub use run::run;
