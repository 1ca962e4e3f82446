//! A community by its configuration file: interrupted, gone on with, repeated, contradicted, recorded.

use std::{
    fs,
    time::{Duration, Instant},
};

use joulebook_daemon::key;
use joulebook_deployment::TestToken;
use serde_json::Value;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio::time::sleep;

use crate::{
    deployment::{Said, Site},
    process::Process,
};

const PATIENCE: Duration = Duration::from_secs(120);
const LAMPORTS: u64 = 200_000_000_000;

/// A file of a new community on a node where the programs are, with a token to settle in.
async fn configured() -> Site {
    let site = Site::bringing(0).await;
    let (mint, mint_authority) = (Keypair::new(), Keypair::new());
    let token = TestToken::create(&site.cluster, &site.payer, &mint, &mint_authority).await;
    let token = token.expect("a mint");
    change(
        &site,
        "mint = \"MINT\"",
        &format!("mint = \"{}\"", token.mint),
    );
    site
}

fn change(site: &Site, from: &str, to: &str) {
    let text = fs::read_to_string(&site.configuration).expect("read");
    assert_eq!(text.matches(from).count(), 1, "{from}");
    fs::write(&site.configuration, text.replace(from, to)).expect("written");
}

/// Gives supplier and grid operator keys.
async fn name_operators(site: &Site) {
    for (name, key_name) in [("supplier", "supplier"), ("grid-operator", "grid-operator")] {
        let wallet = Keypair::new();
        let path = site.folder.path().join(format!("{key_name}.json"));
        key::write_new(&path, &wallet).expect("written");
        let airdrop = site.cluster.airdrop(wallet.pubkey(), LAMPORTS).await;
        airdrop.expect("lamports");
        let path = path.to_str().expect("a path");
        let example = format!("# {name} = \"migrations/keys/{key_name}.json\"");
        change(site, &example, &format!("{name} = \"{path}\""));
    }
}

async fn balance(site: &Site) -> u64 {
    let balance = site.cluster.balance(site.payer.pubkey()).await;
    balance.expect("read")
}

/// Starts a deployment and kills it once it has sent something.
async fn interrupt(site: &Site) {
    let before = balance(site).await;
    let configuration = site.configuration.to_str().expect("a path");
    let mut deploying =
        Process::joulebook(site.folder.path(), "founding", &["deploy", configuration]);
    let begun = Instant::now();
    while balance(site).await == before {
        assert!(begun.elapsed() < PATIENCE, "{}", deploying.said());
        sleep(Duration::from_millis(20)).await;
    }
    deploying.kill();
}

fn refused(said: &Said, code: i32, words: &str) {
    assert_eq!(said.code, Some(code), "{}", said.text);
    assert!(said.text.contains(words), "{}", said.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_community_that_is_configured_when_it_is_deployed_then_it_is_there_once_as_configured(
) {
    let site = configured().await;
    name_operators(&site).await;
    let before = balance(&site).await;
    let said = site.run(&["--dry-run"]).await.done();
    assert!(said.contains("missing"), "{said}");
    assert!(said.contains("SOL"), "{said}");
    assert_eq!(balance(&site).await, before, "a dry run pays nothing");

    interrupt(&site).await;
    let record = site.folder.path().join("record.json");
    let record = record.to_str().expect("a path");
    let said = site.run(&["--record", record]).await.done();
    assert!(
        said.contains("All of it is there, as configured."),
        "{said}"
    );
    let told: Value =
        serde_json::from_slice(&fs::read(record).expect("written")).expect("JSON");
    let programs = told["programs"].as_array().expect("programs");
    for program in programs {
        let name = program["name"].as_str().expect("a name");
        let code = site.folder.path().join("built").join(name);
        let code = fs::read(code.with_extension("so")).expect("read");
        assert_eq!(program["bytes"], code.len());
    }
    assert_eq!(programs.len(), 3);
    let market = told["market"].as_str().expect("a market");
    let market = market.parse().expect("an address");
    site.cluster.market(market).await.expect("a market");

    let before = balance(&site).await;
    let said = site.run(&[]).await.done();
    assert!(!said.contains("missing"), "{said}");
    assert_eq!(balance(&site).await, before, "nothing was sent again");

    change(&site, "ticks = 221 ", "ticks = 222 ");
    let said = site.run(&[]).await;
    refused(&said, 1, "not as configured");
    assert!(
        said.text.contains("221") && said.text.contains("222"),
        "{}",
        said.text
    );
    assert_eq!(balance(&site).await, before, "nothing was sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_supplier_whose_key_is_elsewhere_when_a_community_is_deployed_then_it_says_what_it_waits_for(
) {
    let site = configured().await;
    let [supplier, grid_operator] = [(); 2].map(|()| Keypair::new().pubkey());
    let example = "# supplier = \"ADDRESS\"               # wallets, where their keys are not given above";
    change(&site, example, &format!("supplier = \"{supplier}\""));
    let example = "# grid-operator = \"ADDRESS\"";
    change(&site, example, &format!("grid-operator = \"{grid_operator}\""));
    let said = site.run(&[]).await;
    refused(&said, 1, &supplier.to_string());
    // It waits as long as it is asked, and sends nothing twice.
    let before = balance(&site).await;
    let said = site.run(&[]).await;
    refused(&said, 1, &supplier.to_string());
    assert_eq!(balance(&site).await, before, "nothing was sent again");
}
