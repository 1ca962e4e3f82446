//! A real ClickHouse server, for this run alone. Debian's is of 2018: what it takes, later ones take. `JOULEBOOK_CLICKHOUSE` names
//! the address of another, with a user `joulebook` of the password below.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process,
    sync::{
        atomic::{AtomicU32, Ordering},
        OnceLock,
    },
    time::Duration,
};

use joulebook_daemon::key::KeySource;
use joulebook_indexer::copies::ClickHouseOptions;
use openssl::{
    asn1::Asn1Time,
    hash::MessageDigest,
    pkey::PKey,
    rsa::Rsa,
    x509::{extension::SubjectAlternativeName, X509NameBuilder, X509},
};
use tempfile::NamedTempFile;

use crate::servers;

const PROGRAMS: [&str; 2] = ["/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-server"];
const PASSWORD: &str = "not to be shown";
/// How often it is looked whether the server answers.
const POLL: Duration = Duration::from_millis(100);
const POLLS: u32 = 600;

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

struct Server {
    url: String,
    tls: Option<Tls>,
}

/// How a server is reached over TLS.
#[derive(Clone)]
pub struct Tls {
    pub url: String,
    pub certificate: PathBuf,
}

/// A database of it, empty at first.
pub struct Database {
    pub options: ClickHouseOptions,
    /// `None` of a server that was not started here.
    pub tls: Option<Tls>,
    _password: NamedTempFile,
}

/// A new database; `None` if no server is installed.
pub async fn new_database() -> Option<Database> {
    let server = tokio::task::spawn_blocking(|| SERVER.get_or_init(start).as_ref())
        .await
        .expect("a server, or none")?;
    let mut attempt = 0;
    while reqwest::get(format!("{}/ping", server.url)).await.is_err() {
        attempt += 1;
        assert!(attempt < POLLS, "the server does not get ready");
        tokio::time::sleep(POLL).await;
    }
    let number = DATABASES.fetch_add(1, Ordering::SeqCst);
    let password = secret(PASSWORD);
    let database = Database {
        options: ClickHouseOptions {
            url: server.url.parse().expect("a URL"),
            database: format!("joulebook_{}_{number}", process::id()),
            user: "joulebook".to_owned(),
            password: Some(KeySource::File(password.path().into())),
            ca: None,
            poll_ms: 10,
            timeout_ms: 60_000,
        },
        tls: server.tls.clone(),
        _password: password,
    };
    database.make().await;
    Some(database)
}

/// A file that nobody else can read.
pub fn secret(text: &str) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a file");
    fs::write(file.path(), text).expect("written");
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o600)).expect("hidden");
    file
}

impl Database {
    /// What the server answers, values apart by tabs.
    pub async fn ask(&self, statement: &str) -> String {
        self.ask_in(&self.options.database, statement).await
    }

    pub async fn make(&self) {
        let statement = format!("CREATE DATABASE {}", self.options.database);
        self.ask_in("default", &statement).await;
    }

    pub async fn drop(&self) {
        let statement = format!("DROP DATABASE {}", self.options.database);
        self.ask_in("default", &statement).await;
    }

    async fn ask_in(&self, database: &str, statement: &str) -> String {
        let url = format!("{}?database={database}", self.options.url);
        let answer = reqwest::Client::new()
            .post(url)
            .header("X-ClickHouse-User", &self.options.user)
            .header("X-ClickHouse-Key", PASSWORD)
            .body(statement.to_owned())
            .send()
            .await
            .expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("text");
        assert!(status.is_success(), "{statement}: {text}");
        text
    }
}

/// Starts a server that ends with this process.
fn start() -> Option<Server> {
    if let Ok(url) = env::var("JOULEBOOK_CLICKHOUSE") {
        return Some(Server { url, tls: None });
    }
    let program = PROGRAMS.iter().map(Path::new).find(|path| path.is_file());
    let Some(program) = program else {
        eprintln!(
            "skipped: no ClickHouse server is installed; toolchain/setup-services installs one"
        );
        return None;
    };
    let folder = servers::folder();
    let certificate = write_certificate(&folder);
    let (http, https) = (servers::port(), servers::port());
    let data = folder.display();
    let configuration = format!(
        "<yandex><logger><level>warning</level><console>1</console></logger>\
        <http_port>{http}</http_port><https_port>{https}</https_port><listen_host>127.0.0.1</listen_host>\
        <openSSL><server><certificateFile>{data}/certificate.pem</certificateFile>\
        <privateKeyFile>{data}/key.pem</privateKeyFile><verificationMode>none</verificationMode></server></openSSL>\
        <path>{data}/data/</path><tmp_path>{data}/tmp/</tmp_path><user_files_path>{data}/files/</user_files_path>\
        <format_schema_path>{data}/schemas/</format_schema_path><users_config>{data}/users.xml</users_config>\
        <default_profile>default</default_profile><default_database>default</default_database>\
        <mark_cache_size>268435456</mark_cache_size><timezone>Europe/Vienna</timezone></yandex>"
    );
    let users = format!(
        "<yandex><profiles><default/></profiles><quotas><default/></quotas><users><joulebook>\
        <password>{PASSWORD}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>\
        <quota>default</quota></joulebook></users></yandex>"
    );
    fs::write(folder.join("users.xml"), users).expect("written");
    let file = folder.join("configuration.xml");
    fs::write(&file, configuration).expect("written");
    let mut server = servers::unprivileged(program);
    server.arg(format!("--config-file={}", file.display()));
    servers::run(server, &folder);
    Some(Server {
        url: format!("http://127.0.0.1:{http}"),
        tls: Some(Tls {
            url: format!("https://127.0.0.1:{https}"),
            certificate,
        }),
    })
}

/// A certificate of this machine's, which it signs itself, and its key.
fn write_certificate(folder: &Path) -> PathBuf {
    let key = PKey::from_rsa(Rsa::generate(2_048).expect("a key")).expect("a key");
    let mut name = X509NameBuilder::new().expect("a name");
    name.append_entry_by_text("CN", "clickhouse")
        .expect("a name");
    let name = name.build();
    let mut builder = X509::builder().expect("a certificate");
    builder.set_version(2).expect("version 3");
    builder.set_subject_name(&name).expect("a name");
    builder.set_issuer_name(&name).expect("a name");
    builder.set_pubkey(&key).expect("a key");
    let (from, until) = (
        Asn1Time::days_from_now(0).expect("a time"),
        Asn1Time::days_from_now(2).expect("a time"),
    );
    builder.set_not_before(&from).expect("a time");
    builder.set_not_after(&until).expect("a time");
    let address = SubjectAlternativeName::new()
        .ip("127.0.0.1")
        .build(&builder.x509v3_context(None, None))
        .expect("an address");
    builder.append_extension(address).expect("an address");
    builder.sign(&key, MessageDigest::sha256()).expect("signed");
    let certificate = folder.join("certificate.pem");
    let pem = builder.build().to_pem().expect("text");
    fs::write(&certificate, pem).expect("written");
    let file = folder.join("key.pem");
    let pem = key.private_key_to_pem_pkcs8().expect("text");
    fs::write(&file, pem).expect("written");
    servers::give_away(&file);
    certificate
}
