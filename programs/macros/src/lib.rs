//! The two words by which a hot instruction differs from a cold one.
//!
//! What runs many times a window comes before Anchor's dispatch: bringing five accounts into Anchor's form alone
//! would cost as much as placing an order. A hot instruction is written as a cold one:
//!
//! | | cold | hot |
//! | --- | --- | --- |
//! | its accounts | `#[derive(Accounts)]` | `#[hot_accounts]` |
//! | its context | `ctx: Context<PlaceOrders>` | `ctx: Hot<PlaceOrders>` |
//!
//! Both yield the interface description. Hot accounts are told apart by their Anchor types: `Signer<'info>`,
//! `AccountLoader<'info, T>` to read, and `#[account(mut)]` with the latter to write. Anything else does not compile.
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

/// Accounts that are taken where they lie, each checked when it is taken.
#[proc_macro_attribute]
pub fn hot_accounts(_: TokenStream, item: TokenStream) -> TokenStream {
    let item = syn::parse_macro_input!(item);
    accounts::expand(item)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Anchor's `#[program]`, and in front of it an entry point for the functions that take a `Hot` context.
#[proc_macro_attribute]
pub fn program(_: TokenStream, item: TokenStream) -> TokenStream {
    let item = syn::parse_macro_input!(item);
    program::expand(item)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
