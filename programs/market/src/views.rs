use core::{marker::PhantomData, result::Result};

use anchor_lang::{error::ErrorCode, prelude::Pubkey, Discriminator, Owner};
use bytemuck::Pod;
use joulebook_tables::DISCRIMINATOR_LEN;
use pinocchio::{
    account::AccountView,
    entrypoint::{InstructionContext, MaybeAccount},
    Address,
};

/// The accounts of an instruction, taken one after the other, each checked when it is taken. None is taken
/// twice: one that comes again is refused, as all are of different kinds and it can't be of two.
pub struct Accounts(InstructionContext);

/// An account that holds a `T`, and belongs to the program that owns such accounts.
pub struct Record<T>(AccountView, PhantomData<T>);

/// An account that is a table `T` of this program, and may be written.
pub struct Table<T>(AccountView, PhantomData<T>);

/// An account that signed.
pub struct Signer(AccountView);

impl Accounts {
    pub fn new(context: InstructionContext) -> Accounts {
        Accounts(context)
    }

    /// # Errors
    /// [`ErrorCode::AccountNotSigner`], and those of a missing account.
    #[inline(always)]
    pub fn signer(&mut self) -> Result<Signer, ErrorCode> {
        let account = self.next()?;
        if !account.is_signer() {
            return Err(ErrorCode::AccountNotSigner);
        }
        Ok(Signer(account))
    }

    /// # Errors
    /// [`ErrorCode::AccountOwnedByWrongProgram`], [`ErrorCode::AccountDiscriminatorMismatch`], and those of a
    /// missing account.
    #[inline(always)]
    pub fn record<T: Owner + Discriminator + Pod>(&mut self) -> Result<Record<T>, ErrorCode> {
        let account = self.next()?;
        check_kind::<T>(&account)?;
        Ok(Record(account, PhantomData))
    }

    /// # Errors
    /// As for a record, and [`ErrorCode::ConstraintMut`].
    #[inline(always)]
    pub fn table<T: Owner + Discriminator>(&mut self) -> Result<Table<T>, ErrorCode> {
        let account = self.next()?;
        if !account.is_writable() {
            return Err(ErrorCode::ConstraintMut);
        }
        check_kind::<T>(&account)?;
        Ok(Table(account, PhantomData))
    }

    #[inline(always)]
    fn next(&mut self) -> Result<AccountView, ErrorCode> {
        match self.0.next_account() {
            Ok(MaybeAccount::Account(account)) => Ok(account),
            Ok(MaybeAccount::Duplicated(_)) => Err(ErrorCode::AccountDiscriminatorMismatch),
            Err(_) => Err(ErrorCode::AccountNotEnoughKeys),
        }
    }
}

#[inline(always)]
fn check_kind<T: Owner + Discriminator>(account: &AccountView) -> Result<(), ErrorCode> {
    if !account.owned_by(&Address::new_from_array(T::owner().to_bytes())) {
        return Err(ErrorCode::AccountOwnedByWrongProgram);
    }
    // SAFETY: no account is taken twice, so there is no other borrow.
    let data = unsafe { account.borrow_unchecked() };
    if data.starts_with(T::DISCRIMINATOR) {
        Ok(())
    } else if data.len() < T::DISCRIMINATOR.len() {
        Err(ErrorCode::AccountDiscriminatorNotFound)
    } else {
        Err(ErrorCode::AccountDiscriminatorMismatch)
    }
}

fn key(account: &AccountView) -> &Pubkey {
    bytemuck::cast_ref(account.address().as_array())
}

impl Signer {
    pub fn key(&self) -> &Pubkey {
        key(&self.0)
    }
}

impl<T: Pod> Record<T> {
    pub fn key(&self) -> &Pubkey {
        key(&self.0)
    }

    /// # Errors
    /// [`ErrorCode::AccountDidNotDeserialize`] if the account is shorter than a `T`.
    #[inline(always)]
    pub fn get(&self) -> Result<&T, ErrorCode> {
        // SAFETY: no account is taken twice, and a record lends its data to be read alone.
        let data = unsafe { self.0.borrow_unchecked() };
        data.get(DISCRIMINATOR_LEN..DISCRIMINATOR_LEN + size_of::<T>())
            .and_then(|bytes| bytemuck::try_from_bytes(bytes).ok())
            .ok_or(ErrorCode::AccountDidNotDeserialize)
    }
}

impl<T> Table<T> {
    #[inline(always)]
    pub fn data(&mut self) -> &mut [u8] {
        // SAFETY: no account is taken twice, and only one borrow of the table can live.
        unsafe { self.0.borrow_unchecked_mut() }
    }
}
