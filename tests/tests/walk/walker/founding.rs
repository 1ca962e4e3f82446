use joulebook_sim::{Failure, LocalCommunity, Parameters, TokenKind};

use super::{coverage::Coverage, devices::Devices, Checked, Walker};
use crate::{
    model::{Member, Model, Seat, GRID_OPERATOR, SUPPLIER},
    random::Random,
};

/// Roles of the households: some may buy only or sell only, one is a storage. The last has no seat yet.
const HOUSEHOLDS: [u16; 6] = [0b011, 0b011, 0b001, 0b010, 0b100, 0b011];
/// Atoms that everyone starts with.
pub const INITIAL_ATOMS: u64 = 1_000_000_000;

impl Walker {
    /// Of a community that is as chance has it.
    pub fn new(seed: u64) -> Result<Walker, String> {
        let mut random = Random::new(seed);
        let parameters = sizes(&mut random);
        let mut walker = Walker::of(parameters, random)?;
        walker.deploy_programs();
        walker.create_standing_orders()?;
        walker.give_meters()?;
        for seat in 0..walker.people() - 1 {
            let atoms = 1 + walker.random.of_any_size(7);
            walker.deposit_atoms(seat, seat, atoms)?;
        }
        walker.compare()?;
        Ok(walker)
    }

    /// With seats for all but the last of six households, and no meters yet.
    pub fn of(parameters: Parameters, random: Random) -> Result<Walker, String> {
        let model = Model::new(parameters.clone());
        let mut walker = Walker {
            community: community(parameters)?,
            model,
            random,
            devices: Devices::default(),
            flows: None,
            reused_until: 0,
            keeper: false,
            log: vec![],
            coverage: Coverage::default(),
        };
        walker
            .admit_households()
            .map_err(|failure| failure.to_string())?;
        Ok(walker)
    }

    /// Lets the households in, with seats and something in their token accounts.
    fn admit_households(&mut self) -> Result<(), Failure> {
        for roles in HOUSEHOLDS {
            let name = format!("household {}", self.community.households.len());
            let household = self.community.admit(&name, roles)?;
            self.community.households.push(household);
        }
        for who in 0..self.people() {
            let (wallet, tokens) = (self.person(who).address(), self.person(who).tokens);
            let roles = match who {
                SUPPLIER => 0b011,
                GRID_OPERATOR => 0b001,
                _ => HOUSEHOLDS[usize::from(who) - 2],
            };
            self.community
                .token
                .mint_to(&mut self.community.chain, &tokens, INITIAL_ATOMS)?;
            let member = Member {
                wallet,
                active: true,
                roles,
                tokens: INITIAL_ATOMS,
            };
            self.model.members.insert(who, member);
            if who <= GRID_OPERATOR {
                // Both opened their seats when the community was made.
                self.model.seats.insert(who, Seat::opened());
            } else if who < self.people() - 1 {
                let open = self.community.seat_of(self.person(who));
                self.send(&[open], &[who])?;
                self.model.seats.insert(who, Seat::opened());
            }
        }
        Ok(())
    }

    /// Up to two for each household.
    fn give_meters(&mut self) -> Checked {
        for who in 2..self.people() {
            for _ in 0..self.random.between(0, 2) {
                let new = self.ordinary_meter(who);
                self.register_meter(new)?;
            }
        }
        Ok(())
    }
}

/// Where a program's address signs without the program.
fn community(parameters: Parameters) -> Result<LocalCommunity, String> {
    let mut community = LocalCommunity::new(parameters)?;
    community.chain = community.chain.without_signature_checks();
    Ok(community)
}

/// Small tables, so that they fill up; rings of different lengths.
fn sizes(random: &mut Random) -> Parameters {
    let mut parameters = Parameters {
        token: random.pick(&[
            TokenKind::Classic,
            TokenKind::Token2022,
            TokenKind::Token2022WithFee(150),
        ]),
        books: random.between(5, 9) as u16,
        page_windows: random.between(1, 4) as u16,
        seats: random.between(7, 10) as u16,
        orders: random.between(8, 16) as u16,
        ticks: random.pick(&[1, 3, 20, 64, 65, 130]),
        meters: random.between(12, 14) as u16,
        history: random.between(3, 12) as u16,
        max_orders_per_seat: random.between(2, 6) as u16,
        violation_limit: random.below(4) as u8,
        power_cap: random.pick(&[100_000, 200_000, u32::MAX]),
        lowest_price: -1_000_000,
        highest_price: 1_000_000,
        highest_grid_fee: random.pick(&[20_000, 90_000]),
        supplier_margin: random.pick(&[0, 1_000_000, 50_000_000]),
        notice_seconds: random.pick(&[0, 300, 700]),
        ..Parameters::default()
    };
    let most = parameters.orders / parameters.seats;
    parameters.room_per_seat = random.between(0, most.into()) as u16;
    parameters.correction_seconds = random.pick(&[300, 900, 1500, 2400]);
    parameters.reading_seconds = random.pick(&[0, 200, 300, parameters.correction_seconds]);
    let span = parameters.window_seconds * u32::from(parameters.page_windows);
    let round = parameters.terms.horizon + parameters.correction_seconds + 3 * span;
    parameters.pages = round.div_ceil(span) as u16 + random.between(0, 1) as u16;
    // Near midnights: of a working day, before a weekend, after it.
    parameters.now += 86_400 * random.pick(&[0, 5, 6]) - 3600 - random.below(7200) as i64;
    parameters.terms.keeper_reward = random.of_any_size(8);
    parameters.terms.metering_grace = random.pick(&[0, 300, 600]);
    parameters.terms.max_silent = random.below(9) as u16;
    parameters.terms.draw_after = random.below(5) as u16;
    parameters
}
