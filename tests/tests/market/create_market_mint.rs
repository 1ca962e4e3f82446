//! `create_market`: with which token.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::errors::MarketError;
use joulebook_sim::{
    AcceptedExtension, Chain, LocalCommunity, Parameters, RefusedExtension, Token, TokenKind,
};
use joulebook_tests::{
    market::{altered::swap, check_invariants, trading_community_with},
    refused::refused,
};
use solana_instruction::error::InstructionError;

use crate::create_market::founded;

#[test]
fn given_the_other_token_program_when_a_market_is_created_then_it_is_refused() {
    let mut community = founded();
    let create = community.create_market_instruction();
    let token_2022 = spl_token_2022_interface::ID;
    let altered = swap(&create, community.addresses.token_program, token_2022);
    let why = InstructionError::IncorrectProgramId;
    refused(&mut community.chain, &altered, &[&community.authority], why);
    let altered = swap(
        &create,
        community.addresses.token_program,
        community.addresses.community,
    );
    let why = ErrorCode::InvalidProgramId;
    refused(&mut community.chain, &altered, &[&community.authority], why);
}

#[test]
fn given_a_mint_that_someone_can_reach_through_when_a_market_is_created_then_it_is_refused() {
    for forbidden in [
        // Closed while its supply is 0, it could come back with a permanent delegate.
        RefusedExtension::MintCloseAuthority,
        RefusedExtension::PermanentDelegate,
        RefusedExtension::DefaultAccountState,
        RefusedExtension::NonTransferable,
        RefusedExtension::TransferHook,
        RefusedExtension::Pausable,
    ] {
        let parameters = Parameters {
            token: TokenKind::Token2022WithRefused(forbidden),
            ..Parameters::default()
        };
        let chain = Chain::new(&Chain::programs_dir(), 0).unwrap();
        let mut community = LocalCommunity::without_market(chain, parameters, 0).unwrap();
        let create = community.create_market_instruction();
        refused(
            &mut community.chain,
            &create,
            &[&community.authority],
            MarketError::MintExtension,
        );
    }
}

#[test]
fn given_a_mint_with_a_harmless_extension_when_a_market_is_created_then_it_takes_deposits() {
    for harmless in [
        AcceptedExtension::InterestBearing,
        AcceptedExtension::MetadataPointer,
    ] {
        let community = trading_community_with(Parameters {
            token: TokenKind::Token2022With(harmless),
            ..Parameters::default()
        });
        assert!(Token::balance(&community.chain, &community.addresses.vault) > 0);
        check_invariants(&community);
    }
}
