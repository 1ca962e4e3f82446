use anyhow::{Error, Result};

use crate::bench::Figures;

/// Measures every operation.
///
/// # Errors
/// If a program is missing, or the chain refuses a step.
pub fn measure() -> Result<Figures> {
    let units = joulebook_testkit::bench::measure().map_err(Error::msg)?;
    Ok(Figures {
        place_first: units.place_first,
        place_next: units.place_next,
        cancel_first: units.cancel_first,
        cancel_next: units.cancel_next,
        clear_4096_ticks: units.clear_4096_ticks,
        allocate_per_order: units.allocate_per_order,
        settle_per_seat: units.settle_per_seat,
        clear_and_allocate_4096: units.clear_and_allocate_4096,
        reading_each: units.reading_each,
    })
}
