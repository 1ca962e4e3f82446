//! An HTTP API that strangers may ask: bounded in everything that they could use up. Each address has its rate; bodies have a
//! size, requests a time, connections a number and a life.

mod options;
mod problem;
mod rate;
mod server;

pub use options::{HttpError, HttpOptions};
pub use problem::{no_such_path, wrong_method, Problem};
pub use server::{serve, Server};
