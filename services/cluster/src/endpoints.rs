use std::{
    collections::VecDeque,
    future::Future,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc, Mutex, PoisonError,
    },
    time::Duration,
};

use backon::{BackoffBuilder, ExponentialBuilder};
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::client_error::Error;
use solana_signature::Signature;
use tokio::time::{sleep, timeout, Instant};
use tracing::debug;
use url::{Host, Url};

use crate::{
    error::{kind_of, reason_of, Kind},
    ClusterError, ClusterOptions,
};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long an endpoint that failed is asked only if all others rest, too.
const REST: Duration = Duration::from_secs(10);

/// A cluster by its RPC endpoints; see the crate's page.
pub struct Cluster {
    pub(crate) options: ClusterOptions,
    endpoints: Vec<Endpoint>,
    /// The newest slot that an answer came from.
    seen: AtomicU64,
    /// What was sent of late, the newest last.
    pub(crate) sent: Mutex<VecDeque<Signature>>,
}

struct Endpoint {
    client: Arc<RpcClient>,
    name: String,
    rests_until: Mutex<Option<Instant>>,
}

impl Cluster {
    /// # Errors
    /// If no endpoint is given.
    pub fn new(options: ClusterOptions) -> Result<Cluster, ClusterError> {
        if options.urls.is_empty() {
            return Err(ClusterError::NoEndpoint);
        }
        let endpoint = |url: &url::Url| Endpoint {
            client: Arc::new(RpcClient::new_with_timeout_and_commitment(
                url.to_string(),
                options.timeout(),
                CommitmentConfig::confirmed(),
            )),
            name: name_of(url),
            rests_until: Mutex::new(None),
        };
        let endpoints = options.urls.iter().map(endpoint).collect();
        Ok(Cluster {
            options,
            endpoints,
            seen: AtomicU64::new(0),
            sent: Mutex::default(),
        })
    }

    /// The endpoints, without what may be secret in their addresses.
    pub fn names(&self) -> Vec<&str> {
        let names = self.endpoints.iter().map(|endpoint| endpoint.name.as_str());
        names.collect()
    }

    /// Each endpoint by itself, for whoever compares what they say.
    pub fn each(&self) -> Vec<Cluster> {
        let each = self.options.urls.iter().filter_map(|url| {
            let options = ClusterOptions {
                urls: vec![url.clone()],
                ..self.options.clone()
            };
            // With an endpoint.
            Cluster::new(options).ok()
        });
        each.collect()
    }

    /// Takes no answer from before a slot that was seen elsewhere, as far as an endpoint reaches it.
    pub fn await_slot(&self, slot: u64) {
        self.saw(slot);
    }

    /// Asks all endpoints how far they are, and takes no answer from before the furthest, as far as one reaches it. For whoever
    /// sees that the chain stands still: it may be one endpoint alone that does, and answers all the same.
    pub async fn await_newest(&self) {
        let ask = |client: Arc<RpcClient>| async move { client.get_slot().await };
        let slots = self.ask_each("the slot", ask, |_| false).await;
        for slot in slots.into_iter().flatten().flatten() {
            self.saw(slot);
        }
    }

    /// Whether all endpoints are on this machine.
    pub fn is_local(&self) -> bool {
        self.options.urls.iter().all(is_this_machine)
    }

