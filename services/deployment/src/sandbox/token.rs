use joulebook_cluster::{Cluster, Outgoing};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_program_pack::Pack;
use solana_signer::Signer;
use solana_system_interface::instruction::create_account;
use spl_associated_token_account_interface::{
    address::get_associated_token_address_with_program_id,
    instruction::create_associated_token_account_idempotent,
};
use spl_token_interface::{
    instruction::{initialize_mint2, mint_to},
    state::Mint,
};

use super::{SandboxError, DECIMALS};

/// A token that is worth nothing, of [`TestToken::DECIMALS`].
#[derive(Clone, Copy, Debug)]
pub struct TestToken {
    pub mint: Address,
    pub program: Address,
    mint_authority: Address,
}

impl TestToken {
    pub const DECIMALS: u8 = DECIMALS;

    /// Creates the mint, if it is not there.
    ///
    /// # Errors
    /// If the cluster can't be asked, or refuses it.
    pub async fn create(
        cluster: &Cluster,
        payer: &Keypair,
        mint: &Keypair,
        mint_authority: &Keypair,
    ) -> Result<TestToken, SandboxError> {
        let program = spl_token_interface::ID;
        let token = TestToken {
            mint: mint.pubkey(),
            program,
            mint_authority: mint_authority.pubkey(),
        };
        if cluster.account(token.mint).await?.is_some() {
            return Ok(token);
        }
        let rent = cluster.rent(Mint::LEN).await?;
        let create = create_account(
            &payer.pubkey(),
            &token.mint,
            rent,
            Mint::LEN as u64,
            &program,
        );
        let initialize =
            initialize_mint2(&program, &token.mint, &token.mint_authority, None, DECIMALS);
        let instructions: Vec<Instruction> = [create].into_iter().chain(initialize).collect();
        let outgoing = Outgoing {
            instructions: &instructions,
            payer,
            signers: &[mint],
        };
        let sent = cluster.send(outgoing).await;
        sent.map_err(|error| super::parties::failed("creating the test token", error))?;
        Ok(token)
    }

    /// The token account of a wallet.
    pub fn account_of(&self, wallet: &Address) -> Address {
        get_associated_token_address_with_program_id(wallet, &self.mint, &self.program)
    }

    /// Creates the wallet's token account if there is none, and mints so many atoms into it; the mint's authority signs.
    pub fn give(&self, payer: &Address, wallet: &Address, atoms: u64) -> Vec<Instruction> {
        let create =
            create_associated_token_account_idempotent(payer, wallet, &self.mint, &self.program);
        let account = self.account_of(wallet);
        let authority = &self.mint_authority;
        let give = mint_to(&self.program, &self.mint, &account, authority, &[], atoms);
        [create].into_iter().chain(give).collect()
    }
}
