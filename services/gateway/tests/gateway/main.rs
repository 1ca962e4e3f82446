//! A gateway on the real programs, in a virtual machine, and its ways in: HTTP, a broker, tokens, meters as they are.

mod adapters;
mod broker;
mod charger;
mod delivering;
mod forwarding;
mod http;
mod killed;
mod refusing;
mod rules;
mod telegrams;
mod tokens;
mod transmissions;
mod vectors;
mod village;
