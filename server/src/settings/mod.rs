//! What an operator can set. Development needs nothing set; production refuses what is unsafe.

use anyhow::{Context, bail, ensure};
use auth::anomaly::AnomalySettings;
use auth::backup::BackupSettings;
use auth::factor::{FactorPolicy, SecondFactorRule};
use auth::federation::FederationSettings;
use auth::mail::SmtpSettings;
use auth::password::hash::HashCost;
use auth::password::range_service::RangeUrl;
use auth::settings::{CodeSettings, KeySettings, Lifetimes};
use auth::store::ReplicaSettings;
use auth::view::SettingItem;
use auth::webhook::WebhookSettings;
use auth::{ProviderId, Timestamp};
use ipnet::IpNet;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::PathBuf;

pub(crate) mod acme;
pub mod all_settings;
mod anomalies;
mod backup;
mod codes;
mod credentials;
pub(crate) mod database;
mod domains;
mod in_effect;
mod keys;
mod load;
pub(crate) mod mail;
mod master_keys;
mod monitoring;
mod networks;
mod origin;
pub(crate) mod production;
mod providers;
mod secret_file;
mod secret_places;
pub mod source;
mod sqlite_file;
mod tls;
mod vault;
mod webhooks;

pub(crate) use database::is_safe as is_safe_database;
pub use domains::DomainSettings;
pub use secret_places::{KeyPlace, SecretFile};
pub(crate) use sqlite_file::make as make_sqlite_file;

use crate::door::DoorLimits;
use crate::tls::Tls;
use crate::traces::TraceSettings;
use crate::vault::Vault;
use origin::{is_local, is_origin};
use source::{Origins, Values};

/// What the program runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A developer's machine: nothing needs to be set, mails go to an inbox page.
    Development,
    /// People depend on it.
    Production,
}

/// All settings, parsed.
#[derive(Clone)]
pub struct Settings {
    /// See [`all_settings::KEYS`] for each.
    pub mode: Mode,
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// What is served over TLS; none: plain HTTP.
    pub tls: Option<Tls>,
    /// Whether something else encrypts the network of `listen`.
    pub listen_behind_tls: bool,
    /// Without a slash at the end.
    pub public_url: String,
    /// SQLite or PostgreSQL.
    pub database_url: String,
    /// A file with the password of PostgreSQL, for whoever rotates it.
    pub database_password_file: Option<PathBuf>,
    /// Whether a start brings the tables up to date.
    pub migrate_at_start: bool,
    /// A copy of PostgreSQL that lists are read from.
    pub replica: Option<ReplicaSettings>,
    /// Backups.
    pub backup: BackupSettings,
    /// None in development until the first start made one.
    pub master_key: Option<SecretString>,
    /// Keys that only open.
    pub other_master_keys: Vec<SecretString>,
    /// None: the development inbox.
    pub smtp: Option<SmtpSettings>,
    /// Under which name the key for DKIM stands in the DNS.
    pub dkim_selector: Option<String>,
    /// Codes by mail, by SMS and of apps.
    pub codes: CodeSettings,
    /// Whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How many connections there may be, and how long each may take.
    pub door: DoorLimits,
    /// The cost of a password hash.
    pub hash_cost: HashCost,
    /// Hashes at once.
    pub hash_threads: usize,
    /// Hashes waiting.
    pub hash_queue: usize,
    /// Who is asked whether new passwords are leaked.
    pub breached_passwords: Option<RangeUrl>,
    /// How long sessions and tokens live.
    pub lifetimes: Lifetimes,
    /// The keys that sign access tokens.
    pub keys: KeySettings,
    /// Who must have a second factor.
    pub factor_policy: FactorPolicy,
    /// Providers to sign in with.
    pub federation: FederationSettings,
    /// Providers whose secret ends, with the last day of it.
    pub secrets_end: Vec<(ProviderId, Timestamp)>,
    /// Mail domains of organizations.
    pub domains: DomainSettings,
    /// Addresses that are told of what happens.
    pub webhooks: WebhookSettings,
    /// Days that lines of the audit log are kept; 0: for ever.
    pub audit_retention_days: i64,
    /// Sign-ins that look unusual.
    pub anomalies: AnomalySettings,
    /// Whether the API documents itself.
    pub api_docs: bool,
    /// Whether rate limits hold.
    pub limits: bool,
    /// Folder with the pages' scripts and styles.
    pub site: Option<PathBuf>,
    /// Where figures are told; none: nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// Where traces are sent; none: nowhere.
    pub traces: Option<TraceSettings>,
    /// Where secrets came from; none without one.
    pub vault: Option<Vault>,
    /// What is logged.
    pub log: String,
    /// Every setting as people may see it, with where it was set.
    pub in_effect: Vec<SettingItem>,
}

