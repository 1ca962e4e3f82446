use joulebook_client::{
    founding::{self, Table},
    instructions::{Actor, Application},
    layout::oracle::{AssetKind, EnergySource, KeyKind},
    oracle::types::{MeterDetails, MeterTableParams},
    Addresses,
};
use joulebook_metering::register::PowerLimits;
use solana_address::Address;

pub use joulebook_client::founding::{Founder, Transaction};

use super::{MeterTableParameters, Parameters};

/// The community, with nothing in it.
pub fn community(
    addresses: &Addresses,
    founder: Founder,
    id: u64,
    parameters: &Parameters,
) -> Transaction {
    let Parameters { name, zones, .. } = parameters;
    let community = founding::community(addresses, founder.authority, id, name, zones);
    all_of([community]).concat()
}

/// Somebody applies for roles and is let in.
pub fn admission(
    addresses: &Addresses,
    authority: Address,
    wallet: Address,
    roles: u16,
) -> Transaction {
    let application = Application::for_roles(roles);
    vec![
        addresses.apply(wallet, application.clone()),
        addresses.approve(Actor::authority(authority), &wallet, roles, &application),
    ]
}

/// The meter table with all its pages, settled by `settlement`.
pub fn meter_table(
    addresses: &Addresses,
    founder: Founder,
    parameters: MeterTableParameters,
    settlement: Address,
) -> Vec<Transaction> {
    let params: MeterTableParams = parameters.into();
    let pages = founding::interval_pages(addresses, founder, &params);
    let table = founding::meter_table(addresses, founder, params);
    let mut all = all_of([table]);
    all.push(vec![addresses.set_settlement(
        founder.authority,
        founding::NOBODY,
        settlement,
    )]);
    all.extend(all_of(pages));
    all
}

/// The market with all its tables and no seats; `supplier` and `grid_operator` are the wallets of these
/// participants.
pub fn market(
    addresses: &Addresses,
    founder: Founder,
    parameters: &Parameters,
    supplier: &Address,
    grid_operator: &Address,
) -> Vec<Transaction> {
    let create = parameters.create_market();
    let tables = founding::market_tables(addresses, founder, &create, parameters.standing_orders);
    let market = founding::market(
        addresses,
        founder.authority,
        create,
        supplier,
        grid_operator,
    );
    all_of([market].into_iter().chain(tables))
}

/// All that creates and grows these.
fn all_of(tables: impl IntoIterator<Item = Table>) -> Vec<Transaction> {
    let missing = tables.into_iter().map(|table| table.missing(None));
    missing.flatten().collect()
}

impl From<MeterTableParameters> for MeterTableParams {
    fn from(parameters: MeterTableParameters) -> MeterTableParams {
        MeterTableParams {
            interval_seconds: parameters.interval_seconds,
            page_intervals: parameters.page_intervals,
            ring: parameters.ring,
            capacity: parameters.capacity,
            reading_seconds: parameters.reading_seconds,
            correction_seconds: parameters.correction_seconds,
            power_cap: parameters.power_cap,
            violation_limit: parameters.violation_limit,
            cluster: parameters.cluster,
        }
    }
}

/// A participant takes its seat.
pub fn seat(addresses: &Addresses, owner: Address) -> Transaction {
    vec![addresses.open_seat(owner)]
}

/// A meter whose device has that key, of the participant with wallet `owner`, who signs too; its registers show zero, and
/// nothing is charged for it while it is silent.
pub fn meter(
    addresses: &Addresses,
    authority: Address,
    owner: &Address,
    (device, kind): ([u8; 32], KeyKind),
    limits: PowerLimits,
) -> Transaction {
    let details = MeterDetails {
        device,
        key_kind: kind as u8,
        zone: 0,
        asset_kind: AssetKind::Mixed as u8,
        source: EnergySource::Sun as u8,
        max_import: limits.import.0,
        max_export: limits.export.0,
        standard_draw: 0,
        import: 0,
        export: 0,
    };
    vec![addresses.register_meter(Actor::authority(authority), *owner, details)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(parameters: &Parameters) -> Addresses {
        let [community, mint, program] = [[1; 32], [2; 32], [3; 32]].map(Address::new_from_array);
        Addresses::new(community, mint, program, parameters.rings())
    }

    fn founder() -> Founder {
        Founder {
            authority: Address::new_from_array([4; 32]),
            payer: Address::new_from_array([5; 32]),
        }
    }

    #[test]
    fn given_small_tables_when_a_market_is_founded_then_nothing_needs_to_grow() {
        let parameters = Parameters::default();
        let addresses = addresses(&parameters);
        let wallet = Address::new_from_array([6; 32]);
        let market = market(&addresses, founder(), &parameters, &wallet, &wallet);
        let rings = usize::from(parameters.books + parameters.pages);
        assert_eq!(market.len(), 3 + rings);
        let meters = meter_table(
            &addresses,
            founder(),
            parameters.meter_table(),
            addresses.market,
        );
        assert_eq!(meters.len(), 2 + usize::from(parameters.pages));
    }

    #[test]
    fn given_a_founding_when_it_is_looked_at_then_only_authority_and_payer_sign() {
        let parameters = Parameters {
            seats: 4096,
            orders: 4096,
            meters: 4096,
            ..Parameters::default()
        };
        let addresses = addresses(&parameters);
        let founder = founder();
        let wallet = Address::new_from_array([6; 32]);
        let mut all = vec![community(&addresses, founder, 7, &parameters)];
        all.extend(meter_table(
            &addresses,
            founder,
            parameters.meter_table(),
            addresses.market,
        ));
        all.extend(market(&addresses, founder, &parameters, &wallet, &wallet));
        let signs = |meta: &&solana_instruction::AccountMeta| meta.is_signer;
        for meta in all
            .iter()
            .flatten()
            .flat_map(|instruction| &instruction.accounts)
            .filter(signs)
        {
            assert!([founder.authority, founder.payer].contains(&meta.pubkey));
        }
    }
}
