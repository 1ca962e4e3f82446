use solana_address::Address;
use solana_instruction::Instruction;

use super::{Actor, SYSTEM_PROGRAM};
use crate::{
    layout::registry::{Participant, Pause, Preferences},
    registry::instructions::{
        AcceptAuthority, AddZone, AddZoneInstructionArgs, Apply, ApplyAgain,
        ApplyAgainInstructionArgs, ApplyInstructionArgs, Approve, ApproveInstructionArgs,
        ApproveSuccessor, ApproveSuccessorInstructionArgs, CloseCommunity, CloseParticipant,
        CreateCommunity, CreateCommunityInstructionArgs, Leave, ProposeAuthority,
        ProposeAuthorityInstructionArgs, Reinstate, RenameZone, RenameZoneInstructionArgs,
        SetApprovals, SetApprovalsInstructionArgs, SetMembership, SetMembershipInstructionArgs,
        SetPause, SetPauseInstructionArgs, SetPreferences, SetPreferencesInstructionArgs, SetRoles,
        SetRolesInstructionArgs, Suspend, SuspendInstructionArgs,
    },
    Addresses,
};

/// What somebody asks for who applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Bits of the registry's roles.
    pub roles: u16,
    pub zone: u8,
    pub balancing_group: u16,
    /// Of the identity check's record.
    pub identity_hash: [u8; 32],
    pub preferences: Preferences,
}

impl Application {
    /// For these roles in zone 0, with nothing else said.
    pub fn for_roles(roles: u16) -> Application {
        Application {
            roles,
            zone: 0,
            balancing_group: 0,
            identity_hash: [0; 32],
            preferences: Preferences {
                local_premium: 0,
                sources: 0,
                reserved: 0,
            },
        }
    }

    /// What a participant's account says: that is what there is to review. An approval goes by what was reviewed; made
    /// of what the account says when it is sent, it would let in whoever stands there by then.
    pub fn of(participant: &Participant) -> Application {
        Application {
            roles: participant.roles,
            zone: participant.zone,
            balancing_group: participant.balancing_group,
            identity_hash: participant.identity_hash,
            preferences: participant.preferences,
        }
    }
}

