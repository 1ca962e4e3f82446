use anyhow::{ensure, Context, Result};
use joulebook_cluster::{Cluster, LAMPORTS_PER_SIGNATURE};
use joulebook_deployment::SandboxParameters;
use joulebook_sim::simulation::Resident;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{
    crowd::{self, Crowd},
    keeping::{self, Kept},
    metering,
    month::{Month, Often},
    pace::Pace,
    posting::Posted,
    report::{Keeping, LoadReport, Rate},
    trading,
};

/// Windows from a page's end until everything is done that is due because of it, for a correction of an hour.
const AFTER_PAGE: u16 = 6;

/// What is measured.
pub struct Measuring<'a> {
    pub cluster: &'a Cluster,
    pub pace: Pace,
    /// Orders that each seat places by hand, in one transaction.
    pub orders: u16,
    /// Orders that the delegate places for each seat.
    pub delegate_orders: u16,
}

/// Founds a community, and lets a page of its windows pass.
///
/// # Errors
/// If a step fails, or something did not arrive.
pub async fn measure(
    mut measuring: Measuring<'_>,
    parameters: &SandboxParameters,
    residents: Vec<Resident>,
    announce: impl Fn(&str),
) -> Result<LoadReport> {
    let cluster = measuring.cluster;
    announce("founding the community");
    let mut crowd = crowd::found(cluster, parameters, residents, |what| {
        announce(&format!("  {what}"));
    })
    .await?;
    let length = i64::from(crowd.addresses.window_seconds);
    let first = crowd.service_from;

    announce("orders by hand");
    let now = measuring.pace.pass_until(cluster, first - length).await?;
    let gate = i64::from(parameters.market.gate_lead_minutes) * 60;
    ensure!(
        now < first - gate,
        "it took so long to found the community that the gate of its first window has closed"
    );
    keeping::keep(cluster, &crowd.addresses, &crowd.keeper).await?;
    let by_hand = trading::by_hand(cluster, &crowd, first, measuring.orders).await?;
    announce("orders by the delegate");
    let by_delegate =
        trading::by_delegate(cluster, &crowd, first, measuring.delegate_orders).await?;
    let orders_in_book = trading::orders_in_book(cluster, &crowd, first).await?;

    announce("a page of windows");
    let page = measuring.pass_page(&mut crowd, &announce).await?;
    let households = crowd.homes.len() as u64;
    let windows = u64::from(crowd.addresses.page_windows);
    let PagePassed {
        mut kept,
        most_at_once,
        keeper_paid,
        gateway_paid,
        profiles,
        meters_heard,
    } = page;
    ensure!(
        kept.opened == windows,
        "{} of {windows} windows were opened: the machine is too slow for the clock; pass a lower --speed",
        kept.opened
    );
    let all = kept.all();
    ensure!(
        all.lamports == keeper_paid,
        "the keeper reckons with {} lamports, and its wallet has {keeper_paid} less",
        all.lamports
    );
    let weeks = crowd.weeks_paid;
    let single = |lamports: u64| lamports / LAMPORTS_PER_SIGNATURE;
    let month = Month::of(
        households,
        u64::try_from(crowd.addresses.page_seconds()).unwrap_or(0),
        &[
            (
                "windows",
                Often::Page,
                kept.windows.transactions,
                kept.windows.lamports,
            ),
            (
                "settling",
                Often::Page,
                kept.settling.transactions,
                kept.settling.lamports,
            ),
            (
                "pages",
                Often::Page,
                kept.pages.transactions,
                kept.pages.lamports,
            ),
            ("profiles", Often::Page, single(gateway_paid), gateway_paid),
            (
                "standing orders and a deposit",
                Often::Week,
                single(weeks),
                weeks,
            ),
        ],
    );
    Ok(LoadReport {
        households,
        windows_per_page: crowd.addresses.page_windows,
        moving_in: Rate::of(&crowd.moving_in, households),
        orders_by_hand: Rate::of(&by_hand, households * u64::from(measuring.orders)),
        orders_by_delegate: Rate::of(
            &by_delegate,
            households * u64::from(measuring.delegate_orders),
        ),
        profiles: Rate::of(&profiles, households * windows),
        orders_in_book,
        meters_heard,
        keeping: Keeping::of(&mut kept, most_at_once, keeper_paid),
        month,
    })
}

/// What a page's time took.
struct PagePassed {
    kept: Kept,
    most_at_once: u64,
    keeper_paid: u64,
    gateway_paid: u64,
    profiles: Posted,
    meters_heard: u64,
}

impl Measuring<'_> {
    /// So many boundaries between windows as a page has, behind the first few: in each such time there is as much to be done as in
    /// any other, the last page's profiles and what comes of them included.
    async fn pass_page(
        &mut self,
        crowd: &mut Crowd,
        announce: impl Fn(&str),
    ) -> Result<PagePassed> {
        let cluster = self.cluster;
        let length = i64::from(crowd.addresses.window_seconds);
        let (first, windows) = (crowd.service_from, crowd.addresses.page_windows);
        let mut passed = PagePassed {
            kept: Kept::default(),
            most_at_once: 0,
            keeper_paid: 0,
            gateway_paid: 0,
            profiles: Posted::default(),
            meters_heard: 0,
        };
        let mut before = 0;
        for boundary in 0..AFTER_PAGE.saturating_add(windows) {
            let time = first + length * i64::from(boundary);
            self.pace.pass_until(cluster, time).await?;
            if boundary == windows {
                announce("profiles of all meters");
                let balance = balance_of(cluster, &crowd.gateway).await?;
                passed.profiles = metering::profiles(cluster, crowd, first).await?;
                passed.gateway_paid =
                    balance.saturating_sub(balance_of(cluster, &crowd.gateway).await?);
                passed.meters_heard = metering::heard(cluster, crowd, time).await?;
            }
            if boundary == AFTER_PAGE {
                before = balance_of(cluster, &crowd.keeper).await?;
            }
            let kept = keeping::keep(cluster, &crowd.addresses, &crowd.keeper).await;
            let mut kept = kept.with_context(|| format!("at boundary {boundary}"))?;
            if boundary >= AFTER_PAGE {
                passed.most_at_once = passed.most_at_once.max(kept.all().transactions);
                passed.kept.add(&mut kept);
            }
        }
        let after = balance_of(cluster, &crowd.keeper).await?;
        passed.keeper_paid = before.saturating_sub(after);
        Ok(passed)
    }
}

async fn balance_of(cluster: &Cluster, key: &Keypair) -> Result<u64> {
    let address: Address = key.pubkey();
    Ok(cluster.balance(address).await?)
}
