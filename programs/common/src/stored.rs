use core::ops::{Deref, DerefMut};
use std::io::{Read, Result, Write};

use anchor_lang::{
    prelude::Pubkey, AnchorDeserialize, AnchorSerialize, Discriminator, Key, Owner, ZeroCopy,
};
use bytemuck::{Pod, Zeroable};
use joulebook_layout::{Account, Address, DISCRIMINATOR_LEN};

/// A layout as Anchor knows it: an account for `AccountLoader`, or an argument or part of an event, whose bytes are
/// those of the layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub struct Stored<T>(pub T);

impl<T> From<T> for Stored<T> {
    fn from(layout: T) -> Stored<T> {
        Stored(layout)
    }
}

impl<T> Deref for Stored<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Stored<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Account> Stored<T> {
    pub const VERSION: u8 = T::VERSION;
    /// Bytes of discriminator and header.
    pub const LEN: usize = DISCRIMINATOR_LEN + size_of::<T>();
}

impl<T: Account> Owner for Stored<T> {
    #[inline(always)]
    fn owner() -> Pubkey {
        Pubkey::new_from_array(T::PROGRAM.0)
    }
}

impl<T: Account> Discriminator for Stored<T> {
    const DISCRIMINATOR: &'static [u8] = &T::DISCRIMINATOR;
}

impl<T: Account> ZeroCopy for Stored<T> {}

impl<T: Pod> AnchorSerialize for Stored<T> {
    fn serialize<W: Write>(&self, writer: &mut W) -> Result<()> {
        writer.write_all(bytemuck::bytes_of(&self.0))
    }
}

impl<T: Pod> AnchorDeserialize for Stored<T> {
    fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Stored<T>> {
        let mut value = T::zeroed();
        reader.read_exact(bytemuck::bytes_of_mut(&mut value))?;
        Ok(Stored(value))
    }
}

/// Whatever has a key, with that key as layouts hold it.
pub trait Addressed {
    fn address(&self) -> Address;
}

impl<T: Key> Addressed for T {
    #[inline(always)]
    fn address(&self) -> Address {
        Address(self.key().to_bytes())
    }
}

/// An address of a layout as Anchor has it.
pub const fn pubkey(address: Address) -> Pubkey {
    Pubkey::new_from_array(address.0)
}

/// Names for layouts as Anchor knows them. A macro because Anchor's interface description follows aliases by their last
/// word, and would not come back from one of the same name.
#[macro_export]
macro_rules! stored {
    ($($layout:ident::{$($name:ident),* $(,)?}),* $(,)?) => {
        $($(pub type $name = $crate::Stored<joulebook_layout::$layout::$name>;)*)*
    };
}
