//! One way to write an instruction, hot or cold.
//!
//! What runs many times a window comes before Anchor's dispatch: bringing five accounts into Anchor's form alone
//! would cost as much as placing an order. A hot instruction is written as a cold one, but for one word:
//!
//! | | cold | hot |
//! | --- | --- | --- |
//! | its accounts | `#[accounts]` | `#[accounts]` |
//! | its context | `ctx: Context<PlaceOrders>` | `ctx: Hot<PlaceOrders>` |
//!
//! Both yield the interface description. Any accounts can be hot whose fields are `Signer<'info>` or
//! `AccountLoader<'info, T>`, with no more than `mut` and `constraint = … @ …`; `Hot<…>` of others does not compile.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used,
    )
)]

mod accounts;
mod program;

use proc_macro::TokenStream;

/// Anchor's `#[derive(Accounts)]`; and, if the fields allow it, the same accounts taken where they lie, each checked
/// when it is taken, and their constraints after the last one.
#[proc_macro_attribute]
pub fn accounts(_: TokenStream, item: TokenStream) -> TokenStream {
    let item = syn::parse_macro_input!(item);
    accounts::expand(&item).into()
}

/// Anchor's `#[program]`, and in front of it an entry point for the functions that take a `Hot` context.
#[proc_macro_attribute]
pub fn program(_: TokenStream, item: TokenStream) -> TokenStream {
    let item = syn::parse_macro_input!(item);
    program::expand(item)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
