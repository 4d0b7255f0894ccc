//! Measures the release build: `bin/bench` builds it, runs this and writes `docs/performance.md`.
//!
//! Machines are noisy, so throughput is a ratio of two measurements of the same run: what the
//! program reaches, and what the bare act (a hash, a commit) reaches on the same cores.
//! Arguments name files of this folder to measure alone; `--table=FILE` writes what is printed. `large` is measured
//! when it is named: it makes a million accounts, or as many as `--users=N` says; `--keep=FOLDER` keeps them for the next
//! time. So is `chaos`, which breaks things for `--minutes=M` minutes, ten without it; see `bin/chaos`.

use anyhow::bail;
use std::fmt::Write as _;
use std::path::Path;

mod access_token;
mod chaos;
mod http;
mod known_address;
mod large;
mod leaked_passwords;
mod load;
mod long_lists;
mod me;
mod page_weight;
mod policy;
mod program;
mod refresh;
mod revocations;
mod sign_in;
mod start;
mod under_attack;
mod welch;

/// Every measurement of the table, in its order. `large` and `chaos` are named by whoever has the time.
const ALL: [&str; 12] = [
    "page_weight",
    "start",
    "leaked_passwords",
    "sign_in",
    "refresh",
    "access_token",
    "me",
    "revocations",
    "known_address",
    "long_lists",
    "policy",
    "under_attack",
];

/// One line of the report.
pub struct Figure {
    name: &'static str,
    target: &'static str,
    measured: String,
    reached: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(port) = arguments.iter().find_map(|argument| argument.strip_prefix(me::BARE)) {
        return me::serve_bare_route(port).await;
    }
    let file = arguments.iter().find_map(|argument| argument.strip_prefix("--table="));
    let users = arguments.iter().find_map(|argument| argument.strip_prefix("--users=")).map(str::parse).transpose()?;
    let minutes =
        arguments.iter().find_map(|argument| argument.strip_prefix("--minutes=")).map(str::parse).transpose()?;
    let keep = arguments.iter().find_map(|argument| argument.strip_prefix("--keep=")).map(Path::new);
    let mut wanted: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    if wanted.is_empty() {
        wanted = ALL.to_vec();
    }
    let mut table = String::from("| what | target | measured | reached |\n|---|---|---|---|\n");
    for measurement in wanted {
        for Figure { name, target, measured, reached } in measure(measurement, users, keep, minutes).await? {
            // A bar would begin another column.
            let name = name.replace('|', "\\|");
            writeln!(table, "| {name} | {target} | {measured} | {} |", if reached { "yes" } else { "**no**" })?;
        }
    }
    println!("{table}");
    if let Some(file) = file {
        std::fs::write(file, table)?;
    }
    Ok(())
}

async fn measure(
    name: &str,
    users: Option<i64>,
    keep: Option<&Path>,
    minutes: Option<f64>,
) -> anyhow::Result<Vec<Figure>> {
    match name {
        "page_weight" => page_weight::measure().await,
        "start" => start::measure().await,
        "leaked_passwords" => Ok(vec![leaked_passwords::measure()?]),
        "sign_in" => sign_in::measure().await,
        "refresh" => refresh::measure().await,
        "access_token" => Ok(vec![access_token::measure().await?]),
        "me" => me::measure().await,
        "revocations" => revocations::measure(),
        "known_address" => known_address::measure().await,
        "long_lists" => long_lists::measure().await,
        "chaos" => chaos::measure(minutes.unwrap_or(10.0)).await,
        "large" => large::measure(users, keep).await,
        "policy" => policy::measure().await,
        "under_attack" => under_attack::measure().await,
        other => bail!("there is no measurement {other}; there are {}, large and chaos", ALL.join(", ")),
    }
}
