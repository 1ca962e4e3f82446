use std::{
    convert::Infallible,
    io::Write,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{body::Body, extract::DefaultBodyLimit, http::StatusCode, middleware, Router};
use hyper::{body::Incoming, server::conn::http1, service::service_fn, Request};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};
use tracing::{debug, info, warn};

use super::{
    host::{by_its_name, Hosts},
    problem::{as_problem, too_many, NO_PLACE},
    rate::Rates,
    room::{Place, Room},
    HttpError, HttpOptions,
};

/// How long a connection lasts at most: one that never takes its answers ends, too.
const LIFE: Duration = Duration::from_secs(600);
/// How long answers that are under way may take when the service stops.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// After a connection could not be taken.
const PAUSE: Duration = Duration::from_millis(100);
/// How often it is looked who has asked nothing of late.
const FORGET: Duration = Duration::from_secs(60);

/// A service that listens, and answers once it is told what.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    options: HttpOptions,
}

/// Listens, and answers until it is cancelled.
///
/// # Errors
/// [`HttpError`].
pub async fn serve(
    router: Router,
    options: HttpOptions,
    cancellation: CancellationToken,
) -> Result<(), HttpError> {
    Server::bind(options)
        .await?
        .serve(router, cancellation)
        .await;
    Ok(())
}

impl Server {
    /// # Errors
    /// [`HttpError`].
    pub async fn bind(options: HttpOptions) -> Result<Server, HttpError> {
        let address = options.listen;
        let failed = |error| HttpError::Listen { address, error };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        match address.ip().is_loopback() {
            true => info!(%address, "listening"),
            false => {
                warn!(%address, "listening where other machines reach it; put TLS in front of it")
            }
        }
        Ok(Server {
            listener,
            address,
            options,
        })
    }

    /// With the port that it has found.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until it is cancelled; then it finishes what is under way, and takes nothing more.
    pub async fn serve(self, router: Router, cancellation: CancellationToken) {
        let Server {
            listener, options, ..
        } = self;
        let router = bounded(router, &options);
        let rates = Arc::new(Rates::of(&options));
        let room = Room::of(&options);
        let graceful = GracefulShutdown::new();
        let mut forget = interval(FORGET);
        loop {
            let accepted = tokio::select! {
                accepted = accept(&listener, &room) => accepted,
                _ = forget.tick() => {
                    rates.forget();
                    continue;
                }
                () = cancellation.cancelled() => break,
            };
            let (stream, client, place) = match accepted {
                Accepted::Placed(stream, client, place) => (stream, client, place),
                Accepted::NoPlace => continue,
                Accepted::Failed => {
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let (router, rates) = (router.clone(), Arc::clone(&rates));
            let service = service_fn(move |request: Request<Incoming>| {
                let router = router.clone();
                let is_allowed = rates.allow(client);
                async move {
                    match is_allowed {
                        true => router.oneshot(request.map(Body::new)).await,
                        false => Ok::<_, Infallible>(too_many()),
                    }
                }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(options.timeout())
                .serve_connection(TokioIo::new(stream), service);
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                if let Ok(Err(error)) = timeout(LIFE, connection).await {
                    debug!(%client, %error, "a connection broke off");
                }
                drop(place);
            });
        }
        drop(listener);
        if timeout(LAST_WORDS, graceful.shutdown()).await.is_err() {
            debug!("some answers were not taken in time");
        }
    }
}

enum Accepted {
    Placed(TcpStream, IpAddr, Place),
    /// Its client has as many as it may have.
    NoPlace,
    /// For want of files, above all.
    Failed,
}

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, room: &Room) -> Accepted {
    let Some(of_all) = room.wait().await else {
        return Accepted::Failed;
    };
    match listener.accept().await {
        Ok((stream, client)) => match room.place(of_all, client.ip()) {
            Some(place) => Accepted::Placed(stream, client.ip(), place),
            None => {
                debug!(%client, "too many connections of one client");
                // As far as it can be told without waiting.
                let told = stream.into_std().map(|mut stream| stream.write(NO_PLACE));
                drop(told);
                Accepted::NoPlace
            }
        },
        Err(error) => {
            warn!(%error, "a connection could not be taken");
            Accepted::Failed
        }
    }
}

/// Bodies and times have their limits, and all errors one form.
fn bounded(router: Router, options: &HttpOptions) -> Router {
    router
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            options.timeout(),
        ))
        .layer(RequestBodyLimitLayer::new(options.body_limit))
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(
            Hosts::of(options),
            by_its_name,
        ))
        .layer(middleware::map_response(as_problem))
}
