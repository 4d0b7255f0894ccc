//! Where to go after a detour. Only places on this site: never an open redirect (ASVS 5.0, 3.7.2).

use serde::{Deserialize, Serialize};

use crate::weakened::{self, Defence};

/// A path on this site, such as `/account?tab=1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalPath(String);

const MAX_LENGTH: usize = 2048;

impl LocalPath {
    /// The path, when it can only mean a place on this site: it starts with one `/`, has no `\`,
    /// no blank, no control character and nothing beyond ASCII. Browsers read `//x`, `/\x` and
    /// `/<tab>/x` as another host. Encoded separators are refused as well, because the next
    /// program in line may decode them.
    pub fn parse(raw: &str) -> Option<Self> {
        let mut bytes = raw.bytes();
        let plain = raw.len() <= MAX_LENGTH
            && bytes.next() == Some(b'/')
            && raw.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        let lower = raw.to_ascii_lowercase();
        let doubled = lower.starts_with("//") || lower.starts_with("/%2f") || lower.starts_with("/%5c");
        let is_local = plain && !doubled && !wanders(&lower);
        (is_local || weakened::is_off(Defence::LocalPath)).then(|| Self(raw.to_owned()))
    }

    /// The path as it goes into a `Location` header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a browser would make another path of it: `/a/../b` is `/b` there, and whoever looked at the beginning was
/// deceived.
fn wanders(lower: &str) -> bool {
    let path = lower.split(['?', '#']).next().unwrap_or_default().replace("%2e", ".");
    path.contains("//") || path.split('/').any(|segment| matches!(segment, "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_paths_are_followed() {
        for good in ["/", "/dashboard", "/account?next=%2Fx#top", "/account?next=/../x//y", "/a.b/..c"] {
            assert!(LocalPath::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "dashboard",
            "//evil.example",
            "/\\evil.example",
            "\\/evil",
            "https://evil.example",
            "https:evil",
            "/%2Fevil.example",
            "/%5Cevil.example",
            "/\t/evil",
            "/a\nb",
            "javascript:alert(1)",
            " /x",
            "/account/../sign-in/with/evil",
            "/account/%2E./sign-in",
            "/./sign-in",
            "/account/..",
            "/account//x",
            "/é",
        ] {
            assert!(LocalPath::parse(bad).is_none(), "{bad:?}");
        }
        assert!(LocalPath::parse(&format!("/{}", "a".repeat(2100))).is_none());
    }
}
