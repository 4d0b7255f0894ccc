//! What a refresh and two pages cost among a thousand, a hundred thousand and a million accounts on PostgreSQL, as
//! ratios to what they cost among the fewest, in one run. The server is that of `KEYWRIGHT_TEST_POSTGRES_URL`.
//!
//! Making the data takes minutes, so this is measured when it is named. `--sizes=1000,20000` names other numbers of
//! accounts, and `--keep=FOLDER` leaves the data for the next run; `large` and this take each other's.

use anyhow::{Context, bail, ensure};
use auth::flow::SEED_PASSWORD;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::filled::{FEW, Filled, Place};
use crate::http::Connection;
use crate::program::{refresh_cookie, sign_in};
use crate::refresh::exchange;

const SIZES: [i64; 3] = [FEW, 100_000, 1_000_000];
/// Accounts that are measured, spread over all of them: what is asked again and again is in every cache.
const PEOPLE: i64 = 100;
/// Measured times that each of them asks for each thing.
const ROUNDS: i64 = 10;
/// Rounds before them, which are thrown away.
const WARM_UP: i64 = 2;

/// A refresh, or a page.
struct Act {
    name: &'static str,
    page: Option<&'static str>,
}

const ACTS: [Act; 3] = [
    Act { name: "A refresh on PostgreSQL, over the same among the fewest accounts (median)", page: None },
    Act { name: "/account on PostgreSQL, over the same among the fewest accounts (median)", page: Some("/account") },
    Act {
        name: "/account/sessions on PostgreSQL, over the same among the fewest accounts (median)",
        page: Some("/account/sessions"),
    },
];

pub async fn measure(sizes: Option<&str>, keep: Option<&Path>) -> anyhow::Result<Vec<Figure>> {
    let sizes = sizes.map_or_else(|| Ok(SIZES.to_vec()), read_sizes)?;
    let place = Place::postgres(keep).context("KEYWRIGHT_TEST_POSTGRES_URL names no server; bin/bench starts one")?;
    let mut programs = Vec::new();
    for users in &sizes {
        // By these names `large` keeps its data.
        let name = if *users == FEW { "small" } else { "large" };
        programs.push(Filled::make(&place, name, *users).await?);
    }
    // Once all the data is there: a program closes a connection that is quiet for as long as a million accounts take.
    let mut crowds = Vec::new();
    for (filled, users) in programs.into_iter().zip(&sizes) {
        crowds.push(Crowd::gather(filled, *users).await?);
    }
    // And once all are signed in: one that has asked nothing yet is quiet for ten seconds at most.
    for crowd in &mut crowds {
        crowd.connection = Connection::open(crowd.filled.program.port).await?;
    }
    for round in 0..WARM_UP + ROUNDS {
        for (number, act) in ACTS.iter().enumerate() {
            ask_all(&mut crowds, act, number, round >= WARM_UP).await?;
        }
    }
    let mut times = Vec::new();
    for crowd in crowds {
        times.push(crowd.times);
        crowd.filled.stop().await?;
    }
    let figures = ACTS.iter().enumerate().map(|(number, act)| Figure {
        name: act.name,
        target: "stated",
        measured: said(&sizes, &times.iter_mut().map(|of_acts| median(&mut of_acts[number])).collect::<Vec<_>>()),
        reached: true,
    });
    Ok(figures.collect())
}

/// Numbers of accounts, the fewest first.
fn read_sizes(text: &str) -> anyhow::Result<Vec<i64>> {
    let sizes = text
        .split(',')
        .map(str::parse::<i64>)
        .collect::<Result<Vec<_>, _>>()
        .context("--sizes is no list of numbers")?;
    if !(2..=5).contains(&sizes.len()) || !sizes.is_sorted_by(|fewer, more| fewer < more) {
        bail!("--sizes must be two to five numbers that grow, as in --sizes=1000,20000");
    }
    ensure!(sizes.iter().all(|users| (FEW..=10_000_000).contains(users)), "--sizes must be of {FEW} to 10000000");
    Ok(sizes)
}

