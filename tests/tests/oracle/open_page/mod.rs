//! open_page.

mod accounts;
mod left_out;
mod order;
mod settlement;
mod slots;
