//! The Content-Security-Policy (CSP 3; ASVS 5.0, 3.4.3 and 3.4.7): pages run the scripts that carry this answer's nonce, and
//! nothing else; everything that is not a page runs nothing. No script of a page makes markup or code of a text (Trusted
//! Types): `trusted-types 'none'` allows no way around, so there is no policy to get wrong. What a browser refuses by these
//! rules it reports to [`REPORTS`].

use auth::Auth;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName};
use axum::http::{HeaderValue, Uri};
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::browser_reports::REPORTS;

/// For answers that are no page.
pub const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// For the development inbox, which runs no script.
pub const NO_SCRIPT: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What the policy of every page says besides its nonce.
#[derive(Clone)]
pub struct PagePolicy {
    /// What a page may speak to besides this site, each with a blank before it: most often nothing.
    others: String,
    /// Whether browsers reach us by https. Reports of the newer kind (`report-to`) go nowhere else, and a browser that knows
    /// them sends no older ones.
    is_https: bool,
}

impl PagePolicy {
    /// The sites of providers that browsers ask by themselves (FedCM, 3.1: `connect-src` of the page holds), and in
    /// development the script that loads a page anew.
    pub fn of(auth: &Auth, public_url: &str, development: bool) -> Self {
        let files = auth.providers().iter().filter_map(|provider| Some(provider.item().fedcm?.config_url));
        let mut sites: Vec<String> = files.filter_map(|file| site(&file)).collect();
        sites.sort();
        sites.dedup();
        // The reload script of `cargo leptos watch` listens on a port of its own.
        let reload = development.then_some(["ws://localhost:3001", "ws://127.0.0.1:3001"]);
        sites.extend(reload.into_iter().flatten().map(str::to_owned));
        let others = sites.into_iter().map(|site| format!(" {site}")).collect();
        Self { others, is_https: public_url.starts_with("https:") }
    }

    fn text(&self, nonce: &str) -> String {
        let Self { others, is_https } = self;
        let report_to = if *is_https { "; report-to browser" } else { "" };
        format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'{others}; manifest-src 'self'; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; \
             trusted-types 'none'; report-uri {REPORTS}{report_to}"
        )
    }
}

/// Scheme, host and port of an address; none when it would say more in a policy.
fn site(address: &str) -> Option<String> {
    let address: Uri = address.parse().ok()?;
    let (scheme, authority) = (address.scheme_str()?, address.authority()?.as_str());
    let is_plain = authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    (matches!(scheme, "https" | "http") && is_plain).then(|| format!("{scheme}://{authority}"))
}

/// Gives the page being rendered its policy, and says where reports go.
pub fn add_policy(policy: &PagePolicy) {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    if let Ok(value) = HeaderValue::from_str(&policy.text(&nonce)) {
        response.insert_header(CONTENT_SECURITY_POLICY, value);
    }
    if policy.is_https
        && let Ok(value) = HeaderValue::from_str(&format!("browser=\"{REPORTS}\""))
    {
        response.insert_header(HeaderName::from_static("reporting-endpoints"), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_in_a_policy_is_nothing_but_a_site() {
        assert_eq!(site("https://accounts.google.com/gsi/fedcm.json").as_deref(), Some("https://accounts.google.com"));
        assert_eq!(site("http://127.0.0.1:9000/fedcm.json?x=1").as_deref(), Some("http://127.0.0.1:9000"));
        for bad in ["", "/fedcm.json", "data:text/plain,x", "https://a;script-src/x", "https://u@a/x", "https://*/x"] {
            assert_eq!(site(bad), None, "{bad}");
        }
    }

    fn policy(others: &str, is_https: bool) -> String {
        PagePolicy { others: others.to_owned(), is_https }.text("x")
    }

    #[test]
    fn without_others_a_page_speaks_to_this_site_alone() {
        assert!(policy("", false).contains("connect-src 'self';"));
        assert!(policy(" https://a.example", false).contains("connect-src 'self' https://a.example;"));
    }

    #[test]
    fn reports_go_where_a_browser_sends_them() {
        assert!(policy("", false).ends_with("; report-uri /reports/browser"), "over http the older kind alone arrives");
        assert!(policy("", true).ends_with("; report-uri /reports/browser; report-to browser"));
    }
}
