//! Whether what people send is encrypted up to this program, and whether its certificate lasts.

use auth::Timestamp;
use auth::clock::{Clock as _, SystemClock};
use auth::view::{TlsFault, TlsHealth};
use url::Url;

use super::report::Report;
use crate::settings::{Mode, Settings};

const CHECK: &str = "tls";
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Looks at the certificate, or at why there may be none. A `listen` that others reach without one is refused with the settings.
pub(super) fn tls(settings: &Settings, report: &mut Report) {
    let Some(tls) = &settings.tls else {
        let (is_fault, text) = without(settings);
        return report.tell(CHECK, is_fault, text.to_owned());
    };
    let host = Url::parse(&settings.public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if !tls.is_for(host) {
        report.fault(
            CHECK,
            format!("The certificate is none for {host}, the host of public_url: get one that names it."),
        );
    }
    let now = SystemClock.now();
    let (is_fault, text) = judged(tls.health(now), now);
    report.tell(CHECK, is_fault, text);
}

fn without(settings: &Settings) -> (bool, &'static str) {
    if settings.mode == Mode::Development {
        return (false, "There is no tls_certificate; a developer's browser is on this machine.");
    }
    if settings.listen.ip().is_loopback() {
        return (
            false,
            "There is no tls_certificate; a proxy on this machine alone can reach listen, and speaks TLS to people.",
        );
    }
    (
        false,
        "There is no tls_certificate, and listen_behind_tls says that something else encrypts the network of listen: look \
         that nobody else reaches it.",
    )
}

fn judged(health: TlsHealth, now: Timestamp) -> (bool, String) {
    let days = health.ends_at.seconds_since(now).div_euclid(DAY_SECONDS);
    match health.fault {
        Some(TlsFault::Ended) => {
            (true, "The certificate has ended; renew it: a running server takes the new one by itself.".to_owned())
        }
        // Its files were read a moment ago.
        None | Some(TlsFault::Unusable) => {
            (false, format!("TLS 1.2 and 1.3 are spoken; the certificate ends in {days} days."))
        }
        Some(TlsFault::EndsSoon) => {
            (true, format!("The certificate ends in {days} days; look why nothing renews it: a month before is usual."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_that_a_certificate_has_are_told() {
        let now = Timestamp(0);
        let told = |fault: Option<TlsFault>, days: i64| {
            judged(TlsHealth { ends_at: now.plus_seconds(days * DAY_SECONDS + 60), fault }, now)
        };
        let (is_fault, text) = told(None, 61);
        assert!(!is_fault && text.contains("in 61 days"), "{text}");
        let (is_fault, text) = told(Some(TlsFault::EndsSoon), 3);
        assert!(is_fault && text.contains("in 3 days"), "{text}");
        let (is_fault, text) = told(Some(TlsFault::Ended), -3);
        assert!(is_fault && text.contains("has ended"), "{text}");
    }
}