impl Addresses {
    /// Founds the community, whose number among the founder's is `id`.
    pub fn create_community(
        &self,
        founder: Address,
        id: u64,
        name: &str,
        zones: &[String],
    ) -> Instruction {
        CreateCommunity {
            community: self.community,
            founder,
            quote_mint: self.quote_mint,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(CreateCommunityInstructionArgs {
            id,
            name: name.to_string(),
            zones: zones.to_vec(),
        })
    }

    pub fn close_community(&self, authority: Address) -> Instruction {
        CloseCommunity {
            community: self.community,
            authority,
        }
        .instruction()
    }

    pub fn propose_authority(
        &self,
        authority: Address,
        new_authority: Option<Address>,
    ) -> Instruction {
        ProposeAuthority {
            community: self.community,
            authority,
        }
        .instruction(ProposeAuthorityInstructionArgs { new_authority })
    }

    pub fn accept_authority(&self, pending_authority: Address) -> Instruction {
        AcceptAuthority {
            community: self.community,
            pending_authority,
        }
        .instruction()
    }

    pub fn add_zone(&self, authority: Address, name: &str) -> Instruction {
        AddZone {
            community: self.community,
            authority,
        }
        .instruction(AddZoneInstructionArgs {
            name: name.to_string(),
        })
    }

    pub fn rename_zone(&self, authority: Address, index: u8, name: &str) -> Instruction {
        RenameZone {
            community: self.community,
            authority,
        }
        .instruction(RenameZoneInstructionArgs {
            index,
            name: name.to_string(),
        })
    }

    /// Sets which of the registry's pauses are on, and lifts all others.
    pub fn set_pause(&self, actor: Actor, paused: u8) -> Instruction {
        self.change_pause(actor, paused, Pause::ALL.0 & !paused)
    }

    /// Sets pauses and lifts pauses; those that neither names stay as they are.
    pub fn change_pause(&self, actor: Actor, pause: u8, lift: u8) -> Instruction {
        SetPause {
            community: self.community,
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(SetPauseInstructionArgs { pause, lift })
    }

    /// Sets how many more applicants operators may approve.
    pub fn set_approvals(&self, authority: Address, approvals: u16) -> Instruction {
        SetApprovals {
            community: self.community,
            authority,
        }
        .instruction(SetApprovalsInstructionArgs { approvals })
    }

    pub fn apply(&self, wallet: Address, application: Application) -> Instruction {
        Apply {
            community: self.community,
            participant: self.participant(&wallet),
            wallet,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(ApplyInstructionArgs {
            roles: application.roles,
            zone: application.zone,
            balancing_group: application.balancing_group,
            identity_hash: application.identity_hash,
            preferences: application.preferences,
        })
    }

    /// Asks to come back, for one who left.
    pub fn apply_again(&self, wallet: Address, application: Application) -> Instruction {
        ApplyAgain {
            community: self.community,
            participant: self.participant(&wallet),
            wallet,
        }
        .instruction(ApplyAgainInstructionArgs {
            roles: application.roles,
            zone: application.zone,
            balancing_group: application.balancing_group,
            identity_hash: application.identity_hash,
            preferences: application.preferences,
        })
    }

    /// Lets `wallet` in, with these roles, if its application is still the one `reviewed`. The roles and preferences in
    /// that are not compared.
    pub fn approve(
        &self,
        actor: Actor,
        wallet: &Address,
        roles: u16,
        reviewed: &Application,
    ) -> Instruction {
        Approve {
            community: self.community,
            participant: self.participant(wallet),
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(ApproveInstructionArgs {
            roles,
            zone: reviewed.zone,
            balancing_group: reviewed.balancing_group,
            identity_hash: reviewed.identity_hash,
        })
    }

    /// As [`Addresses::approve`], under the index of the participant with wallet `predecessor`, who left and was last
    /// approved at `approved_at`, unix seconds.
    pub fn approve_successor(
        &self,
        authority: Address,
        wallet: &Address,
        roles: u16,
        reviewed: &Application,
        (predecessor, approved_at): (&Address, i64),
    ) -> Instruction {
        ApproveSuccessor {
            community: self.community,
            participant: self.participant(wallet),
            predecessor: self.participant(predecessor),
            authority,
        }
        .instruction(ApproveSuccessorInstructionArgs {
            roles,
            zone: reviewed.zone,
            balancing_group: reviewed.balancing_group,
            identity_hash: reviewed.identity_hash,
            approved_at,
        })
    }

    pub fn suspend(
        &self,
        actor: Actor,
        wallet: &Address,
        reason: u16,
        evidence: Option<[u8; 32]>,
    ) -> Instruction {
        Suspend {
            community: self.community,
            participant: self.participant(wallet),
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(SuspendInstructionArgs { reason, evidence })
    }

    pub fn reinstate(&self, actor: Actor, wallet: &Address) -> Instruction {
        Reinstate {
            community: self.community,
            participant: self.participant(wallet),
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction()
    }

    pub fn set_roles(&self, actor: Actor, wallet: &Address, roles: u16) -> Instruction {
        SetRoles {
            community: self.community,
            participant: self.participant(wallet),
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(SetRolesInstructionArgs { roles })
    }

    pub fn set_membership(
        &self,
        actor: Actor,
        wallet: &Address,
        zone: u8,
        balancing_group: u16,
    ) -> Instruction {
        SetMembership {
            community: self.community,
            participant: self.participant(wallet),
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(SetMembershipInstructionArgs {
            zone,
            balancing_group,
        })
    }

    pub fn set_preferences(&self, wallet: Address, preferences: Preferences) -> Instruction {
        SetPreferences {
            participant: self.participant(&wallet),
            wallet,
        }
        .instruction(SetPreferencesInstructionArgs { preferences })
    }

    /// Lets `wallet` go, who keeps its record and its index.
    pub fn leave(&self, actor: Actor, wallet: &Address) -> Instruction {
        Leave {
            community: self.community,
            participant: self.participant(wallet),
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction()
    }

    /// Closes the record of `wallet`, which has no index; it receives the rent.
    pub fn close_participant(&self, actor: Actor, wallet: Address) -> Instruction {
        CloseParticipant {
            community: self.community,
            participant: self.participant(&wallet),
            wallet,
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction()
    }
}
