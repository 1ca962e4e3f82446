//! The program's entry point.
//!
//! What runs many times a window comes before Anchor's dispatch: bringing five accounts into its form alone
//! would cost as much as placing an order. Everything else goes to Anchor. What Anchor would check,
//! [`Accounts`] checks, with the same errors.

use anchor_lang::{
    error::Error,
    solana_program::{
        entrypoint::{custom_heap_default, custom_panic_default, deserialize, SUCCESS},
        program_error::ProgramError,
    },
    Discriminator,
};
use joulebook_tables::DISCRIMINATOR_LEN;
use pinocchio::entrypoint::InstructionContext;

use crate::{
    instruction::{Allocate, CancelOrders, Clear, PlaceOrders, Settle},
    instructions::{allocate, cancel_orders, clear, place_orders, settle, Arguments},
    views::Accounts,
};

custom_heap_default!();
custom_panic_default!();

/// # Safety
/// The two are what the runtime hands to a program: its input, and where the instruction's data lies in it, with
/// the length in front (SIMD-0321).
#[no_mangle]
pub unsafe extern "C" fn entrypoint(input: *mut u8, data: *const u8) -> u64 {
    // SAFETY: the runtime's.
    let (accounts, data) = unsafe {
        let len = *data.sub(size_of::<u64>()).cast::<u64>();
        (
            Accounts::new(InstructionContext::new_unchecked(input)),
            core::slice::from_raw_parts(data, len as usize),
        )
    };
    let (discriminator, arguments) = data.split_at(DISCRIMINATOR_LEN.min(data.len()));
    let arguments = Arguments::new(arguments);
    let result = match discriminator {
        PlaceOrders::DISCRIMINATOR => place_orders(accounts, arguments),
        CancelOrders::DISCRIMINATOR => cancel_orders(accounts, arguments),
        Clear::DISCRIMINATOR => clear(accounts, arguments),
        Allocate::DISCRIMINATOR => allocate(accounts, arguments),
        Settle::DISCRIMINATOR => settle(accounts, arguments),
        // SAFETY: `input` is the runtime's.
        _ => return unsafe { dispatch(input) },
    };
    match result {
        Ok(()) => SUCCESS,
        Err(error) => refuse(error),
    }
}

/// # Safety
/// `input` is what the runtime hands to a program.
#[inline(never)]
unsafe fn dispatch(input: *mut u8) -> u64 {
    // SAFETY: the caller's promise.
    let (program_id, accounts, data) = unsafe { deserialize(input) };
    match crate::entry(program_id, &accounts, data) {
        Ok(()) => SUCCESS,
        Err(error) => error.into(),
    }
}

/// Logs an error as Anchor does; returns its code.
#[cold]
#[inline(never)]
fn refuse(error: Error) -> u64 {
    error.log();
    ProgramError::from(error).into()
}
