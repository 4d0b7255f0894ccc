//! How the program is: its database, what waits, its keys, its memory, and how long requests take.

use auth::view::{
    EngineHealth, Health, JobQueue, LatencyMinute, LatencyOf, Me, ProcessHealth, ProxyFault, ProxyFinding, TlsFault,
    TlsHealth, VaultFault, VaultHealth,
};
use auth::{Timestamp, flow};
use leptos::prelude::*;

use super::checklist::checklist;
use super::{browser_reports, refused};
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{
    Area, Icon, LineChart, Mark, Moment, Numbers, Series, Shell, clock_words, facts, moment_words, provide_zone,
};

async fn load() -> Result<(Me, Health, bool, Timestamp), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let engine = flow::show_health(&auth, &caller).await?;
    let health = Health { process: server::process_health(), engine };
    let sees_checks = flow::may_see_checks(&auth, &caller).await;
    Ok((auth.me(&caller).await?, health, sees_checks, auth.now()))
}

/// The page `/admin/health`.
#[component]
pub fn AdminHealthPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, health, sees_checks, now)) => view! { <Shown me health sees_checks now/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Shown(me: Me, health: Health, sees_checks: bool, now: Timestamp) -> impl IntoView {
    provide_zone(&me);
    let Health { mut process, engine } = health;
    let checks = process.checks.take();
    let checks = sees_checks.then(|| checklist(checks));
    view! {
        <Shell current=Area::Health title=t("page.admin_health.nav") purpose=t("page.admin_health.purpose") me>
            {proxies(&process.proxies)}
            {process.vault.and_then(vault_fault)}
            {process.tls.and_then(tls_fault)}
            <section class="card">
                <h2>{t("page.admin_health.latency")}</h2>
                {figures(&process.latency.all)}
                <LineChart numbers=latency(&process.latency.minutes)/>
            </section>
            {checks}
            <div class="card-grid">
                <section class="card"><h2>{t("page.admin_health.program")}</h2>{program(&process, now)}</section>
                <section class="card"><h2>{t("page.admin_health.database")}</h2>{database(&engine)}</section>
                <section class="card"><h2>{t("page.admin_health.waiting")}</h2>{waiting(&engine)}</section>
                <section class="card"><h2>{t("page.admin_health.keys")}</h2>{keys(&engine)}</section>
                {process.vault.map(vault)}
                {process.tls.map(certificate)}
            </div>
            <section class="card">
                <h2>{t("page.browser_reports.title")}</h2>
                <p>{t("page.browser_reports.link_text")}</p>
                <p><a href=browser_reports::PATH>{t("page.browser_reports.link")}</a></p>
            </section>
        </Shell>
    }
}

/// What is wrong with the proxies, and what to do; nothing, as a rule.
fn proxies(findings: &[ProxyFinding]) -> Option<AnyView> {
    if findings.is_empty() {
        return None;
    }
    let said = findings.iter().map(|found| view! { <p>{proxy_words(found)}</p> }).collect_view();
    let notice = view! {
        <section class="notice notice-danger" role="status">
            <Icon name="alert"/>
            <div><h2>{t("page.admin_health.proxies")}</h2>{said}</div>
        </section>
    };
    Some(notice.into_any())
}

fn proxy_words(found: &ProxyFinding) -> String {
    let key = match found.fault {
        ProxyFault::UnlistedProxy => "page.admin_health.unlisted_proxy",
        ProxyFault::SilentProxy => "page.admin_health.silent_proxy",
        ProxyFault::ManyTrusted => "page.admin_health.many_trusted",
        ProxyFault::ManyUnlisted => "page.admin_health.many_unlisted",
        ProxyFault::WideNetwork => "page.admin_health.wide_network",
    };
    let address = found.address.as_deref().unwrap_or_default();
    t_with(key, &[("address", address), ("count", &found.count.to_string())])
}

/// What is wrong with the vault, and what to do; nothing, as a rule.
fn vault_fault(vault: VaultHealth) -> Option<AnyView> {
    let words = t(match vault.fault? {
        VaultFault::Unreachable => "page.admin_health.vault_unreachable",
        VaultFault::Sealed => "page.admin_health.vault_sealed",
        VaultFault::Refused => "page.admin_health.vault_refused",
        VaultFault::Missing => "page.admin_health.vault_missing",
        VaultFault::NotRenewed => "page.admin_health.vault_not_renewed",
        VaultFault::Changed => "page.admin_health.vault_changed",
    });
    let notice = view! {
        <section class="notice notice-danger" role="status">
            <Icon name="alert"/>
            <div><h2>{t("page.admin_health.vault_fault")}</h2><p>{words}</p></div>
        </section>
    };
    Some(notice.into_any())
}

/// The vault that secrets came from.
fn vault(vault: VaultHealth) -> AnyView {
    let end = match vault.token_ends_at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.admin_health.unknown").into_any(),
    };
    let all = facts([
        (t("page.admin_health.vault_answered").into_any(), moment_words(vault.answered_at, true).into_any()),
        (t("page.admin_health.vault_token").into_any(), end),
    ]);
    view! { <section class="card"><h2>{t("page.admin_health.vault")}</h2>{all}</section> }.into_any()
}