impl Settings {
    /// Parses settings.
    ///
    /// # Errors
    /// The first value that cannot be read, or all that are unsafe in production.
    pub fn parse(values: &Values) -> anyhow::Result<Self> {
        let text = |name: &str| values.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let mode = match text("mode") {
            None | Some("development") => Mode::Development,
            Some("production") => Mode::Production,
            Some(other) => bail!("mode is {other}; it must be development or production"),
        };
        let development = mode == Mode::Development;
        let (cost, lifetimes, door) = (HashCost::default(), Lifetimes::default(), DoorLimits::default());
        let listen = listen(values)?;
        let settings = Self {
            mode,
            listen,
            tls: acme::parse(
                values,
                text("public_url").unwrap_or_default(),
                tls::parse(text("tls_certificate"), text("tls_key"))?,
            )?,
            listen_behind_tls: switch(values, "listen_behind_tls", false)?,
            public_url: public_url(values),
            database_url: text("database_url").unwrap_or("sqlite://data/keywright.db?mode=rwc").to_owned(),
            database_password_file: text("database_password_file").map(PathBuf::from),
            migrate_at_start: switch(values, "migrate_at_start", true)?,
            replica: database::replica(values)?,
            backup: backup::parse(values)?,
            master_key: text("master_key").map(SecretString::from),
            other_master_keys: master_keys::parse(text("other_master_keys").unwrap_or_default())?,
            smtp: mail::parse(values)?,
            dkim_selector: mail::dkim_selector(values)?,
            codes: codes::parse(values, development)?,
            trusted_proxies: networks::parse(text("trusted_proxies").unwrap_or_default())?,
            door: DoorLimits {
                connections: number(values, "connections", door.connections)?,
                connections_of_address: number(values, "connections_per_address", door.connections_of_address)?,
                ..door
            },
            hash_cost: HashCost {
                memory: number(values, "hash_memory_kib", cost.memory)?,
                passes: number(values, "hash_passes", cost.passes)?,
                lanes: number(values, "hash_lanes", cost.lanes)?,
            },
            hash_threads: number(values, "hash_threads", std::thread::available_parallelism().map_or(1, usize::from))?,
            hash_queue: number(values, "hash_queue", 64)?,
            breached_passwords: range_service(text("breached_passwords_url"))?,
            lifetimes: Lifetimes {
                access: number(values, "access_token_seconds", lifetimes.access)?,
                rotation_grace: number(values, "rotation_grace_seconds", lifetimes.rotation_grace)?,
                fresh_proof: number(values, "fresh_proof_seconds", lifetimes.fresh_proof)?,
                ..lifetimes
            },
            keys: keys::parse(values)?,
            factor_policy: factor_policy(values, text("second_factor"))?,
            federation: providers::parse(values, development)?,
            secrets_end: providers::secrets_end(values)?,
            domains: domains::parse(values)?,
            webhooks: webhooks::parse(values, development)?,
            audit_retention_days: number(values, "audit_retention_days", 400)?,
            anomalies: anomalies::parse(values)?,
            api_docs: switch(values, "api_docs", development)?,
            limits: switch(values, "limits", true)?,
            site: text("site").map(PathBuf::from),
            metrics_listen: monitoring::parse_metrics(values, listen)?,
            traces: monitoring::parse_traces(values)?,
            vault: None,
            log: text("log").unwrap_or("info").to_owned(),
            in_effect: in_effect::of(values, &Origins::new()),
        };
        settings.check()?;
        Ok(settings)
    }

