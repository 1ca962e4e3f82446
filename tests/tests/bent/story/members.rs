//! Who comes, goes, and gets a role; pauses, zones, and a new authority.

use joulebook_client::{
    instructions::{Actor, Application},
    layout::registry::Pause,
    Addresses,
};
use joulebook_sim::{
    roles::{CONSUMER, PRODUCER},
    Failure, Household, LocalCommunity,
};
use joulebook_tests::market::{DEPOSIT, SUPPLIER_DEPOSIT};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::Story;

/// Small change, atoms: soon spent.
const LITTLE: u64 = 60_000;

pub fn with_role(community: &mut LocalCommunity, role: u16) -> Result<Household, Failure> {
    community.admit("somebody", role)
}

impl Story {
    pub fn members_come_and_go(&mut self) -> Result<(), Failure> {
        self.governance()?;
        self.memberships()?;
        self.communities_that_end()?;
        self.pauses()
    }

    fn governance(&mut self) -> Result<(), Failure> {
        let (at, authority) = (self.community.addresses.clone(), self.authority());
        let next = self.emergency.address();
        self.send(at.add_zone(authority, "feeder 3"))?;
        self.send(at.rename_zone(authority, 1, "feeder 2"))?;
        self.send(at.set_approvals(authority, 9))?;
        self.send(at.propose_authority(authority, Some(next)))?;
        self.send(at.accept_authority(next))?;
        self.send(at.propose_authority(next, Some(authority)))?;
        self.send(at.accept_authority(authority))?;
        Ok(())
    }

    fn memberships(&mut self) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let operator = self.acting(&self.operator);
        let applicant = Keypair::new().pubkey();
        self.community.chain.fund(&applicant);
        let roles = CONSUMER | PRODUCER;
        let application = Application::for_roles(roles);
        self.send(at.apply(applicant, application.clone()))?;
        self.send(at.approve(operator, &applicant, roles, &application))?;
        self.send(at.suspend(operator, &applicant, 3, Some([7; 32])))?;
        self.send(at.reinstate(operator, &applicant))?;
        self.send(at.set_roles(operator, &applicant, CONSUMER))?;
        self.send(at.set_membership(operator, &applicant, 1, 4))?;
        self.send(at.set_preferences(applicant, application.preferences))?;
        self.send(at.leave(Actor::authority(applicant), &applicant))?;
        self.send(at.apply_again(applicant, application.clone()))?;
        let authority = Actor::authority(self.authority());
        self.send(at.approve(authority, &applicant, CONSUMER, &application))?;

        let former = self.former.address();
        self.send(at.leave(Actor::authority(former), &former))?;

        let refused = Keypair::new().pubkey();
        self.community.chain.fund(&refused);
        self.send(at.apply(refused, application))?;
        self.send(at.close_participant(operator, refused))?;
        Ok(())
    }

    fn communities_that_end(&mut self) -> Result<(), Failure> {
        let (at, authority) = (self.community.addresses.clone(), self.authority());
        let community = Addresses::community_of(&authority, 9);
        let rings = self.community.parameters.rings();
        let short = Addresses::new(community, at.quote_mint, at.token_program, rings);
        self.send(short.create_community(authority, 9, "Eintag", &["feeder".to_string()]))?;
        self.send(short.close_community(authority))?;
        Ok(())
    }

    fn pauses(&mut self) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let emergency = self.acting(&self.emergency);
        self.send(at.set_pause(emergency, Pause::REGISTRATION.0))?;
        self.send(at.set_pause(emergency, Pause::ALL.0))?;
        self.send(at.set_pause(Actor::authority(self.authority()), 0))?;
        Ok(())
    }

    /// A buyer and a seller who have money, one who has little, one without meters, and one without money.
    pub fn households_join(&mut self) -> Result<(), Failure> {
        self.community.join("buyer", DEPOSIT)?;
        self.community.join("seller", DEPOSIT)?;
        self.community.join("poor", LITTLE)?;
        self.community.take_seat("keeper")?;
        self.community.join("poorest", 0)?;
        self.community.add_meter(0)?;
        self.community.add_meter(1)?;
        self.community.fund_supplier(SUPPLIER_DEPOSIT)?;
        Ok(())
    }
}
