//! What an account is, and cutting one into its header and rows.

use bytemuck::Pod;
use sha2_const_stable::Sha256;

use crate::Address;

/// Bytes in front of every header, which tell the kinds of accounts apart.
pub const DISCRIMINATOR_LEN: usize = 8;

/// The header of an account.
pub trait Account: Pod {
    /// The program that owns it.
    const PROGRAM: Address;
    /// The first eight bytes of SHA-256 of `account:<name>`, as Anchor has it.
    const DISCRIMINATOR: [u8; DISCRIMINATOR_LEN];
    /// Of the layout; every header keeps it.
    const VERSION: u8 = 1;
}

/// The header of an account that goes on with rows of one kind.
pub trait Table: Account {
    type Row: Pod;

    /// How many rows the account has.
    fn row_count(&self) -> u16;
}

/// The first eight bytes of SHA-256 of `name`.
pub const fn discriminator(name: &str) -> [u8; DISCRIMINATOR_LEN] {
    let hash = Sha256::new().update(name.as_bytes()).finalize();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    [a, b, c, d, e, f, g, h]
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "16 bits of rows of less than 2^20 bytes"
)]
pub(crate) const fn full_len<Header, Row>(rows: u16) -> usize {
    DISCRIMINATOR_LEN + size_of::<Header>() + rows as usize * size_of::<Row>()
}

/// Cuts a table into its header and rows. `None` if the account has not the length that its header asks for, or
/// its data no alignment of 8. The discriminator is not looked at.
#[inline(always)]
pub fn cut<T: Table>(data: &mut [u8]) -> Option<(&mut T, &mut [T::Row])> {
    let mut cutter = Cutter::new(data)?;
    let header = cutter.header::<T>()?;
    let rows = cutter.rows(usize::from(header.row_count()))?;
    cutter.finish()?;
    Some((header, rows))
}

/// Cuts an account's data into header and rows, front to back. Every cut is `None` if the data is too short, and
/// so is [`Cutter::finish`] if some is left over.
pub struct Cutter<'a> {
    rest: &'a mut [u8],
}

impl<'a> Cutter<'a> {
    /// Starts behind the discriminator.
    #[inline(always)]
    pub fn new(data: &'a mut [u8]) -> Option<Cutter<'a>> {
        let rest = data.get_mut(DISCRIMINATOR_LEN..)?;
        Some(Cutter { rest })
    }

    #[inline(always)]
    pub fn header<H: Pod>(&mut self) -> Option<&'a mut H> {
        bytemuck::try_from_bytes_mut(self.take(size_of::<H>())?).ok()
    }

    #[inline(always)]
    pub fn rows<T: Pod>(&mut self, count: usize) -> Option<&'a mut [T]> {
        bytemuck::try_cast_slice_mut(self.take(count.checked_mul(size_of::<T>())?)?).ok()
    }

    #[inline(always)]
    pub fn finish(self) -> Option<()> {
        self.rest.is_empty().then_some(())
    }

    #[inline(always)]
    fn take(&mut self, len: usize) -> Option<&'a mut [u8]> {
        let (head, tail) = core::mem::take(&mut self.rest).split_at_mut_checked(len)?;
        self.rest = tail;
        Some(head)
    }
}

/// The same of an account that is only read.
#[inline(always)]
pub fn view<T: Table>(data: &[u8]) -> Option<(&T, &[T::Row])> {
    let mut viewer = Viewer::new(data)?;
    let header = viewer.header::<T>()?;
    let rows = viewer.rows(usize::from(header.row_count()))?;
    viewer.finish()?;
    Some((header, rows))
}

/// A [`Cutter`] for an account that is only read.
pub struct Viewer<'a> {
    rest: &'a [u8],
}

impl<'a> Viewer<'a> {
    /// Starts behind the discriminator.
    #[inline(always)]
    pub fn new(data: &'a [u8]) -> Option<Viewer<'a>> {
        let rest = data.get(DISCRIMINATOR_LEN..)?;
        Some(Viewer { rest })
    }

    #[inline(always)]
    pub fn header<H: Pod>(&mut self) -> Option<&'a H> {
        bytemuck::try_from_bytes(self.take(size_of::<H>())?).ok()
    }

    #[inline(always)]
    pub fn rows<T: Pod>(&mut self, count: usize) -> Option<&'a [T]> {
        bytemuck::try_cast_slice(self.take(count.checked_mul(size_of::<T>())?)?).ok()
    }

    #[inline(always)]
    pub fn finish(self) -> Option<()> {
        self.rest.is_empty().then_some(())
    }

    #[inline(always)]
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.rest.split_at_checked(len)?;
        self.rest = tail;
        Some(head)
    }
}

/// The length that a table's header asks for; `None` if the account is another one, or has no whole header.
pub fn asked_len<T: Table>(data: &[u8]) -> Option<usize> {
    let header = read_header::<T>(data)?;
    Some(full_len::<T, T::Row>(header.row_count()))
}

/// The header of an account, whatever its alignment; `None` if the account is another one, or too short.
pub fn read_header<T: Account>(data: &[u8]) -> Option<T> {
    let rest = data.strip_prefix(&T::DISCRIMINATOR)?;
    rest.get(..size_of::<T>()).map(bytemuck::pod_read_unaligned)
}
