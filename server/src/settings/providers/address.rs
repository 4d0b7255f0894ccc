//! Addresses in the settings of providers.

use anyhow::{Context as _, bail, ensure};
use url::{Host, Url};

/// Addresses of native apps at most.
const MOST: usize = 50;
const MAX_LENGTH: usize = 500;

/// An address of a provider: https, or http where private addresses are allowed. It is compared letter by letter
/// later on, so it stays as it is written.
///
/// # Errors
/// What is wrong with the key.
pub(super) fn address(key: &str, text: &str, may_be_plain: bool) -> anyhow::Result<String> {
    let url = Url::parse(text).ok().with_context(|| format!("{key} is no address such as https://id.example.com"))?;
    ensure!(text.len() <= MAX_LENGTH, "{key} is longer than {MAX_LENGTH} characters");
    ensure!(
        url.scheme() == "https" || (url.scheme() == "http" && may_be_plain),
        "{key} must be https (http only in development, where provider_private_addresses is on)"
    );
    ensure!(url.username().is_empty() && url.password().is_none(), "{key} must name no user");
    ensure!(url.query().is_none() && url.fragment().is_none(), "{key} must have neither ? nor #");
    Ok(text.to_owned())
}

/// The host and port of an address of a provider.
pub(super) fn host(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Where native apps are led back to, separated by commas or blanks (RFC 8252, 7.1 and 7.2).
///
/// # Errors
/// An address that other programs could take, that a browser would run, or that is none.
pub(super) fn native_redirects(list: &str) -> anyhow::Result<Vec<String>> {
    let items = list.split(|letter: char| letter == ',' || letter.is_whitespace()).filter(|item| !item.is_empty());
    let redirects: Vec<String> = items.map(native_redirect).collect::<anyhow::Result<_>>()?;
    ensure!(redirects.len() <= MOST, "native_redirects: {MOST} addresses are the most");
    Ok(redirects)
}

fn native_redirect(item: &str) -> anyhow::Result<String> {
    let wrong = |why: &str| format!("native_redirects: {item} {why}");
    ensure!(item.len() <= MAX_LENGTH && item.is_ascii(), wrong("is too long, or not in ASCII"));
    let url = Url::parse(item).ok().with_context(|| wrong("is no address such as com.example.app:/signed-in"))?;
    ensure!(
        item.split_once(':').is_some_and(|(scheme, _)| scheme == url.scheme()),
        wrong("must have its scheme in small letters")
    );
    ensure!(url.query().is_none() && url.fragment().is_none(), wrong("must have neither ? nor #"));
    ensure!(!item.contains('*'), wrong("must be one address, without *"));
    ensure!(url.username().is_empty() && url.password().is_none(), wrong("must name no user"));
    match url.scheme() {
        "https" => {
            let is_named = matches!(url.host(), Some(Host::Domain(name)) if name.contains('.'));
            ensure!(is_named, wrong("must name a host such as app.example.com"));
        }
        "http" => bail!(wrong("must not be http; loopback addresses such as http://127.0.0.1/ need no setting")),
        // Only who owns a domain should use its name; and every scheme that browsers run or read has no dot.
        scheme => ensure!(
            scheme.contains('.'),
            wrong("must have a scheme with a dot, the name of a domain of yours turned round, or be https")
        ),
    }
    Ok(item.to_owned())
}
