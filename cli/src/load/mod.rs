//! How much a node takes of a community's transactions, and what they cost.
//!
//! | module | subject |
//! | --- | --- |
//! | [`posting`] | many transactions at once, and when each is confirmed |
//! | [`crowd`] | a community of any size, founded by transactions that are sent at once |
//! | [`trading`], [`metering`] | orders of all seats, profiles of all meters |
//! | [`keeping`] | what a keeper sends from window to window |
//! | [`measuring`] | all of it, in its sequence |
//! | [`report`], [`month`] | what was measured; what a household pays in a month, and the goals of the design |
//! | [`block`] | which transactions a block takes, by what they write and compute |
//! | [`communities`] | how many blocks a quarter hour of many communities needs |

pub mod block;
pub mod communities;
mod crowd;
mod keeping;
mod measuring;
mod metering;
pub mod month;
mod pace;
mod posting;
mod render;
pub mod report;
mod trading;

pub use measuring::{measure, Measuring};
pub use pace::Pace;
pub use report::LoadReport;
