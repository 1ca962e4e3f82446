use core::{marker::PhantomData, result::Result};

use anchor_lang::{error::ErrorCode, prelude::Pubkey, Discriminator, Key, Owner};
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

/// All accounts of an instruction.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be taken by a hot instruction",
    note = "hot accounts are `#[accounts]` of Signer<'info> and AccountLoader<'info, T> alone",
    note = "and say no more of them than `mut` and `constraint = … @ …`"
)]
pub trait HotAccounts {
    type Taken;

    /// Takes them in their order.
    ///
    /// # Errors
    /// Of the first account that is not as it should be; then of the first constraint that does not hold.
    fn take(accounts: &mut Accounts) -> anchor_lang::Result<Self::Taken>;
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
    // SAFETY: nobody changes the owner of an account that was taken.
    let owner = unsafe { account.owner() };
    if Address(owner.to_bytes()) != Address(T::owner().to_bytes()) {
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

impl Key for Signer {
    #[inline(always)]
    fn key(&self) -> Pubkey {
        key(&self.0)
    }
}

impl<T> Key for Readable<T> {
    #[inline(always)]
    fn key(&self) -> Pubkey {
        key(&self.0)
    }
}

impl<T> Key for Writable<T> {
    #[inline(always)]
    fn key(&self) -> Pubkey {
        key(&self.0)
    }
}

#[inline(always)]
fn key(account: &AccountView) -> Pubkey {
    Pubkey::new_from_array(account.address().to_bytes())
}

/// The header behind the discriminator.
#[inline(always)]
fn header<T: Pod>(account: &AccountView) -> Result<&T, ErrorCode> {
    // SAFETY: no account is taken twice, and whoever writes this one has it borrowed as a whole.
    let data = unsafe { account.borrow_unchecked() };
    data.get(DISCRIMINATOR_LEN..)
        .and_then(|data| data.get(..size_of::<T>()))
        .and_then(|bytes| bytemuck::try_from_bytes(bytes).ok())
        .ok_or(ErrorCode::AccountDidNotDeserialize)
}

impl<T> Readable<T> {
    /// All of its bytes.
    #[inline(always)]
    pub fn data(&self) -> &[u8] {
        // SAFETY: no account is taken twice, and this one is not written.
        unsafe { self.0.borrow_unchecked() }
    }
}

impl<T: Pod> Readable<T> {
    /// # Errors
    /// [`ErrorCode::AccountDidNotDeserialize`] if the account is shorter than a `T`.
    #[inline(always)]
    pub fn load(&self) -> Result<&T, ErrorCode> {
        header(&self.0)
    }
}

impl<T: Pod> Writable<T> {
    /// # Errors
    /// [`ErrorCode::AccountDidNotDeserialize`] if the account is shorter than a `T`.
    #[inline(always)]
    pub fn load(&self) -> Result<&T, ErrorCode> {
        header(&self.0)
    }

    #[inline(always)]
    pub fn data(&mut self) -> &mut [u8] {
        // SAFETY: no account is taken twice, and only one borrow of this one can live.
        unsafe { self.0.borrow_unchecked_mut() }
    }
}
