use std::time::Duration;

use reqwest::{redirect::Policy, Client, StatusCode};
use serde::{de::DeserializeOwned, Deserialize};
use url::Url;

use crate::{
    calendar::Calendar,
    household::Household,
    indexed::{Bill, Indexed, Position, Today},
};

const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer: a thousand positions are less than half.
const LONGEST: usize = 2 * 1024 * 1024;
/// Answers that a day's windows are asked for in: two hold a day of minutes.
const MOST_PARTS: usize = 4;

/// An indexer that keeps the household's market.
pub struct Indexer {
    client: Client,
    url: Url,
    household: Household,
}

/// Why an indexer tells nothing. Nothing of its address but the host is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexerError {
    #[error("the indexer at {host} {reason}")]
    NoAnswer { host: String, reason: &'static str },
    #[error("the indexer at {host} does not keep this market; name it in its `markets`, or name another `indexer`")]
    OtherMarkets { host: String },
    #[error("the indexer at {host} answers {status} to {path}; is it one, and of this version?")]
    Refused {
        host: String,
        path: String,
        status: u16,
    },
    #[error("the indexer at {host} answers {path} otherwise than an indexer of this version")]
    Unreadable { host: String, path: String },
}

#[derive(Deserialize)]
struct Positions {
    items: Vec<Position>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Bills {
    until: i64,
    is_complete: bool,
    items: Vec<BillItem>,
}

#[derive(Deserialize)]
struct BillItem {
    total: Money,
}

#[derive(Deserialize)]
struct Money {
    milli_atoms: i64,
}

impl Indexer {
    /// # Errors
    /// If no client can be made.
    pub fn new(url: Url, household: Household) -> reqwest::Result<Indexer> {
        let client = Client::builder()
            .timeout(PATIENCE)
            // Whoever answers could send us anywhere.
            .redirect(Policy::none())
            .build()?;
        Ok(Indexer {
            client,
            url,
            household,
        })
    }

    /// What it knows of the household in `seat`, whose windows are of `length` seconds, for the calendar's day from `since` on, and for
    /// its month, at `now`, unix seconds.
    ///
    /// # Errors
    /// [`IndexerError`].
    pub async fn ask(
        &self,
        (seat, since): (u16, i64),
        length: i64,
        calendar: &Calendar,
        now: i64,
    ) -> Result<Indexed, IndexerError> {
        let since = since.max(calendar.day).to_string();
        let until = now.to_string();
        let path = format!("seats/{seat}/positions");
        let mut positions: Vec<Position> = vec![];
        let mut after: Option<String> = None;
        for _ in 0..MOST_PARTS {
            let mut query = vec![("since", &*since), ("until", &*until), ("limit", "1000")];
            query.extend(after.as_deref().map(|after| ("after", after)));
            let part: Option<Positions> = self.get(&path, &query).await?;
            let part = part.ok_or_else(|| self.other_markets())?;
            positions.extend(part.items);
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        Ok(Indexed {
            calendar: calendar.clone(),
            today: Today::of(&positions, length, now),
            bill: self.bill(calendar).await?,
        })
    }

    /// `None` of a household that the indexer knows nothing of yet.
    async fn bill(&self, calendar: &Calendar) -> Result<Option<Bill>, IndexerError> {
        let owner = self.household.owner.to_string();
        let zone = calendar.zone.as_str();
        let month = calendar.month_name.as_str();
        let query = [("month", month), ("zone", zone), ("household", &*owner)];
        let bills: Option<Bills> = self.get("bills", &query).await?;
        Ok(bills.and_then(|bills| {
            // A wallet may have had several seats.
            let totals = bills.items.iter().map(|item| item.total.milli_atoms);
            let total = totals.reduce(i64::saturating_add)?;
            Some(Bill {
                milli_atoms: total,
                until: bills.until,
                is_complete: bills.is_complete,
            })
        }))
    }

    /// `None` of what there is not.
    async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Option<T>, IndexerError> {
        let mut url = self.url.clone();
        let market = self.household.market.to_string();
        if let Ok(mut parts) = url.path_segments_mut() {
            let of_market = ["v1", "markets", &market];
            parts
                .pop_if_empty()
                .extend(of_market)
                .extend(path.split('/'));
        }
        let request = self.client.get(url).query(query);
        let mut answer = request
            .send()
            .await
            .map_err(|error| self.no_answer(&error))?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                return Err(IndexerError::NoAnswer {
                    host: self.host(),
                    reason: "can't answer now",
                })
            }
            status => {
                return Err(IndexerError::Refused {
                    host: self.host(),
                    path: path.to_owned(),
                    status: status.as_u16(),
                })
            }
        }
        let unreadable = || IndexerError::Unreadable {
            host: self.host(),
            path: path.to_owned(),
        };
        let mut body: Vec<u8> = vec![];
        while let Some(part) = answer
            .chunk()
            .await
            .map_err(|error| self.no_answer(&error))?
        {
            if body.len().saturating_add(part.len()) > LONGEST {
                return Err(unreadable());
            }
            body.extend_from_slice(&part);
        }
        let read = serde_json::from_slice(&body);
        read.map(Some).map_err(|_| unreadable())
    }

    fn host(&self) -> String {
        self.url.host_str().unwrap_or("unknown").to_owned()
    }

    fn other_markets(&self) -> IndexerError {
        IndexerError::OtherMarkets { host: self.host() }
    }

    fn no_answer(&self, error: &reqwest::Error) -> IndexerError {
        let reason = match () {
            () if error.is_timeout() => "takes too long",
            () if error.is_connect() => {
                "can't be connected to; does it run, and is `indexer` right?"
            }
            () => "breaks off its answer",
        };
        IndexerError::NoAnswer {
            host: self.host(),
            reason,
        }
    }
}
