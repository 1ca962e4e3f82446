//! An HTTP API that strangers may ask: bounded in everything that they could use up. Each address has its rate; bodies have a
//! size, requests a time, connections a number, in all and of each address, and a life. One that answers this machine alone answers no
//! name that it does not know.

mod client;
mod host;
mod options;
mod problem;
mod rate;
mod room;
mod server;

pub use options::{HttpError, HttpOptions};
pub use problem::{no_such_path, wrong_method, Problem};
pub use server::{serve, Server};
