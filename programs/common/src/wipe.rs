use anchor_lang::solana_program::program_memory::sol_memset;
use bytemuck::Pod;

/// Makes every byte of the rows zero.
pub fn wipe<T: Pod>(rows: &mut [T]) {
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(rows);
    // SAFETY: the length is that of the slice. The system call clears 250 bytes for a compute unit; a loop would take a
    // hundred times as many.
    unsafe { sol_memset(bytes, 0, bytes.len()) }
}

/// So many rows of zeros on the heap.
pub fn zeros<T: Pod>(count: usize) -> Vec<T> {
    let mut rows: Vec<T> = Vec::with_capacity(count);
    // SAFETY: there is room for so many, of bytes that mean something whatever they are, and all are written before they are
    // read. `vec!` would write them one by one.
    unsafe {
        let bytes = core::slice::from_raw_parts_mut(
            rows.as_mut_ptr().cast::<u8>(),
            count.saturating_mul(size_of::<T>()),
        );
        sol_memset(bytes, 0, bytes.len());
        rows.set_len(count);
    }
    rows
}
