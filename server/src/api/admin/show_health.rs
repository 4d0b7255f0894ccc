//! `GET /api/v1/admin/health`

use auth::session::Caller;
use auth::view::Health;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use super::shown_checks::ExaminationShape;
use crate::problem::{Problem, Refused};
use crate::process::Process;

/// How the program is, on the node that answers. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Health)]
#[expect(dead_code, reason = "the shape of `auth::view::Health` for the document")]
struct HealthShape {
    /// The process that answers.
    process: ProcessShape,
    /// Database, outbox, threads and keys.
    engine: EngineShape,
}

/// The process that answers.
#[derive(ToSchema)]
#[schema(as = ProcessHealth)]
#[expect(dead_code, reason = "the shape of `auth::view::ProcessHealth` for the document")]
struct ProcessShape {
    /// The version of the program.
    version: String,
    /// When it started.
    started_at: i64,
    /// Bytes of memory that it holds; null where the system does not tell.
    memory_bytes: Option<i64>,
    /// How long the requests of the last 15 minutes took.
    latency: LatencyShape,
    /// What is wrong with the proxies before the program, as far as the last 20 minutes show.
    proxies: Vec<ProxyFindingShape>,
    /// The vault that secrets came from; null without one.
    vault: Option<VaultShape>,
    /// The certificate that the program serves by itself; null where it speaks no TLS.
    tls: Option<TlsShape>,
    /// What `keywright doctor` looks at, as this node found it last; null before its first look, and for who may not read
    /// settings.
    checks: Option<ExaminationShape>,
}

/// The certificate that the program serves.
#[derive(ToSchema)]
#[schema(as = TlsHealth)]
#[expect(dead_code, reason = "the shape of `auth::view::TlsHealth` for the document")]
struct TlsShape {
    /// The last moment at which it is believed.
    ends_at: i64,
    /// `ended`, `unusable` (what was written anew; the one before is served) or `ends_soon`; null when all is well.
    #[schema(example = "ends_soon")]
    fault: Option<String>,
}

/// The vault that secrets came from at the start, and the token that reads them.
#[derive(ToSchema)]
#[schema(as = VaultHealth)]
#[expect(dead_code, reason = "the shape of `auth::view::VaultHealth` for the document")]
struct VaultShape {
    /// When it told the secrets last.
    answered_at: i64,
    /// When the token ends unless it is renewed; null where that is not known, or never.
    token_ends_at: Option<i64>,
    /// `unreachable`, `sealed`, `refused`, `missing`, `not_renewed` or `changed`; null when all is well.
    #[schema(example = "sealed")]
    fault: Option<String>,
}

/// Something that is wrong with the proxies before the program, or with what the settings say of them.
#[derive(ToSchema)]
#[schema(as = ProxyFinding)]
#[expect(dead_code, reason = "the shape of `auth::view::ProxyFinding` for the document")]
struct ProxyFindingShape {
    /// `unlisted_proxy`, `silent_proxy`, `many_trusted`, `many_unlisted` or `wide_network`.
    #[schema(example = "unlisted_proxy")]
    fault: String,
    /// Whose address or network it is about, where it is about one.
    #[schema(example = "10.0.0.1")]
    address: Option<String>,
    /// How many accounts share the address, or how many addresses send the header; about.
    count: i64,
}

/// How long requests took.
#[derive(ToSchema)]
#[schema(as = Latency)]
#[expect(dead_code, reason = "the shape of `auth::view::Latency` for the document")]
struct LatencyShape {
    /// All of them together.
    all: LatencyOfShape,
    /// Each minute in which there was one: the same, with `start`.
    minutes: Vec<LatencyMinuteShape>,
}

/// Microseconds, to within a quarter.
#[derive(ToSchema)]
#[schema(as = LatencyOf)]
#[expect(dead_code, reason = "the shape of `auth::view::LatencyOf` for the document")]
struct LatencyOfShape {
    /// How many requests there were.
    requests: i64,
    /// Half of them took no longer.
    p50_us: i64,
    /// 95 of 100 took no longer.
    p95_us: i64,
    /// 99 of 100 took no longer.
    p99_us: i64,
}

/// The requests of a minute.
#[derive(ToSchema)]
#[schema(as = LatencyMinute)]
#[expect(dead_code, reason = "the shape of `auth::view::LatencyMinute` for the document")]
struct LatencyMinuteShape {
    /// Its first moment.
    start: i64,
    /// How many requests there were.
    requests: i64,
    /// Half of them took no longer.
    p50_us: i64,
    /// 95 of 100 took no longer.
    p95_us: i64,
    /// 99 of 100 took no longer.
    p99_us: i64,
}

/// Database, outbox, threads and keys.
#[derive(ToSchema)]
#[schema(as = EngineHealth)]
#[expect(dead_code, reason = "the shape of `auth::view::EngineHealth` for the document")]
struct EngineShape {
    /// The database.
    database: DatabaseShape,
    /// Work that waits, by kind.
    jobs: Vec<JobQueueShape>,
    /// Jobs that were given up.
    dead_jobs: i64,
    /// Passwords that wait for a thread.
    hash_queue: HashQueueShape,
    /// Keys that sign access tokens.
    keys: KeysShape,
}

/// The database.
#[derive(ToSchema)]
#[schema(as = DatabaseHealth)]
#[expect(dead_code, reason = "the shape of `auth::view::DatabaseHealth` for the document")]
struct DatabaseShape {
    /// `SQLite` or `PostgreSQL`.
    #[schema(example = "SQLite")]
    kind: String,
    /// Microseconds that the smallest question took.
    ping_us: i64,
    /// Bytes on its disk.
    size_bytes: i64,
    /// Migrations that were applied.
    migrations: i64,
    /// Migrations that this program knows.
    migrations_known: i64,
}

/// Jobs of one kind that wait.
#[derive(ToSchema)]
#[schema(as = JobQueue)]
#[expect(dead_code, reason = "the shape of `auth::view::JobQueue` for the document")]
struct JobQueueShape {
    /// What is to be done.
    #[schema(example = "mail")]
    kind: String,
    /// How many wait.
    waiting: i64,
    /// How many of them are overdue.
    due: i64,
    /// When the eldest was promised.
    oldest_at: i64,
}

/// Passwords that wait for a thread.
#[derive(ToSchema)]
#[schema(as = HashQueue)]
#[expect(dead_code, reason = "the shape of `auth::view::HashQueue` for the document")]
struct HashQueueShape {
    /// How many wait.
    waiting: i64,
    /// How many may.
    limit: i64,
}

/// Keys that sign access tokens.
#[derive(ToSchema)]
#[schema(as = KeysHealth)]
#[expect(dead_code, reason = "the shape of `auth::view::KeysHealth` for the document")]
struct KeysShape {
    /// The key that signs.
    signing: Option<String>,
    /// Since when.
    signs_from: Option<i64>,
    /// Keys whose tokens are accepted.
    accepted: i64,
    /// When this node learned of keys last.
    learned_at: i64,
    /// When this node learned last what was ended elsewhere.
    revocations_learned_at: i64,
}

/// How the program is.
#[utoipa::path(get, path = "/admin/health", tag = "admin", responses(
    (status = 200, description = "How it is.", body = HealthShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not permitted", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_show_health(
    State(auth): State<Auth>,
    State(process): State<Process>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<Health>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let engine = flow::show_health(&auth, &caller).await;
    let engine = engine.map_err(|error| Refused::from_error(&error, context.locale))?;
    let mut process = process.health(auth.now());
    if !flow::may_see_checks(&auth, &caller).await {
        process.checks = None;
    }
    Ok(Json(Health { process, engine }))
}
