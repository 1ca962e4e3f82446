//! Takes signed readings and profiles in, keeps them, and brings them to the oracle.

#![forbid(unsafe_code)]
