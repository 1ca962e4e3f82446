//! The three programs on a node, by the loader's own transactions: interrupted, gone on with, upgraded, handed over.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use joulebook_cluster::{Cluster, ClusterOptions};
use joulebook_daemon::key;
use joulebook_deployment::programs::{Deployer, Program, ProgramStatus};
use solana_keypair::Keypair;
use solana_loader_v3_interface::get_program_data_address;
use solana_signer::Signer;
use tokio::time::sleep;

use crate::{node::TestNode, process::Process};

const NAMES: [&str; 3] = ["registry", "oracle", "market"];
/// Of these, those that the test brings there; the others stand there already. The node of the tests takes a second or two for
/// each write into a large buffer: `JOULEBOOK_SERVICE_PROGRAMS=3` brings all of them.
fn brought() -> usize {
    let asked = std::env::var("JOULEBOOK_SERVICE_PROGRAMS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(1)
}
const LAMPORTS: u64 = 200_000_000_000;
const PATIENCE: Duration = Duration::from_secs(120);
/// Of a buffer's account, before the code.
const BUFFER_HEAD: usize = 37;

/// A node on which other programs are at the three addresses, and who may upgrade them.
pub struct Site {
    pub folder: tempfile::TempDir,
    pub cluster: Cluster,
    authority: Keypair,
    pub payer: Keypair,
    pub configuration: PathBuf,
    _node: TestNode,
}

pub struct Said {
    pub code: Option<i32>,
    pub text: String,
}

impl Said {
    pub fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.text);
        self.text
    }
}

impl Site {
    async fn begin() -> Site {
        Site::bringing(brought()).await
    }

