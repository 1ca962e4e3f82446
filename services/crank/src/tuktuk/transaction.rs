//! The transaction that a task holds.

use borsh::{BorshDeserialize, BorshSerialize};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

/// Bytes of an address.
const ADDRESS: usize = 32;

/// Instructions over one list of accounts: those that are written to first.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CompiledTransaction {
    /// Accounts that sign and are written to. Only addresses of the queue can sign; none do here.
    pub signers_written: u8,
    pub signers_read: u8,
    pub written: u8,
    pub accounts: Vec<Address>,
    pub instructions: Vec<CompiledInstruction>,
    pub signer_seeds: Vec<Vec<Vec<u8>>>,
}

/// Accounts by their places in the transaction's list.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CompiledInstruction {
    pub program: u8,
    pub accounts: Vec<u8>,
    pub data: Vec<u8>,
}

/// Why instructions can't be a task's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    #[error("{0} would have to sign, and a task has no signers; send that instruction yourself")]
    Signer(Address),
    #[error("more than 256 accounts in one task; put fewer instructions into it")]
    TooManyAccounts,
}

impl CompiledTransaction {
    /// Of instructions that nobody signs.
    ///
    /// # Errors
    /// [`CompileError`].
    pub fn of(instructions: &[Instruction]) -> Result<CompiledTransaction, CompileError> {
        let metas = || instructions.iter().flat_map(|one| &one.accounts);
        if let Some(signer) = metas().find(|meta| meta.is_signer) {
            return Err(CompileError::Signer(signer.pubkey));
        }
        let mut written: Vec<Address> = vec![];
        for meta in metas().filter(|meta| meta.is_writable) {
            add(&mut written, meta.pubkey);
        }
        let mut accounts = written.clone();
        for meta in metas() {
            add(&mut accounts, meta.pubkey);
        }
        // Programs last: TukTuk reckons the room of a task by the accounts of its instructions.
        for instruction in instructions {
            add(&mut accounts, instruction.program_id);
        }
        let place = |address: &Address| {
            let place = accounts.iter().position(|known| known == address);
            place
                .and_then(|place| u8::try_from(place).ok())
                .ok_or(CompileError::TooManyAccounts)
        };
        let compiled = instructions.iter().map(|one| {
            let accounts = one.accounts.iter().map(|meta| place(&meta.pubkey));
            Ok(CompiledInstruction {
                program: place(&one.program_id)?,
                accounts: accounts.collect::<Result<_, _>>()?,
                data: one.data.clone(),
            })
        });
        Ok(CompiledTransaction {
            instructions: compiled.collect::<Result<_, CompileError>>()?,
            written: u8::try_from(written.len()).map_err(|_| CompileError::TooManyAccounts)?,
            accounts,
            ..CompiledTransaction::default()
        })
    }

    /// The accounts as whoever runs the task passes them.
    pub fn metas(&self) -> Vec<AccountMeta> {
        let signers = usize::from(self.signers_written) + usize::from(self.signers_read);
        let written = signers..signers.saturating_add(self.written.into());
        let accounts = self.accounts.iter().enumerate();
        accounts
            .map(|(place, address)| AccountMeta {
                pubkey: *address,
                is_signer: false,
                is_writable: place < self.signers_written.into() || written.contains(&place),
            })
            .collect()
    }

    /// The room that TukTuk reckons a task's transaction to take, whatever it takes, bytes.
    pub(super) fn room(&self) -> usize {
        let places = self.instructions.iter().flat_map(|one| &one.accounts);
        let most = places.max().copied().map(usize::from);
        let accounts = most.unwrap_or(self.accounts.len()).saturating_add(1);
        let instructions = self.instructions.iter();
        let instructions: usize = instructions
            .map(|one| 1 + 4 + one.accounts.len() + 4 + one.data.len())
            .sum();
        4 + (4 + accounts.saturating_mul(ADDRESS)) + (4 + instructions)
    }
}

fn add(list: &mut Vec<Address>, address: Address) {
    if !list.contains(&address) {
        list.push(address);
    }
}
