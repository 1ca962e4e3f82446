use core::result::Result;

use anchor_lang::error::ErrorCode;
use bytemuck::Pod;

/// An instruction's arguments in borsh's layout, read where they lie: decoding a list order by order costs
/// more than all that is done with the orders.
pub struct Arguments<'a>(&'a [u8]);

impl<'a> Arguments<'a> {
    /// What follows the discriminator.
    pub fn new(data: &'a [u8]) -> Arguments<'a> {
        Arguments(data)
    }

    /// # Errors
    /// [`ErrorCode::InstructionDidNotDeserialize`] if too few bytes are left.
    #[inline(always)]
    pub fn u16(&mut self) -> Result<u16, ErrorCode> {
        Ok(u16::from_le_bytes(self.take()?))
    }

    /// # Errors
    /// [`ErrorCode::InstructionDidNotDeserialize`] if too few bytes are left.
    #[inline(always)]
    pub fn i64(&mut self) -> Result<i64, ErrorCode> {
        Ok(i64::from_le_bytes(self.take()?))
    }

    /// # Errors
    /// [`ErrorCode::InstructionDidNotDeserialize`] if too few bytes are left, or the first is neither 0 nor 1.
    #[inline(always)]
    pub fn option_u16(&mut self) -> Result<Option<u16>, ErrorCode> {
        match self.take()? {
            [0] => Ok(None),
            [1] => self.u16().map(Some),
            _ => Err(ErrorCode::InstructionDidNotDeserialize),
        }
    }

    /// The last argument: a list, its length in front. What comes behind it means nothing.
    ///
    /// # Errors
    /// [`ErrorCode::InstructionDidNotDeserialize`] if too few bytes are left.
    #[inline(always)]
    pub fn list<T: Pod>(mut self) -> Result<&'a [T], ErrorCode> {
        let len = u32::from_le_bytes(self.take()?) as usize;
        len.checked_mul(size_of::<T>())
            .and_then(|bytes| self.0.get(..bytes))
            .and_then(|bytes| bytemuck::try_cast_slice(bytes).ok())
            .ok_or(ErrorCode::InstructionDidNotDeserialize)
    }

    #[inline(always)]
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ErrorCode> {
        let (first, rest) = self
            .0
            .split_first_chunk()
            .ok_or(ErrorCode::InstructionDidNotDeserialize)?;
        self.0 = rest;
        Ok(*first)
    }
}
