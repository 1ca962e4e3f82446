//! The real bank with the three programs deployed as a network has them, and a token to pay with.

use std::time::Duration;

use joulebook_client::{market::MARKET_ID, oracle::ORACLE_ID, registry::REGISTRY_ID};
use joulebook_sim::Chain;
use solana_account::Account;
use solana_address::Address;
use solana_clock::Clock;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_program_pack::Pack;
use solana_program_test::{BanksClient, ProgramTest, ProgramTestContext};
use solana_rent::Rent;
use solana_sdk_ids::bpf_loader_upgradeable;
use solana_signer::Signer;
use solana_system_interface::instruction::{create_account, transfer};
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;
use spl_token_interface::{instruction as token, state};

const DECIMALS: u8 = 6;
/// What everyone starts with, lamports.
pub const INITIAL_LAMPORTS: u64 = 100_000_000_000;
/// What a transaction with one signature costs, lamports.
pub const FEE: u64 = 5000;

pub struct Bank {
    context: ProgramTestContext,
    mint: Keypair,
}

/// A way into the bank that can be handed on.
#[derive(Clone)]
pub struct BankClient(BanksClient);

impl Bank {
    pub async fn open() -> Bank {
        // Else the bank tells of every instruction.
        if std::env::var_os("RUST_LOG").is_none() {
            std::env::set_var("RUST_LOG", "error");
        }
        let mut test = ProgramTest::default();
        for (id, name) in [
            (REGISTRY_ID, "registry"),
            (ORACLE_ID, "oracle"),
            (MARKET_ID, "market"),
        ] {
            deploy(&mut test, id, name);
        }
        let context = test.start_with_context().await;
        let bank = Bank {
            context,
            mint: Keypair::new(),
        };
        bank.create_mint().await;
        bank
    }

    pub fn client(&self) -> BankClient {
        BankClient(self.context.banks_client.clone())
    }

    pub async fn set_time(&self, unix_timestamp: i64) {
        let clock = self.client().clock().await;
        self.context.set_sysvar(&Clock {
            unix_timestamp,
            ..clock
        });
    }

    pub fn mint(&self) -> Address {
        self.mint.pubkey()
    }

    async fn create_mint(&self) {
        let payer = &self.context.payer;
        let instructions = [
            create_account(
                &payer.pubkey(),
                &self.mint(),
                Rent::default().minimum_balance(state::Mint::LEN),
                state::Mint::LEN as u64,
                &spl_token_interface::ID,
            ),
            token::initialize_mint2(
                &spl_token_interface::ID,
                &self.mint(),
                &payer.pubkey(),
                None,
                DECIMALS,
            )
            .expect("the program id is the token program's"),
        ];
        self.client()
            .send(payer, &instructions, &[&self.mint])
            .await
            .expect("a mint can be created");
    }

    /// Somebody with lamports and a token account that holds `atoms`.
    pub async fn funded_wallet(&self, atoms: u64) -> (Keypair, Address) {
        let payer = &self.context.payer;
        let wallet = Keypair::new();
        let tokens = Keypair::new();
        let instructions = [
            transfer(&payer.pubkey(), &wallet.pubkey(), INITIAL_LAMPORTS),
            create_account(
                &payer.pubkey(),
                &tokens.pubkey(),
                Rent::default().minimum_balance(state::Account::LEN),
                state::Account::LEN as u64,
                &spl_token_interface::ID,
            ),
            token::initialize_account3(
                &spl_token_interface::ID,
                &tokens.pubkey(),
                &self.mint(),
                &wallet.pubkey(),
            )
            .expect("the program id is the token program's"),
            token::mint_to(
                &spl_token_interface::ID,
                &self.mint(),
                &tokens.pubkey(),
                &payer.pubkey(),
                &[],
                atoms,
            )
            .expect("the program id is the token program's"),
        ];
        self.client()
            .send(payer, &instructions, &[&tokens])
            .await
            .expect("lamports and tokens can be had");
        (wallet, tokens.pubkey())
    }
}

