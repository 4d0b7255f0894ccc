//! The settings of providers to sign in with: `[[provider]]` tables, their secrets, and what holds for all of them.

use anyhow::{Context as _, anyhow, bail, ensure};
use auth::federation::{FederationSettings, ProviderKind, ProviderSettings};
use auth::view::ProviderIcon;
use auth::{ProviderId, Timestamp};
use secrecy::SecretString;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::source::Values;
use super::switch;
use preset::Preset;
use table::Table;

mod address;
mod preset;
mod table;
#[cfg(test)]
mod tests;

pub(super) use table::flatten;

const MAX_NAME: usize = 40;
const MAX_CLIENT_ID: usize = 255;
const MAX_SECRET: usize = 2000;
const MAX_SCOPES: usize = 1000;

/// Parses them.
///
/// # Errors
/// The first value that cannot be read or is unsafe, with its provider and key. Nothing in it tells a secret.
pub(super) fn parse(values: &Values, development: bool) -> anyhow::Result<FederationSettings> {
    let private_addresses = switch(values, "provider_private_addresses", development)?;
    let native_redirects = values.get("native_redirects").map_or("", String::as_str);
    let mut providers: Vec<ProviderSettings> = Vec::new();
    for table in table::tables(values) {
        let provider =
            provider(&table, values, private_addresses).map_err(|why| anyhow!("{}: {why:#}", table.label))?;
        let is_new = providers.iter().all(|other| other.id != provider.id);
        ensure!(is_new, "provider {}: there are two of this id; give each an id of its own", provider.id);
        providers.push(provider);
    }
    refuse_secrets_of_strangers(values, &providers)?;
    Ok(FederationSettings {
        providers,
        private_addresses,
        native_redirects: address::native_redirects(native_redirects)?,
    })
}

/// Reads until when each secret holds that has an end.
///
/// # Errors
/// What is no day.
pub(super) fn secrets_end(values: &Values) -> anyhow::Result<Vec<(ProviderId, Timestamp)>> {
    let mut ends = Vec::new();
    for table in table::tables(values) {
        let Some(day) = table.text("client_secret_ends") else { continue };
        let id = ProviderId::parse(table.text("id").or(table.text("kind")).unwrap_or_default());
        // To its last second.
        let end = OffsetDateTime::parse(&format!("{day}T23:59:59Z"), &Rfc3339).ok();
        let (Some(id), Some(end)) = (id, end) else {
            bail!("{}: client_secret_ends must be a day such as 2027-01-31, in quotes", table.label);
        };
        ends.push((id, Timestamp(0).plus_seconds(end.unix_timestamp())));
    }
    Ok(ends)
}

fn provider(table: &Table<'_>, values: &Values, may_be_plain: bool) -> anyhow::Result<ProviderSettings> {
    let kind = table.text("kind").with_context(|| format!("kind is missing; it must be {}", Preset::KINDS))?;
    let preset = Preset::of(kind).with_context(|| format!("kind must be {}", Preset::KINDS))?;
    if let Some(key) = table.keys().find(|key| !preset.knows(key)) {
        bail!("{key} is not for the kind {kind}");
    }
    let id = ProviderId::parse(table.text("id").unwrap_or(kind))
        .context("id must be a small letter, then small letters, digits and hyphens, 32 at most")?;
    let spoken = preset.kind(table, may_be_plain)?;
    let keeps_tokens = table.switch("keep_tokens", false)?;
    Ok(ProviderSettings {
        name: name(table, &preset, &spoken)?,
        icon: icon(table, &preset)?,
        client_id: client_id(table)?,
        client_secret: secret(table, values, &preset, &id)?,
        scopes: scopes(table, &preset, keeps_tokens)?,
        trusts_email: table.switch("trust_email", preset.trusts_email)?,
        trusts_second_factor: table.switch("trust_second_factor", false)?,
        fedcm_config_url: preset.fedcm(table, may_be_plain)?,
        keeps_tokens,
        kind: spoken,
        id,
    })
}

fn name(table: &Table<'_>, preset: &Preset, kind: &ProviderKind) -> anyhow::Result<String> {
    let told = table.text("name").or(preset.name).map(str::to_owned);
    let name = match (told, kind) {
        (Some(name), _) => name,
        (None, ProviderKind::OpenId { issuer } | ProviderKind::GitHub { site: issuer, .. }) => {
            address::host(issuer).context("name is missing")?
        }
    };
    let is_good = name.chars().count() <= MAX_NAME && !name.contains(char::is_control);
    ensure!(is_good, "name must have {MAX_NAME} characters at most, in one line; set one that people know");
    Ok(name)
}

