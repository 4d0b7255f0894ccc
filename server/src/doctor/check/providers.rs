//! The providers to sign in with: what to register there, what each says when it is asked, and until when its secret holds.

use auth::view::{CheckFinding, CheckGroup};

use super::{days, fault, good, not_asked};
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::People;

pub(super) const CHECKS: [Check; 2] = [
    Check::several("providers", GROUP, "docs/federation.md", providers),
    Check::several("provider_secrets", GROUP, "docs/settings.md#providers", provider_secrets),
];

/// A month to make another one.
const SOON_DAYS: i64 = 30;

fn providers(facts: &Facts) -> Vec<CheckFinding> {
    let set = &facts.settings.federation.providers;
    if set.is_empty() {
        return vec![good("none")];
    }
    let public_url = &facts.settings.public_url;
    let register = set.iter().map(|provider| {
        let uri = format!("{public_url}/sign-in/with/{}/callback", provider.id);
        good("register").about(&provider.id).with("uri", uri)
    });
    let asked = match facts.outside.as_ref().map(|outside| &outside.providers) {
        None => vec![not_asked()],
        Some(Err(why)) => vec![fault("told").with("words", why)],
        Some(Ok(asked)) => asked.iter().flat_map(|one| told(&one.id, one.findings.as_deref())).collect(),
    };
    register.chain(asked).collect()
}

/// What one said, in the words of who asked it.
fn told(id: &str, findings: Option<&[(bool, String)]>) -> Vec<CheckFinding> {
    let said = match findings {
        None => vec![fault("silent")],
        Some([]) => vec![good("usable")],
        Some(findings) => findings
            .iter()
            .map(|(is_fault, words)| if *is_fault { fault("told") } else { good("told") }.with("words", words))
            .collect(),
    };
    said.into_iter().map(|finding| finding.about(id)).collect()
}

fn provider_secrets(facts: &Facts) -> Vec<CheckFinding> {
    let ends = facts.settings.secrets_end.iter().map(|(id, end)| {
        let left = days(end.seconds_since(facts.now));
        let finding = match left {
            ..0 => fault("ended"),
            0..SOON_DAYS => fault("ends_soon"),
            _ => good("lasts"),
        };
        finding.about(id).with("days", left)
    });
    let found: Vec<CheckFinding> = ends.collect();
    if found.is_empty() { vec![good("no_end")] } else { found }
}

#[cfg(test)]
mod tests {
    use crate::doctor::facts::AskedProvider;
    use crate::doctor::trial::{fails, finds, passes};
    use auth::{ProviderId, Timestamp};

    fn staff() -> ProviderId {
        ProviderId::parse("staff").unwrap()
    }

    #[test]
    fn providers_passes() {
        passes("providers", "register");
        finds("providers", "none", |facts| facts.settings.federation.providers.clear());
    }

    #[test]
    fn providers_fails() {
        let asked = |findings| Ok(vec![AskedProvider { id: "staff".to_owned(), findings }]);
        let wrong = vec![(true, "Its keys: its status is 500.".to_owned())];
        for (answer, case) in
            [(asked(None), "silent"), (asked(Some(wrong)), "told"), (Err("no authorities".to_owned()), "told")]
        {
            fails("providers", case, |facts| facts.outside.as_mut().unwrap().providers = answer);
        }
    }

    #[test]
    fn provider_secrets_passes() {
        passes("provider_secrets", "no_end");
        let end = |now: Timestamp| now.plus_seconds(31 * 86_400);
        finds("provider_secrets", "lasts", |facts| facts.settings.secrets_end = vec![(staff(), end(facts.now))]);
    }

    #[test]
    fn provider_secrets_fails() {
        for (left, case) in [(-1, "ended"), (3, "ends_soon")] {
            fails("provider_secrets", case, |facts| {
                facts.settings.secrets_end = vec![(staff(), facts.now.plus_seconds(left * 86_400))];
            });
        }
    }
}
