//! Where the sign-in page is asked to lead to.

use auth::{FactorMethod, LocalPath};

/// The page asked for before the sign-in, if it is one of ours.
pub fn after_sign_in(next: &str) -> String {
    LocalPath::parse(next).map_or_else(|| "/dashboard".to_owned(), |path| path.as_str().to_owned())
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
    fn the_page_of_the_second_factor_keeps_where_to_go_on() {
        assert_eq!(two_step_path(None, ""), "/two-step");
        assert_eq!(two_step_path(None, "//evil.example"), "/two-step");
        let path = two_step_path(Some(FactorMethod::Totp), "/account?tab=1&x=2");
        assert_eq!(path, "/two-step?method=totp&next=/account%3Ftab%3D1%26x%3D2");
    }
}
