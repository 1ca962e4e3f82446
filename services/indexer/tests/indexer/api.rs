//! Answers as they are described, and questions that mean nothing.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use joulebook_daemon::http::{HttpOptions, Server};
use joulebook_indexer::{
    api,
    store::{Paging, Span, Store},
};
use serde_json::{json, Value};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_util::sync::CancellationToken;

use crate::{
    community::{Kept, Village},
    databases::{self, Database},
};

const EVERYTHING: Paging = Paging {
    after: None,
    limit: 1_000_000,
};

struct Service {
    address: String,
    market: String,
    village: Village,
    store: Arc<Store>,
    stop: CancellationToken,
    database: Database,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Service {
    /// Answers for a village of some windows.
    async fn start(database: Database, options: HttpOptions) -> Service {
        let mut village = Village::found();
        let store = database.store().await;
        let mut kept = Kept::open(&store, &mut village).await;
        for _ in 0..6 {
            tokio::task::block_in_place(|| village.window(&mut |_| {}));
            kept.look(&mut village).await;
        }
        let server = Server::bind(options).await.expect("bound");
        let address = format!("http://{}", server.address());
        let (router, _) = api::router(Arc::clone(&store), "UTC");
        let stop = CancellationToken::new();
        tokio::spawn(server.serve(router, stop.clone()));
        Service {
            address,
            market: village.community.addresses.market.to_string(),
            village,
            store,
            stop,
            database,
        }
    }

    async fn ask(&self, path: &str) -> (u16, Value) {
        let answer = reqwest::get(format!("{}{path}", self.address)).await;
        let answer = answer.expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("text");
        let body = serde_json::from_str(&text);
        (status, body.unwrap_or_else(|_| panic!("{path}: {text}")))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn month(&self) -> String {
        let now = self.village.community.chain.now();
        let now = jiff::Timestamp::from_second(now).expect("a time");
        now.strftime("%Y-%m").to_string()
    }
}

/// Against what the description says of the answer.
fn check(description: &Value, path: &str, status: &str, body: &Value) {
    let answer = &description["paths"][path]["get"]["responses"][status];
    let schema = &answer["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{path}: {status} is not described");
    let mut whole = schema.clone();
    whole["components"] = description["components"].clone();
    let described = jsonschema::draft202012::new(&whole).expect("a schema");
    if let Err(error) = described.validate(body) {
        panic!("{path}: {error}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_village_when_each_route_is_asked_then_it_answers_as_described() {
    for database in databases::all().await {
        let service = Service::start(database, HttpOptions::default()).await;
        let description = service.get("/v1/openapi.json").await;
        let (market, month) = (&service.market, service.month());
        let windows = service
            .get(&format!("/v1/markets/{market}/windows?limit=1000"))
            .await;
        let start = windows["items"][0]["start"].to_string();
        let paths = description["paths"].as_object().expect("paths");
        assert_eq!(paths.len(), 18);
        for path in paths.keys() {
            let asked = path
                .replace("{market}", market)
                .replace("{start}", &start)
                .replace("{seat}", "2")
                .replace("{row}", "0");
            let question = match path.as_str() {
                path if path.ends_with("/bills") || path.ends_with("/sources") => {
                    format!("?month={month}")
                }
                _ => String::new(),
            };
            let body = service.get(&format!("{asked}{question}")).await;
            check(&description, path, "200", &body);
            if path.contains("{market}") {
                let other = asked.replace(market.as_str(), "nowhere");
                let (status, body) = service.ask(&format!("{other}{question}")).await;
                assert_eq!(status, 404, "{path}: {body}");
                check(&description, path, "404", &body);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_long_list_when_it_is_asked_in_parts_then_all_of_it_comes_once() {
    for database in databases::all().await {
        let service = Service::start(database, HttpOptions::default()).await;
        let base = format!("/v1/markets/{}", service.market);
        let windows = service.get(&format!("{base}/windows?limit=1000")).await;
        let traded = windows["items"].as_array().expect("items").iter();
        let start = traded
            .clone()
            .find(|window| window["orders"] != 0)
            .expect("a window with orders")["start"]
            .clone();
        for list in [
            format!("{base}/windows"),
            format!("{base}/seats"),
            format!("{base}/windows/{start}/positions"),
            format!("{base}/windows/{start}/orders"),
            format!("{base}/meters/0/readings"),
            format!("{base}/prices"),
        ] {
            let whole = service.get(&format!("{list}?limit=1000")).await;
            let whole = whole["items"].as_array().expect("items").clone();
            let mut parts = vec![];
            let mut question = "?limit=3".to_owned();
            for _ in 0..100 {
                let part = service.get(&format!("{list}{question}")).await;
                parts.extend(part["items"].as_array().expect("items").clone());
                let Some(next) = part["next"].as_str() else {
                    break;
                };
                question = format!("?limit=3&after={next}");
            }
            assert!(whole.len() > 3, "{list}");
            assert_eq!(parts, whole, "{list}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_household_when_its_bill_is_asked_then_its_lines_add_up_and_money_is_conserved() {
    for database in databases::all().await {
        let service = Service::start(database, HttpOptions::default()).await;
        let base = format!("/v1/markets/{}", service.market);
        let month = service.month();
        let all = service.get(&format!("{base}/bills?month={month}")).await;
        assert_eq!(all["is_complete"], true);
        let mut bought = 0;
        for household in &service.village.community.households {
            let wallet = household.address().to_string();
            let path = format!("{base}/bills?month={month}&zone=Europe/Vienna&household={wallet}");
            let one = service.get(&path).await;
            let bill = &one["items"][0];
            let items = all["items"].as_array().expect("items");
            assert_eq!(
                items
                    .iter()
                    .find(|item| item["household"] == wallet.as_str()),
                Some(bill)
            );
            let amount = |line: &str| bill[line]["milli_atoms"].as_i64().expect("an amount");
            let lines = [
                "bought",
                "sold",
                "grid_fee",
                "market_fee",
                "imbalance_short",
                "imbalance_long",
                "unheard",
                "after_silence",
            ];
            let sum: i64 = lines.iter().map(|line| amount(line)).sum();
            assert_eq!(sum, amount("total"));
            bought += bill["bought_wh"].as_i64().expect("energy");
            let sources = service.get(&path.replace("/bills", "/sources")).await;
            let sources = &sources["items"][0];
            let energy = |name: &str| sources[name].as_i64().expect("energy");
            let drawn =
                energy("from_neighbours_wh") + energy("from_supplier_wh") + energy("own_wh");
            assert_eq!(drawn, bill["import_wh"].as_i64().expect("energy"));
        }
        let prices = service.get(&format!("{base}/prices?step=86400")).await;
        let volume: i64 = prices["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| item["volume_wh"].as_i64().expect("energy"))
            .sum();
        let conserved = service.get(&format!("{base}/conservation")).await;
        assert_eq!(
            (&conserved["holds"], &conserved["money_holds"]),
            (&json!(true), &json!(true))
        );
        assert_eq!(conserved["windows_that_differ"], json!([]));
        assert!(bought > 0 && bought <= volume);
        let state = service.get("/v1/state").await;
        assert_eq!(state["items"][0]["gaps"], 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_seats_that_are_others_now_when_a_month_of_before_is_asked_then_its_bills_name_who_had_them_then(
) {
    for database in databases::all().await {
        let service = Service::start(database, HttpOptions::default()).await;
        let path = format!(
            "/v1/markets/{}/bills?month={}",
            service.market,
            service.month()
        );
        let before = service.get(&path).await;
        let items = before["items"].as_array().expect("items");
        assert!(items.iter().any(|item| item["household"].is_string()));
        service
            .database
            .execute("UPDATE seats SET owner = 'another'")
            .await;
        assert_eq!(service.get(&path).await, before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_readings_that_are_forgotten_when_sources_are_asked_then_they_are_not_complete() {
    for database in databases::all().await {
        let service = Service::start(database, HttpOptions::default()).await;
        let (market, month) = (&service.market, service.month());
        let path = format!("/v1/markets/{market}/sources?month={month}");
        let before = service.get(&path).await;
        assert_eq!(before["is_complete"], true);
        let id = service.store.market(market).await.expect("read");
        let id = id.expect("it is there").id;
        let first = service.store.readings(id, 0, Span::ALL, EVERYTHING).await;
        let first = first.expect("read")[0].row.start;
        let forgotten = service.store.forget_readings(id, first + 1).await;
        assert!(forgotten.expect("forgotten") > 0);
        assert_eq!(service.get(&path).await["is_complete"], false);
        let bills = service.get(&path.replace("/sources", "/bills")).await;
        assert_eq!(bills["is_complete"], true, "they need no readings");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_questions_that_mean_nothing_when_asked_then_each_is_refused_with_words() {
    let service = Service::start(databases::file(), HttpOptions::default()).await;
    let base = format!("/v1/markets/{}", service.market);
    let month = service.month();
    for (path, wanted) in [
        (format!("{base}/windows?limit=0"), 400),
        (format!("{base}/windows?limit=1001"), 400),
        (format!("{base}/windows?limit=-1"), 400),
        (format!("{base}/windows?limit=99999999999999999999"), 400),
        (format!("{base}/windows?after=x"), 400),
        (format!("{base}/windows?colour=red"), 400),
        (format!("{base}/windows?since=5&until=5"), 400),
        (format!("{base}/windows/noon"), 400),
        (format!("{base}/windows/1"), 404),
        (format!("{base}/windows/1/orders?after=7"), 400),
        (format!("{base}/windows/1/orders?after=-1.70000"), 400),
        (format!("{base}/meters/99999999999999999999/readings"), 400),
        (format!("{base}/prices?step=1"), 400),
        (format!("{base}/prices?since=0&until=1000000000"), 400),
        (format!("{base}/conservation?since=0&until=2682001"), 400),
        (format!("{base}/conservation?since=9&until=9"), 400),
        (format!("{base}/prices?step=9223372036854775807"), 400),
        (format!("{base}/bills"), 400),
        (format!("{base}/bills?month=2026-13"), 400),
        (format!("{base}/bills?month=9999-12"), 400),
        (
            format!("{base}/bills?month={month}&zone=../../etc/passwd"),
            400,
        ),
        (format!("{base}/bills?month={month}&household=nobody"), 404),
        (
            format!("{base}/bills?month={month}&household=';DROP TABLE windows;--"),
            404,
        ),
        (format!("{base}/bills?month={month}&limit=101"), 400),
        ("/v1/markets/'%20OR%201=1".to_owned(), 404),
        ("/v1/nothing".to_owned(), 404),
        ("/".to_owned(), 404),
        (format!("/v1/markets/{}", "x".repeat(4_000)), 404),
    ] {
        let (status, body) = service.ask(&path).await;
        assert_eq!(status, wanted, "{path}: {body}");
        let error = body["error"].as_str().expect("words");
        assert!(!error.is_empty() && error.len() < 400, "{path}: {error}");
    }
    // A month is not too much.
    service
        .get(&format!("{base}/conservation?since=0&until=2682000"))
        .await;
    // Whatever was asked, the rows are there.
    let windows = service.get(&format!("{base}/windows")).await;
    assert!(!windows["items"].as_array().expect("items").is_empty());
    let client = reqwest::Client::new();
    let posted = client
        .post(format!("{}{base}", service.address))
        .send()
        .await;
    assert_eq!(posted.expect("an answer").status().as_u16(), 405);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_clients_that_ask_too_much_or_too_slowly_when_others_ask_then_they_are_answered() {
    let options = HttpOptions {
        requests_per_second: 1.try_into().expect("some"),
        burst: 40.try_into().expect("some"),
        timeout_ms: 400,
        body_limit: 1_000,
        ..HttpOptions::default()
    };
    let service = Service::start(databases::file(), options).await;
    let address = service.address.trim_start_matches("http://").to_owned();
    let mut slow = vec![];
    for _ in 0..20 {
        let mut stream = TcpStream::connect(&address).await.expect("connected");
        stream
            .write_all(b"GET /v1/markets HTTP/1.1\r\nHost:")
            .await
            .expect("written");
        slow.push(stream);
    }
    assert_eq!(service.ask("/v1/markets").await.0, 200);
    for mut stream in slow {
        let mut rest = vec![];
        // It is closed, with words or without.
        let closed = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest));
        let _ = closed.await.expect("it is not held open for ever");
    }
    let large = Body::from(vec![b'x'; 5_000]);
    let large = axum::body::to_bytes(large, 10_000).await.expect("bytes");
    let client = reqwest::Client::new();
    let request = client
        .get(format!("{}/v1/markets", service.address))
        .body(large);
    let status = request.send().await.expect("an answer").status().as_u16();
    assert!([200, 413].contains(&status), "{status}");
    let mut refused = 0;
    // On one connection: these are limited by themselves.
    for _ in 0..100 {
        let asked = client.get(format!("{}/v1/markets", service.address));
        let status = asked.send().await.expect("an answer").status();
        refused += u32::from(status.as_u16() == 429);
    }
    assert!(refused > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_adatabase_that_goes_away_when_asked_then_that_is_said_and_nothing_of_it() {
    let service = Service::start(databases::file(), HttpOptions::default()).await;
    service.store.close().await;
    let (status, body) = service.ask("/v1/markets").await;
    assert_eq!(status, 503);
    let error = body["error"].as_str().expect("words");
    assert_eq!(error, "the database does not answer; ask again");
}
