//! Every instruction of the registry: right use, its events and state, and hostile input.

mod apply;
mod apply_again;
mod approve;
mod approve_successor;
mod authority;
mod close_community;
mod close_participant;
mod create_community;
mod leave;
mod preferences;
mod review;
mod set_approvals;
mod set_membership;
mod set_pause;
mod set_roles;
mod support;
mod suspend_and_reinstate;
mod zones;
