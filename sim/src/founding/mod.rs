//! How a community comes to be: what it is made of ([`Parameters`]), and the instructions that found it.
//!
//! Nothing here sends anything. Each function gives transactions, in the sequence in which they are to be
//! sent; LiteSVM and the bank's client send the same ones. Who has to sign a transaction is in its
//! instructions.

mod parameters;
mod transactions;

pub use parameters::{
    AcceptedExtension, MeterTableParameters, Parameters, RefusedExtension, TokenKind, LOCAL_CLUSTER,
};
pub use transactions::{
    admission, community, market, meter, meter_table, seat, Founder, Transaction,
};