    /// Refuses what cannot work, and in production what is unsafe.
    fn check(&self) -> anyhow::Result<()> {
        let known = ["sqlite:", "postgres:", "postgresql:"];
        ensure!(
            known.iter().any(|scheme| self.database_url.starts_with(scheme)),
            "database_url must start with sqlite:// or postgres://"
        );
        ensure!(is_origin(&self.public_url), "public_url must be like https://id.example.com");
        let is_https = self.public_url.starts_with("https://");
        ensure!(is_https || self.tls.is_none(), "public_url must be https where tls_certificate is set");
        // What lives longer is refused by the verifier.
        let lifetimes = 1..=auth::token::LONGEST_LIFE;
        ensure!(lifetimes.contains(&self.lifetimes.access), "access_token_seconds must be 1 to 3600");
        ensure!((0..=300).contains(&self.lifetimes.rotation_grace), "rotation_grace_seconds must be 0 to 300");
        ensure!((1..=86_400).contains(&self.lifetimes.fresh_proof), "fresh_proof_seconds must be 1 to 86400");
        ensure!((0..=36_500).contains(&self.audit_retention_days), "audit_retention_days must be 0 to 36500");
        ensure!(!self.database_url.contains(":memory:"), "database_url would forget everything at a restart");
        database::check_password_file(&self.database_url, self.database_password_file.is_some())?;
        ensure!(self.hash_queue >= 1 && self.hash_threads >= 1, "hash_queue and hash_threads must be at least 1");
        let door = [self.door.connections, self.door.connections_of_address];
        ensure!(
            door.iter().all(|most| (1..=1_000_000).contains(most)),
            "connections and connections_per_address must be 1 to 1000000"
        );
        if self.mode == Mode::Development {
            // The inbox shows every code to whoever can reach it.
            ensure!(self.listen.ip().is_loopback(), "development listens on this machine only; set mode to production");
            ensure!(
                self.metrics_listen.is_none_or(|address| address.ip().is_loopback()),
                "development listens on this machine only: metrics_listen must be a loopback address"
            );
            ensure!(is_local(&self.public_url), "public_url is not this machine; set mode to production");
            return Ok(());
        }
        let findings = production::findings(self);
        ensure!(findings.is_empty(), "production is refused:\n  - {}", findings.join("\n  - "));
        Ok(())
    }

    /// Whether nobody elsewhere can reach the program.
    pub fn is_for_this_machine(&self) -> bool {
        is_local(&self.public_url)
    }
}

/// Address and port to listen on.
///
/// # Errors
/// When it is none.
pub(crate) fn listen(values: &Values) -> anyhow::Result<SocketAddr> {
    let text = values.get("listen").map(String::as_str).filter(|text| !text.is_empty());
    text.unwrap_or("127.0.0.1:3000").parse().context("listen must be address:port")
}

/// Where people reach this program, without a slash at the end.
pub(crate) fn public_url(values: &Values) -> String {
    let text = values.get("public_url").map(String::as_str).filter(|text| !text.is_empty());
    text.unwrap_or("http://localhost:3000").trim_end_matches('/').to_owned()
}

fn range_service(url: Option<&str>) -> anyhow::Result<Option<RangeUrl>> {
    url.map(RangeUrl::parse).transpose().context("breached_passwords_url cannot be used")
}

fn factor_policy(values: &Values, rule: Option<&str>) -> anyhow::Result<FactorPolicy> {
    let default = FactorPolicy::default();
    let rule = match rule {
        None => default.rule,
        Some(name) => SecondFactorRule::parse(name)
            .with_context(|| format!("second_factor is {name}; it must be optional, admins or everyone"))?,
    };
    let grace_days = number(values, "second_factor_grace_days", default.grace_days)?;
    ensure!((0..=365).contains(&grace_days), "second_factor_grace_days must be 0 to 365");
    Ok(FactorPolicy { rule, grace_days })
}

fn number<T: std::str::FromStr>(values: &Values, name: &str, default: T) -> anyhow::Result<T> {
    match values.get(name) {
        None => Ok(default),
        Some(text) => text.trim().parse().ok().with_context(|| format!("{name} is {text}; it must be a number")),
    }
}

