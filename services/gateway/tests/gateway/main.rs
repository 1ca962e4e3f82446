//! A gateway on the real programs, in a virtual machine, and its ways in: HTTP, a broker, tokens, meters as they are.

mod adapters;
mod broker;
mod charger;
mod charging;
mod delivering;
mod forwarding;
mod full_disk;
mod http;
mod killed;
mod looking;
mod mosquitto;
mod node;
mod refusing;
mod rules;
mod store;
mod telegrams;
mod tokens;
mod transmissions;
mod vectors;
mod village;
