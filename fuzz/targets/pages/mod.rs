//! What a page makes of any readings and values.

mod finished;
mod model;
mod readings;
