//! The moments before each instruction of the story.

use std::collections::BTreeSet;

use joulebook_sim::chain::Recorded;
use litesvm::LiteSVM;
use solana_account::Account;
use solana_address::Address;
use solana_compute_budget_interface::{ComputeBudgetInstruction, ID as COMPUTE_BUDGET};
use solana_instruction::Instruction;
use solana_message::{Message, VersionedMessage};
use solana_sdk_ids::secp256r1_program::ID as SECP256R1;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;

use crate::idl::Idl;

/// Pays for every attempt, and is nobody in the story.
pub const FEE_PAYER: Address = Address::new_from_array(*b"who pays for whatever is attempt");
/// The most compute units a transaction may use.
const MAX_COMPUTE_UNITS: u32 = 1_400_000;

/// An instruction that goes through now.
pub struct Scene {
    pub svm: LiteSVM,
    /// What a precompile has to check right before it.
    pub check: Option<Instruction>,
    pub instruction: Instruction,
    /// As in `market.place_orders`.
    pub name: String,
}

/// A moment that attempts are made at.
pub struct Stage<'a> {
    scene: &'a Scene,
    /// As it was before the attempt.
    pub before: LiteSVM,
    pub svm: LiteSVM,
    /// Accounts that are of this attempt alone.
    forged: BTreeSet<Address>,
}

impl Stage<'_> {
    pub fn of(scene: &Scene) -> Stage<'_> {
        Stage {
            scene,
            before: scene.svm.clone(),
            svm: scene.svm.clone(),
            forged: BTreeSet::new(),
        }
    }

    /// Puts an account there that was there before the attempt.
    pub fn forge(&mut self, address: Address, account: Account) {
        for svm in [&mut self.before, &mut self.svm] {
            svm.set_account(address, account.clone())
                .expect("an account that runs no code can always be set");
        }
        self.forged.insert(address);
    }

    pub fn is_forged(&self, address: &Address) -> bool {
        self.forged.contains(address)
    }

    /// Takes back what an attempt that `went_through`, or not, has changed.
    pub fn reset(&mut self, went_through: bool) {
        if !self.forged.is_empty() {
            *self = Stage::of(self.scene);
        } else if went_through {
            self.svm = self.scene.svm.clone();
        }
    }
}

/// All instructions of the three programs, each with the moment before it.
pub fn scenes(recording: Vec<Recorded>, idl: &Idl) -> Vec<Scene> {
    let mut scenes = vec![];
    for Recorded {
        mut svm,
        instructions,
    } in recording
    {
        let purse = Account {
            lamports: 1_000_000_000_000,
            ..Account::default()
        };
        svm.set_account(FEE_PAYER, purse)
            .expect("a plain account can always be set");
        let instructions = instructions.into_iter();
        let mut check = None;
        for instruction in instructions.filter(|one| one.program_id != COMPUTE_BUDGET) {
            if instruction.program_id == SECP256R1 {
                check = Some(instruction);
                continue;
            }
            let check = check.take();
            let sent_check = check.clone();
            let described = idl.instruction(&instruction);
            if let Some(name) = described.map(|described| described.name.clone()) {
                scenes.push(Scene {
                    svm: svm.clone(),
                    check,
                    instruction: instruction.clone(),
                    name,
                });
            }
            let sent = send(&mut svm, sent_check.as_ref(), &instruction);
            sent.expect("what went through once does so again");
        }
    }
    scenes
}

/// Sends an instruction that all whom it names as signers have signed, behind its check; returns what the programs said.
pub fn send(
    svm: &mut LiteSVM,
    check: Option<&Instruction>,
    instruction: &Instruction,
) -> Result<Vec<String>, TransactionError> {
    let limit = ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS);
    let mut instructions = vec![limit];
    instructions.extend(check.cloned());
    instructions.push(instruction.clone());
    let message =
        Message::new_with_blockhash(&instructions, Some(&FEE_PAYER), &svm.latest_blockhash());
    let signatures = vec![Default::default(); message.header.num_required_signatures.into()];
    let transaction = VersionedTransaction {
        signatures,
        message: VersionedMessage::Legacy(message),
    };
    let result = svm.send_transaction(transaction);
    result.map(|meta| meta.logs).map_err(|failed| {
        if std::env::var_os("JOULEBOOK_LOGS").is_some() {
            eprintln!("{:?}\n{}", failed.err, failed.meta.logs.join("\n"));
        }
        failed.err
    })
}
