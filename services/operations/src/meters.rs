//! Meters: which there are, and what changes them. What can cost an owner something has its signature.

use joulebook_client::{
    instructions::Owner,
    layout::{
        oracle::{AssetKind, EnergySource, KeyKind, Meter, MeterStatus},
        registry::Roles,
    },
    oracle::types::MeterDetails,
    tables::MeterRecords,
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use crate::{
    session::failed, CoSignatureFile, CoSigned, FileError, OperationError, Plan, Request, Session,
    Surroundings,
};

/// A device's public key as people write it: 32 bytes in base58 of Ed25519, 33 bytes in hexadecimal of P-256, compressed.
///
/// # Errors
/// What is wrong with it.
pub fn device_from(text: &str) -> Result<([u8; 32], KeyKind), OperationError> {
    let wrong = || {
        OperationError::Contradiction(format!(
            "{text} is no device key; write 32 bytes in base58 (Ed25519) or 33 bytes in hexadecimal (P-256, compressed)"
        ))
    };
    if let Ok(key) = text.parse::<Address>() {
        return Ok((key.to_bytes(), KeyKind::Ed25519));
    }
    if text.len() != 66 || !text.is_ascii() {
        return Err(wrong());
    }
    let mut bytes = [0; 33];
    for (place, byte) in bytes.iter_mut().enumerate() {
        let digits = text.get(place * 2..place * 2 + 2).ok_or_else(wrong)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    let (kind, key) = bytes.split_first_chunk::<1>().ok_or_else(wrong)?;
    let kind = match kind {
        [2] => KeyKind::P256Even,
        [3] => KeyKind::P256Odd,
        _ => return Err(wrong()),
    };
    Ok((key.try_into().map_err(|_| wrong())?, kind))
}

/// What a household's meter is, unless something else is said.
pub fn household_meter(device: [u8; 32], kind: KeyKind, limits: [u32; 2]) -> MeterDetails {
    let [max_import, max_export] = limits;
    MeterDetails {
        device,
        key_kind: kind as u8,
        zone: 0,
        asset_kind: AssetKind::Mixed as u8,
        source: match max_export {
            0 => EnergySource::None,
            _ => EnergySource::Sun,
        } as u8,
        max_import,
        max_export,
        standard_draw: 0,
        import: 0,
        export: 0,
    }
}

/// Meters with their rows, those in use and those that were.
pub fn rows(records: &MeterRecords) -> impl Iterator<Item = (u32, &Meter)> {
    let count = usize::from(records.header.count);
    let rows = (0u16..).zip(records.meters.iter().take(count));
    rows.map(|(row, meter)| (meter.number(row), meter))
}

/// A status as a word.
pub fn status_of(meter: &Meter) -> &'static str {
    match MeterStatus::from_byte(meter.status) {
        Some(MeterStatus::Active) => "active",
        Some(MeterStatus::Quarantined) => "quarantined",
        Some(MeterStatus::Retired) => "retired",
        Some(MeterStatus::Unused) | None => "unknown",
    }
}

impl Session {
    /// What a change will be seen against.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn surroundings(&self) -> Result<Surroundings, OperationError> {
        Ok(Surroundings {
            community: self.community().await?,
            market: self.market().await?,
            meters: self.meter_records().await?,
            decimals: self.decimals,
        })
    }

    /// A meter with its owner's wallet.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn meter(&self, number: u32) -> Result<(Meter, Address), OperationError> {
        let records = self.meter_records().await?;
        let row = records.meter(number).copied();
        let row = row.ok_or(OperationError::NoMeter(number))?;
        let owner = self.owner_of(row.participant).await?;
        Ok((row, owner))
    }

    /// Stops taking a meter's readings.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn quarantine(&self, number: u32, reason: u16) -> Result<Plan, OperationError> {
        let actor = self.actor(Roles::VERIFIER.union(Roles::EMERGENCY)).await?;
        let quarantine = self.addresses.quarantine_meter(actor, number, reason);
        Ok(Plan::new(
            format!("quarantine of meter {number}"),
            quarantine,
        ))
    }

    /// Takes a meter out of quarantine.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn restore(&self, number: u32) -> Result<Plan, OperationError> {
        let actor = self.actor(Roles::VERIFIER).await?;
        let (_, owner) = self.meter(number).await?;
        let restore = self.addresses.restore_meter(actor, owner, number);
        Ok(Plan::new(format!("restoring meter {number}"), restore))
    }

    /// What needs no second signature, because nobody can lose by it: retiring without registers by the authority, a lower
    /// standard draw, and limits that stay.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn alone(&self, change: &CoSigned) -> Result<Option<Plan>, OperationError> {
        let owner = Owner::absent(change.agreeing());
        let (actor, addresses) = (self.actor(Roles::VERIFIER).await?, &self.addresses);
        Ok(match change {
            CoSigned::RetireMeter {
                meter,
                registers: None,
                ..
            } if actor.participant.is_none() => Some(Plan::new(
                format!("retiring meter {meter}"),
                addresses.retire_meter(actor, owner, *meter, None),
            )),
            CoSigned::StandardDraw {
                meter,
                standard_draw,
                ..
            } if actor.participant.is_none() => {
                let (row, _) = self.meter(*meter).await?;
                (*standard_draw < row.standard_draw).then(|| {
                    Plan::new(
                        format!("lowering the standard draw of meter {meter}"),
                        addresses.set_standard_draw(actor, owner, *meter, *standard_draw),
                    )
                })
            }
            _ => None,
        })
    }

    /// A change with both keys at hand.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn together(
        &self,
        change: &CoSigned,
        agreeing: &Keypair,
    ) -> Result<Plan, OperationError> {
        if agreeing.pubkey() != change.agreeing() {
            return Err(OperationError::Contradiction(format!(
                "the second key is that of {}, and {} has to agree",
                agreeing.pubkey(),
                change.agreeing()
            )));
        }
        let actor = self.actor(Roles::VERIFIER).await?;
        let instruction = change.instruction(&self.addresses, actor);
        Ok(Plan::new("a change that two have signed", instruction))
    }

    /// Whether a change would be taken now, if both signed it.
    ///
    /// # Errors
    /// [`OperationError`], in the program's own words.
    pub async fn try_out(&self, change: &CoSigned) -> Result<(), OperationError> {
        let actor = self.actor(Roles::VERIFIER).await?;
        let instruction = change.instruction(&self.addresses, actor);
        let tried = self.cluster.try_out(&instruction, self.wallet()).await;
        tried.map_err(|error| failed("this change", error))
    }

    /// Signs a change with one's own key and a nonce, for whoever agrees to sign it, too.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn ask_for(
        &self,
        change: &CoSigned,
        nonce: Address,
    ) -> Result<VersionedTransaction, OperationError> {
        let actor = self.actor(Roles::VERIFIER).await?;
        let instruction = change.instruction(&self.addresses, actor);
        let nonce = self.cluster.nonce(nonce).await?;
        let nonce = nonce.ok_or(OperationError::Unreadable("the nonce account"))?;
        let signed = self
            .cluster
            .sign_durably(&instruction, &self.key, &nonce)
            .await;
        signed.map_err(|error| failed("this change", error))
    }

    /// What a file asks this wallet for.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn examine(&self, file: &CoSignatureFile) -> Result<Request, FileError> {
        file.examine(&self.genesis, &self.addresses, &self.wallet())
    }

    /// Finds out whether what a file asks for would be taken now.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn check(&self, request: &Request) -> Result<(), OperationError> {
        let nonce = self.cluster.nonce(request.nonce.account).await?;
        if nonce.map(|nonce| nonce.value) != Some(request.nonce.value) {
            return Err(OperationError::Contradiction(
                "the file was used, or taken back by whoever made it; have it made anew if it is still wanted".into(),
            ));
        }
        // With its own limits: they may be those of days ago, and too low by now.
        let tried = self.cluster.try_out_durable(request.unsigned()).await;
        tried.map_err(|error| failed("what the file asks for", error))
    }

    /// Signs what a file asks for and sends it.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn agree(
        &self,
        request: &Request,
    ) -> Result<solana_signature::Signature, OperationError> {
        let transaction = request.signed(&self.key);
        let sent = self.cluster.send_durable(&transaction).await;
        sent.map_err(|error| failed("what the file asks for", error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_device_keys_of_both_curves_when_they_are_read_then_their_kind_is_known() {
        let key = Address::new_from_array([7; 32]);
        let read = device_from(&key.to_string()).expect("a key");
        assert_eq!(read, ([7; 32], KeyKind::Ed25519));
        let read = device_from(&format!("03{}", "ab".repeat(32))).expect("a key");
        assert_eq!(read, ([0xab; 32], KeyKind::P256Odd));
        for wrong in ["", "04", &format!("04{}", "ab".repeat(32)), &"é".repeat(33)] {
            assert!(device_from(wrong).is_err(), "{wrong}");
        }
    }
}
