//! Where the sign-in page is asked to lead to.

use auth::LocalPath;

/// The page asked for before the sign-in, if it is one of ours.
pub fn after_sign_in(next: &str) -> String {
    LocalPath::parse(next).map_or_else(|| "/dashboard".to_owned(), |path| path.as_str().to_owned())
}

/// The sign-in page that leads back to `path`.
pub fn sign_in_path(path: &str) -> String {
    let encoded: String = path
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("/sign-in?next={encoded}")
}
