//! finish_page.

mod accounts;
mod baseline;
mod leftover;
mod order;
mod parts;
mod retired;
mod rows;

use joulebook_client::{layout::oracle::PageRegisters, oracle::types::ReadingResult};
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;

/// Reads `device` at the end of each of these intervals of one page, with the energy that flows from the reading before
/// on, import and export in Wh.
#[track_caller]
fn read_all(meters: &mut MeteredCommunity, device: &mut Device, flows: &[(i64, (u64, u64))]) {
    for (n, (import, export)) in flows {
        device.flow(*import, *export);
        let reading = meters.read(device, *n);
        assert_eq!(meters.submit_one(*n, &reading), ReadingResult::Counted);
    }
}

/// What a finished page has left over of a meter: Wh charged, Wh credited.
fn left_over(registers: &PageRegisters) -> (u64, u64) {
    assert_eq!(registers.finished, 1);
    (registers.import, registers.export)
}
