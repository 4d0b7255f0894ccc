//! The providers to sign in with: what to register there, and what each says when it is asked.

use auth::clock::{Clock as _, SystemClock};
use auth::federation::{Provider, Providers};
use std::time::Duration;

use super::report::Report;
use crate::Settings;

/// How long one provider may take for all its answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks each provider of the settings.
pub(super) async fn providers(settings: &Settings, report: &mut Report) {
    let providers = match Providers::new(settings.federation.clone()) {
        Ok(providers) => providers,
        Err(why) => return report.fault("providers", format!("{why:#}")),
    };
    if providers.iter().next().is_none() {
        return report.good("providers", "There are none; docs/federation.md says how to add one.");
    }
    for provider in providers.iter() {
        ask(provider, &settings.public_url, report).await;
    }
}

async fn ask(provider: &Provider, public_url: &str, report: &mut Report) {
    let id = &provider.settings().id;
    let check = format!("provider {id}");
    report.good(&check, format!("Register this redirect URI there: {public_url}/sign-in/with/{id}/callback"));
    match tokio::time::timeout(PATIENCE, provider.check(SystemClock.now())).await {
        Ok(findings) if findings.is_empty() => report.good(&check, "It can be used."),
        Ok(findings) => {
            for finding in findings {
                report.tell(&check, finding.is_fault, finding.text);
            }
        }
        Err(_) => report.fault(&check, "It does not answer within 30 seconds; look at the network and its address."),
    }
}
