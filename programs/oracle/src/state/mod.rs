mod interval;
mod meter_table;

pub use interval::{Interval, IntervalEntry, IntervalView, Phase, Quality, MAX_ENTRY_WH};
pub use meter_table::{
    Meter, MeterStatus, MeterTable, MeterTableView, MAX_METERS, MAX_METERS_PER_PARTICIPANT,
};
