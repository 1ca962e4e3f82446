//! A whole market on this machine: a node, a sandbox, and daemons as processes of their own.

mod configurations;
mod node;
mod processes;
mod summary;

pub use configurations::{write, Daemon};
pub use node::Node;
pub use processes::Processes;
pub use summary::Summary;
