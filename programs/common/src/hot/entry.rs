use anchor_lang::{
    error::Error,
    prelude::{AccountInfo, Pubkey},
    solana_program::{
        entrypoint::{deserialize, ProgramResult, SUCCESS},
        program_error::ProgramError,
    },
};
use joulebook_layout::account;
use pinocchio::entrypoint::InstructionContext;

use super::{Accounts, Arguments};

/// The first eight bytes of SHA-256 of `name`, by which Anchor tells instructions apart: as one number, which is told
/// quicker from others than eight bytes.
pub const fn discriminator(name: &str) -> u64 {
    u64::from_le_bytes(account::discriminator(name))
}

/// The accounts, the [`discriminator`] and the arguments of an instruction; no discriminator if its data is too short for one.
///
/// # Safety
/// The two are what the runtime hands to a program: its input, and where the instruction's data lies in it, with
/// the length in front (SIMD-0321).
#[inline(always)]
pub unsafe fn parts<'a>(input: *mut u8, data: *const u8) -> (Accounts, Option<u64>, Arguments<'a>) {
    // SAFETY: the caller's promise.
    let (accounts, data) = unsafe {
        let len = *data.sub(size_of::<u64>()).cast::<u64>();
        (
            Accounts::new(InstructionContext::new_unchecked(input)),
            core::slice::from_raw_parts(data, len as usize),
        )
    };
    match data.split_first_chunk() {
        Some((first, arguments)) => {
            let discriminator = u64::from_le_bytes(*first);
            (accounts, Some(discriminator), Arguments::new(arguments))
        }
        None => (accounts, None, Arguments::new(&[])),
    }
}

/// Hands an instruction on to Anchor's dispatch.
///
/// # Safety
/// `input` is what the runtime hands to a program.
#[inline(never)]
pub unsafe fn dispatch(
    input: *mut u8,
    entry: for<'info> fn(&'info Pubkey, &'info [AccountInfo<'info>], &'info [u8]) -> ProgramResult,
) -> u64 {
    // SAFETY: the caller's promise.
    let (program_id, accounts, data) = unsafe { deserialize(input) };
    match entry(program_id, &accounts, data) {
        Ok(()) => SUCCESS,
        Err(error) => error.into(),
    }
}

/// What the program answers the runtime with.
#[inline(always)]
pub fn answer(result: anchor_lang::Result<()>) -> u64 {
    match result {
        Ok(()) => SUCCESS,
        Err(error) => refuse(error),
    }
}

/// Logs an error as Anchor does; returns its code.
#[cold]
#[inline(never)]
fn refuse(error: Error) -> u64 {
    error.log();
    ProgramError::from(error).into()
}
