//! The settings in effect, as administrators see them. A secret is never shown, nor how long it is; of an address that
//! may carry one, its beginning is. A setting that is not placed below counts as a secret.

use auth::view::{SettingItem, SettingOrigin};
use url::Url;

use super::all_settings::{KEYS, Key, PROVIDER_KEYS};
use super::source::{Origins, Values};

/// Settings that anybody may read.
const PLAIN: [&str; 69] = [
    "mode",
    "listen",
    "tls_certificate",
    "tls_key",
    "listen_behind_tls",
    "acme_directory",
    "acme_contact",
    "acme_folder",
    "acme_ca",
    "public_url",
    "database_password_file",
    "migrate_at_start",
    "replica_lag_seconds",
    "backup_place",
    "backup_recipient",
    "backup_every_hours",
    "backup_keep_daily",
    "backup_keep_weekly",
    "backup_keep_monthly",
    "backup_before_migration",
    "backup_s3_endpoint",
    "backup_s3_region",
    "backup_s3_key_id",
    "backup_work_folder",
    "postgres_tools",
    "smtp_password_file",
    "smtp_ca",
    "mail_from",
    "dkim_selector",
    "email_codes",
    "sms_per_minute",
    "authenticator_drift_steps",
    "trusted_proxies",
    "connections",
    "connections_per_address",
    "hash_memory_kib",
    "hash_passes",
    "hash_lanes",
    "hash_threads",
    "hash_queue",
    "access_token_seconds",
    "signing_algorithm",
    "key_rotation_days",
    "key_publish_seconds",
    "rotation_grace_seconds",
    "fresh_proof_seconds",
    "second_factor",
    "second_factor_grace_days",
    "provider_private_addresses",
    "native_redirects",
    "api_docs",
    "limits",
    "site",
    "metrics_listen",
    "otlp_endpoint",
    "otlp_sampled",
    "vault_address",
    "vault_namespace",
    "vault_path",
    "vault_ca",
    "log",
    "organization_domains",
    "dns_server",
    "webhook_hosts",
    "dns_ca",
    "webhook_private_addresses",
    "audit_retention_days",
    "geoip_database",
    "anomaly_step_up",
];
/// Addresses that may carry a password, a token or a key: their scheme, host and port are shown.
const ADDRESSES: [&str; 5] = ["database_url", "replica_url", "smtp_url", "sms_url", "breached_passwords_url"];
/// Secrets.
#[cfg(test)]
const SECRETS: [&str; 8] = [
    "master_key",
    "other_master_keys",
    "sms_secret",
    "backup_s3_secret",
    "hs256_secret",
    "vault_token",
    "vault_role_id",
    "vault_secret_id",
];
/// The only secret of a provider; a file of it is named, and that may be read.
const SECRET_OF_PROVIDER: &str = "client_secret";

/// Every setting, those of providers at the end.
pub(super) fn of(values: &Values, origins: &Origins) -> Vec<SettingItem> {
    let own = KEYS.iter().map(|key| item(key, key.name, values, origins));
    let of_providers = values.keys().filter_map(|name| of_provider(name, values, origins));
    own.chain(of_providers).collect()
}

/// Whether a name is that of a setting that may hold a secret: each that is not plain, and those of providers.
pub(super) fn may_be_secret(name: &str) -> bool {
    let is_own = KEYS.iter().any(|key| key.name == name && !PLAIN.contains(&name));
    is_own || super::providers::is_secret_name(name)
}

fn item(key: &Key, name: &str, values: &Values, origins: &Origins) -> SettingItem {
    let is_plain = PLAIN.contains(&key.name);
    let set = values.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let value = match set {
        // What it says in words is no secret.
        None => Some(key.default.to_owned()),
        Some(value) if is_plain => Some(value.to_owned()),
        Some(value) if ADDRESSES.contains(&key.name) => Some(beginning(value)),
        Some(_) => None,
    };
    SettingItem {
        name: name.to_owned(),
        value,
        origin: origin(name, set.is_some(), origins),
        is_secret: !is_plain,
        about: key.about.to_owned(),
    }
}

