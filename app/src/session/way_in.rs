//! Where the sign-in page is asked to lead to.

use auth::{FactorMethod, LocalPath, ProviderId};

/// The page asked for before the sign-in, if it is one of ours. Another sign-in is not: whoever just signed in would
/// be signed in by a link as somebody else, and one with a provider would go round for ever. Nor is what begins a
/// connection: its page leads there, and a link does not.
pub fn after_sign_in(next: &str) -> String {
    match LocalPath::parse(next) {
        Some(path) if path.as_str().starts_with("/account/connections/") => "/account/connections".to_owned(),
        Some(path) if !path.as_str().starts_with("/sign-in") => path.as_str().to_owned(),
        _ => "/dashboard".to_owned(),
    }
}

/// The sign-in page that leads back to `path`.
pub fn sign_in_path(path: &str) -> String {
    format!("/sign-in?next={}", encoded(path))
}

/// The page that asks for the second factor, this one or the strongest, and leads to `next` afterwards.
pub fn two_step_path(method: Option<FactorMethod>, next: &str) -> String {
    let method = method.map(|method| format!("method={}", method.as_str()));
    let next = LocalPath::parse(next).map(|next| format!("next={}", encoded(next.as_str())));
    let query: Vec<String> = method.into_iter().chain(next).collect();
    if query.is_empty() { "/two-step".to_owned() } else { format!("/two-step?{}", query.join("&")) }
}

/// The address that leads to a provider, and from there to `next`.
pub fn provider_path(provider: &ProviderId, next: &str) -> String {
    let next = LocalPath::parse(next).map(|next| format!("?next={}", encoded(next.as_str())));
    format!("/sign-in/with/{provider}{}", next.unwrap_or_default())
}

/// The address that leads to a provider for a fresh proof, and from there to `next`.
pub fn provider_proof_path(provider: &ProviderId, next: &str) -> String {
    let path = provider_path(provider, next);
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}prove=1")
}

fn encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_to_no_other_one() {
        assert_eq!(after_sign_in("/account?tab=1"), "/account?tab=1");
        assert_eq!(after_sign_in("/account/connections/google/connect"), "/account/connections");
        for next in ["", "//evil.example", "/sign-in", "/sign-in/with/google", "/sign-in/with/google?next=/account"] {
            assert_eq!(after_sign_in(next), "/dashboard", "{next}");
        }
    }

    #[test]
    fn the_way_to_a_provider_keeps_where_to_go_on() {
        let google = ProviderId::parse("google").unwrap();
        assert_eq!(provider_path(&google, ""), "/sign-in/with/google");
        assert_eq!(provider_path(&google, "//evil.example"), "/sign-in/with/google");
        assert_eq!(
            provider_path(&google, "/account?tab=1&x=2"),
            "/sign-in/with/google?next=/account%3Ftab%3D1%26x%3D2"
        );
        assert_eq!(provider_proof_path(&google, ""), "/sign-in/with/google?prove=1");
        assert_eq!(provider_proof_path(&google, "/account"), "/sign-in/with/google?next=/account&prove=1");
    }

    #[test]
    fn the_page_of_the_second_factor_keeps_where_to_go_on() {
        assert_eq!(two_step_path(None, ""), "/two-step");
        assert_eq!(two_step_path(None, "//evil.example"), "/two-step");
        let path = two_step_path(Some(FactorMethod::Totp), "/account?tab=1&x=2");
        assert_eq!(path, "/two-step?method=totp&next=/account%3Ftab%3D1%26x%3D2");
    }
}
