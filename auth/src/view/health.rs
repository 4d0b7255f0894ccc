//! How the program is, as operators see it.

use serde::{Deserialize, Serialize};

use super::Examination;
use crate::Timestamp;

/// How the engine is: its database, its outbox, its threads and keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineHealth {
    /// The database.
    pub database: DatabaseHealth,
    /// Work that waits, by kind; a kind without any is not named.
    pub jobs: Vec<JobQueue>,
    /// Jobs that were given up: an operator looks at them.
    pub dead_jobs: i64,
    /// Passwords that wait for a thread.
    pub hash_queue: HashQueue,
    /// Keys that sign access tokens, and what this node knows of them.
    pub keys: KeysHealth,
}

/// How the database is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseHealth {
    /// `SQLite` or `PostgreSQL`.
    pub kind: String,
    /// Microseconds that the smallest question took.
    pub ping_us: i64,
    /// Bytes on its disk.
    pub size_bytes: i64,
    /// Migrations that were applied.
    pub migrations: i64,
    /// Migrations that this program knows.
    pub migrations_known: i64,
}

/// Jobs of one kind that wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobQueue {
    /// What is to be done, such as `mail`.
    pub kind: String,
    /// How many wait, those that failed and are tried again included.
    pub waiting: i64,
    /// How many of them are overdue.
    pub due: i64,
    /// When the eldest of them was promised.
    pub oldest_at: Timestamp,
}

/// Passwords that wait for a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashQueue {
    /// How many wait.
    pub waiting: i64,
    /// How many may wait: the next one is told to come back.
    pub limit: i64,
}

/// Keys that sign access tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysHealth {
    /// The key that signs; none when there is none.
    pub signing: Option<String>,
    /// Since when it signs.
    pub signs_from: Option<Timestamp>,
    /// Keys whose tokens are accepted, that one included.
    pub accepted: i64,
    /// When this node learned of keys last.
    pub learned_at: Timestamp,
    /// When this node learned last what was ended elsewhere.
    pub revocations_learned_at: Timestamp,
}

/// How the process is that answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessHealth {
    /// The version of the program.
    pub version: String,
    /// When it started.
    pub started_at: Timestamp,
    /// Bytes of memory that it holds; none where the system does not tell.
    pub memory_bytes: Option<i64>,
    /// How long requests took.
    pub latency: Latency,
    /// What is wrong with the proxies before the program, as far as the last minutes show; nothing, as a rule.
    pub proxies: Vec<ProxyFinding>,
    /// How the vault is that the operator's secrets came from; none without one.
    pub vault: Option<VaultHealth>,
    /// How the certificate is that the program serves by itself; none where it speaks no TLS.
    pub tls: Option<TlsHealth>,
    /// What `keywright doctor` looks at, as this node last found it; none before its first look, and for who may not read
    /// settings.
    pub checks: Option<Examination>,
}

/// How the certificate is that the program serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsHealth {
    /// The last moment at which it is believed.
    pub ends_at: Timestamp,
    /// What is wrong; nothing, as a rule.
    pub fault: Option<TlsFault>,
}

/// What can be wrong with the certificate or its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsFault {
    /// It has ended.
    Ended,
    /// The files as they are now cannot be used; what was there before is served.
    Unusable,
    /// It ends within seven days.
    EndsSoon,
}

/// How the vault is that the operator's secrets were read from, and the token that reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultHealth {
    /// When it told the secrets last.
    pub answered_at: Timestamp,
    /// When the token ends unless it is renewed; none where it does not end, or nobody has said.
    pub token_ends_at: Option<Timestamp>,
    /// What is wrong; nothing, as a rule.
    pub fault: Option<VaultFault>,
}

/// What can be wrong with a vault. The program goes on with the secrets it has; its next start may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultFault {
    /// It does not answer, is at fault itself, or answers what nobody understands.
    Unreachable,
    /// It is sealed.
    Sealed,
    /// It accepts the token or the role no longer.
    Refused,
    /// It has no secret any more where it was.
    Missing,
    /// It does not renew the token.
    NotRenewed,
    /// The secret was changed after the start.
    Changed,
}

/// Something that is wrong with the proxies before the program, or with what the settings say of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyFinding {
    /// What it is.
    pub fault: ProxyFault,
    /// Whose address or network it is about, where it is about one.
    pub address: Option<String>,
    /// How many accounts share the address, or how many addresses send the header; about.
    pub count: i64,
}

/// What can be wrong with proxies. Each leads to wrong addresses in limits, notices and the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyFault {
    /// Many accounts share one address, and what comes from it names others: a proxy that is not listed.
    UnlistedProxy,
    /// Many accounts share the address of a proxy, or of this machine, that names nobody: it does not send the header.
    SilentProxy,
    /// More addresses of the listed networks send the header than there are proxies: whoever is inside can name anybody.
    ManyTrusted,
    /// Many who are not listed send the header: people pass the proxies by, or a proxy of many addresses is not listed.
    ManyUnlisted,
    /// A listed network is a large part of the public internet.
    WideNetwork,
}

impl ProxyFault {
    /// Every fault.
    pub const ALL: [Self; 5] =
        [Self::UnlistedProxy, Self::SilentProxy, Self::ManyTrusted, Self::ManyUnlisted, Self::WideNetwork];

    /// The name for programs and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnlistedProxy => "unlisted_proxy",
            Self::SilentProxy => "silent_proxy",
            Self::ManyTrusted => "many_trusted",
            Self::ManyUnlisted => "many_unlisted",
            Self::WideNetwork => "wide_network",
        }
    }

    /// The fault of a name, in its exact spelling.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == name)
    }
}

/// How long the requests of this node took within the last quarter of an hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// All of them together.
    pub all: LatencyOf,
    /// Each minute in which there was one, the eldest first.
    pub minutes: Vec<LatencyMinute>,
}

/// Requests and how long they took, in microseconds, to within a quarter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatencyOf {
    /// How many there were.
    pub requests: i64,
    /// Half of them took no longer.
    pub p50_us: i64,
    /// 95 of 100 took no longer.
    pub p95_us: i64,
    /// 99 of 100 took no longer.
    pub p99_us: i64,
}

/// The requests of a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatencyMinute {
    /// Its first moment.
    pub start: Timestamp,
    /// How long they took.
    #[serde(flatten)]
    pub of: LatencyOf,
}

/// How the program is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The process that answers.
    pub process: ProcessHealth,
    /// The engine.
    pub engine: EngineHealth,
}
