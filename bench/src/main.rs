//! Measures the release build: `bin/bench` builds it, runs this and writes `docs/performance.md`.
//!
//! Machines are noisy, so throughput is a ratio of two measurements of the same run: what the
//! program reaches, and what the bare act (a hash, a commit) reaches on the same cores.
//! Arguments name files of this folder to measure alone; `--table=FILE` writes what is printed. `large` is measured
//! when it is named: it makes a million accounts, or as many as `--users=N` says; `--keep=FOLDER` keeps them for the next
//! time. So is `growth`, among as many accounts as each number of `--sizes=A,B,C`, and `chaos`, which breaks things for
//! `--minutes=M` minutes, ten without it; see `bin/chaos`. `crowd` takes `--users` and `--minutes` as well.

use anyhow::bail;
use std::fmt::Write as _;
use std::path::Path;

mod access_token;
mod binary_size;
mod chaos;
mod crowd;
mod filled;
mod growth;
mod http;
mod known_address;
mod large;
mod leaked_passwords;
mod load;
mod long_lists;
mod me;
mod page_weight;
mod policy;
mod processor_time;
mod program;
mod refresh;
mod revocations;
mod sign_in;
mod start;
mod under_attack;
mod welch;

/// Every measurement of the table, in its order. `large`, `growth` and `chaos` are named by whoever has the time.
const ALL: [&str; 14] = [
    "page_weight",
    "binary_size",
    "start",
    "leaked_passwords",
    "sign_in",
    "refresh",
    "crowd",
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

/// What is said beside the names of measurements: how much, how long, and where it is kept.
struct Options<'a> {
    users: Option<i64>,
    minutes: Option<f64>,
    keep: Option<&'a Path>,
    sizes: Option<&'a str>,
}

impl<'a> Options<'a> {
    fn read(arguments: &'a [String]) -> anyhow::Result<Self> {
        let value = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name));
        Ok(Self {
            users: value("--users=").map(str::parse).transpose()?,
            minutes: value("--minutes=").map(str::parse).transpose()?,
            keep: value("--keep=").map(Path::new),
            sizes: value("--sizes="),
        })
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(port) = arguments.iter().find_map(|argument| argument.strip_prefix(me::BARE)) {
        return me::serve_bare_route(port).await;
    }
    let file = arguments.iter().find_map(|argument| argument.strip_prefix("--table="));
    let options = Options::read(&arguments)?;
    let mut wanted: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    if wanted.is_empty() {
        wanted = ALL.to_vec();
    }
    let mut table = String::from("| what | target | measured | reached |\n|---|---|---|---|\n");
    for measurement in wanted {
        for Figure { name, target, measured, reached } in measure(measurement, &options).await? {
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

async fn measure(name: &str, options: &Options<'_>) -> anyhow::Result<Vec<Figure>> {
    let Options { users, minutes, keep, sizes } = *options;
    match name {
        "page_weight" => page_weight::measure().await,
        "binary_size" => binary_size::measure().await,
        "start" => start::measure().await,
        "leaked_passwords" => Ok(vec![leaked_passwords::measure()?]),
        "sign_in" => sign_in::measure().await,
        "refresh" => refresh::measure().await,
        "crowd" => crowd::measure(users, minutes).await,
        "access_token" => Ok(vec![access_token::measure().await?]),
        "me" => me::measure().await,
        "revocations" => revocations::measure(),
        "known_address" => known_address::measure().await,
        "long_lists" => long_lists::measure().await,
        "chaos" => chaos::measure(minutes.unwrap_or(10.0)).await,
        "large" => large::measure(users, keep).await,
        "growth" => growth::measure(sizes, keep).await,
        "policy" => policy::measure().await,
        "under_attack" => under_attack::measure().await,
        other => bail!("there is no measurement {other}; there are {}, large, growth and chaos", ALL.join(", ")),
    }
}