    /// # Errors
    /// [`ClusterError`].
    pub async fn genesis_hash(&self) -> Result<Hash, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move { client.get_genesis_hash().await };
        self.ask("the genesis hash", ask).await
    }

    /// Asks an endpoint that works.
    pub(crate) async fn ask<T, F>(
        &self,
        what: &'static str,
        request: impl Fn(Arc<RpcClient>) -> F,
    ) -> Result<T, ClusterError>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_delay(LONGEST_PAUSE)
            .with_jitter()
            .without_max_times()
            .build();
        let mut reasons: Vec<String> = vec![];
        // Endpoints that were behind.
        let mut behind: Vec<usize> = vec![];
        let attempts = self.options.attempts.max(1);
        for attempt in 0..attempts {
            if attempt > 0 && attempt % self.endpoints.len() == 0 {
                sleep(pauses.next().unwrap_or(LONGEST_PAUSE)).await;
            }
            let (place, endpoint) = self.best(&behind);
            let answer = timeout(
                self.options.timeout(),
                request(Arc::clone(&endpoint.client)),
            );
            let (kind, reason) = match answer.await {
                Ok(Ok(answer)) => {
                    endpoint.set_rest(None);
                    return Ok(answer);
                }
                Ok(Err(error)) => (kind_of(&error), reason_of(&error)),
                Err(_) => (Kind::Passing, "takes too long".to_owned()),
            };
            debug!(endpoint = endpoint.name, what, reason, "no answer");
            match kind {
                Kind::Lasting => {
                    return Err(ClusterError::Refused {
                        what,
                        endpoint: endpoint.name.clone(),
                        reason,
                        is_first: attempt == 0,
                    })
                }
                Kind::Behind => {
                    if !behind.contains(&place) {
                        behind.push(place);
                    }
                }
                Kind::Passing => endpoint.set_rest(Some(Instant::now() + REST)),
            }
            // A slot that nobody reaches, however long one waits, was a lie, or was given up by the cluster.
            let is_reached =
                |(place, one): (usize, &Endpoint)| !behind.contains(&place) && one.rest().is_none();
            let is_last = attempt.saturating_add(2) >= attempts;
            if is_last && !behind.is_empty() && !self.endpoints.iter().enumerate().any(is_reached) {
                self.seen.store(0, Ordering::Relaxed);
                behind.clear();
            }
            let reason = format!("{} {reason}", endpoint.name);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        Err(ClusterError::Unreachable {
            what,
            reasons: reasons.join(", "),
        })
    }

    /// Whether there is another endpoint to ask.
    pub(crate) fn has_others(&self) -> bool {
        self.endpoints.len() > 1
    }

    /// Asks each endpoint once, one after the other, until `is_enough`: what one has not, another may have. `None` of one that
    /// can't tell, and never will.
    pub(crate) async fn ask_each<T, F>(
        &self,
        what: &'static str,
        request: impl Fn(Arc<RpcClient>) -> F,
        is_enough: impl Fn(&T) -> bool,
    ) -> Vec<Result<Option<T>, ClusterError>>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut answers = vec![];
        for endpoint in &self.endpoints {
            if endpoint.rest().is_some_and(|until| until > Instant::now()) {
                answers.push(Err(ClusterError::Unreachable {
                    what,
                    reasons: format!("{} did not answer of late", endpoint.name),
                }));
                continue;
            }
            let answer = timeout(
                self.options.timeout(),
                request(Arc::clone(&endpoint.client)),
            );
            let reason = match answer.await {
                Ok(Ok(answer)) => {
                    let enough = is_enough(&answer);
                    answers.push(Ok(Some(answer)));
                    if enough {
                        break;
                    }
                    continue;
                }
                Ok(Err(error)) if kind_of(&error) == Kind::Lasting => {
                    answers.push(Ok(None));
                    continue;
                }
                Ok(Err(error)) => reason_of(&error),
                Err(_) => "takes too long".to_owned(),
            };
            endpoint.set_rest(Some(Instant::now() + REST));
            answers.push(Err(ClusterError::Unreachable {
                what,
                reasons: format!("{} {reason}", endpoint.name),
            }));
        }
        answers
    }

    /// The first endpoint that does not rest; one that was behind makes way for all others, and of those that rest the one comes
    /// first whose rest ends first.
    fn best(&self, behind: &[usize]) -> (usize, &Endpoint) {
        let now = Instant::now();
        let worth = |(place, endpoint): &(usize, &Endpoint)| {
            let rest = endpoint.rest().filter(|until| *until > now);
            (behind.contains(place), rest)
        };
        let all = self.endpoints.iter().enumerate();
        all.min_by_key(worth).unwrap_or((0, &self.endpoints[0]))
    }

    /// The slot that answers must not be older than.
    pub(crate) fn seen(&self) -> Option<u64> {
        Some(self.seen.load(Ordering::Relaxed)).filter(|slot| *slot > 0)
    }

    pub(crate) fn saw(&self, slot: u64) {
        self.seen.fetch_max(slot, Ordering::Relaxed);
    }
}

impl Endpoint {
    fn rest(&self) -> Option<Instant> {
        *self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn set_rest(&self, until: Option<Instant>) {
        *self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = until;
    }
}

fn name_of(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or("unknown");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
/// Whether a URL leads to this machine, by its address or its name.
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
