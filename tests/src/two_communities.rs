//! Two communities on one chain, whose accounts must not mix.

use joulebook_client::{
    instructions::{Actor, Application},
    layout::registry::{limits::SUCCESSION_NOTICE, Community, Participant, Pause},
    Addresses,
};
use joulebook_sim::{
    founding::{self, Founder},
    Chain, Parameters, Receipt, Token, TokenKind,
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

pub use joulebook_sim::roles as role;

/// 2026-11-02 00:00 UTC.
pub const NOW: i64 = 1_793_577_600;

/// Pause bits.
pub mod pause {
    use super::Pause;

    pub const REGISTRATION: u8 = Pause::REGISTRATION.0;
    /// Every set of them.
    pub const STATES: std::ops::RangeInclusive<u8> = 0..=Pause::ALL.0;
}

/// A community and who governs it.
pub struct GovernedCommunity {
    pub authority: Keypair,
    pub addresses: Addresses,
}

/// Someone with a record in a community.
pub struct Member {
    pub wallet: Keypair,
    pub participant: Address,
}

pub struct TwoCommunities {
    pub chain: Chain,
    pub mint: Address,
    /// The one that a test is about; has zones 0 and 1, as the other.
    pub own: GovernedCommunity,
    pub other: GovernedCommunity,
}

impl TwoCommunities {
    pub fn new() -> TwoCommunities {
        let mut chain = Chain::new(&Chain::programs_dir(), 0).unwrap();
        chain.set_time(NOW);
        let mint = Token::create(&mut chain, TokenKind::Classic).unwrap().mint;
        let own = GovernedCommunity::found(&mut chain, mint);
        let other = GovernedCommunity::found(&mut chain, mint);
        TwoCommunities {
            chain,
            mint,
            own,
            other,
        }
    }

    /// An active participant of the own community.
    pub fn member(&mut self, roles: u16) -> Member {
        self.own.admit(&mut self.chain, roles)
    }

    /// Someone who has applied there and not been approved.
    pub fn applicant(&mut self, roles: u16) -> Member {
        self.own.applicant(&mut self.chain, roles)
    }

    /// Sends what its authority signs; it must go through.
    #[track_caller]
    pub fn govern(&mut self, instruction: Instruction) -> Receipt {
        let authority = self.own.authority.insecure_clone();
        self.chain.send(&[instruction], &[&authority]).unwrap()
    }

    /// Someone who was approved with `roles`, and left.
    pub fn left(&mut self, roles: u16) -> Member {
        let member = self.member(roles);
        let leave = self.own.leave(&member, &member.address(), None);
        self.chain.send(&[leave], &[&member.wallet]).unwrap();
        member
    }

    /// The same, so long ago that another may succeed it.
    pub fn left_long_ago(&mut self, roles: u16) -> Member {
        let member = self.left(roles);
        self.pass_succession_notice();
        member
    }

    /// Lets the time pass after which who has left may be succeeded.
    pub fn pass_succession_notice(&mut self) {
        let now = self.chain.now();
        self.chain.set_time(now + i64::from(SUCCESSION_NOTICE));
    }

    /// Someone who was approved with `roles`, and is suspended.
    pub fn suspended(&mut self, roles: u16) -> Member {
        let member = self.member(roles);
        let authority = self.own.authority.pubkey();
        self.govern(self.own.suspend(&member, &authority, None));
        member
    }

    pub fn pause(&mut self, paused: u8) {
        self.govern(
            self.own
                .set_pause(&self.own.authority.pubkey(), None, paused),
        );
    }

    pub fn community(&self) -> Community {
        Community::from_bytes(&self.chain.data(&self.own.addresses.community)).unwrap()
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
        let parameters = Parameters {
            zones: vec!["feeder 1".to_string(), "feeder 2".to_string()],
            ..Parameters::default()
        };
        let authority = funded(chain);
        let community = Addresses::community_of(&authority.pubkey(), 0);
        let token_program = chain.svm.get_account(&mint).unwrap().owner;
        let addresses = Addresses::new(community, mint, token_program, parameters.rings());
        let founder = Founder {
            authority: authority.pubkey(),
            payer: chain.payer.pubkey(),
        };
        let found = founding::community(&addresses, founder, 0, &parameters);
        chain.send(&found, &[&authority]).unwrap();
        GovernedCommunity {
            authority,
            addresses,
        }
    }

    pub fn copy(&self) -> GovernedCommunity {
        GovernedCommunity {
            authority: self.authority.insecure_clone(),
            addresses: self.addresses.clone(),
        }
    }

    pub fn record_of(&self, wallet: &Address) -> Address {
        self.addresses.participant(wallet)
    }

    pub fn interval_page(&self, slot: u16) -> Address {
        self.addresses.interval_page_slot(slot)
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
        let application = Application {
            zone,
            ..Application::for_roles(roles)
        };
        self.addresses.apply(*wallet, application)
    }

    /// By which one is approved who applied as [`GovernedCommunity::applicant`] lets it, in zone 0.
    pub fn approve(
        &self,
        member: &Member,
        actor: &Address,
        acting: Option<Address>,
        roles: u16,
    ) -> Instruction {
        self.approve_reviewed(member, actor, acting, roles, &Application::for_roles(roles))
    }

    pub fn approve_reviewed(
        &self,
        member: &Member,
        actor: &Address,
        acting: Option<Address>,
        roles: u16,
        reviewed: &Application,
    ) -> Instruction {
        let (actor, wallet) = (acting_as(actor, acting), member.address());
        let approve = self.addresses.approve(actor, &wallet, roles, reviewed);
        self.about(member, approve)
    }

    pub fn suspend(
        &self,
        member: &Member,
        actor: &Address,
        acting: Option<Address>,
    ) -> Instruction {
        let (actor, wallet) = (acting_as(actor, acting), member.address());
        let suspend = self.addresses.suspend(actor, &wallet, 7, Some([9; 32]));
        self.about(member, suspend)
    }

    pub fn set_roles(
        &self,
        member: &Member,
        actor: &Address,
        acting: Option<Address>,
        roles: u16,
    ) -> Instruction {
        let actor = acting_as(actor, acting);
        let set = self.addresses.set_roles(actor, &member.address(), roles);
        self.about(member, set)
    }

    pub fn leave(&self, member: &Member, actor: &Address, acting: Option<Address>) -> Instruction {
        let actor = acting_as(actor, acting);
        let leave = self.addresses.leave(actor, &member.address());
        self.about(member, leave)
    }

    pub fn close_participant(
        &self,
        member: &Member,
        actor: &Address,
        acting: Option<Address>,
    ) -> Instruction {
        let actor = acting_as(actor, acting);
        let close = self.addresses.close_participant(actor, member.address());
        self.about(member, close)
    }

    /// The instruction with the member's record, which need not be of this community.
    pub fn about(&self, member: &Member, mut instruction: Instruction) -> Instruction {
        let record = self.record_of(&member.address());
        for meta in &mut instruction.accounts {
            if meta.pubkey == record {
                meta.pubkey = member.participant;
            }
        }
        instruction
    }

    pub fn set_pause(&self, actor: &Address, acting: Option<Address>, paused: u8) -> Instruction {
        self.addresses.set_pause(acting_as(actor, acting), paused)
    }
}

/// Whoever signs, with whichever record: not always its own.
pub fn acting_as(signer: &Address, participant: Option<Address>) -> Actor {
    Actor {
        signer: *signer,
        participant,
    }
}

impl Member {
    pub fn address(&self) -> Address {
        self.wallet.pubkey()
    }
}
