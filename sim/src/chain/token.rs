use solana_address::Address;
use solana_keypair::Keypair;
use solana_program_pack::Pack;
use solana_signer::Signer;
use solana_system_interface::instruction::create_account;
use spl_token_2022_interface::{
    extension::{BaseStateWithExtensions, ExtensionType, StateWithExtensions},
    instruction as token_instruction,
    state::{Account as TokenAccount, Mint},
};

use super::{
    extension::{account_extensions, extension, initialize},
    Chain, Failure,
};
use crate::founding::{RefusedExtension, TokenKind};

/// A quote token of 6 decimals whose mint authority is at hand.
pub struct Token {
    pub program: Address,
    pub mint: Address,
    authority: Keypair,
    extensions: &'static [ExtensionType],
}

pub const DECIMALS: u8 = 6;

impl Token {
    /// Creates the mint.
    ///
    /// # Errors
    /// What the chain says.
    pub fn create(chain: &mut Chain, kind: TokenKind) -> Result<Token, Failure> {
        let program = match kind {
            TokenKind::Classic => spl_token_interface::ID,
            _ => spl_token_2022_interface::ID,
        };
        let mint = chain.new_key();
        let authority = chain.new_key();
        // An extension that freezes is of no use to a mint that can't.
        let freezes = TokenKind::Token2022WithRefused(RefusedExtension::DefaultAccountState);
        let freezer = (kind == freezes).then(|| authority.pubkey());
        let mint_extensions: Vec<ExtensionType> = extension(kind).into_iter().collect();
        let space = space::<Mint>(&mint_extensions);
        let mut instructions = vec![create_account(
            &chain.payer.pubkey(),
            &mint.pubkey(),
            chain.svm.minimum_balance_for_rent_exemption(space),
            space as u64,
            &program,
        )];
        instructions.extend(initialize(
            kind,
            &program,
            &mint.pubkey(),
            authority.pubkey(),
        ));
        instructions.push(
            token_instruction::initialize_mint2(
                &program,
                &mint.pubkey(),
                &authority.pubkey(),
                freezer.as_ref(),
                DECIMALS,
            )
            .expect("the program id is a token program's"),
        );
        chain.send(&instructions, &[&mint])?;
        Ok(Token {
            program,
            mint: mint.pubkey(),
            authority,
            extensions: account_extensions(kind),
        })
    }

    /// Creates a token account of `owner` with `amount` atoms.
    ///
    /// # Errors
    /// What the chain says.
    pub fn account(
        &self,
        chain: &mut Chain,
        owner: &Address,
        amount: u64,
    ) -> Result<Address, Failure> {
        let account = chain.new_key();
        let space = space::<TokenAccount>(self.extensions);
        let instructions = [
            create_account(
                &chain.payer.pubkey(),
                &account.pubkey(),
                chain.svm.minimum_balance_for_rent_exemption(space),
                space as u64,
                &self.program,
            ),
            token_instruction::initialize_account3(
                &self.program,
                &account.pubkey(),
                &self.mint,
                owner,
            )
            .expect("the program id is a token program's"),
        ];
        chain.send(&instructions, &[&account])?;
        if amount > 0 {
            self.mint_to(chain, &account.pubkey(), amount)?;
        }
        Ok(account.pubkey())
    }

    /// # Errors
    /// What the chain says.
    pub fn mint_to(&self, chain: &mut Chain, to: &Address, amount: u64) -> Result<(), Failure> {
        let instruction = token_instruction::mint_to(
            &self.program,
            &self.mint,
            to,
            &self.authority.pubkey(),
            &[],
            amount,
        )
        .expect("the program id is a token program's");
        chain.send(&[instruction], &[&self.authority]).map(|_| ())
    }

    /// A token account's balance, atoms; 0 if there is none.
    pub fn balance(chain: &Chain, account: &Address) -> u64 {
        StateWithExtensions::<TokenAccount>::unpack(&chain.data(account))
            .map(|state| state.base.amount)
            .unwrap_or(0)
    }

    /// All tokens there are, atoms.
    pub fn supply(&self, chain: &Chain) -> u64 {
        StateWithExtensions::<Mint>::unpack(&chain.data(&self.mint))
            .map(|state| state.base.supply)
            .unwrap_or(0)
    }

    /// What a transfer fee withheld in `account`, atoms.
    pub fn withheld(chain: &Chain, account: &Address) -> u64 {
        use spl_token_2022_interface::extension::transfer_fee::TransferFeeAmount;
        StateWithExtensions::<TokenAccount>::unpack(&chain.data(account))
            .ok()
            .and_then(|state| {
                let fee = state.get_extension::<TransferFeeAmount>().ok()?;
                Some(u64::from(fee.withheld_amount))
            })
            .unwrap_or(0)
    }
}

/// Bytes of a token account of such a token.
pub(crate) fn account_len(kind: TokenKind) -> usize {
    space::<TokenAccount>(account_extensions(kind))
}

fn space<S: Pack + spl_token_2022_interface::extension::BaseState>(
    extensions: &[ExtensionType],
) -> usize {
    if extensions.is_empty() {
        return S::LEN;
    }
    ExtensionType::try_calculate_account_len::<S>(extensions).expect("extensions of fixed length")
}
