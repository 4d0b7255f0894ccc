//! Measures the release build: `bin/bench` builds it, runs this and writes `docs/performance.md`.
//!
//! Machines are noisy, so throughput is a ratio of two measurements of the same run: what the
//! program reaches, and what the bare act (a hash, a commit) reaches on the same cores.
//! `--only=refresh` measures one file of this folder alone.

use std::fmt::Write as _;

mod http;
mod leaked_passwords;
mod page_weight;
mod program;
mod refresh;
mod sign_in;
mod start;

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
    let only = arguments.iter().find_map(|argument| argument.strip_prefix("--only="));
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    let mut figures = Vec::new();
    if wanted("page_weight") {
        figures.extend(page_weight::measure().await?);
    }
    if wanted("start") {
        figures.extend(start::measure().await?);
    }
    if wanted("leaked_passwords") {
        figures.push(leaked_passwords::measure()?);
    }
    if wanted("sign_in") {
        figures.extend(sign_in::measure().await?);
    }
    if wanted("refresh") {
        figures.extend(refresh::measure().await?);
    }
    let mut table = String::from("| what | target | measured | reached |\n|---|---|---|---|\n");
    for Figure { name, target, measured, reached } in &figures {
        writeln!(table, "| {name} | {target} | {measured} | {} |", if *reached { "yes" } else { "**no**" })?;
    }
    println!("{table}");
    if let Some(path) = arguments.iter().find(|argument| !argument.starts_with("--")) {
        std::fs::write(path, table)?;
    }
    Ok(())
}
