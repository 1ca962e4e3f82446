//! Every instruction of the oracle: right use, its events and state, and hostile input.

mod close_interval;
mod close_meter_table;
mod create_interval;
mod create_meter_table;
mod grow_table;
mod open_interval;
mod quarantine_meter;
mod readings;
mod register_meter;
mod release_interval;
mod restore_meter;
mod retire_meter;
mod return_interval;
mod set_power_limits;
mod set_settlement;
