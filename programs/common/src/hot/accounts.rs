use core::{marker::PhantomData, result::Result};

use anchor_lang::{error::ErrorCode, Discriminator, Owner};
use bytemuck::Pod;
use joulebook_layout::{Address, DISCRIMINATOR_LEN};
use pinocchio::{
    account::AccountView,
    entrypoint::{InstructionContext, MaybeAccount},
};

/// The accounts of an instruction, taken one after the other, each checked when it is taken. None is taken
/// twice: one that comes again is refused, as all are of different kinds and it can't be of two.
pub struct Accounts(InstructionContext);

/// An account that holds a `T`, and belongs to the program that owns such accounts.
pub struct Readable<T>(AccountView, PhantomData<T>);

/// The same, and it may be written.
pub struct Writable<T>(AccountView, PhantomData<T>);

/// An account that signed.
pub struct Signer(AccountView);

/// One account, checked.
pub trait TakeAccount: Sized {
    /// # Errors
    /// As Anchor's: [`ErrorCode::AccountNotEnoughKeys`] for a missing account, [`ErrorCode::AccountNotSigner`],
    /// [`ErrorCode::ConstraintMut`], [`ErrorCode::AccountOwnedByWrongProgram`],
    /// [`ErrorCode::AccountDiscriminatorMismatch`], [`ErrorCode::AccountDiscriminatorNotFound`].
    fn take(accounts: &mut Accounts) -> Result<Self, ErrorCode>;
}

/// All accounts of an instruction, in their order.
pub trait TakeAccounts: Sized {
    /// # Errors
    /// Of the first account that is not as it should be.
    fn take(accounts: &mut Accounts) -> Result<Self, ErrorCode>;
}

impl TakeAccount for Signer {
    #[inline(always)]
    fn take(accounts: &mut Accounts) -> Result<Signer, ErrorCode> {
        let account = accounts.next()?;
        if !account.is_signer() {
            return Err(ErrorCode::AccountNotSigner);
        }
        Ok(Signer(account))
    }
}

impl<T: Owner + Discriminator> TakeAccount for Readable<T> {
    #[inline(always)]
    fn take(accounts: &mut Accounts) -> Result<Readable<T>, ErrorCode> {
        let account = accounts.next()?;
        check_kind::<T>(&account)?;
        Ok(Readable(account, PhantomData))
    }
}

impl<T: Owner + Discriminator> TakeAccount for Writable<T> {
    #[inline(always)]
    fn take(accounts: &mut Accounts) -> Result<Writable<T>, ErrorCode> {
        let account = accounts.next()?;
        if !account.is_writable() {
            return Err(ErrorCode::ConstraintMut);
        }
        check_kind::<T>(&account)?;
        Ok(Writable(account, PhantomData))
    }
}

impl Accounts {
    pub(super) fn new(context: InstructionContext) -> Accounts {
        Accounts(context)
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
    if !account.owned_by(&pinocchio::Address::new_from_array(T::owner().to_bytes())) {
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

#[inline(always)]
fn address(account: &AccountView) -> &Address {
    bytemuck::cast_ref(account.address().as_array())
}

impl Signer {
    #[inline(always)]
    pub fn address(&self) -> &Address {
        address(&self.0)
    }
}

impl<T: Pod> Readable<T> {
    #[inline(always)]
    pub fn address(&self) -> &Address {
        address(&self.0)
    }

    /// # Errors
    /// [`ErrorCode::AccountDidNotDeserialize`] if the account is shorter than a `T`.
    #[inline(always)]
    pub fn load(&self) -> Result<&T, ErrorCode> {
        // SAFETY: no account is taken twice, and this one is only ever read.
        let data = unsafe { self.0.borrow_unchecked() };
        data.get(DISCRIMINATOR_LEN..)
            .and_then(|data| data.get(..size_of::<T>()))
            .and_then(|bytes| bytemuck::try_from_bytes(bytes).ok())
            .ok_or(ErrorCode::AccountDidNotDeserialize)
    }
}

impl<T> Writable<T> {
    #[inline(always)]
    pub fn data(&mut self) -> &mut [u8] {
        // SAFETY: no account is taken twice, and only one borrow of this one can live.
        unsafe { self.0.borrow_unchecked_mut() }
    }
}