impl BankClient {
    /// Has one transaction done that `payer` pays for; returns how often it had to wait for another one
    /// that used the same accounts.
    ///
    /// # Errors
    /// What the bank says of a transaction that it took, and the log.
    pub async fn send(
        &self,
        payer: &Keypair,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<u32, String> {
        let mut keys = vec![payer];
        keys.extend(signers.iter().filter(|key| key.pubkey() != payer.pubkey()));
        let mut waits = 0;
        loop {
            let transaction = Transaction::new_signed_with_payer(
                instructions,
                Some(&payer.pubkey()),
                &keys,
                self.blockhash().await,
            );
            match self.process(transaction).await {
                Err((TransactionError::AccountInUse, _)) => waits += 1,
                // The bank has a new one every few milliseconds, and forgets them in a second.
                Err((TransactionError::BlockhashNotFound, _)) => {}
                Err((error, log)) => return Err(format!("{error}\n{}", log.join("\n"))),
                Ok(()) => return Ok(waits),
            }
            tokio::task::yield_now().await;
        }
    }

    async fn process(
        &self,
        transaction: Transaction,
    ) -> Result<(), (TransactionError, Vec<String>)> {
        // A network does this before a transaction comes to the bank.
        transaction.verify().map_err(|error| (error, Vec::new()))?;
        let done = self
            .0
            .process_transaction_with_metadata(transaction)
            .await
            .expect("the bank is there");
        let log = done.metadata.map(|metadata| metadata.log_messages);
        done.result
            .map_err(|error| (error, log.unwrap_or_default()))
    }

    async fn blockhash(&self) -> Hash {
        self.0
            .get_latest_blockhash()
            .await
            .expect("there is always a blockhash")
    }

    async fn account(&self, address: &Address) -> Option<Account> {
        self.0.get_account(*address).await.ok().flatten()
    }

    async fn clock(&self) -> Clock {
        self.0.get_sysvar().await.expect("there is a clock")
    }

    /// Unix seconds.
    pub async fn now(&self) -> i64 {
        self.clock().await.unix_timestamp
    }

    /// An account's data; empty if there is none.
    pub async fn data(&self, address: &Address) -> Vec<u8> {
        let account = self.account(address).await;
        account.map(|account| account.data).unwrap_or_default()
    }

    pub async fn lamports(&self, address: &Address) -> u64 {
        let account = self.account(address).await;
        account.map_or(0, |account| account.lamports)
    }

    /// A token account's balance, atoms.
    pub async fn tokens(&self, address: &Address) -> u64 {
        state::Account::unpack(&self.data(address).await).map_or(0, |account| account.amount)
    }

    /// Waits until the bank has a new blockhash: the same transaction is then another one.
    pub async fn next_blockhash(&self) {
        let before = self.blockhash().await;
        while self.blockhash().await == before {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// A program of the upgradeable loader: an account that names where the code is, and the code.
fn deploy(test: &mut ProgramTest, id: Address, name: &str) {
    const PROGRAM: u32 = 2;
    const PROGRAM_DATA: u32 = 3;

    let file = Chain::programs_dir().join(name).with_extension("so");
    let elf = std::fs::read(&file)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}; `make build`", file.display()));
    let (code, _) = Address::find_program_address(&[id.as_ref()], &bpf_loader_upgradeable::ID);

    let mut program = PROGRAM.to_le_bytes().to_vec();
    program.extend_from_slice(code.as_ref());
    let slot = 0u64;
    let mut program_data = PROGRAM_DATA.to_le_bytes().to_vec();
    program_data.extend_from_slice(&slot.to_le_bytes());
    // Nobody may upgrade it; the place for an authority stays.
    program_data.extend_from_slice(&[0; 33]);
    program_data.extend_from_slice(&elf);
    for (address, data, executable) in [(code, program_data, false), (id, program, true)] {
        let account = Account {
            lamports: Rent::default().minimum_balance(data.len()),
            data,
            owner: bpf_loader_upgradeable::ID,
            executable,
            rent_epoch: u64::MAX,
        };
        test.add_account(address, account);
    }
}
