//! Mints of Token-2022 with an extension.

use solana_address::Address;
use solana_instruction::Instruction;
use spl_token_2022_interface::{
    extension::{
        default_account_state::instruction::initialize_default_account_state,
        interest_bearing_mint, metadata_pointer, pausable,
        transfer_fee::instruction::initialize_transfer_fee_config, transfer_hook, ExtensionType,
    },
    instruction as token_instruction,
    state::AccountState,
};

use crate::founding::{AcceptedExtension, RefusedExtension, TokenKind};

/// The extension that a mint of this kind has.
pub fn extension(kind: TokenKind) -> Option<ExtensionType> {
    match kind {
        TokenKind::Classic | TokenKind::Token2022 => None,
        TokenKind::Token2022WithFee(_) => Some(ExtensionType::TransferFeeConfig),
        TokenKind::Token2022With(accepted) => Some(match accepted {
            AcceptedExtension::InterestBearing => ExtensionType::InterestBearingConfig,
            AcceptedExtension::MetadataPointer => ExtensionType::MetadataPointer,
        }),
        TokenKind::Token2022WithRefused(refused) => Some(match refused {
            RefusedExtension::MintCloseAuthority => ExtensionType::MintCloseAuthority,
            RefusedExtension::PermanentDelegate => ExtensionType::PermanentDelegate,
            RefusedExtension::DefaultAccountState => ExtensionType::DefaultAccountState,
            RefusedExtension::NonTransferable => ExtensionType::NonTransferable,
            RefusedExtension::TransferHook => ExtensionType::TransferHook,
            RefusedExtension::Pausable => ExtensionType::Pausable,
        }),
    }
}

/// The extensions that an account of such a token must have.
pub fn account_extensions(kind: TokenKind) -> &'static [ExtensionType] {
    match kind {
        TokenKind::Token2022WithFee(_) => &[ExtensionType::TransferFeeAmount],
        TokenKind::Token2022WithRefused(refused) => match refused {
            RefusedExtension::NonTransferable => &[
                ExtensionType::NonTransferableAccount,
                ExtensionType::ImmutableOwner,
            ],
            RefusedExtension::TransferHook => &[ExtensionType::TransferHookAccount],
            RefusedExtension::Pausable => &[ExtensionType::PausableAccount],
            RefusedExtension::MintCloseAuthority
            | RefusedExtension::PermanentDelegate
            | RefusedExtension::DefaultAccountState => &[],
        },
        TokenKind::Classic | TokenKind::Token2022 | TokenKind::Token2022With(_) => &[],
    }
}

/// What gives `mint` its extension, to be called before the mint is initialised; `authority` has all
/// the powers that come with it.
pub fn initialize(
    kind: TokenKind,
    program: &Address,
    mint: &Address,
    authority: Address,
) -> Option<Instruction> {
    let instruction = match kind {
        TokenKind::Classic | TokenKind::Token2022 => return None,
        TokenKind::Token2022WithFee(basis_points) => {
            initialize_transfer_fee_config(program, mint, None, None, basis_points, u64::MAX)
        }
        TokenKind::Token2022With(AcceptedExtension::InterestBearing) => {
            interest_bearing_mint::instruction::initialize(program, mint, Some(authority), 100)
        }
        TokenKind::Token2022With(AcceptedExtension::MetadataPointer) => {
            metadata_pointer::instruction::initialize(program, mint, Some(authority), Some(*mint))
        }
        TokenKind::Token2022WithRefused(refused) => match refused {
            RefusedExtension::MintCloseAuthority => {
                token_instruction::initialize_mint_close_authority(program, mint, Some(&authority))
            }
            RefusedExtension::PermanentDelegate => {
                token_instruction::initialize_permanent_delegate(program, mint, &authority)
            }
            RefusedExtension::DefaultAccountState => {
                let open = AccountState::Initialized;
                initialize_default_account_state(program, mint, &open)
            }
            RefusedExtension::NonTransferable => {
                token_instruction::initialize_non_transferable_mint(program, mint)
            }
            RefusedExtension::TransferHook => {
                transfer_hook::instruction::initialize(program, mint, Some(authority), None)
            }
            RefusedExtension::Pausable => {
                pausable::instruction::initialize(program, mint, &authority)
            }
        },
    };
    Some(instruction.expect("the program id is Token-2022's"))
}