/// A program among so many accounts, of whom some are measured.
struct Crowd {
    filled: Filled,
    connection: Connection,
    /// The newest refresh token of each.
    cookies: Vec<String>,
    /// Of each act.
    times: [Vec<Duration>; ACTS.len()],
}

impl Crowd {
    /// Signs in those who are measured.
    async fn gather(filled: Filled, users: i64) -> anyhow::Result<Self> {
        let port = filled.program.port;
        let mut cookies = Vec::new();
        for person in 0..PEOPLE {
            let email = format!("user{}@example.com", account(person, users));
            cookies.push(sign_in(port, &email, SEED_PASSWORD).await?.refresh_token);
        }
        filled.program.come_to_rest().await?;
        Ok(Self { connection: Connection::open(port).await?, filled, cookies, times: Default::default() })
    }

    /// Asks as this person.
    async fn ask(&mut self, person: usize, act: &Act) -> anyhow::Result<Duration> {
        let cookie = &mut self.cookies[person];
        let started = Instant::now();
        let Some(path) = act.page else {
            *cookie = exchange(&mut self.connection, cookie).await?;
            return Ok(started.elapsed());
        };
        let headers = format!("accept: text/html\r\nsec-fetch-mode: navigate\r\ncookie: __Host-refresh={cookie}\r\n");
        let answer = self.connection.send("GET", path, &headers, "").await?;
        let took = started.elapsed();
        ensure!(answer.status == 200, "{path}: {}", answer.status);
        // A page may renew it.
        if let Some(newest) = refresh_cookie(&answer.head) {
            *cookie = newest;
        }
        Ok(took)
    }
}

/// Each person asks once in each crowd, and the crowds take turns: a slow moment of the machine hits them all.
async fn ask_all(crowds: &mut [Crowd], act: &Act, number: usize, counts: bool) -> anyhow::Result<()> {
    let all = crowds.len();
    for person in 0..crowds[0].cookies.len() {
        for turn in 0..all {
            let crowd = &mut crowds[(person + turn) % all];
            let took = crowd.ask(person, act).await?;
            if counts {
                crowd.times[number].push(took);
            }
        }
    }
    Ok(())
}

/// The number of a measured person's account. It ends in 3: each that ends in 0 has a session of the seed, 1 is the
/// administrator, and 2 signs in for `large`.
const fn account(person: i64, users: i64) -> i64 {
    person * users / PEOPLE / 10 * 10 + 3
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn said(sizes: &[i64], medians: &[Duration]) -> String {
    let (fewest, least) = (sizes[0], medians[0].as_secs_f64());
    let ratios = sizes.iter().zip(medians).skip(1).map(|(users, median)| {
        let ratio = median.as_secs_f64() / least;
        format!("{ratio:.2} among {users}")
    });
    format!("{} ({:.2} ms among {fewest})", ratios.collect::<Vec<_>>().join(", "), least * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn everybody_is_another_and_there() {
        for users in SIZES {
            let accounts: HashSet<i64> = (0..PEOPLE).map(|person| account(person, users)).collect();
            assert_eq!(accounts.len(), 100);
            assert!(accounts.iter().all(|account| *account < users && account % 10 == 3));
        }
        assert_eq!(account(PEOPLE - 1, 1_000_000), 990_003);
    }

    #[test]
    fn sizes_grow_within_bounds() {
        assert_eq!(read_sizes("1000,20000").unwrap(), [1000, 20_000]);
        for (wrong, named) in [
            ("1000", "two to five"),
            ("1000,1000", "grow"),
            ("20000,1000", "grow"),
            ("1000,many", "numbers"),
            ("999,20000", "of 1000"),
            ("1000,99999999", "to 10000000"),
        ] {
            let error = read_sizes(wrong).unwrap_err().to_string();
            assert!(error.contains(named), "{wrong}: {error}");
        }
    }

    #[test]
    fn ratios_are_to_the_fewest() {
        let medians = [800, 840, 1000].map(Duration::from_micros);
        assert_eq!(said(&SIZES, &medians), "1.05 among 100000, 1.25 among 1000000 (0.80 ms among 1000)");
        assert_eq!(median(&mut [3, 1, 2].map(Duration::from_secs)), Duration::from_secs(2));
    }
}
