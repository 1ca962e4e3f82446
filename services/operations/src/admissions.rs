//! Participants: who applied, who is let in, with which roles.

use joulebook_client::{
    instructions::{Actor, Application},
    layout::registry::{Participant, ParticipantStatus, Roles},
    packing::{fitting, with_limits},
};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{names::roles_of, words::name_of, OperationError, Plan, Session};

/// An application as it was read, for a person to look at. What is approved is this, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    pub wallet: Address,
    pub application: Application,
    /// Unix seconds.
    pub applied_at: i64,
    /// Whether it was a participant before.
    pub comes_back: bool,
}

impl Applicant {
    fn of(participant: &Participant) -> Applicant {
        Applicant {
            wallet: participant.wallet.0.into(),
            application: Application::of(participant),
            applied_at: participant.applied_at,
            comes_back: participant.has_index(),
        }
    }

    /// Lines for whoever decides; `granted` are the roles that it would get, if they are not those that it asks for.
    pub fn words(&self, zone: &str, granted: Option<u16>) -> Vec<String> {
        let Application {
            roles,
            balancing_group,
            identity_hash,
            ..
        } = &self.application;
        let identity = match identity_hash.iter().all(|byte| *byte == 0) {
            true => "no record of an identity check".to_owned(),
            false => {
                let hash: String = identity_hash
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                format!("identity check: record with SHA-256 {hash}")
            }
        };
        let group = match balancing_group {
            0 => "no balancing group".to_owned(),
            group => format!("balancing group {group}"),
        };
        let mut lines = vec![
            self.wallet.to_string(),
            format!("  asks for: {}", roles_of(*roles).join(", ")),
            format!("  zone {zone}, {group}"),
            format!("  {identity}"),
            format!("  applied {}", crate::time_of(self.applied_at)),
        ];
        if let Some(granted) = granted {
            lines.insert(2, format!("  gets: {}", roles_of(granted).join(", ")));
        }
        if self.comes_back {
            lines.push("  was here before, and gets its seat and what it owes back".into());
        }
        lines
    }
}

/// What an operator may do to participants that are in already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// `reason` is a code of the community's own.
    Suspend {
        reason: u16,
        evidence: Option<[u8; 32]>,
    },
    Reinstate,
    /// Those that are not active: suspended ones, and applicants.
    Remove,
    Roles(u16),
    Membership {
        zone: u8,
        balancing_group: u16,
    },
}

