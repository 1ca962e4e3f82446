//! What a page makes of any readings and values, and when pages begin.

mod finished;
mod model;
mod readings;
mod ring;
