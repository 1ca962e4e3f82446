//! Two communities on one chain, to play against each other.

use joulebook_client::{
    oracle::pdas::{find_interval_pda, find_meter_table_pda},
    registry::{
        accounts::{Community, Participant},
        instructions as registry,
        pdas::{find_community_pda, find_participant_pda},
        types::Preferences,
    },
};
use joulebook_sim::{Chain, Token, TokenKind};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

pub const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);
/// 2026-11-02 00:00 UTC.
pub const NOW: i64 = 1_793_577_600;

/// Role bits, as the registry numbers them.
pub mod role {
    pub const CONSUMER: u16 = 1;
    pub const PRODUCER: u16 = 1 << 1;
    pub const STORAGE: u16 = 1 << 2;
    pub const GATEWAY: u16 = 1 << 3;
    pub const VERIFIER: u16 = 1 << 4;
    pub const AUDITOR: u16 = 1 << 5;
    pub const OPERATOR: u16 = 1 << 6;
    pub const EMERGENCY: u16 = 1 << 7;
    pub const ALL: u16 = 0xff;
    pub const PRIVILEGED: [u16; 4] = [VERIFIER, AUDITOR, OPERATOR, EMERGENCY];
}

/// Pause bits.
pub mod pause {
    pub const REGISTRATION: u8 = 1;
    pub const METERING: u8 = 2;
    /// Every set of them.
    pub const STATES: std::ops::RangeInclusive<u8> = 0..=7;
}

/// A community and who governs it.
pub struct GovernedCommunity {
    pub authority: Keypair,
    pub community: Address,
    pub meter_table: Address,
}

/// Someone with a record in a community.
pub struct Member {
    pub wallet: Keypair,
    pub participant: Address,
}

pub struct TwoCommunities {
    pub chain: Chain,
    pub mint: Address,
    /// Has zones 0 and 1, as the other.
    pub here: GovernedCommunity,
    pub elsewhere: GovernedCommunity,
}

impl TwoCommunities {
    pub fn new() -> TwoCommunities {
        let mut chain = Chain::new(&Chain::programs_dir()).unwrap();
        chain.set_time(NOW);
        let mint = Token::create(&mut chain, TokenKind::Classic).unwrap().mint;
        let here = GovernedCommunity::found(&mut chain, mint);
        let elsewhere = GovernedCommunity::found(&mut chain, mint);
        TwoCommunities {
            chain,
            mint,
            here,
            elsewhere,
        }
    }

    /// An active participant of the community here.
    pub fn member(&mut self, roles: u16) -> Member {
        self.own.admit(&mut self.chain, roles)
    }

    /// Someone who has applied here and not been approved.
    pub fn applicant(&mut self, roles: u16) -> Member {
        self.own.applicant(&mut self.chain, roles)
    }

    /// Sends what the authority here signs; it must go through.
    #[track_caller]
    pub fn govern(&mut self, instruction: Instruction) -> joulebook_sim::Receipt {
        let authority = self.own.authority.insecure_clone();
        self.chain.send(&[instruction], &[&authority]).unwrap()
    }

    pub fn pause(&mut self, paused: u8) {
        self.govern(
            self.own
                .set_pause(&self.own.authority.pubkey(), None, paused),
        );
    }

    pub fn community(&self) -> Community {
        Community::from_bytes(&self.chain.data(&self.own.community)).unwrap()
    }

    pub fn participant(&self, member: &Member) -> Participant {
        Participant::from_bytes(&self.chain.data(&member.participant)).unwrap()
    }
}

impl Default for TwoCommunities {
    fn default() -> TwoCommunities {
        TwoCommunities::new()
    }
}

/// A new key with lamports.
pub fn funded(chain: &mut Chain) -> Keypair {
    let key = Keypair::new();
    chain.fund(&key.pubkey());
    key
}