fn icon(table: &Table<'_>, preset: &Preset) -> anyhow::Result<ProviderIcon> {
    let Some(name) = table.text("icon") else { return Ok(preset.icon) };
    ProviderIcon::parse(name).with_context(|| format!("icon must be {}", Preset::KINDS))
}

fn client_id(table: &Table<'_>) -> anyhow::Result<String> {
    let id = table.text("client_id").context("client_id is missing; the provider shows it where the app is set up")?;
    let is_good = id.len() <= MAX_CLIENT_ID && id.bytes().all(|byte| byte.is_ascii_graphic());
    ensure!(is_good, "client_id must be letters, digits and signs without blanks, {MAX_CLIENT_ID} at most");
    Ok(id.to_owned())
}

/// The secret: of the environment before that of the file.
fn secret(
    table: &Table<'_>,
    values: &Values,
    preset: &Preset,
    id: &ProviderId,
) -> anyhow::Result<Option<SecretString>> {
    let (written, path) = (table.text("client_secret"), table.text("client_secret_file"));
    ensure!(written.is_none() || path.is_none(), "set client_secret or client_secret_file, not both");
    let of_environment = values.get(&secret_name(id)).map(|secret| secret.trim()).filter(|secret| !secret.is_empty());
    let secret = match (of_environment.or(written), path) {
        (Some(secret), _) => Some(secret.to_owned()),
        (None, Some(path)) => {
            // What it names is not told: it may be the secret itself.
            let text = std::fs::read_to_string(path).context("client_secret_file names no file that can be read")?;
            ensure!(!text.trim().is_empty(), "client_secret_file names an empty file");
            Some(text.trim().to_owned())
        }
        (None, None) => None,
    };
    let Some(secret) = secret else {
        let variable = format!("KEYWRIGHT_{}", secret_name(id).to_ascii_uppercase());
        ensure!(!preset.needs_secret, "client_secret is missing; set it, client_secret_file, or {variable}");
        return Ok(None);
    };
    let is_good = secret.len() <= MAX_SECRET && !secret.contains(char::is_control);
    ensure!(is_good, "client_secret must be one line of {MAX_SECRET} bytes at most");
    let is_master_key = values.get("master_key").is_some_and(|key| key.trim() == secret);
    ensure!(!is_master_key, "client_secret is the master_key; the provider makes one for you");
    Ok(Some(SecretString::from(secret)))
}

fn scopes(table: &Table<'_>, preset: &Preset, keeps_tokens: bool) -> anyhow::Result<Vec<String>> {
    let usual = format!("{}{}", preset.scopes, if keeps_tokens { preset.scopes_to_keep } else { "" });
    let text = table.text("scopes").unwrap_or(&usual);
    let scopes: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let is_token = |scope: &String| scope.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\,".contains(&byte));
    ensure!(
        text.len() <= MAX_SCOPES && scopes.iter().all(is_token),
        "scopes must be words separated by blanks, {MAX_SCOPES} characters at most"
    );
    let needed = preset.needed_scope;
    ensure!(scopes.iter().any(|scope| scope == needed), "scopes must have {needed}, or nobody can sign in");
    Ok(scopes)
}

/// Whether a name of the environment, without its beginning and in small letters, may be that of a provider's secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    name.strip_prefix("provider_").and_then(|rest| rest.strip_suffix("_client_secret")).is_some_and(|id| !id.is_empty())
}

fn secret_name(id: &ProviderId) -> String {
    format!("provider_{}_client_secret", id.as_str().replace('-', "_"))
}

/// A secret that would be forgotten is one of a mistyped name.
fn refuse_secrets_of_strangers(values: &Values, providers: &[ProviderSettings]) -> anyhow::Result<()> {
    let known: Vec<String> = providers.iter().map(|provider| secret_name(&provider.id)).collect();
    let stranger = values.keys().find(|name| is_secret_name(name) && !known.contains(name));
    let Some(name) = stranger.map(|name| name.to_ascii_uppercase()) else { return Ok(()) };
    let ids: Vec<&str> = providers.iter().map(|provider| provider.id.as_str()).collect();
    let ids = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
    bail!("KEYWRIGHT_{name}: keywright.toml has no such provider; it has {ids}")
}
