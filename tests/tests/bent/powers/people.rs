//! Who signed, and what communities and their members may lose by it.

use joulebook_client::layout::{
    account::read_header,
    market::{Admission, Ledger, Page, Seat, SeatHold},
    oracle::{Meter, MeterTable},
    registry::{Community, Participant, ParticipantStatus, Roles},
};
use solana_address::Address;

use super::{
    change::{rows, Change, Home},
    table::{Power, Who},
    Attempt,
};

impl Attempt<'_> {
    /// Whether those signed who must, for the community whose accounts changed.
    pub(super) fn signed_by_who_may(
        &self,
        power: &Power,
        home: &Home,
        changes: &[Change],
    ) -> Result<(), String> {
        let signed = match power.who {
            Who::Anyone => true,
            Who::Authority => self.is_authority(home)?,
            Who::PendingAuthority => {
                let community: Community = self.header_at(home.community)?;
                self.signs(community.pending_authority.0)
            }
            Who::Role(roles) => self.has_role(home, roles)?,
            Who::RoleAndOwner(roles) => {
                self.has_role(home, roles)? && self.owners_sign(home, changes)
            }
            Who::Wallet => self.wallets_sign(changes)?,
            Who::WalletOrRole(roles) => {
                self.wallets_sign(changes)? || self.has_role(home, roles)?
            }
            Who::Settlement => {
                let tables = changes.iter().filter(|change| change.is("MeterTable"));
                let tables: Result<Vec<MeterTable>, String> = tables.map(Change::header).collect();
                tables?.iter().all(|table| {
                    let settlement = table.settlement.0;
                    settlement == [0; 32] || self.signs(settlement)
                })
            }
            Who::Supplier => self.is_supplier_of_pages(home, changes)?,
            Who::AuthorityAndSupplier => {
                self.is_authority(home)? && self.is_supplier(home, changes)?
            }
            Who::Program => {
                let holds = changes.iter().filter(|change| change.is("SeatHold"));
                let mut holds = holds.peekable();
                if holds.peek().is_none() {
                    return Err("no hold changed".to_string());
                }
                let signers: Result<Vec<[u8; 32]>, String> = holds
                    .map(|hold| {
                        let admission = hold.header::<SeatHold>()?.admission.0;
                        Ok(self.header_at::<Admission>(admission.into())?.signer.0)
                    })
                    .collect();
                signers?.into_iter().all(|signer| self.signs(signer))
            }
        };
        match signed {
            true => Ok(()),
            false => Err("nobody signed who may do that".to_string()),
        }
    }

    pub(super) fn signs(&self, key: [u8; 32]) -> bool {
        self.signers().contains(&Address::from(key))
    }

    pub(super) fn is_authority(&self, home: &Home) -> Result<bool, String> {
        let community: Community = self.header_at(home.community)?;
        Ok(self.signs(community.authority.0))
    }

    fn has_role(&self, home: &Home, roles: Roles) -> Result<bool, String> {
        let acts = |participant: &Participant| {
            participant.is_active()
                && participant.roles().intersects(roles)
                && self.signs(participant.wallet.0)
        };
        Ok(self.is_authority(home)?
            || self
                .participants(home.community.to_bytes())
                .iter()
                .any(acts))
    }

    /// Those of the community that the instruction names, as they were.
    pub(super) fn participants(&self, community: [u8; 32]) -> Vec<Participant> {
        let accounts = self.instruction.accounts.iter();
        let accounts = accounts.filter_map(|meta| self.before.get_account(&meta.pubkey));
        let genuine = accounts.filter(|account| self.idl.kind(account) == Some("Participant"));
        genuine
            .filter_map(|account| read_header::<Participant>(&account.data))
            .filter(|participant| participant.community.0 == community)
            .collect()
    }

    /// Whether the owner of every changed meter signed.
    fn owners_sign(&self, home: &Home, changes: &[Change]) -> bool {
        let owners = self.participants(home.community.to_bytes());
        let tables = changes.iter().filter(|change| change.is("MeterTable"));
        tables.flat_map(changed_meters).all(|meter| {
            let owner = |owner: &&Participant| owner.index == meter.participant;
            let owner = owners.iter().find(owner);
            owner.is_some_and(|owner| self.signs(owner.wallet.0))
        })
    }

    fn wallets_sign(&self, changes: &[Change]) -> Result<bool, String> {
        let changed = changes.iter().filter(|change| change.is("Participant"));
        let changed: Result<Vec<Participant>, String> = changed.map(Change::header).collect();
        Ok(changed?.iter().all(|one| self.signs(one.wallet.0)))
    }

    /// Whether the owner of the seat signed that supplies pages to come; of whom that is afterwards, if another one is named.
    fn is_supplier(&self, home: &Home, changes: &[Change]) -> Result<bool, String> {
        let ledger = self.ledger(home)?;
        let changed = changes
            .iter()
            .find(|change| change.address == ledger.address);
        let after = changed.map_or(&ledger.before, |change| &change.after);
        let header = after
            .as_ref()
            .and_then(|it| read_header::<Ledger>(&it.data));
        let header = header.ok_or("the ledger is gone")?;
        let seats = rows::<Ledger, Seat>(after);
        let seat = seats.get(usize::from(header.supplier(header.supplying).seat));
        Ok(seat.is_some_and(|seat| self.signs(seat.owner.0)))
    }

    /// Whether owner or delegate signed of the seat that supplies the changed pages.
    fn is_supplier_of_pages(&self, home: &Home, changes: &[Change]) -> Result<bool, String> {
        let ledger = self.ledger(home)?;
        let header: Ledger = ledger.header()?;
        let seats = rows::<Ledger, Seat>(&ledger.before);
        let pages = changes.iter().filter(|change| change.is("Page"));
        let pages: Result<Vec<Page>, String> = pages.map(Change::header).collect();
        Ok(pages?.iter().all(|page| {
            let supplier = header.supplier(page.supplier_place).seat;
            let seat = seats.get(usize::from(supplier));
            seat.is_some_and(|seat| self.signs(seat.owner.0) || self.signs(seat.delegate.0))
        }))
    }

    /// That of the market whose accounts changed.
    fn ledger(&self, home: &Home) -> Result<Change, String> {
        let market = home.market.ok_or("no market changed")?;
        let accounts = self.instruction.accounts.iter();
        let mut all = accounts.map(|meta| Change::of(self, meta.pubkey));
        let ledger = all.find(|change| {
            let is_of = |ledger: Ledger| ledger.market.0 == market.to_bytes();
            change.is("Ledger") && change.header().is_ok_and(is_of)
        });
        ledger.ok_or_else(|| "it names no ledger".to_string())
    }
}

