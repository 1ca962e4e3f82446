//! Standing orders against examples and slow obvious models.

mod entry;
mod price;
mod quantity;
mod schedule;
mod support;
