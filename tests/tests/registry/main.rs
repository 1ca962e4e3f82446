//! Every instruction of the registry: right use, its events and state, and hostile input.

mod apply;
mod approve;
mod authority;
mod close_community;
mod close_participant;
mod create_community;
mod preferences;
mod set_membership;
mod set_pause;
mod set_roles;
mod support;
mod suspend_and_reinstate;
mod zones;
