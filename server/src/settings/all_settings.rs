//! Every setting there is: its name, its default, what it is for. `docs/settings.md` is checked
//! against this list.

/// One setting.
pub struct Key {
    /// In the file as it is, in the environment with `KEYWRIGHT_` before it, in capitals.
    pub name: &'static str,
    /// What holds when it is not set, in words.
    pub default: &'static str,
    /// What it is for.
    pub about: &'static str,
}

macro_rules! keys {
    ($(#[$doc:meta])* $list:ident: $($name:literal, $default:literal, $about:literal;)+) => {
        $(#[$doc])*
        pub const $list: &[Key] = &[$(Key { name: $name, default: $default, about: $about }),+];
    };
}

keys! {
    /// Every setting, in the order of the documentation.
    KEYS:
    "mode", "development", "`development` or `production`. Production refuses to start on an unsafe setting.";
    "listen", "127.0.0.1:3000", "Address and port to listen on. In production one that others reach needs `tls_certificate`.";
    "tls_certificate", "none: plain HTTP, for a proxy on this machine", "File with the certificate in PEM, and after it those that lead to its authority. With it the program speaks TLS 1.2 and 1.3 on `listen` and nothing else; a changed file is served within half a minute.";
    "tls_key", "none, must be set with `tls_certificate`", "File with the key of the certificate in PEM. Others on this machine may not read it: let its mode be 600, or 640 for a group.";
    "listen_behind_tls", "off", "`on` lets production listen for others without `tls_certificate`: for the network of a pod or of containers, where a mesh, or a proxy on the same host, encrypts whatever leaves the host.";
    "acme_directory", "none: no authority is asked", "Instead of `tls_certificate`: the directory of an authority that speaks ACME, such as `https://acme-v02.api.letsencrypt.org/directory`. Whoever sets it agrees to its terms. The host of `public_url` is proved on port 443. Only in a program built with the feature `acme`, and for one node.";
    "acme_contact", "none", "An address of mail that the authority may write to.";
    "acme_folder", "acme beside the SQLite file, else data/acme", "Folder with the account and the certificate of the authority; its owner alone may read it.";
    "acme_ca", "the system's authorities", "File with a certificate authority in PEM, trusted besides the system's: for an authority of your own.";
    "public_url", "http://localhost:3000", "Where people reach this program. Production demands https.";
    "database_url", "sqlite://data/keywright.db?mode=rwc", "`sqlite://…` or `postgres://…`.";
    "database_password_file", "none: the password is in database_url, if there is one", "File with the password of PostgreSQL, looked at again for new connections: whoever rotates it writes the file, and nothing is started anew.";
    "migrate_at_start", "on", "`off` lets a start change no table and demand that all are up to date: for an account of PostgreSQL with the least rights. Then `keywright migrate` is run as the account that owns the tables.";
    "replica_url", "none: everything is read from database_url", "`postgres://…` of a replica of the PostgreSQL in `database_url`: lists of administrators, the search of the audit log and statistics are read there. What decides who may do what never is.";
    "replica_lag_seconds", "5", "Seconds that the replica may be behind, 2 to 300; beyond them lists are read from `database_url`.";
    "backup_place", "none: no backup is taken by itself", "A folder, or `s3://bucket/beginning`, that backups are put into.";
    "backup_recipient", "none, must be set with `backup_place`", "Whom backups are encrypted for: `age1…`. `keywright backup key FILE` makes the key that opens them, which is kept elsewhere.";
    "backup_every_hours", "24", "Hours from one backup to the next. One of all nodes takes it. `0` means that none is taken by itself.";
    "backup_keep_daily", "7", "Days of which the newest backup is kept. The newest of all stays in any case.";
    "backup_keep_weekly", "4", "Weeks, from Monday on, of which the newest backup is kept.";
    "backup_keep_monthly", "12", "Months of which the newest backup is kept.";
    "backup_before_migration", "on", "`on` takes a backup before tables are changed; without `backup_place` a file of SQLite is copied beside itself, and production changes no tables of PostgreSQL, nor of a file whose address has a `%`. A backup that fails stops the change.";
    "backup_s3_endpoint", "that of Amazon in the region", "Address of a storage that speaks S3, such as `https://s3.example.com`. https, or http on this machine.";
    "backup_s3_region", "us-east-1", "The region of the bucket.";
    "backup_s3_key_id", "none, must be set for a bucket", "The name of the key of the storage.";
    "backup_s3_secret", "none, must be set for a bucket", "The key of the storage. It needs to put, list, get and delete objects.";
    "backup_work_folder", "that of the SQLite file, else data", "Folder for rows that are not encrypted yet, while a backup is taken or restored. It needs room for the database twice.";
    "postgres_tools", "none: where programs are", "Folder of `pg_dump` and `pg_restore`, of the version of the server or a newer one.";
    "master_key", "data/master.key, made at the first start in development", "32 random bytes in base64. Everything sealed in the database depends on it: keep a copy elsewhere.";
    "other_master_keys", "none", "More keys of that form, with blanks, commas or line breaks between: they open what is sealed under them, and seal nothing. For the time in which master keys are rotated.";
    "smtp_url", "none: mails go to /dev/inbox", "`smtps://user:password@host:465` or `smtp://user:password@host:587?tls=required`.";
    "smtp_password_file", "none: the password is in smtp_url, if there is one", "File with the password at the mail server, read again for each mail: whoever rotates it writes the file, and nothing is started anew.";
    "smtp_ca", "the system's authorities", "File with a certificate authority in PEM, trusted besides the system's: for a mail server with a private one.";
    "mail_from", "Keywright <no-reply@localhost.localdomain>", "The sender of mails.";
    "dkim_selector", "none: the record of DKIM is not looked at", "Under which name the mail server's key for DKIM stands in the DNS, such as `mail` for `mail._domainkey.example.com`. `keywright doctor` looks whether it is there.";
    "email_codes", "on in development, off in production", "`on` lets people switch on codes by mail as a second factor. `off` takes them from nobody who has.";
    "sms_url", "none: SMS go to /dev/inbox in development, and are off in production", "How SMS leave: `twilio+https://SID:TOKEN@api.twilio.com?from=+15550100199`, or the https address of a webhook. With it people may add a phone number as a second factor.";
    "sms_secret", "none", "The key that signs what a webhook of `sms_url` is sent: at least 32 bytes, made by `openssl rand -base64 48`.";
    "sms_per_minute", "30", "SMS of all nodes together in a minute. Each costs money.";
    "authenticator_drift_steps", "1", "Steps of 30 seconds before and after the present whose codes of an authenticator app are accepted: 0 or 1. With 0 a code lives for 30 seconds, and a phone whose clock is wrong gets nobody in.";
    "trusted_proxies", "none", "Networks such as `10.0.0.0/8, 127.0.0.1/32` whose X-Forwarded-For is believed.";
    "connections", "4096", "Connections at once, and never more than three quarters of the files that the system lets the program open. When all are taken, whoever has never asked anything makes room.";
    "connections_per_address", "256", "Of them, those of one address; of IPv6 those of one /64. Trusted proxies may have any number.";
    "hash_memory_kib", "19456", "Memory of one Argon2id hash.";
    "hash_passes", "2", "Passes of one Argon2id hash.";
    "hash_lanes", "1", "Lanes of one Argon2id hash.";
    "hash_threads", "one a core", "How many hashes are computed at once.";
    "hash_queue", "64", "How many may wait for a hash thread; the next is told to come back.";
    "breached_passwords_url", "none: the built-in list alone", "Address of a service that speaks the range protocol of Have I Been Pwned. It is told 5 of 40 digits of a new password's SHA-1; what it knows from leaks is refused. https, or http on this machine.";
    "access_token_seconds", "300", "How long an access token lives.";
    "signing_algorithm", "EdDSA", "What new keys sign access tokens with: `EdDSA`, `ES256`, `RS256` or `HS256`. After a change the next key is published first, at the start.";
    "hs256_secret", "none", "The secret of `HS256`: at least 32 random bytes, made by `openssl rand -base64 48`. Another one is the next key at the start.";
    "key_rotation_days", "90", "How long a key signs before the next one does; `0` means for ever. `HS256` is not rotated by itself.";
    "key_publish_seconds", "600", "How long the next key is published before it signs. Others may keep a copy of the public keys for half of it.";
    "rotation_grace_seconds", "30", "How long a rotated refresh token still answers with its successor.";
    "fresh_proof_seconds", "900", "How long a password or a second factor is fresh enough for a risky act, such as another address; then it is asked for again.";
    "second_factor", "admins", "Who must have a second factor: `optional` (nobody must), `admins` or `everyone`.";
    "second_factor_grace_days", "7", "Days that an account has to set one up once it must; `0` means at once. Afterwards it may do nothing else.";
    "organization_domains", "off", "`on` lets organizations claim mail domains, proved by a record in the DNS, so that people with an address of one may join by themselves.";
    "dns_server", "the first one of the system; must be set in production with `organization_domains`", "The DNS server that is asked for those records: `tls://dns.example.com` (DNS over TLS, port 853 unless another is said), or address and port such as `127.0.0.53:53`, in production of this machine alone.";
    "dns_ca", "the system's authorities", "File with a certificate authority in PEM, trusted besides the system's: for a `dns_server` with a private one.";
    "provider_private_addresses", "on in development, off in production", "`on` lets a provider have a private address, and http: for development and tests. Production refuses it.";
    "webhook_hosts", "`*` in development, none in production", "Hosts that webhooks may be called at: a list such as `hooks.example.com, *.example.com, hooks.example.com:8443`. `*` means every public host.";
    "webhook_private_addresses", "on in development, off in production", "`on` lets a webhook have a private address, and http: for development and tests. Production refuses it.";
    "native_redirects", "none: loopback addresses alone", "Where native apps are led back to, besides loopback addresses: a list such as `com.example.app:/signed-in, https://app.example.com/signed-in`, compared letter by letter.";
    "audit_retention_days", "400", "Days that lines of the audit log are kept; `0` means for ever. What goes leaves a checkpoint, so that the rest stays verifiable.";
    "geoip_database", "none: no journey is found impossible", "File in the MaxMind DB format with cities, such as GeoLite2-City.mmdb: it says where an address is. It is read at the start.";
    "anomaly_step_up", "on", "`on` asks for a second factor, or a mailed code, when a sign-in looks unusual. `off` tells its person alone.";
    "api_docs", "on in development, off in production", "`on` serves /api/v1/openapi.json and /api/docs.";
    "limits", "on", "`off` switches rate limits off, for load tests; only in development.";
    "site", "within the program that bin/build made; else beside it, else target/site", "Folder with the pages' scripts and styles.";
    "metrics_listen", "none: no figures are told", "Address and port, such as `127.0.0.1:9464`, where Prometheus reads figures at /metrics. In production one that others reach needs `tls_certificate`, with which it speaks TLS.";
    "otlp_endpoint", "none: no traces are sent", "Address of a collector of OpenTelemetry that is sent traces by OTLP/HTTP, such as `http://127.0.0.1:4318`. https, or http on this machine.";
    "otlp_sampled", "0.1", "The share of traces that is sent, 0 to 1.";
    "vault_address", "none: no vault is asked", "Address of HashiCorp Vault or OpenBao, such as `https://vault.example.com:8200`. At the start the secrets at `vault_path` are read there. https, or http on this machine.";
    "vault_path", "none, must be set with `vault_address`", "A secret of a KV store of version 2, as policies write it: mount, `data`, path, such as `secret/data/keywright`. Its fields have the names of settings.";
    "vault_namespace", "none", "The namespace in the vault.";
    "vault_token", "none", "A token that may read the secret at `vault_path`. It is renewed while the program runs.";
    "vault_role_id", "none", "Instead of a token: the role, by AppRole, that logs in to the vault.";
    "vault_secret_id", "none", "What proves the role.";
    "vault_ca", "the system's authorities", "File with a certificate authority in PEM, trusted besides the system's: for a vault with a private one.";
    "log", "info", "What is logged, such as `info,sqlx=warn`.";
}

keys! {
    /// Every key of a `[[provider]]` table, in the order of the documentation.
    PROVIDER_KEYS:
    "kind", "none, must be set", "`google`, `github`, `microsoft`, `gitlab`, or `openid` for any other OpenID provider.";
    "id", "the kind", "Its name in addresses and in the database: small letters, digits and hyphens. Never change it: who is connected is kept under it.";
    "name", "Google, GitHub, Microsoft, GitLab, or the host of the issuer", "Its name for people.";
    "icon", "that of the kind", "`google`, `github`, `microsoft`, `gitlab` or `openid`.";
    "issuer", "https://gitlab.com for gitlab; must be set for openid", "The issuer, letter by letter as the provider writes it. Everything else is found by discovery.";
    "tenant", "none, must be set for microsoft", "Who may sign in: the id of a directory, `organizations`, `consumers` or `common`.";
    "site", "https://github.com", "Of GitHub Enterprise: its address.";
    "api", "https://api.github.com, or /api/v3 of the site", "Of GitHub Enterprise: its API.";
    "client_id", "none, must be set", "Who this program is at the provider.";
    "client_secret", "none", "What proves it. Better in the environment or in a file.";
    "client_secret_file", "none", "A file with the secret.";
    "client_secret_ends", "none", "The last day of the secret, such as `2027-01-31`, where the provider says one: `keywright doctor` warns a month before.";
    "scopes", "what signing in needs", "What is asked for: a list, or one text with blanks.";
    "trust_email", "on for google, github and gitlab; off for microsoft and openid", "Whether an address counts as proved when the provider says so.";
    "trust_second_factor", "off", "Whether a second factor that the provider tells of takes the place of ours.";
    "keep_tokens", "off", "Whether the provider's tokens are kept, sealed, and refreshed.";
    "fedcm", "off", "Whether browsers may ask by themselves (FedCM): `on` for google; for openid the address of the provider's file for browsers.";
}

/// Names in the environment that belong to the tools of the project and not to the program.
pub const TOOLING: [&str; 8] = [
    "cache",
    "binary",
    "root",
    "wasm_fallback",
    "test_postgres_url",
    "update_mails",
    "update_table",
    "update_upgrades",
];

/// The known name nearest to `name`, if one is near.
pub fn nearest(keys: &'static [Key], name: &str) -> Option<&'static str> {
    keys.iter()
        .map(|key| (strsim::damerau_levenshtein(name, key.name), key.name))
        .filter(|(distance, _)| *distance <= 4)
        .min()
        .map(|(_, name)| name)
}