impl Session {
    /// Who waits for a decision, the longest first.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn applicants(&self) -> Result<Vec<Applicant>, OperationError> {
        let all = self.participants().await?;
        let applied = all.iter().filter(|one| one.is(ParticipantStatus::Applied));
        let mut applicants: Vec<Applicant> = applied.map(Applicant::of).collect();
        applicants.sort_by_key(|one| one.applied_at);
        Ok(applicants)
    }

    /// The applications of these wallets.
    ///
    /// # Errors
    /// If one has not applied.
    pub async fn applications(
        &self,
        wallets: &[Address],
    ) -> Result<Vec<Applicant>, OperationError> {
        let mut applicants = vec![];
        for wallet in wallets {
            let record = self.participant(wallet).await?;
            let record = record.ok_or(OperationError::NoParticipant(*wallet))?;
            if !record.is(ParticipantStatus::Applied) {
                return Err(OperationError::NotApplied(*wallet));
            }
            applicants.push(Applicant::of(&record));
        }
        Ok(applicants)
    }

    /// Lets applicants in, with the roles that they asked for, or with these; as many in a transaction as fit.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn approve(
        &self,
        applicants: &[Applicant],
        roles: Option<u16>,
    ) -> Result<Vec<Plan>, OperationError> {
        let actor = self.actor(Roles::OPERATOR).await?;
        let has_standing_orders = self.market().await?.has_standing_orders == 1;
        let approve = |one: &Applicant| {
            let roles = roles.unwrap_or(one.application.roles);
            let wallet = &one.wallet;
            let approve = self
                .addresses
                .approve(actor, wallet, roles, &one.application);
            // The seat's standing orders wait for who comes back.
            let review = (one.comes_back && has_standing_orders)
                .then(|| self.addresses.review_participant(wallet));
            [Some(approve), review].into_iter().flatten()
        };
        let mut plans = vec![];
        let mut rest = applicants;
        while !rest.is_empty() {
            let first = |count: usize| -> Vec<Instruction> {
                rest[..count].iter().flat_map(approve).collect()
            };
            let count = fitting(&self.wallet(), rest.len(), |count| {
                let mut all = first(count);
                let last = all.pop();
                all.extend(last.into_iter().flat_map(with_limits));
                all
            });
            let names: Vec<String> = rest[..count]
                .iter()
                .map(|one| one.wallet.to_string())
                .collect();
            plans.push(Plan {
                what: format!("approval of {}", names.join(", ")),
                instructions: first(count),
                rent: 0,
            });
            rest = &rest[count..];
        }
        Ok(plans)
    }

    /// What carries out a decision about one participant.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn decide(
        &self,
        wallet: &Address,
        decision: Decision,
    ) -> Result<Plan, OperationError> {
        let actor = self.actor(Roles::OPERATOR).await?;
        let record = self.participant(wallet).await?;
        let record = record.ok_or(OperationError::NoParticipant(*wallet))?;
        let plan = |what: &str, instruction| Plan::new(format!("{what} {wallet}"), instruction);
        let addresses = &self.addresses;
        let decided = match decision {
            Decision::Suspend { reason, evidence } => plan(
                "suspending",
                addresses.suspend(actor, wallet, reason, evidence),
            ),
            Decision::Reinstate => plan("reinstating", addresses.reinstate(actor, wallet)),
            Decision::Remove => removal(self, actor, wallet, &record),
            Decision::Roles(roles) => plan(
                "changing roles of",
                addresses.set_roles(actor, wallet, roles),
            ),
            Decision::Membership {
                zone,
                balancing_group,
            } => plan(
                "moving",
                addresses.set_membership(actor, wallet, zone, balancing_group),
            ),
        };
        self.with_review(decided, &record).await
    }

    /// With what has the seat's standing orders know of it in the same transaction: they would go on as before.
    pub(crate) async fn with_review(
        &self,
        mut plan: Plan,
        record: &Participant,
    ) -> Result<Plan, OperationError> {
        if record.has_index() && self.market().await?.has_standing_orders == 1 {
            let wallet = record.wallet.0.into();
            plan.instructions
                .push(self.addresses.review_participant(&wallet));
        }
        Ok(plan)
    }

    /// What lets operators approve so many more applicants.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn allow_approvals(&self, approvals: u16) -> Result<Plan, OperationError> {
        let authority = self.authority().await?;
        let set = self.addresses.set_approvals(authority, approvals);
        Ok(Plan::new("setting the number of approvals", set))
    }

    /// The name of a zone of the community.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn zone_names(&self) -> Result<Vec<String>, OperationError> {
        let community = self.community().await?;
        let zones = community.zones.iter().take(community.zone_count.into());
        Ok(zones.map(|zone| name_of(&zone.name)).collect())
    }
}

/// Who has an index keeps its record and is gone; who has none is closed, and gets the rent back.
pub(crate) fn removal(
    session: &Session,
    actor: Actor,
    wallet: &Address,
    record: &Participant,
) -> Plan {
    let addresses = &session.addresses;
    match record.has_index() {
        true => Plan::new(
            format!("leaving of {wallet}"),
            addresses.leave(actor, wallet),
        ),
        false => Plan::new(
            format!("closing the application of {wallet}"),
            addresses.close_participant(actor, *wallet),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_roles_other_than_those_asked_for_when_an_applicant_is_shown_then_they_are_named() {
        let applicant = Applicant {
            wallet: Address::new_from_array([7; 32]),
            application: Application::for_roles(Roles::CONSUMER.union(Roles::PRODUCER).0),
            applied_at: 0,
            comes_back: false,
        };
        let asked = applicant.words("west", None);
        assert!(asked.contains(&"  asks for: consumer, producer".to_owned()));
        assert!(
            !asked.iter().any(|line| line.contains("gets:")),
            "{asked:?}"
        );
        let granted = applicant.words("west", Some(Roles::CONSUMER.0));
        assert!(granted.contains(&"  asks for: consumer, producer".to_owned()));
        assert!(
            granted.contains(&"  gets: consumer".to_owned()),
            "{granted:?}"
        );
    }
}
