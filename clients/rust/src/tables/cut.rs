use bytemuck::Pod;

use super::TableError;

/// Reads a table front to back.
pub struct Cut<'a>(&'a [u8]);

impl<'a> Cut<'a> {
    /// Starts behind a header of `header_len` bytes, discriminator included.
    pub fn behind(data: &'a [u8], header_len: usize) -> Result<Cut<'a>, TableError> {
        data.get(header_len..).map(Cut).ok_or(TableError::Length)
    }

    /// The only and last records.
    pub fn last_records<T: Pod>(mut self, count: usize) -> Result<Vec<T>, TableError> {
        let records = self.records(count)?;
        self.finish()?;
        Ok(records)
    }

    /// Nothing may be left.
    pub fn finish(self) -> Result<(), TableError> {
        self.0.is_empty().then_some(()).ok_or(TableError::Length)
    }

    pub fn records<T: Pod>(&mut self, count: usize) -> Result<Vec<T>, TableError> {
        let len = count
            .checked_mul(size_of::<T>())
            .ok_or(TableError::Length)?;
        let (head, tail) = self.0.split_at_checked(len).ok_or(TableError::Length)?;
        self.0 = tail;
        // Account bytes that came over the network have no alignment.
        Ok(head
            .chunks_exact(size_of::<T>())
            .map(bytemuck::pod_read_unaligned)
            .collect())
    }
}

pub fn check_discriminator(data: &[u8], expected: &[u8; 8]) -> Result<(), TableError> {
    data.starts_with(expected)
        .then_some(())
        .ok_or(TableError::Discriminator)
}
