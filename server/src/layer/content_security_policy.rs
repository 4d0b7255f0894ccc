//! The Content-Security-Policy (CSP 3): pages run the scripts that carry this answer's nonce, and
//! nothing else; everything that is not a page runs nothing.

use auth::Auth;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, Uri};
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// For answers that are no page.
pub const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// For the development inbox, which runs no script.
pub const NO_SCRIPT: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What a page may speak to besides this site.
#[derive(Clone)]
pub struct Others(String);

impl Others {
    /// The sites of providers that browsers ask by themselves (FedCM, 3.1: `connect-src` of the page holds), and in
    /// development the script that loads a page anew. Nobody else's: most often nothing.
    pub fn of(auth: &Auth, development: bool) -> Self {
        let files = auth.providers().iter().filter_map(|provider| Some(provider.item().fedcm?.config_url));
        let mut sites: Vec<String> = files.filter_map(|file| site(&file)).collect();
        sites.sort();
        sites.dedup();
        // The reload script of `cargo leptos watch` listens on a port of its own.
        let reload = development.then_some(["ws://localhost:3001", "ws://127.0.0.1:3001"]);
        sites.extend(reload.into_iter().flatten().map(str::to_owned));
        Self(sites.into_iter().map(|site| format!(" {site}")).collect())
    }
}

/// Scheme, host and port of an address; none when it would say more in a policy.
fn site(address: &str) -> Option<String> {
    let address: Uri = address.parse().ok()?;
    let (scheme, authority) = (address.scheme_str()?, address.authority()?.as_str());
    let is_plain = authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    (matches!(scheme, "https" | "http") && is_plain).then(|| format!("{scheme}://{authority}"))
}

/// Gives the page being rendered its policy.
pub fn add_policy(others: &Others) {
    if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
        && let Ok(value) = HeaderValue::from_str(&policy(&nonce, others))
    {
        response.insert_header(CONTENT_SECURITY_POLICY, value);
    }
}

fn policy(nonce: &str, Others(others): &Others) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{others}; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )
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

    #[test]
    fn without_others_a_page_speaks_to_this_site_alone() {
        assert!(policy("x", &Others(String::new())).contains("connect-src 'self';"));
        assert!(
            policy("x", &Others(" https://a.example".to_owned())).contains("connect-src 'self' https://a.example;")
        );
    }
}
