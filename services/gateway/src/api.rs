//! What a gateway answers over HTTP.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
    Json, Router,
};
use joulebook_client::layout::oracle::{KeyKind, Meter, MeterStatus};
use joulebook_daemon::http::{no_such_path, wrong_method, Problem};
use joulebook_metering::register::Offsets;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{ocmf::NoRecord, Chargers},
    intake::{Intake, IntakeError, Told},
    message::{Key, Signed, Signer},
    store::StoreError,
    view::View,
};

/// All paths.
pub fn router(intake: Intake, chargers: Chargers) -> Router {
    let records = Router::new()
        .route("/v1/records", post(take_record))
        .with_state(chargers);
    Router::new()
        .route("/v1/messages", post(take))
        .route("/v1/messages/{id}", get(fate))
        .route("/v1/meters/{number}", get(meter))
        .route("/v1/table", get(table))
        .fallback(no_such_path)
        .method_not_allowed_fallback(wrong_method)
        .with_state(Arc::new(intake))
        .merge(records)
}

/// One message, a list of them, or a list by name: what `joulebook meter sign` prints.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Messages {
    One(Signed),
    Many(Vec<Signed>),
    Named { messages: Vec<Signed> },
}

impl Messages {
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &[u8]) -> Result<Vec<Signed>, String> {
        // Untagged choices say nothing of what is wrong; the first of these does.
        if let Ok(messages) = serde_json::from_slice::<Messages>(text) {
            return Ok(match messages {
                Messages::One(signed) => vec![signed],
                Messages::Many(messages) | Messages::Named { messages } => messages,
            });
        }
        let wrong = serde_json::from_slice::<Signed>(text).err();
        let wrong = wrong.map(|error| error.to_string()).unwrap_or_default();
        Err(format!(
            "a message is {{\"message\": base64, \"signature\": base64}}, and several are a list of them: {wrong}"
        ))
    }
}

/// What is answered: of each message, in their sequence.
#[derive(Debug, Serialize)]
struct Answer {
    messages: Vec<Told>,
}

async fn take(State(intake): State<Arc<Intake>>, body: axum::body::Bytes) -> Response {
    let messages = match Messages::parse(&body) {
        Ok(messages) => messages,
        Err(wrong) => return Problem::bad_request(wrong).into_response(),
    };
    match intake.take_of_strangers(messages, "http").await {
        Ok(messages) => {
            let is_refused = !messages.is_empty() && messages.iter().all(Told::is_refused);
            let status = match is_refused {
                _ if messages.iter().any(Told::is_unknown) => StatusCode::SERVICE_UNAVAILABLE,
                true => StatusCode::UNPROCESSABLE_ENTITY,
                false => StatusCode::ACCEPTED,
            };
            (status, Json(Answer { messages })).into_response()
        }
        Err(error) => problem(&error).into_response(),
    }
}

/// What is answered of a charger's record.
#[derive(Debug, Serialize)]
struct RecordAnswer {
    charger: String,
    /// Registers that were taken in.
    readings: usize,
    /// Of the last one, unix seconds.
    until: i64,
}

async fn take_record(State(chargers): State<Chargers>, text: String) -> Response {
    match chargers.take(&text).await {
        Ok(taken) => {
            let answer = RecordAnswer {
                charger: taken.charger,
                readings: taken.readings,
                until: taken.until,
            };
            (StatusCode::ACCEPTED, Json(answer)).into_response()
        }
        Err(error) => {
            let status = match error.downcast_ref::<NoRecord>() {
                Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
                None => StatusCode::SERVICE_UNAVAILABLE,
            };
            Problem::new(status, format!("{error:#}")).into_response()
        }
    }
}

