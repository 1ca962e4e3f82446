//! What a page makes of a meter's readings.

mod across_pages;
mod baseline;
mod counting;
mod extremes;
mod finish;
mod in_order;
mod model;
mod out_of_order;
mod profile;
mod profile_any_order;
mod properties;
mod refusals;
mod replace;
mod ring;
mod seam;
mod support;
