//! open_page.

mod accounts;
mod order;
mod settlement;
mod slots;
