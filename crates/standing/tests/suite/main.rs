//! Standing orders against examples and slow obvious models.

mod entry;
mod placing;
mod price;
mod quantity;
mod schedule;
mod support;
