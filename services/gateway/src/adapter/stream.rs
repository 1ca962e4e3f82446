use joulebook_metering::register::Registers;

/// Why a telegram is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("its check sum is another one; look at the cable")]
    CheckSum,
    #[error("it does not end; is it what the adapter is told to read?")]
    TooLong,
    #[error("it can't be read as what the adapter is told to read")]
    Malformed,
    #[error("it has no register of all energy drawn (1.8.0, or 1.8.1 and 1.8.2)")]
    NoRegister,
}

/// Reads what a meter tells all the time, byte by byte.
pub trait Reader {
    /// Takes the next byte; what a whole telegram says once its last byte has come.
    fn push(&mut self, byte: u8) -> Option<Result<Registers, Unreadable>>;
}
