use bytemuck::Pod;

pub const DISCRIMINATOR_LEN: usize = 8;

/// Cuts an account's data into header and slices, front to back. Every cut is `None` if the data is too
/// short, and so is [`Carver::finish`] if some is left over.
pub struct Carver<'a> {
    rest: &'a mut [u8],
}

impl<'a> Carver<'a> {
    /// Starts behind the discriminator.
    #[inline(always)]
    pub fn new(data: &'a mut [u8]) -> Option<Carver<'a>> {
        let rest = data.get_mut(DISCRIMINATOR_LEN..)?;
        Some(Carver { rest })
    }

    #[inline(always)]
    pub fn header<H: Pod>(&mut self) -> Option<&'a mut H> {
        bytemuck::try_from_bytes_mut(self.cut(size_of::<H>())?).ok()
    }

    #[inline(always)]
    pub fn slice<T: Pod>(&mut self, len: usize) -> Option<&'a mut [T]> {
        bytemuck::try_cast_slice_mut(self.cut(len.checked_mul(size_of::<T>())?)?).ok()
    }

    #[inline(always)]
    pub fn finish(self) -> Option<()> {
        self.rest.is_empty().then_some(())
    }

    #[inline(always)]
    fn cut(&mut self, len: usize) -> Option<&'a mut [u8]> {
        let (head, tail) = core::mem::take(&mut self.rest).split_at_mut_checked(len)?;
        self.rest = tail;
        Some(head)
    }
}
