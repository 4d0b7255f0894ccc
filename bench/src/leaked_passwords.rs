//! How long a lookup in the list of leaked passwords takes when nothing is found: the longest way,
//! with digits at the end that are taken off one by one.

use anyhow::{anyhow, ensure};
use auth::password::leaked_passwords::{count, is_leaked};
use auth::{FieldIssue, NewPassword};
use std::time::Instant;

use crate::Figure;
use crate::program::PASSWORD;

const LOOKUPS: u32 = 100_000;

pub fn measure() -> anyhow::Result<Figure> {
    let passwords: Vec<NewPassword> = (0..LOOKUPS)
        .map(|number| NewPassword::parse(&format!("{PASSWORD} {number:05}"), "", ""))
        .collect::<Result<_, FieldIssue>>()
        .map_err(|issue| anyhow!("{}", issue.as_str()))?;
    let started = Instant::now();
    let found = passwords.iter().filter(|password| is_leaked(password)).count();
    let took = started.elapsed().as_secs_f64() * 1e6 / f64::from(LOOKUPS);
    ensure!(found < 20, "{found} passphrases are taken for leaked ones");
    Ok(Figure {
        name: "Lookup in the list of leaked passwords",
        target: "≤ 10 µs",
        measured: format!("{took:.2} µs among {}", count()),
        reached: took <= 10.0,
    })
}
