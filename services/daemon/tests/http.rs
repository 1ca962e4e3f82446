//! An HTTP API, asked by those who mean it no good.

use std::{net::SocketAddr, num::NonZeroU32, time::Duration};

use axum::{routing::get, routing::post, Json, Router};
use joulebook_daemon::http::{no_such_path, HttpOptions, Server};
use reqwest::{Client, StatusCode};
use serde_json::{json, Value};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

struct Api {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Api {
    async fn start(options: HttpOptions) -> Api {
        let server = Server::bind(options).await.expect("a port");
        let (address, stop) = (server.address(), CancellationToken::new());
        let router = Router::new()
            .route(
                "/echo",
                post(|Json(body): Json<Value>| async { Json(body) }),
            )
            .route(
                "/slow",
                get(|| async { sleep(Duration::from_secs(60)).await }),
            )
            .fallback(no_such_path);
        let task = tokio::spawn(server.serve(router, stop.clone()));
        Api {
            address,
            stop,
            task,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Status, and the words of an error.
    async fn post(&self, body: impl Into<reqwest::Body>) -> (StatusCode, String) {
        let request = Client::new().post(self.url("/echo")).body(body);
        let answer = request.header("content-type", "application/json").send();
        said(answer.await.expect("an answer")).await
    }
}

async fn said(answer: reqwest::Response) -> (StatusCode, String) {
    let status = answer.status();
    let body: Value = answer.json().await.expect("JSON");
    let error = body["error"].as_str().unwrap_or_default();
    (status, error.to_owned())
}

fn hasty() -> HttpOptions {
    HttpOptions {
        timeout_ms: 200,
        ..HttpOptions::default()
    }
}

#[tokio::test]
async fn given_a_body_when_it_is_too_large_then_it_is_refused_in_words() {
    let options = HttpOptions {
        body_limit: 1_000,
        ..HttpOptions::default()
    };
    let api = Api::start(options).await;
    let body = |len: usize| json!({ "x": "y".repeat(len) }).to_string();
    assert_eq!(api.post(body(900)).await.0, StatusCode::OK);
    let (status, error) = api.post(body(1_000)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(error, "the body is too large; send less at once");
    // Without a length in front.
    let mut stream = TcpStream::connect(api.address).await.expect("connected");
    let head = "POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("{:x}\r\n{}\r\n0\r\n\r\n", 5_000, "1".repeat(5_000));
    stream.write_all(head.as_bytes()).await.expect("written");
    stream.write_all(chunk.as_bytes()).await.expect("written");
    let mut answer = vec![0; 16];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 413"), "{answer:?}");
}

#[tokio::test]
async fn given_garbage_when_it_is_sent_then_it_is_refused_in_words_and_the_next_one_answered() {
    let api = Api::start(HttpOptions::default()).await;
    let (status, error) = api.post("{\"x\": tru").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(error.contains("line 1"), "{error}");
    let mut stream = TcpStream::connect(api.address).await.expect("connected");
    stream.write_all(&[0xff; 4_096]).await.expect("written");
    let mut answer = vec![];
    let _ = stream.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
    let nowhere = Client::new().get(api.url("/nowhere")).send().await;
    let (status, error) = said(nowhere.expect("an answer")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(error.starts_with("there is no such path;"), "{error}");
    assert_eq!(api.post("{}").await.0, StatusCode::OK);
}

#[tokio::test]
async fn given_one_who_never_ends_a_request_when_time_is_up_then_the_connection_is_closed() {
    let api = Api::start(hasty()).await;
    for begun in [
        "POST /echo HT",
        "POST /echo HTTP/1.1\r\nhost: localhost\r\n",
        "",
    ] {
        let mut stream = TcpStream::connect(api.address).await.expect("connected");
        stream.write_all(begun.as_bytes()).await.expect("written");
        let mut rest = vec![];
        // It ends, or the test never does.
        let _ = stream.read_to_end(&mut rest).await;
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "{rest:?}");
    }
    let head = "POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{";
    let mut stream = TcpStream::connect(api.address).await.expect("connected");
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(answer, b"HTTP/1.1 408");
    let slow = Client::new().get(api.url("/slow")).send().await;
    let (status, error) = said(slow.expect("an answer")).await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    assert!(error.starts_with("the request took too long"), "{error}");
}

#[tokio::test]
async fn given_a_client_that_asks_too_much_when_it_asks_then_it_is_told_to_wait() {
    let options = HttpOptions {
        requests_per_second: NonZeroU32::MIN,
        burst: NonZeroU32::MIN.saturating_add(4),
        ..HttpOptions::default()
    };
    let api = Api::start(options).await;
    let mut refused = vec![];
    for _ in 0..20 {
        let (status, error) = api.post("{}").await;
        if status != StatusCode::OK {
            refused.push((status, error));
        }
    }
    assert!(refused.len() >= 10, "{refused:?}");
    let words = "too many requests from this address; wait a second".to_owned();
    assert_eq!(refused[0], (StatusCode::TOO_MANY_REQUESTS, words));
}

#[tokio::test]
async fn given_more_connections_than_there_is_room_for_when_some_end_then_the_others_are_answered()
{
    let options = HttpOptions {
        connections: 2,
        timeout_ms: 500,
        ..HttpOptions::default()
    };
    let api = Api::start(options).await;
    let mut silent = vec![];
    for _ in 0..5 {
        silent.push(TcpStream::connect(api.address).await.expect("connected"));
    }
    assert_eq!(api.post("{}").await.0, StatusCode::OK);
}

#[tokio::test]
async fn given_a_service_when_it_is_cancelled_then_it_ends_and_listens_no_more() {
    let api = Api::start(HttpOptions::default()).await;
    assert_eq!(api.post("{}").await.0, StatusCode::OK);
    api.stop.cancel();
    api.task.await.expect("it ends");
    assert!(TcpStream::connect(api.address).await.is_err());
}

/// A connection from this address of the machine.
async fn connect_from(api: &Api, address: [u8; 4]) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind((address, 0).into()).expect("an address");
    socket.connect(api.address).await.expect("connected")
}

#[tokio::test]
async fn given_a_client_with_as_many_connections_as_it_may_have_when_it_comes_again_then_others_are_answered(
) {
    let options = HttpOptions {
        connections: 4,
        connections_of_client: 2,
        ..HttpOptions::default()
    };
    let api = Api::start(options).await;
    let greedy = [127, 0, 0, 1];
    let mut held = vec![
        connect_from(&api, greedy).await,
        connect_from(&api, greedy).await,
    ];
    for _ in 0..5 {
        let mut said = vec![];
        let mut turned_away = connect_from(&api, greedy).await;
        let _ = turned_away.read_to_end(&mut said).await;
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.starts_with("HTTP/1.1 429"), "{said}");
        let (_, body) = said.split_once("\r\n\r\n").expect("a body");
        let body: Value = serde_json::from_str(body).expect("JSON");
        let words = "too many connections from this address; close some, and wait";
        assert_eq!(body["error"], words);
    }
    let ask = b"POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    let mut answer = [0; 12];
    let mut other = connect_from(&api, [127, 0, 0, 2]).await;
    other.write_all(ask).await.expect("written");
    other.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200");
    // Once one of its connections has ended, the next one is taken.
    held.pop();
    sleep(Duration::from_millis(100)).await;
    let mut next = connect_from(&api, greedy).await;
    next.write_all(ask).await.expect("written");
    next.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200");
}

/// A page from anywhere can have its name lead to this machine.
#[tokio::test]
async fn given_a_name_that_is_not_its_own_when_asked_by_it_then_nothing_is_answered() {
    let options = HttpOptions {
        hosts: vec!["energy.example".to_owned()],
        ..HttpOptions::default()
    };
    let api = Api::start(options).await;
    for (host, status) in [
        ("energy.example", b"HTTP/1.1 200"),
        ("localhost:9105", b"HTTP/1.1 200"),
        ("evil.example:9105", b"HTTP/1.1 421"),
    ] {
        let ask = format!(
            "POST /echo HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
        );
        let mut stream = TcpStream::connect(api.address).await.expect("connected");
        stream.write_all(ask.as_bytes()).await.expect("written");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, status, "{host}");
    }
}
