//! Questions over HTTP, and their description as OpenAPI.

mod answers;
mod bills;
mod checks;
mod lists;
mod money;
mod prices;
mod questions;
mod sources;

use std::sync::Arc;

use axum::{routing::get, Json, Router};
use joulebook_daemon::http::{no_such_path, wrong_method, Problem};
use utoipa::{
    openapi::{InfoBuilder, OpenApi, OpenApiBuilder},
    ToSchema,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::store::{MarketRecord, Store, StoreError};

pub use answers::{BillItem, MarketItem};
pub use money::decimal;

/// What an error says.
#[derive(Debug, serde::Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the server writes")]
struct ErrorAnswer {
    /// What is wrong; what to do.
    error: String,
}

/// What answers need.
#[derive(Clone)]
struct Api {
    store: Arc<Store>,
    /// Of months.
    zone: Arc<str>,
}

impl Api {
    /// The market that a path names.
    async fn market(&self, address: &str) -> Result<MarketRecord, Problem> {
        let market = self.store.market(address).await.map_err(failed)?;
        market.ok_or_else(|| {
            Problem::not_found(
                "there is no such market here; /v1/markets lists those that there are",
            )
        })
    }
}

/// The router, and its description.
pub fn router(store: Arc<Store>, zone: &str) -> (Router, OpenApi) {
    let api = Api {
        store,
        zone: zone.into(),
    };
    let (router, description) = routes_of().with_state(api).split_for_parts();
    let described = description.clone();
    let answer = move || {
        let described = described.clone();
        async move { Json(described) }
    };
    let router = router
        .route("/v1/openapi.json", get(answer))
        .fallback(no_such_path)
        .method_not_allowed_fallback(wrong_method);
    (router, description)
}

/// What the server answers, without a server.
pub fn description() -> OpenApi {
    routes_of().into_openapi()
}

fn routes_of() -> OpenApiRouter<Api> {
    let about = "Windows, orders, positions, readings and bills of energy markets, beyond what the chain keeps. Energies are in Wh, \
        times in unix seconds, prices in atoms per kWh, money in milli-atoms (Wh times atoms per kWh, exactly) and, as text, in \
        tokens. Lists go on behind `next`: ask again with it as `after`.";
    let info = InfoBuilder::new()
        .title("Joulebook indexer")
        .description(Some(about))
        .version("1");
    let open_api = OpenApiBuilder::new().info(info.build()).build();
    OpenApiRouter::with_openapi(open_api)
        .routes(routes!(lists::markets))
        .routes(routes!(lists::market))
        .routes(routes!(lists::windows))
        .routes(routes!(lists::window))
        .routes(routes!(lists::orders))
        .routes(routes!(lists::positions_of_window))
        .routes(routes!(lists::seats))
        .routes(routes!(lists::positions_of_seat))
        .routes(routes!(lists::corrections_of_seat))
        .routes(routes!(lists::meters))
        .routes(routes!(lists::readings))
        .routes(routes!(lists::movements))
        .routes(routes!(lists::gaps))
        .routes(routes!(prices::prices))
        .routes(routes!(bills::bills))
        .routes(routes!(sources::sources))
        .routes(routes!(checks::conservation))
        .routes(routes!(checks::state))
}

/// The database does not answer. What exactly is in the log, not for strangers.
fn failed(error: StoreError) -> Problem {
    tracing::warn!(%error, "a question can't be answered");
    match error {
        StoreError::TooLong => Problem::unavailable(error.to_string()),
        _ => Problem::unavailable("the database does not answer; ask again"),
    }
}
