//! A whole market on this machine: a node, a sandbox, and daemons as processes of their own.

mod bills;
mod configurations;
mod meter;
mod node;
mod page;
mod processes;
mod summary;

pub use bills::bills;
pub use configurations::{arguments, Daemon};
pub use meter::SandboxMeter;
pub use node::{node_command, Node};
pub use page::{page_command, PAGE_URL};
pub use processes::{follow_parent, Processes};
pub use summary::Summary;
