//! The community, its table, and who sends what.

use joulebook_client::{instructions::SYSTEM_PROGRAM, reading};
use joulebook_sim::{
    founding::{self, Founder},
    Receipt,
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::MeterTableParameters;
use crate::{
    meter_instructions::grow,
    refused::needed,
    two_communities::{role, GovernedCommunity, Member, TwoCommunities},
};

pub struct MeteredCommunity {
    pub communities: TwoCommunities,
    /// Opens pages.
    pub settlement: Keypair,
    /// Whose meters are.
    pub owner: Member,
}

impl MeteredCommunity {
    pub fn new() -> MeteredCommunity {
        MeteredCommunity::with(MeterTableParameters::default())
    }

    /// With every slot of the ring, and everything of full length.
    pub fn with(parameters: MeterTableParameters) -> MeteredCommunity {
        let mut meters = MeteredCommunity::without_table();
        let own = &meters.communities.own;
        let founder = Founder {
            authority: own.authority.pubkey(),
            payer: meters.communities.chain.payer.pubkey(),
        };
        let settlement = meters.settlement.pubkey();
        let transactions = founding::meter_table(&own.addresses, founder, parameters, settlement);
        for transaction in transactions {
            let signers = [&meters.communities.own.authority];
            let signers = needed(&transaction[0], &signers);
            meters
                .communities
                .chain
                .send(&transaction, &signers)
                .unwrap();
        }
        meters
    }

    /// The table as it is created: not grown, without settlement and slots.
    pub fn bare(parameters: MeterTableParameters) -> MeteredCommunity {
        let mut meters = MeteredCommunity::without_table();
        meters.govern(meters.communities.own.create_meter_table(&parameters));
        meters
    }

    fn without_table() -> MeteredCommunity {
        let mut communities = TwoCommunities::new();
        MeteredCommunity {
            owner: communities.member(role::CONSUMER | role::PRODUCER),
            settlement: Keypair::new(),
            communities,
        }
    }

    /// Lets the other community have a table with two slots too.
    pub fn settle_other(&mut self) {
        let TwoCommunities { chain, other, .. } = &mut self.communities;
        let calls = [
            other.create_meter_table(&MeterTableParameters::default()),
            other.set_settlement(&SYSTEM_PROGRAM, &self.settlement.pubkey()),
            other.create_interval_page(0),
            other.create_interval_page(1),
        ];
        chain.send(&calls, &[&other.authority]).unwrap();
    }

    /// Sends what the authority signs, and the meters' owner if it must; it must go through.
    #[track_caller]
    pub fn govern(&mut self, instruction: Instruction) -> Receipt {
        let MeteredCommunity {
            communities, owner, ..
        } = self;
        let signers = needed(&instruction, &[&communities.own.authority, &owner.wallet]);
        communities.chain.send(&[instruction], &signers).unwrap()
    }

    /// Sends what nobody needs to sign; it must go through.
    #[track_caller]
    pub fn send(&mut self, instruction: Instruction) -> Receipt {
        self.communities.chain.send(&[instruction], &[]).unwrap()
    }

    pub fn grow(&mut self, table: Address) {
        let payer = self.communities.chain.payer.pubkey();
        loop {
            let before = self.communities.chain.data(&table).len();
            self.send(grow(&table, &payer));
            if self.communities.chain.data(&table).len() == before {
                return;
            }
        }
    }

    /// What the community's devices sign for.
    pub fn binding(&self) -> [u8; 32] {
        let cluster = MeterTableParameters::default().cluster;
        reading::binding(&cluster, &self.communities.own.addresses.meter_table)
    }

    pub fn own(&self) -> GovernedCommunity {
        self.communities.own.copy()
    }

    pub fn authority(&self) -> Address {
        self.communities.own.authority.pubkey()
    }
}

impl Default for MeteredCommunity {
    fn default() -> MeteredCommunity {
        MeteredCommunity::new()
    }
}