/// What is wrong with the certificate, and what to do; nothing, as a rule.
fn tls_fault(tls: TlsHealth) -> Option<AnyView> {
    let words = t(match tls.fault? {
        TlsFault::Ended => "page.admin_health.tls_ended",
        TlsFault::Unusable => "page.admin_health.tls_unusable",
        TlsFault::EndsSoon => "page.admin_health.tls_ends_soon",
    });
    let notice = view! {
        <section class="notice notice-danger" role="status">
            <Icon name="alert"/>
            <div><h2>{t("page.admin_health.tls_fault")}</h2><p>{words}</p></div>
        </section>
    };
    Some(notice.into_any())
}

/// The certificate that the program serves.
fn certificate(tls: TlsHealth) -> AnyView {
    let end = view! { <Moment at=tls.ends_at with_time=true/> }.into_any();
    let all = facts([(t("page.admin_health.tls_end").into_any(), end)]);
    view! { <section class="card"><h2>{t("page.admin_health.tls")}</h2>{all}</section> }.into_any()
}

/// The percentiles of the last quarter of an hour.
fn figures(all: &LatencyOf) -> AnyView {
    let figures = [
        (t("page.admin_health.requests"), all.requests.to_string()),
        (t("page.admin_health.p50"), milliseconds(all.p50_us)),
        (t("page.admin_health.p95"), milliseconds(all.p95_us)),
        (t("page.admin_health.p99"), milliseconds(all.p99_us)),
    ];
    let figures = figures.map(|(name, figure)| view! { <div><dt>{name}</dt><dd>{figure}</dd></div> });
    view! { <dl class="figures">{figures.collect_view()}</dl> }.into_any()
}

/// The percentiles of each minute.
fn latency(minutes: &[LatencyMinute]) -> Numbers {
    let series = |name: &str, mark: Mark, value: fn(&LatencyOf) -> i64| Series {
        name: t(name),
        mark,
        values: minutes.iter().map(|minute| Some(value(&minute.of))).collect(),
    };
    Numbers {
        id: "latency",
        title: t("page.admin_health.latency"),
        described: t("page.admin_health.latency_described"),
        places: minutes.iter().map(|minute| clock_words(minute.start)).collect(),
        place_name: t("page.admin_health.minute"),
        series: vec![
            series("page.admin_health.p50", Mark::Full, |of| of.p50_us),
            series("page.admin_health.p95", Mark::Stripes, |of| of.p95_us),
            series("page.admin_health.p99", Mark::Dots, |of| of.p99_us),
        ],
        said: milliseconds,
    }
}

fn program(process: &ProcessHealth, now: Timestamp) -> AnyView {
    let memory = process.memory_bytes.map_or_else(|| t("page.admin_health.unknown"), bytes);
    facts([
        (t("page.admin_health.version").into_any(), process.version.clone().into_any()),
        (t("page.admin_health.started").into_any(), moment_words(process.started_at, true).into_any()),
        (t("page.admin_health.uptime").into_any(), span(now.seconds_since(process.started_at)).into_any()),
        (t("page.admin_health.memory").into_any(), memory.into_any()),
    ])
    .into_any()
}

