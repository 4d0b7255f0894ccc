//! Whether a cookie comes through the proxy as it was set (RFC 6265bis; ASVS 5.0, 3.3). A proxy that takes `Secure` away, or
//! renames its path, breaks the `__Host-` prefix, and nobody can sign in.

use auth::view::{CheckFinding, CheckGroup};

use super::edge::page;
use super::{fault, good, not_asked};
use crate::doctor::{Check, Facts};

pub(super) const CHECKS: [Check; 1] =
    [Check::one("cookies", CheckGroup::Reach, "docs/sessions.md", cookies).in_production()];

/// What every cookie of ours has.
const ATTRIBUTES: [&str; 4] = ["path=/", "secure", "httponly", "samesite=lax"];

fn cookies(facts: &Facts) -> CheckFinding {
    let Some(seen) = page(facts) else { return not_asked() };
    let Some(cookie) = &seen.cookie else { return fault("missing") };
    let parts: Vec<String> = cookie.split(';').map(|part| part.trim().to_ascii_lowercase()).collect();
    let lost: Vec<&str> = ATTRIBUTES.into_iter().filter(|wanted| !parts.iter().any(|part| part == wanted)).collect();
    if !cookie.starts_with("__Host-") {
        return fault("renamed");
    }
    if lost.is_empty() { good("whole") } else { fault("changed").with("lost", lost.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, passes, seen};
    use app::server::set_cookie_text;

    #[test]
    fn cookies_passes() {
        passes("cookies", "whole");
    }

    #[test]
    fn cookies_fails() {
        fails("cookies", "missing", |facts| seen(facts).cookie = None);
        for (cookie, case) in [
            ("locale=en; HttpOnly; SameSite=Lax; Secure; Path=/", "renamed"),
            ("__Host-locale=en; HttpOnly; SameSite=Lax; Path=/", "changed"),
            ("__Host-locale=en; HttpOnly; SameSite=Lax; Secure; Path=/id", "changed"),
            ("__Host-locale=en; HttpOnly; SameSite=None; Secure; Path=/", "changed"),
        ] {
            fails("cookies", case, |facts| seen(facts).cookie = Some(cookie.to_owned()));
        }
    }

    #[test]
    fn a_cookie_as_the_program_sets_it_is_whole() {
        let cookie = set_cookie_text("__Host-locale", "en", 60);
        let mut facts = crate::doctor::trial::sound();
        seen(&mut facts).cookie = Some(cookie);
        assert_eq!(cookies(&facts).case, "whole");
    }
}
