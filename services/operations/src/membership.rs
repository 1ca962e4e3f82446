//! What a participant does for itself: apply, take a seat, bring money and take it out, name a delegate, leave.

use joulebook_client::{
    instructions::{Actor, Application},
    layout::{
        market::DelegateBounds,
        registry::{Participant, ParticipantStatus},
    },
};
use joulebook_cluster::Amount;
use solana_address::Address;
use spl_associated_token_account_interface::{
    address::get_associated_token_address_with_program_id,
    instruction::create_associated_token_account_idempotent,
};

use crate::{admissions::removal, OperationError, Plan, Session};

/// Bytes of a token account without extensions.
const TOKEN_ACCOUNT_LEN: usize = 165;
const DECIMALS_OF_LEDGER: u8 = 3;

/// How far a delegate's orders may go.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// What they may lock in a day of UTC, tokens.
    pub daily_limit: Amount,
    /// Tokens per kWh, fees included; what the supplier asks if none.
    pub highest_buy: Option<Amount>,
    /// Tokens per kWh; what the supplier pays if none.
    pub lowest_sell: Option<Amount>,
}

impl Session {
    /// Asks to be let in; for one who left, to come back.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn apply(&self, application: Application) -> Result<Plan, OperationError> {
        let wallet = self.wallet();
        match self.participant(&wallet).await? {
            None => Ok(Plan {
                what: "applying".into(),
                instructions: vec![self.addresses.apply(wallet, application)],
                rent: self.cluster.rent(Participant::LEN).await?,
            }),
            Some(record) if record.is(ParticipantStatus::Left) => Ok(Plan::new(
                "applying again",
                self.addresses.apply_again(wallet, application),
            )),
            Some(_) => Err(OperationError::Contradiction(format!(
                "{wallet} has applied already; look at joulebook member show"
            ))),
        }
    }

    /// Leaves the community, or takes an application back.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn leave(&self) -> Result<Plan, OperationError> {
        let wallet = self.wallet();
        let record = self.participant(&wallet).await?;
        let record = record.ok_or(OperationError::NoParticipant(wallet))?;
        let actor = Actor {
            signer: wallet,
            participant: None,
        };
        let leaving = removal(self, actor, &wallet, &record);
        self.with_review(leaving, &record).await
    }

    /// Opens the wallet's seat.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn open_seat(&self) -> Result<Plan, OperationError> {
        let wallet = self.wallet();
        match self.seat_of(&wallet).await {
            Ok((seat, _)) => Err(OperationError::Contradiction(format!(
                "{wallet} has seat {seat} already"
            ))),
            Err(OperationError::NoSeat(_)) => Ok(Plan::new(
                "opening a seat",
                self.addresses.open_seat(wallet),
            )),
            Err(error) => Err(error),
        }
    }

    /// Closes the wallet's seat, which must be empty.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn close_seat(&self) -> Result<Plan, OperationError> {
        let wallet = self.wallet();
        let (seat, _) = self.seat_of(&wallet).await?;
        let close = self.addresses.close_seat(wallet, seat);
        Ok(Plan::new(format!("closing seat {seat}"), close))
    }

    /// Moves tokens from the wallet's own token account into its seat.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn deposit(&self, amount: Amount) -> Result<Plan, OperationError> {
        let wallet = self.wallet();
        let atoms = self.atoms(amount)?;
        let (seat, _) = self.seat_of(&wallet).await?;
        let source = self.token_account(&wallet);
        if self.cluster.account(source).await?.is_none() {
            return Err(OperationError::Contradiction(format!(
                "{wallet} has no account of the token {}; get some tokens first",
                self.addresses.quote_mint
            )));
        }
        let deposit = self.addresses.deposit(wallet, source, seat, atoms);
        Ok(Plan::new(format!("depositing {amount}"), deposit))
    }

    /// Moves tokens from the seat into the wallet's own token account, which is made if it is not there.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn withdraw(&self, amount: Amount) -> Result<Plan, OperationError> {
        let wallet = self.wallet();
        let atoms = self.atoms(amount)?;
        let (seat, _) = self.seat_of(&wallet).await?;
        let destination = self.token_account(&wallet);
        let withdraw = self.addresses.withdraw(wallet, destination, seat, atoms);
        let mut plan = Plan::new(format!("withdrawing {amount}"), withdraw);
        if self.cluster.account(destination).await?.is_none() {
            let (mint, program) = (self.addresses.quote_mint, self.addresses.token_program);
            let create =
                create_associated_token_account_idempotent(&wallet, &wallet, &mint, &program);
            plan.instructions.insert(0, create);
            plan.rent = self.cluster.rent(TOKEN_ACCOUNT_LEN).await?;
        }
        Ok(plan)
    }

    /// Names who may trade for the seat, with how far its orders may go; or nobody.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn delegate(
        &self,
        delegate: Option<Address>,
        bounds: &Bounds,
    ) -> Result<Plan, OperationError> {
        let wallet = self.wallet();
        let (seat, _) = self.seat_of(&wallet).await?;
        let decimals = self.decimals.saturating_add(DECIMALS_OF_LEDGER);
        let price = |bound: Option<Amount>, none: i32| {
            let units = bound.map(|price| price.in_units::<i32>(self.decimals));
            units.unwrap_or(Ok(none))
        };
        let bounds = DelegateBounds {
            daily_limit: bounds.daily_limit.in_units(decimals)?,
            highest_buy: price(bounds.highest_buy, i32::MAX)?,
            lowest_sell: price(bounds.lowest_sell, i32::MIN)?,
        };
        let set = self.addresses.set_delegate(wallet, seat, delegate, bounds);
        let what = match delegate {
            Some(delegate) => format!("naming {delegate} as delegate"),
            None => "naming nobody as delegate".into(),
        };
        Ok(Plan::new(what, set))
    }

    /// A wallet's account of the market's token.
    pub fn token_account(&self, wallet: &Address) -> Address {
        let (mint, program) = (self.addresses.quote_mint, self.addresses.token_program);
        get_associated_token_address_with_program_id(wallet, &mint, &program)
    }

    /// Milli-atoms of the ledger as tokens.
    pub fn tokens(&self, milli_atoms: u64) -> Amount {
        let units = i64::try_from(milli_atoms).unwrap_or(i64::MAX);
        Amount::of_units(units, self.decimals.saturating_add(DECIMALS_OF_LEDGER))
    }

    fn atoms(&self, amount: Amount) -> Result<u64, OperationError> {
        match amount.in_units(self.decimals)? {
            0 => Err(OperationError::Contradiction(
                "nothing would be moved; name an amount above 0".into(),
            )),
            atoms => Ok(atoms),
        }
    }
}