/// The rows of a meter table that changed, as they are.
pub fn changed_meters(change: &Change) -> Vec<Meter> {
    let before = rows::<MeterTable, Meter>(&change.before);
    let after = rows::<MeterTable, Meter>(&change.after);
    let both = before.iter().zip(&after);
    both.filter(|(before, after)| before != after)
        .map(|(_, after)| *after)
        .collect()
}

/// # Errors
/// What of a community, or of a member with a privileged role, changed though its authority did not sign.
pub fn check(attempt: &Attempt, power: &Power, changes: &[Change]) -> Result<(), String> {
    for change in changes.iter().filter(|change| change.is("Community")) {
        let headers = [&change.before, &change.after]
            .map(|account| read_header::<Community>(&account.as_ref()?.data));
        if let [Some(before), Some(after)] = headers {
            check_community(attempt, power, &before, &after)?;
        }
    }
    for change in changes.iter().filter(|change| change.is("Participant")) {
        let headers = [&change.before, &change.after]
            .map(|account| read_header::<Participant>(&account.as_ref()?.data));
        if let [Some(before), Some(after)] = headers {
            check_participant(attempt, &before, &after)?;
        }
    }
    Ok(())
}

fn check_community(
    attempt: &Attempt,
    power: &Power,
    before: &Community,
    after: &Community,
) -> Result<(), String> {
    if attempt.signs(before.authority.0) {
        return Ok(());
    }
    if before.authority != after.authority && !matches!(power.who, Who::PendingAuthority) {
        return Err("the authority is another".to_string());
    }
    if before.paused & !after.paused != 0 {
        return Err("a pause was lifted".to_string());
    }
    if before.paused != after.paused && power.name != "registry.set_pause" {
        return Err("it is paused".to_string());
    }
    let fixed = |community: &Community| {
        let Community {
            founder,
            quote_mint,
            id,
            name,
            zones,
            zone_count,
            ..
        } = *community;
        (founder, quote_mint, id, name, zones, zone_count)
    };
    match fixed(before) == fixed(after) && after.approvals <= before.approvals {
        true => Ok(()),
        false => Err("what the authority alone sets is another".to_string()),
    }
}

fn check_participant(
    attempt: &Attempt,
    before: &Participant,
    after: &Participant,
) -> Result<(), String> {
    let same = |participant: &Participant| (participant.community, participant.wallet);
    if same(before) != same(after) {
        return Err("a participant is somebody else".to_string());
    }
    let community: Community = attempt.header_at(before.community.0.into())?;
    if attempt.signs(community.authority.0) {
        return Ok(());
    }
    let privileged = |participant: &Participant| match participant.is(ParticipantStatus::Applied) {
        // It asks for them.
        true => 0,
        false => participant.roles().0 & Roles::PRIVILEGED.0,
    };
    if privileged(after) & !privileged(before) != 0 {
        return Err("a privileged role was granted".to_string());
    }
    // What a wallet does to itself loses no role but by its own will.
    if privileged(before) != 0 && !attempt.signs(before.wallet.0) {
        return Err("a participant with a privileged role was changed".to_string());
    }
    Ok(())
}