    /// The first so many programs are others there.
    pub async fn bringing(count: usize) -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        let (authority, payer) = (Keypair::new(), Keypair::new());
        let path = |name: &str| folder.path().join(name);
        key::write_new(&path("authority.json"), &authority).expect("written");
        key::write_new(&path("payer.json"), &payer).expect("written");
        let built = joulebook_sim::Chain::programs_dir();
        for name in ["others", "built"] {
            fs::create_dir(path(name)).expect("made");
        }
        for (place, name) in NAMES.into_iter().enumerate() {
            let file = format!("{name}.so");
            let other = match place < count {
                true => built.join("tests/bond.so"),
                false => built.join(&file),
            };
            fs::copy(other, path("others").join(&file)).expect("copied");
            fs::copy(built.join(&file), path("built").join(&file)).expect("copied");
        }
        let others = path("others");
        let options = [
            "--programs",
            text(&others),
            "--upgrade-authority",
            &authority.pubkey().to_string(),
        ];
        let node = TestNode::start(folder.path(), &options);
        let cluster = Cluster::new(ClusterOptions::of(node.url.clone())).expect("an endpoint");
        for wallet in [&authority, &payer] {
            let airdrop = cluster.airdrop(wallet.pubkey(), LAMPORTS).await;
            airdrop.expect("lamports");
        }
        let example = include_str!("../../../migrations/community.toml");
        let url = node.url.as_str();
        let text_of = example
            .replace("http://127.0.0.1:8899", url)
            .replace("migrations/keys/payer.json", text(&path("payer.json")))
            .replace(
                "migrations/keys/authority.json",
                text(&path("authority.json")),
            )
            .replace("target/deploy", text(&path("built")));
        let configuration = path("deploy.toml");
        fs::write(&configuration, text_of).expect("written");
        Site {
            cluster,
            authority,
            payer,
            configuration,
            folder,
            _node: node,
        }
    }

    fn built(&self, name: &str) -> PathBuf {
        self.folder
            .path()
            .join("built")
            .join(name)
            .with_extension("so")
    }

    fn programs(&self) -> Vec<Program> {
        Program::all(&self.folder.path().join("built")).expect("built")
    }

    pub async fn run(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_joulebook"));
        command
            .arg("deploy")
            .arg(&self.configuration)
            .args(arguments)
            .stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output()).await;
        let Output {
            status,
            stdout,
            stderr,
        } = output.expect("it ends").expect("it starts");
        let all = [stdout, stderr].concat();
        let all = String::from_utf8_lossy(&all).into_owned();
        // A message is broken into lines.
        let words: Vec<&str> = all.split_whitespace().collect();
        Said {
            code: status.code(),
            text: words.join(" "),
        }
    }

    /// Starts a deployment and kills it while code is being written; how many bytes were there by then.
    async fn interrupt(&self, name: &str) -> usize {
        let configuration = text(&self.configuration);
        let arguments = ["deploy", configuration, "--programs-only"];
        let mut deploying = Process::joulebook(self.folder.path(), name, &arguments);
        let begun = Instant::now();
        loop {
            let written = self.written().await;
            if written > 0 {
                deploying.kill();
                return self.written().await;
            }
            let ended = deploying.child.try_wait().expect("asked");
            assert!(ended.is_none(), "{}", deploying.said());
            assert!(begun.elapsed() < PATIENCE, "{}", deploying.said());
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Bytes of code in the buffers of programs that are not there yet.
    async fn written(&self) -> usize {
        let mut written = 0;
        for program in self.programs() {
            let buffer = program.buffer(&self.payer.pubkey());
            let account = self.cluster.account(buffer).await.expect("read");
            let data = account.map(|account| account.data).unwrap_or_default();
            let code = data.get(BUFFER_HEAD..).unwrap_or_default();
            written += code.iter().filter(|byte| **byte != 0).count();
        }
        written
    }

    async fn statuses(&self) -> Vec<ProgramStatus> {
        let mut statuses = vec![];
        for program in self.programs() {
            statuses.push(program.status(&self.cluster).await.expect("read"));
        }
        statuses
    }

    /// Changes a letter of a program that says whom to tell about a fault.
    fn change(&self, name: &str, from: &str, to: &str) {
        let path = self.built(name);
        let mut code = fs::read(&path).expect("read");
        let place = code
            .windows(from.len())
            .position(|part| part == from.as_bytes());
        let place = place.expect("it says so");
        code[place..place + from.len()].copy_from_slice(to.as_bytes());
        fs::write(&path, code).expect("written");
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_deployment_that_is_killed_when_it_runs_again_then_it_goes_on_upgrades_and_hands_over(
) {
    let site = Site::begin().await;
    let own = Some(site.authority.pubkey());
    let same = |authority| vec![ProgramStatus::Same { authority }; NAMES.len()];

    let said = site.run(&["--programs-only", "--dry-run"]).await.done();
    assert_eq!(said.matches("another version").count(), brought(), "{said}");
    assert!(
        said.contains("SOL more while an upgrade's buffer is there"),
        "{said}"
    );
    assert_eq!(site.written().await, 0, "a dry run writes nothing");

    let written = site.interrupt("first").await;
    let all: usize = site
        .programs()
        .iter()
        .map(|program| program.code.len())
        .sum();
    assert!(written < all, "it was not through");
    site.run(&["--programs-only"]).await.done();
    assert_eq!(site.statuses().await, same(own));
    let said = site.run(&["--programs-only"]).await.done();
    assert_eq!(said.matches("the same").count(), 3, "{said}");
    assert!(!said.contains("writing"), "{said}");
    assert!(!said.contains("left over"), "{said}");

    // A version that is only begun leaves a buffer behind.
    let policy = "SECURITY.md of the source code";
    site.change("registry", policy, "SECURITY.md of the source Code");
    site.interrupt("second").await;
    site.change("registry", "SECURITY.md of the source Code", policy);
    let said = site.run(&["--programs-only", "--dry-run"]).await.done();
    assert!(
        said.contains("1 buffers of the authority are left over"),
        "{said}"
    );
    let before = site
        .cluster
        .balance(site.payer.pubkey())
        .await
        .expect("read");
    let said = site.run(&["--close-buffers", "--dry-run"]).await.done();
    assert!(said.contains("1 would be closed"), "{said}");
    let said = site.run(&["--close-buffers"]).await.done();
    assert!(said.contains("1 are closed"), "{said}");
    let after = site
        .cluster
        .balance(site.payer.pubkey())
        .await
        .expect("read");
    assert!(after > before, "{before} {after}");
    let said = site.run(&["--close-buffers"]).await.done();
    assert!(said.contains("There are none."), "{said}");

    site.change("registry", policy, "SECURITY.md of the SOURCE code");
    let said = site.run(&["--programs-only"]).await.done();
    assert!(said.contains("registry: upgrading"), "{said}");
    assert!(!said.contains("oracle: upgrading"), "{said}");
    assert_eq!(site.statuses().await, same(own));

    // To somebody else, who upgrades from buffers from then on.
    let vault = Keypair::new().pubkey();
    let to = vault.to_string();
    let refused = site.run(&["--hand-over", &to, "--yes"]).await;
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    let expected = format!("there is no account {to} on this cluster");
    assert!(refused.text.contains(&expected), "{}", refused.text);
    let airdrop = site.cluster.airdrop(vault, 1_000_000_000).await;
    airdrop.expect("lamports");
    let refused = site.run(&["--hand-over", &to]).await;
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert!(
        refused.text.contains("nothing was handed over"),
        "{}",
        refused.text
    );
    for other in ["--hand-over", "--buffer-for"] {
        let refused = site.run(&[other, &to, "--record", "record.json"]).await;
        assert_eq!(refused.code, Some(2), "{}", refused.text);
    }
    let said = site.run(&["--hand-over", &to, "--dry-run"]).await.done();
    assert!(said.contains("alone could upgrade"), "{said}");
    assert_eq!(site.statuses().await, same(own));
    site.run(&["--hand-over", &to, "--yes"]).await.done();
    assert_eq!(site.statuses().await, same(Some(vault)));
    site.run(&["--hand-over", &to, "--yes"]).await.done();
    // Of a buffer nobody checks what is in it: this is short, and names itself.
    let next = [
        b"\0name\0Joulebook registry\0",
        joulebook_client::REGISTRY_ID.as_ref(),
        &[7; 2_000],
    ]
    .concat();
    fs::write(site.built("registry"), next).expect("written");
    let refused = site.run(&["--programs-only"]).await;
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert!(
        refused
            .text
            .contains(&format!("registry can be upgraded by {vault} alone")),
        "{}",
        refused.text
    );
    let said = site.run(&["--buffer-for", &to]).await.done();
    let registry = &site.programs()[0];
    let buffer = registry.buffer(&site.payer.pubkey());
    assert!(
        said.contains(&format!("registry: upgrade from the buffer {buffer}")),
        "{said}"
    );
    let account = site.cluster.account(buffer).await.expect("read");
    let data = account.expect("a buffer").data;
    assert_eq!(&data[5..37], vault.as_ref());
    assert!(data[BUFFER_HEAD..] == registry.code[..], "all of the code");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_program_that_is_missing_when_it_is_deployed_then_it_is_there_byte_for_byte() {
    let site = Site::begin().await;
    let deployer = Deployer {
        cluster: &site.cluster,
        payer: &site.payer,
        authority: &site.authority,
    };
    let code = fs::read(joulebook_sim::Chain::programs_dir().join("tests/bond.so"));
    let codes = match brought() {
        1 => vec![code.expect("built")],
        _ => site
            .programs()
            .into_iter()
            .map(|built| built.code)
            .collect(),
    };
    // At addresses whose keys are here; nobody has those of the sources.
    for code in codes {
        let key = Keypair::new();
        let program = Program {
            name: "a program",
            address: key.pubkey(),
            code,
        };
        let missing = program.status(&site.cluster).await.expect("read");
        assert_eq!(missing, ProgramStatus::Missing);
        let refused = deployer.bring(&program, None, |_| {}).await;
        let refused = refused.expect_err("no key").to_string();
        assert!(refused.contains("is not at hand"), "{refused}");
        let other = Keypair::new();
        let refused = deployer.bring(&program, Some(&other), |_| {}).await;
        let refused = refused.expect_err("another key").to_string();
        assert!(refused.contains("is that of"), "{refused}");
        let brought = deployer.bring(&program, Some(&key), |_| {}).await;
        brought.expect("deployed");
        let status = program.status(&site.cluster).await.expect("read");
        let authority = Some(site.authority.pubkey());
        assert_eq!(status, ProgramStatus::Same { authority });
        let buffer = program.buffer(&site.payer.pubkey());
        let left = site.cluster.balance(buffer).await.expect("read");
        assert_eq!(left, 0, "the buffer's rent came back");
    }
    assert_eq!(deployer.leftovers().await.expect("read"), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_lamports_at_a_missing_program_s_address_when_it_is_deployed_then_it_is_there_all_the_same(
) {
    let site = Site::begin().await;
    let deployer = Deployer {
        cluster: &site.cluster,
        payer: &site.payer,
        authority: &site.authority,
    };
    let code = fs::read(joulebook_sim::Chain::programs_dir().join("tests/bond.so"));
    let code = code.expect("built");
    // Less than the rent of a program's account, and more.
    for lamports in [890_880, 1_000_000_000] {
        let key = Keypair::new();
        let sent = site.cluster.airdrop(key.pubkey(), lamports).await;
        sent.expect("lamports");
        let program = Program {
            name: "a program",
            address: key.pubkey(),
            code: code.clone(),
        };
        let status = program.status(&site.cluster).await.expect("read");
        assert_eq!(status, ProgramStatus::Missing);
        let brought = deployer.bring(&program, Some(&key), |_| {}).await;
        brought.expect("deployed");
        let status = program.status(&site.cluster).await.expect("read");
        let authority = Some(site.authority.pubkey());
        assert_eq!(status, ProgramStatus::Same { authority });
    }
    // Where its code will be, the loader takes none: that is said before anything is paid for.
    let key = Keypair::new();
    let code_at = get_program_data_address(&key.pubkey());
    let sent = site.cluster.airdrop(code_at, 890_880).await;
    sent.expect("lamports");
    let program = Program {
        name: "a program",
        address: key.pubkey(),
        code,
    };
    let refused = deployer.bring(&program, Some(&key), |_| {}).await;
    let refused = refused.expect_err("occupied").to_string();
    assert!(refused.contains(&code_at.to_string()), "{refused}");
    let buffer = program.buffer(&site.payer.pubkey());
    let paid = site.cluster.balance(buffer).await.expect("read");
    assert_eq!(paid, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_what_contradicts_itself_when_it_is_to_be_deployed_then_nothing_is_sent() {
    let site = Site::begin().await;
    fs::copy(site.built("oracle"), site.built("market")).expect("copied");
    let refused = site.run(&["--programs-only"]).await;
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert!(
        refused.text.contains("is not the market that is built for"),
        "{}",
        refused.text
    );
    let configuration = fs::read_to_string(&site.configuration).expect("read");
    let change = |from: &str, to: &str| {
        assert!(configuration.contains(from), "{from}");
        fs::write(&site.configuration, configuration.replace(from, to)).expect("written");
    };
    for (from, to, expected) in [
        (
            "gate-lead-minutes = 3 ",
            "gate-lead-minutes = 15 ",
            "market.gate-lead-minutes",
        ),
        (
            "retail-price = \"0.30\"",
            "retail-price = \"0.61\"",
            "market.retail-price",
        ),
        ("seats = 32 ", "seats = 320 ", "market.room-per-seat"),
        (
            "window-minutes = 15",
            "window-minutes = 7",
            "market.window-minutes",
        ),
    ] {
        change(from, to);
        let refused = site.run(&["--programs-only"]).await;
        assert_eq!(refused.code, Some(2), "{}", refused.text);
        assert!(refused.text.contains(expected), "{}", refused.text);
    }
    let balance = site.cluster.balance(site.payer.pubkey()).await;
    assert_eq!(balance, Ok(LAMPORTS), "nothing was paid");
}
