//! The life of a community with two markets, in which every instruction of the three programs goes through at least once.
//! Another community lives through the same windows beside it, and its first market is still there when the second one lives.

mod door;
mod ending;
mod energy;
mod founding;
mod members;
mod standing;
mod supplier;
mod trading;

use joulebook_client::instructions::Actor;
use joulebook_sim::{
    chain::Recorded, community::LIMITS, Addresses, Chain, Device, Failure, Household,
    LocalCommunity, Parameters, Receipt, SecureElement,
};
use joulebook_tests::market::{DEPOSIT, SUPPLIER_DEPOSIT};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A market that is watched.
#[derive(Clone)]
pub struct Market {
    pub addresses: Addresses,
    pub parameters: Parameters,
}

impl Market {
    /// Its accounts and those of its meters.
    pub fn accounts(&self) -> Vec<Address> {
        let at = &self.addresses;
        let mut all = vec![
            at.community,
            at.meter_table,
            at.market,
            at.vault,
            at.ledger,
            at.history,
            at.quote_mint,
            at.standing_orders,
        ];
        all.extend((0..at.books).map(|slot| at.book_slot(slot)));
        let pages = 0..at.pages;
        all.extend(pages.flat_map(|slot| [at.page_slot(slot), at.interval_page_slot(slot)]));
        all
    }
}

/// What was told.
pub struct Told {
    pub recording: Vec<Recorded>,
    /// At the end.
    pub community: LocalCommunity,
    /// All there ever were on the chain.
    pub markets: Vec<Market>,
    /// What no instruction of the story names, and a bent one may: accounts of the other community.
    pub foreign: Vec<Address>,
}

/// The community with those who have roles in it.
struct Story {
    community: LocalCommunity,
    /// Lives through the same windows; see [`Story::beside`].
    other: LocalCommunity,
    markets: Vec<Market>,
    operator: Household,
    verifier: Household,
    emergency: Household,
    /// Left, and may be succeeded at the end.
    former: Household,
    /// Admitted programs.
    programs: [Address; 2],
}

/// What a supplier can't take out, milli-atoms.
const MARGIN: u64 = 1_000_000;

/// Small, so that little has to be compared; but some tables must grow.
fn parameters(market: u16) -> Parameters {
    let mut parameters = Parameters {
        market,
        books: 5,
        pages: 5,
        seats: 16,
        orders: 32,
        ticks: 65,
        history: 400,
        meters: 100,
        notice_seconds: 300,
        room_per_seat: 1,
        supplier_margin: MARGIN,
        ..Parameters::default()
    };
    parameters.terms.keeper_reward = 1_000_000;
    parameters.terms.draw_after = 1;
    parameters
}

/// # Errors
/// What the chain refused though it must not.
pub fn tell() -> Result<Told, Failure> {
    let mut other = other_community()?;
    let foreign = accounts_of(&other);
    let chain = std::mem::replace(&mut other.chain, spare_chain());
    let mut community = LocalCommunity::on(chain, parameters(0), 1)?;
    let markets = vec![market_of(&other), market_of(&community)];
    founding::first_market(&mut community)?;
    let mut story = Story {
        operator: members::with_role(&mut community, joulebook_sim::roles::OPERATOR)?,
        verifier: members::with_role(&mut community, joulebook_sim::roles::VERIFIER)?,
        emergency: members::with_role(&mut community, joulebook_sim::roles::EMERGENCY)?,
        former: members::with_role(&mut community, joulebook_sim::roles::CONSUMER)?,
        programs: [Address::new_unique(), Address::new_unique()],
        community,
        other,
        markets,
    };
    story.members_come_and_go()?;
    story.households_join()?;
    story.door_opens()?;
    let first = story.trade()?;
    story.deliver(first)?;
    story.another_supplier(first)?;
    story.door_is_used()?;
    story.finish(first)?;
    story.former_supplier()?;
    story.end(first)?;
    let Story {
        mut community,
        markets,
        ..
    } = story;
    Ok(Told {
        recording: community.chain.take_recording(),
        community,
        markets,
        foreign,
    })
}

/// Its buyer and seller have the same seats as those of the story. Its chain records from now on, and asks nobody for
/// signatures.
fn other_community() -> Result<LocalCommunity, Failure> {
    let other = LocalCommunity::new(parameters(0));
    let mut other = other.expect("the programs are built");
    for _ in 0..5 {
        members::with_role(&mut other, joulebook_sim::roles::CONSUMER)?;
    }
    other.join("buyer", DEPOSIT)?;
    other.join("seller", DEPOSIT)?;
    let number = other.register_meter(0, element().device(), LIMITS)?;
    // The element signs, not this key.
    let device = Device::new(Keypair::new(), number);
    other.households[0].devices.push(device);
    other.fund_supplier(SUPPLIER_DEPOSIT)?;
    standing::account(&mut other)?;
    let spare = spare_chain();
    let chain = std::mem::replace(&mut other.chain, spare);
    other.chain = chain.without_signature_checks();
    other.chain.start_recording();
    Ok(other)
}

/// Of the buyer's second meter in the other community.
fn element() -> SecureElement {
    SecureElement::new([3; 32])
}

/// For a community that does nothing just now.
fn spare_chain() -> Chain {
    Chain::new(&Chain::programs_dir(), 0).expect("the programs are built")
}

fn market_of(community: &LocalCommunity) -> Market {
    Market {
        addresses: community.addresses.clone(),
        parameters: community.parameters.clone(),
    }
}

fn accounts_of(community: &LocalCommunity) -> Vec<Address> {
    let mut all = market_of(community).accounts();
    all.push(community.authority.pubkey());
    let operators = [&community.supplier, &community.grid_operator];
    let people = operators.into_iter().chain(&community.households);
    all.extend(people.flat_map(|one| [one.address(), one.participant, one.tokens]));
    all
}

impl Story {
    /// Sends what must go through; all its signers sign.
    fn send(&mut self, instruction: Instruction) -> Result<Receipt, Failure> {
        send(&mut self.community, instruction)
    }

    /// Has the other community do something, on the same chain.
    fn beside(
        &mut self,
        act: impl FnOnce(&mut LocalCommunity) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        std::mem::swap(&mut self.community.chain, &mut self.other.chain);
        let done = act(&mut self.other);
        std::mem::swap(&mut self.community.chain, &mut self.other.chain);
        done
    }

    fn authority(&self) -> Address {
        self.community.authority.pubkey()
    }

    fn acting(&self, who: &Household) -> Actor {
        Actor::participant(&self.community.addresses, who.address())
    }
}

/// Sends what must go through; all its signers sign.
fn send(community: &mut LocalCommunity, instruction: Instruction) -> Result<Receipt, Failure> {
    let limit = solana_compute_budget_interface::ComputeBudgetInstruction::set_compute_unit_limit(
        1_400_000,
    );
    community.chain.send(&[limit, instruction], &[])
}
