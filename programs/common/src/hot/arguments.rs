use core::result::Result;

use anchor_lang::error::ErrorCode;
use bytemuck::Pod;

/// An instruction's arguments in borsh's layout, read where they lie: decoding a list order by order costs
/// more than all that is done with the orders. What comes behind the last one means nothing.
pub struct Arguments<'a>(&'a [u8]);

/// What an argument of a hot instruction can be.
pub trait Argument<'a>: Sized {
    /// # Errors
    /// [`ErrorCode::InstructionDidNotDeserialize`] if too few bytes are left, or they mean nothing.
    fn take(arguments: &mut Arguments<'a>) -> Result<Self, ErrorCode>;
}

impl<'a> Arguments<'a> {
    /// What follows the discriminator.
    pub(super) fn new(data: &'a [u8]) -> Arguments<'a> {
        Arguments(data)
    }

    #[inline(always)]
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], ErrorCode> {
        let (first, rest) = self
            .0
            .split_first_chunk()
            .ok_or(ErrorCode::InstructionDidNotDeserialize)?;
        self.0 = rest;
        Ok(*first)
    }
}

impl Argument<'_> for u16 {
    #[inline(always)]
    fn take(arguments: &mut Arguments) -> Result<u16, ErrorCode> {
        Ok(u16::from_le_bytes(arguments.bytes()?))
    }
}

impl Argument<'_> for i64 {
    #[inline(always)]
    fn take(arguments: &mut Arguments) -> Result<i64, ErrorCode> {
        Ok(i64::from_le_bytes(arguments.bytes()?))
    }
}

impl<'a, T: Argument<'a>> Argument<'a> for Option<T> {
    #[inline(always)]
    fn take(arguments: &mut Arguments<'a>) -> Result<Option<T>, ErrorCode> {
        match arguments.bytes()? {
            [0] => Ok(None),
            [1] => T::take(arguments).map(Some),
            _ => Err(ErrorCode::InstructionDidNotDeserialize),
        }
    }
}

/// A list, its length in front; always the last argument, so nothing is taken off.
impl<'a, T: Pod> Argument<'a> for &'a [T] {
    #[inline(always)]
    fn take(arguments: &mut Arguments<'a>) -> Result<&'a [T], ErrorCode> {
        let len = u32::from_le_bytes(arguments.bytes()?) as usize;
        let list = len
            .checked_mul(size_of::<T>())
            .and_then(|bytes| arguments.0.get(..bytes))
            .ok_or(ErrorCode::InstructionDidNotDeserialize)?;
        bytemuck::try_cast_slice(list).map_err(|_| ErrorCode::InstructionDidNotDeserialize)
    }
}