fn database(engine: &EngineHealth) -> AnyView {
    let database = &engine.database;
    let migrations = t_with(
        "page.admin_health.of",
        &[("count", &database.migrations.to_string()), ("all", &database.migrations_known.to_string())],
    );
    facts([
        (t("page.admin_health.kind").into_any(), database.kind.clone().into_any()),
        (t("page.admin_health.ping").into_any(), milliseconds(database.ping_us).into_any()),
        (t("page.admin_health.size").into_any(), bytes(database.size_bytes).into_any()),
        (t("page.admin_health.migrations").into_any(), migrations.into_any()),
    ])
    .into_any()
}

fn waiting(engine: &EngineHealth) -> AnyView {
    let queue = t_with(
        "page.admin_health.of",
        &[("count", &engine.hash_queue.waiting.to_string()), ("all", &engine.hash_queue.limit.to_string())],
    );
    let dead_class = if engine.dead_jobs > 0 { "badge badge-danger" } else { "badge badge-ok" };
    let dead = view! { <span class=dead_class>{engine.dead_jobs.to_string()}</span> };
    let jobs = engine.jobs.iter().map(job).collect_view();
    let none = engine.jobs.is_empty().then(|| view! { <p class="muted">{t("page.admin_health.no_jobs")}</p> });
    let all = facts([
        (t("page.admin_health.dead").into_any(), dead.into_any()),
        (t("page.admin_health.hash_queue").into_any(), queue.into_any()),
    ]);
    view! { {none}<ul class="plain-list">{jobs}</ul>{all} }.into_any()
}

fn job(queue: &JobQueue) -> AnyView {
    let words = t_with(
        "page.admin_health.job",
        &[
            ("kind", &queue.kind),
            ("waiting", &queue.waiting.to_string()),
            ("due", &queue.due.to_string()),
            ("since", &moment_words(queue.oldest_at, true)),
        ],
    );
    view! { <li>{words}</li> }.into_any()
}

fn keys(engine: &EngineHealth) -> AnyView {
    let keys = &engine.keys;
    let signing = match &keys.signing {
        Some(id) => view! { <code class="key-id">{id.clone()}</code> }.into_any(),
        None => view! { <Icon name="alert"/>{t("page.admin_health.no_key")} }.into_any(),
    };
    let since = match keys.signs_from {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.admin_health.unknown").into_any(),
    };
    facts([
        (t("page.admin_health.signing").into_any(), signing),
        (t("page.admin_keys.signs_from").into_any(), since),
        (t("page.admin_health.accepted").into_any(), keys.accepted.to_string().into_any()),
        (t("page.admin_health.learned").into_any(), moment_words(keys.learned_at, true).into_any()),
    ])
    .into_any()
}

/// Microseconds as milliseconds, such as `1.2 ms`.
pub(super) fn milliseconds(micros: i64) -> String {
    let (whole, tenth) = (micros / 1000, micros % 1000 / 100);
    if whole >= 100 { format!("{whole} ms") } else { format!("{whole}.{tenth} ms") }
}

/// Bytes in a unit that people read, such as `12.3 MB`.
fn bytes(bytes: i64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let (mut unit, mut of) = (0, 1);
    while unit + 1 < units.len() && bytes / of >= 1000 {
        (unit, of) = (unit + 1, of * 1000);
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{}.{} {}", bytes / of, bytes % of * 10 / of, units[unit]) }
}

/// Seconds in words: the largest two units.
fn span(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let key = if days > 0 { "page.admin_health.days" } else { "page.admin_health.hours" };
    let [days, hours, minutes] = [days, hours, minutes].map(|number| number.to_string());
    t_with(key, &[("days", &days), ("hours", &hours), ("minutes", &minutes)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_in_units_that_people_read() {
        for (micros, told) in [(0, "0.0 ms"), (1250, "1.2 ms"), (99_949, "99.9 ms"), (123_456, "123 ms")] {
            assert_eq!(milliseconds(micros), told);
        }
        for (count, told) in
            [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_345_678, "12.3 MB"), (5_000_000_000, "5.0 GB")]
        {
            assert_eq!(bytes(count), told);
        }
    }
}