fn problem(error: &IntakeError) -> Problem {
    let status = match error {
        IntakeError::TooMany(_) => StatusCode::PAYLOAD_TOO_LARGE,
        IntakeError::Store(StoreError::Full { .. }) => StatusCode::INSUFFICIENT_STORAGE,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    Problem::new(status, error.to_string())
}

async fn fate(
    State(intake): State<Arc<Intake>>,
    Path(id): Path<String>,
) -> Result<Json<Told>, Problem> {
    let key: Key = id
        .parse()
        .map_err(|error| Problem::bad_request(format!("{error}")))?;
    let known = intake.store.fate(&key);
    let known = known.map_err(|error| Problem::unavailable(error.to_string()))?;
    let known = known.ok_or_else(|| {
        Problem::not_found(
            "no such message was handed in here, or it was long ago; hand it in again",
        )
    })?;
    Ok(Json(Told::of(&key, known.boundary, &known.fate)))
}

/// What a device is set up with, and what its messages are held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableAnswer {
    pub meter_table: String,
    pub market: String,
    /// Genesis hash of the cluster.
    pub cluster: String,
    /// What every message is bound to, in hexadecimal digits.
    pub binding: String,
    pub interval_seconds: u32,
    pub page_intervals: u16,
    /// The chain's clock, unix seconds.
    pub now: i64,
}

async fn table(State(intake): State<Arc<Intake>>) -> Result<Json<TableAnswer>, Problem> {
    let view = view(&intake)?;
    let header = &view.table.header;
    Ok(Json(TableAnswer {
        meter_table: intake.addresses.meter_table.to_string(),
        market: intake.addresses.market.to_string(),
        cluster: solana_address::Address::from(header.cluster).to_string(),
        binding: hex(&header.binding),
        interval_seconds: header.interval_seconds,
        page_intervals: header.page_intervals,
        now: view.now.0,
    }))
}

/// What is known of a meter.
#[derive(Debug, Serialize)]
struct MeterAnswer {
    meter: u32,
    status: &'static str,
    key_kind: &'static str,
    /// Its device's public key, in hexadecimal digits: of P-256 compressed.
    key: String,
    /// Energy counts from then on, unix seconds.
    service_from: i64,
    /// Of the last reading that the oracle has, unix seconds.
    boundary: i64,
    /// The next message has a higher one.
    sequence: u64,
    /// What the device showed then, Wh.
    import: u64,
    export: u64,
    /// Messages that the oracle does not have yet.
    waiting: usize,
}

async fn meter(
    State(intake): State<Arc<Intake>>,
    Path(number): Path<u32>,
) -> Result<Json<MeterAnswer>, Problem> {
    let view = view(&intake)?;
    let meter = view.meter(number).ok_or_else(|| {
        Problem::not_found(
            "no meter has this number; have it registered, or look up its new number",
        )
    })?;
    Ok(Json(meter_answer(
        number,
        meter,
        intake.store.waiting_of(number),
    )))
}

fn meter_answer(number: u32, meter: &Meter, waiting: usize) -> MeterAnswer {
    let offsets = Offsets::from(meter);
    let kind = |kind: KeyKind| meter.key_kind == kind as u8;
    let status = match () {
        () if meter.is(MeterStatus::Active) => "active",
        () if meter.is(MeterStatus::Quarantined) => "quarantined",
        () if meter.is(MeterStatus::Retired) => "retired",
        () => "unused",
    };
    MeterAnswer {
        meter: number,
        status,
        key_kind: match kind(KeyKind::Ed25519) {
            true => "ed25519",
            false => "p256",
        },
        key: match Signer::of(meter).p256_key() {
            Some(key) => hex(&key),
            None => hex(&meter.device),
        },
        service_from: meter.service_from,
        boundary: meter.boundary,
        sequence: meter.sequence,
        import: meter.import.wrapping_add(offsets.import),
        export: meter.export.wrapping_add(offsets.export),
        waiting,
    }
}

fn view(intake: &Intake) -> Result<Arc<View>, Problem> {
    let nothing = "nothing is known of the chain yet; ask again in a while";
    intake.view().ok_or_else(|| Problem::unavailable(nothing))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