/// A value of a `[[provider]]`, or its secret from the environment.
fn of_provider(name: &str, values: &Values, origins: &Origins) -> Option<SettingItem> {
    let key = match name.strip_prefix("provider.") {
        Some(rest) => rest.split_once('.')?.1,
        None if super::providers::is_secret_name(name) => SECRET_OF_PROVIDER,
        None => return None,
    };
    let key = PROVIDER_KEYS.iter().find(|known| known.name == key)?;
    let is_secret = key.name == SECRET_OF_PROVIDER;
    Some(SettingItem {
        name: name.to_owned(),
        value: values.get(name).filter(|_| !is_secret).cloned(),
        origin: origin(name, true, origins),
        is_secret,
        about: key.about.to_owned(),
    })
}

fn origin(name: &str, is_set: bool, origins: &Origins) -> SettingOrigin {
    if is_set { origins.get(name).copied().unwrap_or(SettingOrigin::File) } else { SettingOrigin::Default }
}

/// Scheme, host and port of an address; a file of SQLite as it is. What comes behind may be a token.
fn beginning(address: &str) -> String {
    if let Some(path) = address.strip_prefix("sqlite:") {
        let path = path.split('?').next().unwrap_or_default();
        return format!("sqlite:{path}");
    }
    let Ok(url) = Url::parse(address) else { return "…".to_owned() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}/…", url.scheme(), url.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::source::from_toml;

    fn item_of(toml: &str, name: &str) -> SettingItem {
        let values = from_toml(toml).unwrap();
        let origins = Origins::from([("listen".to_owned(), SettingOrigin::Environment)]);
        of(&values, &origins).into_iter().find(|item| item.name == name).unwrap()
    }

    #[test]
    fn every_setting_has_its_place() {
        for Key { name, .. } in KEYS {
            let places = [PLAIN.contains(name), ADDRESSES.contains(name), SECRETS.contains(name)];
            assert_eq!(places.iter().filter(|is_here| **is_here).count(), 1, "{name}");
        }
    }

    #[test]
    fn nothing_of_a_secret_is_told() {
        let short = item_of("hs256_secret = 'hunter2'", "hs256_secret");
        let long = item_of("hs256_secret = 'hunter2hunter2hunter2hunter2'", "hs256_secret");
        assert_eq!(short, long);
        assert_eq!((short.value, short.is_secret, short.origin), (None, true, SettingOrigin::File));
        let unset = item_of("", "master_key");
        assert_eq!((unset.origin, unset.is_secret), (SettingOrigin::Default, true));
        let provider = "[[provider]]\nkind = 'google'\nclient_id = 'me'\nclient_secret = 'hunter2'";
        assert_eq!(item_of(provider, "provider.0.client_secret").value, None);
        assert_eq!(item_of(provider, "provider.0.client_id").value.as_deref(), Some("me"));
    }

    #[test]
    fn of_an_address_its_beginning_is_told() {
        for (address, told) in [
            ("postgres://ada:hunter2@db.example.com:5433/keywright?sslkey=x", "postgres://db.example.com:5433/…"),
            ("smtps://ada:hunter2@mail.example.com", "smtps://mail.example.com/…"),
            ("https://hooks.example.com/hunter2", "https://hooks.example.com/…"),
            ("twilio+https://SID:hunter2@api.twilio.com?from=+15550100199", "twilio+https://api.twilio.com/…"),
            ("sqlite://data/keywright.db?mode=rwc", "sqlite://data/keywright.db"),
            ("hunter2", "…"),
        ] {
            assert_eq!(beginning(address), told, "{address}");
        }
    }

    #[test]
    fn where_a_setting_was_set_is_told() {
        assert_eq!(item_of("listen = '127.0.0.1:1'", "listen").origin, SettingOrigin::Environment);
        assert_eq!(item_of("log = 'warn'", "log").origin, SettingOrigin::File);
        let unset = item_of("", "log");
        assert_eq!((unset.origin, unset.value.as_deref()), (SettingOrigin::Default, Some("info")));
    }
}
