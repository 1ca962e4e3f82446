//! Every instruction of the oracle: right use, its events and state, and hostile input.

mod change_device;
mod close_meter_table;
mod close_page;
mod create_meter_table;
mod create_page;
mod finish_page;
mod grow_table;
mod open_page;
mod profiles;
mod prove_key_copied;
mod quarantine_meter;
mod readings;
mod register_meter;
mod release_settlement;
mod replace_values;
mod restore_meter;
mod retire_meter;
mod set_power_limits;
mod set_settlement;
mod set_standard_draw;
mod support;
