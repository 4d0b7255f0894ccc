//! What is known of each kind of provider before an operator says anything.

use anyhow::{Context as _, bail, ensure};
use auth::federation::ProviderKind;
use auth::view::ProviderIcon;

use super::address::address;
use super::table::Table;

const GOOGLE: &str = "https://accounts.google.com";
const GOOGLE_FEDCM: &str = "https://accounts.google.com/gsi/fedcm.json";
const MICROSOFT: &str = "https://login.microsoftonline.com";
/// The directory of everybody who has a personal account; as an issuer `consumers` is written so.
const MICROSOFT_CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
const GITLAB: &str = "https://gitlab.com";
const GITHUB: &str = "https://github.com";
const GITHUB_API: &str = "https://api.github.com";

/// The keys that every kind has.
const COMMON: [&str; 11] = [
    "kind",
    "id",
    "name",
    "icon",
    "client_id",
    "client_secret",
    "client_secret_file",
    "client_secret_ends",
    "scopes",
    "trust_email",
    "keep_tokens",
];

/// A kind of provider.
pub(super) struct Preset {
    /// Its picture, which is called like the kind.
    pub icon: ProviderIcon,
    /// Its name for people; none: the host of its issuer.
    pub name: Option<&'static str>,
    /// What is asked for, separated by blanks.
    pub scopes: &'static str,
    /// What must be asked for besides when tokens are kept, or there is no refresh token.
    pub scopes_to_keep: &'static str,
    /// A scope without which nobody can be told from anybody.
    pub needed_scope: &'static str,
    /// Whether it is known to tell proved addresses alone as proved.
    pub trusts_email: bool,
    /// Whether it takes no client without a secret.
    pub needs_secret: bool,
    /// Keys that not every kind has.
    own_keys: &'static [&'static str],
}

const OPENID: Preset = Preset {
    icon: ProviderIcon::Openid,
    name: None,
    scopes: "openid email profile",
    scopes_to_keep: "",
    needed_scope: "openid",
    trusts_email: false,
    needs_secret: false,
    own_keys: &["issuer", "trust_second_factor", "fedcm"],
};

impl Preset {
    /// The names of all kinds, for sentences.
    pub(super) const KINDS: &'static str = "google, github, microsoft, gitlab or openid";

    /// What is known of a kind.
    pub(super) fn of(kind: &str) -> Option<Self> {
        Some(match ProviderIcon::parse(kind)? {
            icon @ ProviderIcon::Google => Self {
                icon,
                name: Some("Google"),
                trusts_email: true,
                needs_secret: true,
                own_keys: &["trust_second_factor", "fedcm"],
                ..OPENID
            },
            icon @ ProviderIcon::Microsoft => Self {
                icon,
                name: Some("Microsoft"),
                scopes_to_keep: " offline_access",
                needs_secret: true,
                own_keys: &["tenant", "trust_second_factor"],
                ..OPENID
            },
            icon @ ProviderIcon::Gitlab => Self {
                icon,
                name: Some("GitLab"),
                trusts_email: true,
                own_keys: &["issuer", "trust_second_factor"],
                ..OPENID
            },
            icon @ ProviderIcon::Github => Self {
                icon,
                name: Some("GitHub"),
                scopes: "read:user user:email",
                needed_scope: "user:email",
                trusts_email: true,
                needs_secret: true,
                own_keys: &["site", "api"],
                ..OPENID
            },
            ProviderIcon::Openid => OPENID,
        })
    }

    /// Whether a provider of this kind may have a key.
    pub(super) fn knows(&self, key: &str) -> bool {
        COMMON.contains(&key) || self.own_keys.contains(&key)
    }

    /// How it is spoken to.
    ///
    /// # Errors
    /// A missing or wrong address, or a tenant that is none.
    pub(super) fn kind(&self, table: &Table<'_>, may_be_plain: bool) -> anyhow::Result<ProviderKind> {
        let issuer = match self.icon {
            ProviderIcon::Google => GOOGLE.to_owned(),
            ProviderIcon::Microsoft => format!("{MICROSOFT}/{}/v2.0", tenant(table.text("tenant"))?),
            ProviderIcon::Gitlab => {
                let site = table.text("issuer").unwrap_or(GITLAB);
                address("issuer", site.trim_end_matches('/'), may_be_plain)?
            }
            ProviderIcon::Openid => {
                let issuer = table.text("issuer");
                let issuer = issuer.context("issuer is missing; it is such as https://login.example.com")?;
                let words = "issuer must end before /.well-known; that part is added by itself";
                ensure!(!issuer.contains("/.well-known"), words);
                address("issuer", issuer, may_be_plain)?
            }
            ProviderIcon::Github => return github(table, may_be_plain),
        };
        Ok(ProviderKind::OpenId { issuer })
    }

    /// Its file for browsers that ask by themselves.
    ///
    /// # Errors
    /// When it is no address.
    pub(super) fn fedcm(&self, table: &Table<'_>, may_be_plain: bool) -> anyhow::Result<Option<String>> {
        let is_google = self.icon == ProviderIcon::Google;
        Ok(match table.text("fedcm") {
            None | Some("off" | "false") => None,
            Some("on" | "true") if is_google => Some(GOOGLE_FEDCM.to_owned()),
            Some(_) if is_google => bail!("fedcm must be on or off"),
            Some("on" | "true") => bail!("fedcm must be the address of the provider's file for browsers, or off"),
            Some(url) => Some(address("fedcm", url, may_be_plain)?),
        })
    }
}

/// GitHub's site and API; those of an Enterprise Server are at one host.
fn github(table: &Table<'_>, may_be_plain: bool) -> anyhow::Result<ProviderKind> {
    let site = table.text("site").unwrap_or(GITHUB).trim_end_matches('/');
    let usual = if site == GITHUB { GITHUB_API.to_owned() } else { format!("{site}/api/v3") };
    let api = table.text("api").unwrap_or(&usual).trim_end_matches('/');
    Ok(ProviderKind::GitHub { site: address("site", site, may_be_plain)?, api: address("api", api, may_be_plain)? })
}

/// A tenant as the issuer names it. A domain would be answered by an issuer with the id of its directory.
fn tenant(text: Option<&str>) -> anyhow::Result<&str> {
    const WORDS: &str = "the id of a directory (a GUID), organizations, consumers or common";
    let tenant = text.with_context(|| format!("tenant is missing; it is {WORDS}"))?;
    if tenant == "consumers" {
        return Ok(MICROSOFT_CONSUMERS);
    }
    ensure!(is_guid(tenant) || ["organizations", "common"].contains(&tenant), "tenant must be {WORDS}");
    Ok(tenant)
}

/// Small letters, as the issuer has them.
fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|part| is_hex(part))
}
