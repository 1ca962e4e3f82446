//! Keeps the history of markets beyond the chain's rings, and answers for it.

#![forbid(unsafe_code)]
