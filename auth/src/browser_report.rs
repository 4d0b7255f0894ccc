//! What a browser tells of a rule that it kept (CSP 3, 5.3; Trusted Types, 4.2). Anybody may send one, so of each only what
//! is known stays: the rule, the site or kind of what it kept out, and the path of our page. No query, no fragment, no sample
//! of a script, no address and no browser: what may be a secret or somebody's is not there to be kept.

use url::Url;

/// The longest path that is kept.
const LONGEST_PATH: usize = 120;
/// The longest part of a path that may be a name; a longer one is an id or a secret.
const LONGEST_PART: usize = 32;
/// Rules that browsers tell of.
const DIRECTIVES: [&str; 23] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "prefetch-src",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "worker-src",
];
/// What browsers write where nothing was loaded from anywhere.
const WORDS: [&str; 9] =
    ["about", "blob", "data", "eval", "inline", "self", "trusted-types-policy", "trusted-types-sink", "wasm-eval"];

/// A rule that was kept on a page of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserReport {
    directive: &'static str,
    blocked: String,
    path: String,
}

impl BrowserReport {
    /// Takes what is known of a report: the rule, the address of what was kept out, and that of the page. None when the rule
    /// is unknown, or the page is not ours: `public_url` is our own address without a slash at its end.
    pub fn parse(directive: &str, blocked: &str, document: &str, public_url: &str) -> Option<Self> {
        // Older browsers write the whole rule.
        let name = directive.split_ascii_whitespace().next()?;
        let directive = DIRECTIVES.into_iter().find(|known| *known == name)?;
        let document = document.strip_prefix(public_url)?;
        let path = document.split(['?', '#']).next()?;
        if !(path.is_empty() || path.starts_with('/')) {
            return None;
        }
        Some(Self { directive, blocked: blocked_of(blocked), path: path_of(path) })
    }

    /// The rule.
    pub const fn directive(&self) -> &'static str {
        self.directive
    }

    /// What it kept out: a site, a scheme with its colon, or a word; `other` for what is none of them.
    pub fn blocked(&self) -> &str {
        &self.blocked
    }

    /// The path of the page.
    pub fn path(&self) -> &str {
        &self.path
    }
}

fn blocked_of(text: &str) -> String {
    if WORDS.contains(&text) {
        return text.to_owned();
    }
    let Ok(url) = Url::parse(text) else { return "other".to_owned() };
    match url.scheme() {
        "http" | "https" | "ws" | "wss" => {
            let site = url.origin().ascii_serialization();
            if site.len() <= LONGEST_PATH { site } else { "other".to_owned() }
        }
        // Of an extension the id would tell which one somebody has.
        scheme @ ("about"
        | "blob"
        | "chrome-extension"
        | "data"
        | "file"
        | "filesystem"
        | "javascript"
        | "moz-extension"
        | "safari-web-extension") => format!("{scheme}:"),
        _ => "other".to_owned(),
    }
}

/// A path of plain letters. What may be an id or a secret is left out, so that pages of one kind count as one.
fn path_of(path: &str) -> String {
    let plain = |part: &str| {
        let is_name = part.len() <= LONGEST_PART
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'.' | b'0'..=b'9'));
        if is_name { part } else { "…" }.to_owned()
    };
    let mut path: String = path.split('/').map(plain).collect::<Vec<_>>().join("/");
    if path.is_empty() {
        path.push('/');
    }
    if path.chars().count() <= LONGEST_PATH {
        return path;
    }
    let kept: String = path.chars().take(LONGEST_PATH - 1).collect();
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "https://id.example.com";

    fn report(directive: &str, blocked: &str, document: &str) -> Option<[String; 3]> {
        let report = BrowserReport::parse(directive, blocked, document, HERE)?;
        Some([report.directive().to_owned(), report.blocked, report.path])
    }

    #[test]
    fn what_is_known_stays_and_nothing_else() {
        for (given, kept) in [
            (
                ["img-src", "https://evil.example/x.png?token=s3cret", "https://id.example.com/account?code=123456#x"],
                ["img-src", "https://evil.example", "/account"],
            ),
            (["script-src-elem", "inline", "https://id.example.com"], ["script-src-elem", "inline", "/"]),
            (
                ["style-src 'self'", "https://u:p@evil.example:8443/a", "https://id.example.com/sign-in"],
                ["style-src", "https://evil.example:8443", "/sign-in"],
            ),
            (
                ["connect-src", "chrome-extension://abcdefghijklmnop/x", "https://id.example.com/orgs/acme/members"],
                ["connect-src", "chrome-extension:", "/orgs/acme/members"],
            ),
            (
                [
                    "require-trusted-types-for",
                    "trusted-types-sink",
                    "https://id.example.com/admin/users/01890a5d-ac96-774b-bcce-b302099a8057/impersonate",
                ],
                ["require-trusted-types-for", "trusted-types-sink", "/admin/users/…/impersonate"],
            ),
            (["font-src", "a word nobody knows", "https://id.example.com/%3Cb%3E/A"], ["font-src", "other", "/…/…"]),
            (["img-src", "", "https://id.example.com/account"], ["img-src", "other", "/account"]),
        ] {
            assert_eq!(report(given[0], given[1], given[2]), Some(kept.map(str::to_owned)), "{given:?}");
        }
    }

    #[test]
    fn what_is_not_about_a_page_of_ours_is_dropped() {
        for [directive, document] in [
            ["", "https://id.example.com/"],
            ["no-such-rule", "https://id.example.com/"],
            ["IMG-SRC", "https://id.example.com/"],
            ["img-src", ""],
            ["img-src", "about:blank"],
            ["img-src", "https://evil.example/"],
            ["img-src", "https://id.example.com.evil.example/"],
            ["img-src", "https://id.example.com@evil.example/"],
            ["img-src", "http://id.example.com/"],
        ] {
            assert_eq!(report(directive, "inline", document), None, "{directive} {document}");
        }
    }

    #[test]
    fn nothing_that_is_kept_is_long() {
        let long = format!("{HERE}/{}", "a/".repeat(5_000));
        let site = format!("https://{}.example/", "a.".repeat(200));
        let [_, blocked, path] = report("img-src", &site, &long).unwrap();
        assert_eq!(blocked, "other");
        assert_eq!(path.chars().count(), LONGEST_PATH);
    }
}