impl GovernedCommunity {
    fn found(chain: &mut Chain, mint: Address) -> GovernedCommunity {
        let authority = funded(chain);
        let community = find_community_pda(&authority.pubkey(), 0).0;
        let create = registry::CreateCommunity {
            community,
            founder: authority.pubkey(),
            quote_mint: mint,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(registry::CreateCommunityInstructionArgs {
            id: 0,
            name: "Sonnenhof".to_string(),
            zones: vec!["feeder 1".to_string(), "feeder 2".to_string()],
        });
        chain.send(&[create], &[&authority]).unwrap();
        GovernedCommunity {
            authority,
            community,
            meter_table: find_meter_table_pda(&community).0,
        }
    }

    pub fn copy(&self) -> GovernedCommunity {
        GovernedCommunity {
            authority: self.authority.insecure_clone(),
            ..*self
        }
    }

    pub fn record_of(&self, wallet: &Address) -> Address {
        find_participant_pda(&self.community, wallet).0
    }

    pub fn interval(&self, slot: u16) -> Address {
        find_interval_pda(&self.meter_table, slot).0
    }

    pub fn applicant(&self, chain: &mut Chain, roles: u16) -> Member {
        let wallet = funded(chain);
        let apply = self.apply(&wallet.pubkey(), roles, 0);
        chain.send(&[apply], &[&wallet]).unwrap();
        Member {
            participant: self.record_of(&wallet.pubkey()),
            wallet,
        }
    }

    pub fn admit(&self, chain: &mut Chain, roles: u16) -> Member {
        let member = self.applicant(chain, roles);
        let approve = self.approve(&member, &self.authority.pubkey(), None, roles);
        chain.send(&[approve], &[&self.authority]).unwrap();
        member
    }

    pub fn apply(&self, wallet: &Address, roles: u16, zone: u8) -> Instruction {
        registry::Apply {
            community: self.community,
            participant: self.record_of(wallet),
            wallet: *wallet,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(registry::ApplyInstructionArgs {
            roles,
            zone,
            balancing_group: 0,
            identity_hash: [0; 32],
            preferences: Preferences {
                local_premium: 0,
                sources: 0,
                reserved: 0,
            },
        })
    }

    pub fn approve(
        &self,
        member: &Member,
        actor: &Address,
        acting: Option<Address>,
        roles: u16,
    ) -> Instruction {
        registry::Approve {
            community: self.community,
            participant: member.participant,
            actor: *actor,
            acting,
        }
        .instruction(registry::ApproveInstructionArgs { roles })
    }

    pub fn suspend(
        &self,
        member: &Member,
        actor: &Address,
        acting: Option<Address>,
    ) -> Instruction {
        registry::Suspend {
            community: self.community,
            participant: member.participant,
            actor: *actor,
            acting,
        }
        .instruction(registry::SuspendInstructionArgs {
            reason: 7,
            evidence: Some([9; 32]),
        })
    }

    pub fn set_roles(
        &self,
        member: &Member,
        actor: &Address,
        acting: Option<Address>,
        roles: u16,
    ) -> Instruction {
        registry::SetRoles {
            community: self.community,
            participant: member.participant,
            actor: *actor,
            acting,
        }
        .instruction(registry::SetRolesInstructionArgs { roles })
    }

    pub fn close_participant(
        &self,
        member: &Member,
        actor: &Address,
        acting: Option<Address>,
    ) -> Instruction {
        registry::CloseParticipant {
            community: self.community,
            participant: member.participant,
            wallet: member.wallet.pubkey(),
            actor: *actor,
            acting,
        }
        .instruction()
    }

    pub fn set_pause(&self, actor: &Address, acting: Option<Address>, paused: u8) -> Instruction {
        registry::SetPause {
            community: self.community,
            actor: *actor,
            acting,
        }
        .instruction(registry::SetPauseInstructionArgs { paused })
    }
}

impl Member {
    pub fn address(&self) -> Address {
        self.wallet.pubkey()
    }
}