fn switch(values: &Values, name: &str, default: bool) -> anyhow::Result<bool> {
    match values.get(name).map(String::as_str) {
        None => Ok(default),
        Some("on" | "true") => Ok(true),
        Some("off" | "false") => Ok(false),
        Some(other) => bail!("{name} is {other}; it must be on or off"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(toml: &str) -> anyhow::Result<Settings> {
        Settings::parse(&source::from_toml(toml)?)
    }

    #[test]
    fn development_needs_nothing() {
        let settings = parse("").unwrap();
        assert_eq!(settings.mode, Mode::Development);
        assert!(settings.api_docs && settings.smtp.is_none() && settings.breached_passwords.is_none());
    }

    #[test]
    fn production_names_everything_unsafe_at_once() {
        let unsafe_ones = "mode = 'production'\nhash_memory_kib = 64\nlimits = false\nprovider_private_addresses = true\n\
             webhook_private_addresses = true\ndatabase_url = 'postgres://db.example.com/keywright'\n\
             listen = '0.0.0.0:3000'\ndns_server = '192.0.2.53:53'";
        let error = parse(unsafe_ones).err().unwrap().to_string();
        for finding in [
            "https",
            "master_key",
            "smtp_url",
            "sslmode=verify-full",
            "OWASP",
            "limits",
            "provider_private_addresses",
            "webhook_private",
            "listen lets others reach this program in the clear",
            "dns_server must be an address of this machine",
        ] {
            assert!(error.contains(finding), "{finding} in {error}");
        }
    }

    #[test]
    fn values_that_cannot_be_read_are_named() {
        for (toml, name) in [
            ("listen = 'nowhere'", "listen"),
            ("hash_queue = 'many'", "hash_queue"),
            ("trusted_proxies = '10.0.0.0/99'", "trusted_proxies"),
            ("public_url = 'http://localhost:3000/path'", "public_url"),
            ("public_url = 'http://id.example.com'", "public_url"),
            ("public_url = 'https://id.example.com'", "public_url"),
            ("public_url = 'http://localhost.evil.example'", "public_url"),
            ("listen = '0.0.0.0:3000'", "development"),
            ("hash_queue = 0", "hash_queue"),
            ("connections = 0", "connections"),
            ("connections_per_address = 1000001", "connections_per_address"),
            ("trusted_proxies = '0.0.0.0/0'", "trusted_proxies"),
            ("trusted_proxies = '0.0.0.0/1, 128.0.0.0/1'", "trusted_proxies"),
            ("trusted_proxies = '::/0'", "trusted_proxies"),
            ("breached_passwords_url = 'http://range.example.com'", "breached_passwords_url"),
            ("breached_passwords_url = 'range.example.com'", "breached_passwords_url"),
            ("fresh_proof_seconds = 0", "fresh_proof_seconds"),
            ("fresh_proof_seconds = 86401", "fresh_proof_seconds"),
            ("second_factor = 'all'", "second_factor"),
            ("second_factor_grace_days = -1", "second_factor_grace_days"),
            ("second_factor_grace_days = 366", "second_factor_grace_days"),
            ("organization_domains = 'perhaps'", "organization_domains"),
            ("dns_server = 'dns.example.com'", "dns_server"),
            ("dns_server = 'tls://dns.example.com/path'", "dns_server"),
            ("dns_ca = '/nowhere/ca.pem'", "dns_ca names /nowhere/ca.pem"),
            ("tls_key = '/nowhere/key.pem'", "tls_key"),
            ("listen_behind_tls = 'perhaps'", "listen_behind_tls"),
            ("audit_retention_days = -1", "audit_retention_days"),
            ("audit_retention_days = 36501", "audit_retention_days"),
            ("anomaly_step_up = 'perhaps'", "anomaly_step_up"),
            ("geoip_database = 'nowhere.mmdb'", "geoip_database"),
            ("mode = 'staging'", "mode"),
            ("database_url = 'mysql://x'", "database_url"),
            ("database_password_file = '/run/password'", "database_password_file"),
            ("migrate_at_start = 'perhaps'", "migrate_at_start"),
            ("replica_url = 'postgres://localhost/copy'", "replica_url"),
            ("replica_lag_seconds = 1", "replica_lag_seconds"),
            ("webhook_hosts = 'https://hooks.example.com'", "webhook_hosts"),
        ] {
            let error = parse(toml).err().unwrap().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
