//! An operator's and a participant's commands, on a node: a newcomer joins, prices are posted, and what nobody should do is refused.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use axum::{http::StatusCode, routing::get, Router};
use joulebook_client::{layout::market::WindowStatus, Addresses};
use joulebook_cluster::{Cluster, ClusterOptions, Outgoing};
use joulebook_daemon::key::{self, KeySource};
use joulebook_operations::{CoSignatureFile, Configuration, Session};
use serde_json::Value;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_message::VersionedMessage;
use solana_signer::Signer;
use tokio::net::TcpListener;

use crate::world::World;

const LAMPORTS: u64 = 5_000_000_000;
const LENGTH: i64 = 900;

/// The commands in one world.
struct Desk<'a> {
    world: &'a World,
    cluster: Cluster,
    addresses: Addresses,
}

/// What a command said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self.out
    }

    fn refused(self, code: i32, expected: &str) {
        // A message is broken into lines.
        let err: Vec<&str> = self.err.split_whitespace().collect();
        let err = err.join(" ");
        assert_eq!(self.code, Some(code), "{}{err}", self.out);
        assert!(err.contains(expected), "{expected}: {err}");
    }
}

impl<'a> Desk<'a> {
    async fn of(world: &'a World) -> Desk<'a> {
        let cluster = world.cluster();
        let market: Address = world.sandbox.market.parse().expect("an address");
        let addresses = cluster.market(market).await.expect("the market");
        Desk {
            world,
            cluster,
            addresses,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.world.folder.path().join(name)
    }

    async fn run(&self, arguments: &[&str]) -> Said {
        let state = self.path("sandbox.json");
        let mut command = Command::new(env!("CARGO_BIN_EXE_joulebook"));
        command
            .args(arguments)
            .args(["--state", text(&state)])
            .stdin(Stdio::null());
        // The test's own servers go on meanwhile.
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .expect("it ends");
        let Output {
            status,
            stdout,
            stderr,
        } = output.expect("it starts");
        Said {
            code: status.code(),
            out: String::from_utf8_lossy(&stdout).into_owned(),
            err: String::from_utf8_lossy(&stderr).into_owned(),
        }
    }

    async fn status(&self) -> Value {
        let said = self.run(&["admin", "status", "--json"]).await.done();
        serde_json::from_str(&said).expect("JSON")
    }

    /// Makes a file of another one with fewer compute units than it takes, signed by whoever asks.
    async fn starve(&self, file: &Path, agreeing: &str, into: &Path) {
        let configuration = Configuration {
            key: KeySource::File(agreeing.into()),
            market: self.world.sandbox.market.clone(),
            low_balance: 0,
            watch: [].into(),
            cluster: ClusterOptions::of(self.world.sandbox.rpc_url.parse().expect("an address")),
        };
        let session = Session::open(&configuration).await.expect("the market");
        let file = CoSignatureFile::read(file).expect("a file");
        let request = session.examine(&file).expect("a request");
        let mut transaction = request.unsigned().clone();
        let VersionedMessage::Legacy(message) = &mut transaction.message else {
            panic!("a legacy message");
        };
        let is_limit = |data: &[u8]| data.len() == 5 && data[0] == 2;
        let mut all = message.instructions.iter_mut();
        let limit = all.find(|one| is_limit(&one.data)).expect("a limit");
        limit.data[1..].copy_from_slice(&1_000_u32.to_le_bytes());
        let asks = self.path(&self.world.sandbox.authority.key);
        let asks = key::read_file(&asks).expect("a key");
        transaction.signatures[0] = asks.sign_message(&transaction.message.serialize());
        let starved = CoSignatureFile::new(&session.genesis, &self.addresses.market, &transaction);
        starved.expect("a file").write(into).expect("written");
    }

    /// A new wallet with lamports; its file's name.
    async fn wallet(&self, name: &str) -> (Keypair, PathBuf) {
        let wallet = Keypair::new();
        let path = self.path(name);
        key::write_new(&path, &wallet).expect("written");
        let airdrop = self.cluster.airdrop(wallet.pubkey(), LAMPORTS).await;
        airdrop.expect("lamports");
        (wallet, path)
    }

    /// Mints tokens into a wallet's own account.
    async fn mint(&self, to: &Address, atoms: u64) {
        let token = &self.world.sandbox.token;
        let read = |path: &str| key::read_file(&self.path(path)).expect("a key");
        let (payer, authority) = (
            read(&self.world.sandbox.payer.key),
            read(&token.authority.key),
        );
        let (mint, program) = (self.addresses.quote_mint, self.addresses.token_program);
        let account =
            spl_associated_token_account_interface::address::get_associated_token_address_with_program_id(
                to, &mint, &program,
            );
        let create =
            spl_associated_token_account_interface::instruction::create_associated_token_account_idempotent(
                &payer.pubkey(), to, &mint, &program,
            );
        let give = spl_token_interface::instruction::mint_to(
            &program,
            &mint,
            &account,
            &authority.pubkey(),
            &[],
            atoms,
        );
        let instructions = [create, give.expect("an instruction")];
        let outgoing = Outgoing {
            instructions: &instructions,
            payer: &payer,
            signers: &[&authority],
        };
        self.cluster.send(outgoing).await.expect("minted");
    }

    /// Opens the pages that are due, as a keeper does.
    async fn keep(&self) {
        let read = self.cluster.market_accounts(&self.addresses).await;
        let read = read.expect("read");
        let state = read.state(&self.addresses).expect("a market");
        let now = read.now.unix_timestamp;
        let payer = key::read_file(&self.path(&self.world.sandbox.keeper.key)).expect("a key");
        for step in joulebook_client::steps::next_steps(&state, now) {
            let outgoing = Outgoing {
                instructions: &[step.instruction(&self.addresses, None)],
                payer: &payer,
                signers: &[],
            };
            let _ = self.cluster.send(outgoing).await;
        }
    }

    /// Windows to come that no book was opened for, of the pages that are open.
    async fn coming(&self) -> Vec<(i64, i32, i32)> {
        let read = self.cluster.market_accounts(&self.addresses).await;
        let read = read.expect("read");
        let state = read.state(&self.addresses).expect("a market");
        let mut coming = vec![];
        for page in &state.pages {
            for (number, window) in (0u16..).zip(&page.windows) {
                let start = page.header.end_of(number) - LENGTH;
                if start > read.now.unix_timestamp && window.is(WindowStatus::Unopened) {
                    coming.push((start, window.short, window.long));
                }
            }
        }
        coming.sort_unstable();
        coming
    }
}

/// Whether something is said, wherever its lines are broken.
fn tells(said: &str, expected: &str) -> bool {
    let words = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ")
    };
    words(said).contains(&words(expected))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// A server of prices; its address.
async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_newcomer_when_it_joins_by_commands_then_it_has_seat_money_and_a_meter_it_agreed_to(
) {
    let world = World::begin(1);
    let desk = Desk::of(&world).await;
    let (newcomer, own) = desk.wallet("newcomer.json").await;
    let (stranger, strange) = desk.wallet("stranger.json").await;
    let (wallet, own) = (newcomer.pubkey().to_string(), text(&own));
    let before = desk.status().await;
    assert_eq!(before["applicants"], serde_json::json!([]));

    let apply = [
        "member",
        "apply",
        "--roles",
        "consumer,producer",
        "--key",
        own,
    ];
    let said = desk
        .run(&[&apply[..], &["--dry-run"]].concat())
        .await
        .done();
    assert!(tells(&said, "would cost 5,000 lamports, 0.00"), "{said}");
    desk.run(&apply).await.done();
    desk.run(&apply).await.refused(2, "has applied already");
    assert_eq!(
        desk.status().await["applicants"],
        serde_json::json!([wallet])
    );
    let said = desk
        .run(&["admin", "participants", "--applied"])
        .await
        .done();
    assert!(tells(&said, "asks for: consumer, producer"), "{said}");
    // Nobody can answer, and nobody has said yes.
    let approve = ["admin", "approve", &wallet];
    desk.run(&approve)
        .await
        .refused(1, "nothing was signed; pass --yes");
    let by_stranger = [&approve[..], &["--yes", "--key", text(&strange)]].concat();
    desk.run(&by_stranger)
        .await
        .refused(2, "is neither the community's authority nor");
    desk.run(&[&approve[..], &["--yes"]].concat()).await.done();
    assert_eq!(desk.status().await["applicants"], serde_json::json!([]));

    desk.run(&["member", "deposit", "5", "--key", own])
        .await
        .refused(2, "has no seat");
    desk.run(&["member", "open-seat", "--key", own])
        .await
        .done();
    let deposit = ["member", "deposit", "12.5", "--key", own];
    desk.run(&deposit)
        .await
        .refused(2, "has no account of the token");
    desk.mint(&newcomer.pubkey(), 20_000_000).await;
    desk.run(&deposit).await.done();
    let too_much = ["member", "withdraw", "13", "--key", own];
    desk.run(&too_much).await.refused(1, "market: ");
    desk.run(&["member", "withdraw", "0.0000001", "--key", own])
        .await
        .refused(2, "decimals");
    desk.run(&["member", "withdraw", "2.5", "--key", own])
        .await
        .done();
    let agent = &world.sandbox.agent.address;
    let delegate = [
        "member",
        "delegate",
        agent,
        "--daily-limit",
        "4",
        "--key",
        own,
    ];
    desk.run(&delegate).await.done();
    let said = desk.run(&["member", "show", "--key", own]).await.done();
    assert!(tells(&said, "free       10 tokens"), "{said}");
    assert!(tells(&said, &format!("delegate   {agent}")), "{said}");

    // A meter: the authority here, the owner elsewhere, and a file between them.
    let device = Keypair::new().pubkey().to_string();
    let file = desk.path("meter.request");
    let register = [
        "admin",
        "meter",
        "register",
        &wallet,
        "--device",
        &device,
        "--max-import",
        "7000",
        "--max-export",
        "3000",
        "--file",
        text(&file),
        "--yes",
    ];
    let said = desk.run(&register).await.done();
    assert!(
        tells(&said, "at most 7000 W drawn and 3000 W fed in"),
        "{said}"
    );
    assert!(tells(&said, "what is fed in comes from the sun"), "{said}");
    desk.run(&register).await.refused(2, "is there already");
    assert_eq!(desk.status().await["openFiles"], 1);
    let sign = ["member", "sign", text(&file)];
    let strange_sign = [&sign[..], &["--yes", "--key", text(&strange)]].concat();
    desk.run(&strange_sign)
        .await
        .refused(2, "has to sign this, and your key is that of");
    hostile_files(&desk, &file, own).await;
    let own_sign = [&sign[..], &["--key", own]].concat();
    desk.run(&own_sign).await.refused(1, "nothing was signed");
    let said = desk.run(&[&own_sign[..], &["--yes"]].concat()).await.done();
    assert!(tells(&said, "pays 10,000 lamports"), "{said}");
    let said = desk.run(&["member", "show", "--key", own]).await.done();
    assert!(
        tells(&said, "active, 7000 W drawn and 3000 W fed in"),
        "{said}"
    );
    assert_eq!(
        desk.status().await["meters"]["changing"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    // Once is enough.
    let again = [&own_sign[..], &["--yes"]].concat();
    desk.run(&again)
        .await
        .refused(2, "the file was used, or taken back");
    let said = desk.run(&["admin", "nonces", "--close", "0"]).await.done();
    assert!(tells(&said, "SOL back"), "{said}");
    assert_eq!(desk.status().await["openFiles"], 0);

    // A file that is taken back can't be signed.
    let limits = desk.path("limits.request");
    let number = number_of(&desk, &wallet).await;
    let raise = [
        "admin",
        "meter",
        "limits",
        &number,
        "--max-import",
        "9000",
        "--max-export",
        "3000",
    ];
    desk.run(&raise)
        .await
        .refused(2, "has to agree; pass --file");
    let to_file = [&raise[..], &["--file", text(&limits), "--yes"]].concat();
    desk.run(&to_file).await.done();
    let trial = |file| ["member", "sign", file, "--dry-run", "--key", own];
    desk.run(&trial(text(&limits))).await.done();
    // What it asks for takes more than what the file has for it.
    let starved = desk.path("starved.request");
    desk.starve(&limits, own, &starved).await;
    let said = desk.run(&trial(text(&starved))).await;
    said.refused(1, "what the file asks for: ");
    desk.run(&["admin", "nonces", "--close-all"]).await.done();
    let sign = ["member", "sign", text(&limits), "--yes", "--key", own];
    desk.run(&sign)
        .await
        .refused(2, "the file was used, or taken back");
    // With both keys here there is no file.
    let both = [&raise[..], &["--second-key", text(&strange), "--yes"]].concat();
    desk.run(&both).await.refused(2, "has to agree");
    let both = [&raise[..], &["--second-key", own, "--yes"]].concat();
    let said = desk.run(&both).await.done();
    assert!(tells(&said, "Drawn: 9000 W, now 7000 W."), "{said}");

    desk.run(&["admin", "meter", "quarantine", &number, "--reason", "2"])
        .await
        .done();
    let quarantined = &desk.status().await["meters"]["quarantined"];
    assert_eq!(quarantined.as_array().map(Vec::len), Some(1));
    desk.run(&["admin", "meter", "restore", &number])
        .await
        .done();
    desk.run(&["admin", "suspend", &wallet]).await.done();
    desk.run(&["admin", "reinstate", &wallet]).await.done();
    desk.run(&["admin", "roles", &wallet, "king"])
        .await
        .refused(2, "is no role");
    desk.run(&["admin", "roles", &wallet, "consumer"])
        .await
        .done();
    desk.run(&["admin", "approvals", "3"]).await.done();
    assert_eq!(desk.status().await["approvals"], 3);
    let propose = [
        "admin",
        "authority",
        "propose",
        &stranger.pubkey().to_string(),
    ];
    desk.run(&propose).await.done();
    assert_eq!(
        desk.status().await["pendingAuthority"],
        stranger.pubkey().to_string()
    );
    desk.run(&["admin", "authority", "accept", "--key", own])
        .await
        .refused(2, "was not offered to");
    desk.run(&["admin", "authority", "propose", "--withdraw"])
        .await
        .done();
}

async fn number_of(desk: &Desk<'_>, wallet: &str) -> String {
    let said = desk.run(&["admin", "participants"]).await.done();
    let line = said
        .lines()
        .find(|line| line.contains(wallet))
        .expect("it is one");
    let index = line.split_whitespace().next().expect("an index");
    let said = desk.run(&["admin", "meters"]).await.done();
    let of_owner = |line: &&str| line.split_whitespace().nth(1) == Some(index);
    let line = said.lines().find(of_owner).expect("a meter");
    line.split_whitespace().next().expect("a number").to_owned()
}

/// What a file that was changed on its way is answered with.
async fn hostile_files(desk: &Desk<'_>, file: &Path, own: &str) {
    let text_of = fs::read_to_string(file).expect("the file");
    let read: Value = serde_json::from_str(&text_of).expect("JSON");
    let with = |field: &str, value: &str| {
        let mut changed = read.clone();
        changed[field] = value.into();
        changed.to_string()
    };
    let transaction = read["transaction"].as_str().expect("base64");
    // Behind the signatures and the addresses: what the instruction says.
    let place = transaction.len() - 30;
    let mut bent = transaction.to_owned();
    let other = if &bent[place..=place] == "A" {
        "B"
    } else {
        "A"
    };
    bent.replace_range(place..=place, other);
    let nowhere = Address::new_from_array([7; 32]).to_string();
    for (content, expected) in [
        (
            with("genesisHash", &nowhere),
            "the file is for the cluster with the genesis hash",
        ),
        (with("market", &nowhere), "the file is for the market"),
        (with("transaction", &bent), ""),
        (
            with("transaction", "AAAA"),
            "this is no file that asks for a signature",
        ),
        (with("label", "a meter"), "unknown field"),
        (
            "garbage".to_owned(),
            "this is no file that asks for a signature",
        ),
        (" ".repeat(20_000), "it has more than 16384 bytes"),
    ] {
        let path = desk.path("hostile.request");
        fs::write(&path, content).expect("written");
        let sign = ["member", "sign", text(&path), "--yes", "--key", own];
        desk.run(&sign).await.refused(2, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_prices_from_files_and_servers_when_they_are_posted_then_windows_have_them_or_nothing_is_sent(
) {
    let world = World::begin(1);
    let desk = Desk::of(&world).await;
    desk.keep().await;
    let coming = desk.coming().await;
    assert!(coming.len() > 3, "{coming:?}");
    let (start, short, long) = coming[1];
    let tariff = f64::from(short) / 1e6;
    let csv = desk.path("prices.csv");
    let prices = ["admin", "prices", text(&csv)];
    let write = |content: &str| fs::write(&csv, content).expect("written");

    write(&format!(
        "start,end,short,long\n{start},{},0.111,0.05\n",
        start + LENGTH
    ));
    let said = desk
        .run(&[&prices[..], &["--dry-run"]].concat())
        .await
        .done();
    assert!(tells(&said, "1 windows to be posted"), "{said}");
    assert!(tells(&said, "short 0.111  long 0.05"), "{said}");
    assert_eq!(desk.coming().await, coming, "a dry run changes nothing");
    desk.run(&prices).await.done();
    assert_eq!(desk.coming().await[1], (start, 111_000, 50_000));
    assert_eq!(desk.status().await["prices"]["postedUntil"], start + LENGTH);
    let said = desk.run(&prices).await.done();
    assert!(
        tells(&said, "0 windows to be posted; 1 are as posted"),
        "{said}"
    );

    for (content, code, expected) in [
        (
            format!("start,price\n{start},99\n"),
            2,
            "out of the market's bounds",
        ),
        (
            format!("start,short,long\n{start},0.1,0.2\n"),
            2,
            "is above short",
        ),
        (
            "start,price\nsoon,1\n".into(),
            2,
            "row 1: \"soon\" is no time",
        ),
        ("\u{0}\u{1}\u{2}".into(), 2, "the source's columns are"),
        (String::new(), 2, "the source has no rows"),
    ] {
        write(&content);
        desk.run(&prices).await.refused(code, expected);
    }
    // Whoever is not the supplier posts nothing, in the program's own words.
    write(&format!("start,price\n{start},0.2\n"));
    let (_, strange) = desk.wallet("stranger.json").await;
    let by_stranger = [&prices[..], &["--key", text(&strange)]].concat();
    desk.run(&by_stranger).await.refused(1, "market: ");

    // An hourly array at wholesale prices, with what is added.
    let (begin, hours) = (coming[1].0, coming.len() as i64 / 4 + 2);
    let wholesale = vec![50; usize::try_from(hours).expect("some")];
    let body = serde_json::json!({"start": begin, "seconds": 3_600, "price": wholesale});
    let answer = body.to_string();
    let app = Router::new()
        .route("/prices", get(move || async move { answer }))
        .route("/huge", get(|| async { "1".repeat(9 * 1024 * 1024) }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_secs(30)).await;
                "late"
            }),
        )
        .route(
            "/page",
            get(|| async { "<html><body>Welcome</body></html>" }),
        )
        .route("/gone", get(|| async { StatusCode::GONE }))
        .route(
            "/away",
            get(|| async { axum::response::Redirect::temporary("/prices") }),
        );
    let server = serve(app).await;
    let at = |path: &str| format!("{server}{path}");
    let (url, huge, slow, page, gone, away) = (
        at("/prices"),
        at("/huge"),
        at("/slow"),
        at("/page"),
        at("/gone"),
        at("/away"),
    );
    let hourly = [
        "admin",
        "prices",
        &url,
        "--unit",
        "EUR/MWh",
        "--short-plus",
        "100",
        "--long-plus",
        "-10",
    ];
    desk.run(&hourly).await.done();
    for (window, posted) in desk.coming().await.iter().enumerate().skip(1) {
        assert_eq!((posted.1, posted.2), (150_000, 40_000), "window {window}");
    }
    assert_ne!((short, long), (150_000, 40_000), "{tariff}");
    let said = desk.run(&hourly).await.done();
    assert!(tells(&said, "0 windows to be posted"), "{said}");
    for (url, code, expected) in [
        (huge.as_str(), 1, "answers more than 8388608 bytes"),
        (slow.as_str(), 1, "takes too long"),
        (page.as_str(), 2, "the source's columns are <html>"),
        (gone.as_str(), 1, "answers 410"),
        (away.as_str(), 1, "answers 307"),
        ("ftp://127.0.0.1/prices", 1, "http or https"),
        ("http://127.0.0.1:9/prices", 1, "can't be connected to"),
    ] {
        let asked = ["admin", "prices", url, "--patience", "2"];
        desk.run(&asked).await.refused(code, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_pauses_terms_and_a_tariff_when_they_are_changed_then_status_says_so() {
    let world = World::begin(1);
    let desk = Desk::of(&world).await;
    desk.run(&["admin", "pause", "trading", "registration"])
        .await
        .done();
    let paused = serde_json::json!(["registration", "trading"]);
    assert_eq!(desk.status().await["paused"], paused);
    let said = desk.run(&["admin", "status"]).await.done();
    assert!(tells(&said, "registration and trading is paused"), "{said}");
    desk.run(&["admin", "resume", "registration"]).await.done();
    assert_eq!(
        desk.status().await["paused"],
        serde_json::json!(["trading"])
    );
    desk.run(&["admin", "resume", "everything"])
        .await
        .refused(2, "is no pause");
    desk.run(&["admin", "resume", "trading"]).await.done();

    let terms = ["admin", "terms", "--market-fee", "123", "--yes"];
    let said = desk.run(&terms).await.done();
    assert!(tells(&said, "market fee: 123 basis points"), "{said}");
    desk.run(&terms)
        .await
        .refused(2, "these are the terms already");
    let too_much = ["admin", "terms", "--market-fee", "9999", "--yes"];
    desk.run(&too_much).await.refused(1, "market: ");
    let holidays = ["admin", "terms", "--holidays", "20813", "--yes"];
    desk.run(&holidays)
        .await
        .refused(2, "has to agree; pass --file");

    let file = desk.path("tariff.request");
    let tariff = [
        "admin",
        "tariff",
        "--days",
        "working",
        "--from",
        "06:00",
        "--until",
        "22:00",
        "--short",
        "0.31",
        "--long",
        "0.07",
        "--file",
        text(&file),
        "--yes",
    ];
    let said = desk.run(&tariff).await.done();
    assert!(
        tells(&said, "06:00 to 22:00: drawn 0.31, left over 0.07"),
        "{said}"
    );
    let supplier = desk.path(&world.sandbox.supplier.key);
    let sign = [
        "member",
        "sign",
        text(&file),
        "--yes",
        "--key",
        text(&supplier),
    ];
    let said = desk.run(&sign).await.done();
    assert!(tells(&said, "agrees as the supplier of"), "{said}");
    let market = desk.cluster.account(desk.addresses.market).await;
    let market = market.expect("read").expect("a market");
    let market: joulebook_client::layout::market::Market =
        joulebook_client::layout::account::read_header(&market.data).expect("a market");
    let entry = market.planned_tariffs[0].half_hours[12];
    assert_eq!((entry.short, entry.long), (310_000, 70_000));
    let before = market.planned_tariffs[0].half_hours[11];
    assert_ne!((before.short, before.long), (310_000, 70_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_configuration_that_can_t_be_used_when_a_command_starts_then_it_says_plainly_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_joulebook"))
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        Said {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    };
    run(&["admin", "status"]).refused(2, "no market is named; pass --config FILE");
    let key_path = folder.path().join("key.json");
    key::write_new(&key_path, &Keypair::new()).expect("written");
    let configuration = folder.path().join("operations.toml");
    let market = Address::new_from_array([7; 32]).to_string();
    let write = |market: &str, more: &str| {
        let key = text(&key_path);
        let content = format!(
            "key = {key:?}\nmarket = {market:?}\n{more}\n[cluster]\nurls = [\"http://127.0.0.1:9\"]\nattempts = 1\n"
        );
        fs::write(&configuration, content).expect("written");
    };
    let status = ["admin", "status", "--config", text(&configuration)];
    write("nowhere", "");
    run(&status).refused(2, "market: nowhere is no address");
    write(&market, "markte = 1");
    run(&status).refused(2, "markte");
    write(&market, "");
    run(&status).refused(1, "no RPC endpoint answers");
    use std::os::unix::fs::PermissionsExt;
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(&key_path, open).expect("set");
    run(&status).refused(2, "can be read by others");
}
