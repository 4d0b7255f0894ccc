//! Whether the time of an answer tells if an address has an account. Each pair asks once for an
//! address with an account and once for one without, in an order that a coin decides, over one kept
//! connection, one question at a time.
//!
//! The addresses look alike, and each is asked once for the same thing: a second question finds what
//! the first one left and does more, and after a few the limits of mails hold. The exception is the
//! second line of sign-ins, where the known address stays the same, as it does for who guesses.

use anyhow::ensure;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::http::Connection;
use crate::program::{PASSWORD, Program, create_account};
use crate::welch;

/// Measured pairs of each question.
const PAIRS: usize = 2_000;
/// Pairs before them, which are thrown away.
const WARM_UP: usize = 100;
/// How many make accounts at once: each waits for its mail.
const MAKERS: usize = 8;
/// From one address with an account to the next; those between have none, some for each question.
const STRIDE: usize = 8;
/// A mail is delivered after its answer. Without this rest it would slow down the next question,
/// which is more often one of the other kind.
const REST: Duration = Duration::from_millis(10);
/// Cheap hashes make differences more visible, not less: beside one of 20 ms and its noise a few
/// microseconds would not be seen. They also keep the measurement within minutes.
pub const CHEAP_HASHES: [(&str, &str); 2] = [("KEYWRIGHT_HASH_MEMORY_KIB", "32"), ("KEYWRIGHT_HASH_PASSES", "1")];

/// What is asked.
struct Question {
    name: &'static str,
    path: &'static str,
    /// What is sent beside the address.
    more: String,
    status: u16,
    /// Whether the known address is the same in each pair.
    repeats: bool,
    rest: Duration,
}

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start_with(folder.path(), &CHEAP_HASHES).await?;
    create_accounts(program.port).await?;
    let (mut figures, mut coin) = (Vec::new(), Coin(1));
    for (number, question) in questions().iter().enumerate() {
        let (known, unknown) = ask(program.port, question, number, &mut coin).await?;
        let t = welch::difference(&known, &unknown);
        figures.push(Figure {
            name: question.name,
            target: "< 4.5",
            measured: format!("{t:.1} (means {:.0} µs and {:.0} µs)", welch::mean(&known), welch::mean(&unknown)),
            reached: t < welch::THRESHOLD,
        });
    }
    program.stop().await?;
    Ok(figures)
}

/// In this order: a sign-up would be found by a sign-in that follows.
fn questions() -> [Question; 4] {
    let sign_in = |name, repeats| Question {
        name,
        path: "/api/v1/sign-in",
        more: r#","password":"another horse battery staple""#.to_owned(),
        status: 401,
        repeats,
        rest: Duration::ZERO,
    };
    let mailed = |name, path, more| Question { name, path, more, status: 202, repeats: false, rest: REST };
    [
        sign_in("Sign-in, known or unknown address: Welch's |t| of 2,000 pairs", false),
        sign_in("Sign-in, one known address again and again: Welch's |t| of 2,000 pairs", true),
        mailed(
            "Sign-up, known or unknown address: Welch's |t| of 2,000 pairs",
            "/api/v1/sign-up",
            format!(r#","password":"{PASSWORD}","name":"Sam""#),
        ),
        mailed(
            "Forgot password, known or unknown address: Welch's |t| of 2,000 pairs",
            "/api/v1/forgot-password",
            String::new(),
        ),
    ]
}

async fn create_accounts(port: u16) -> anyhow::Result<()> {
    let makers: Vec<_> = (0..MAKERS)
        .map(|maker| {
            tokio::spawn(async move {
                for pair in (maker..WARM_UP + PAIRS).step_by(MAKERS) {
                    create_account(port, &known_address(pair)).await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for maker in makers {
        maker.await??;
    }
    Ok(())
}

fn known_address(pair: usize) -> String {
    address(pair * STRIDE)
}

/// An address that was in no pair and no question before.
fn unknown_address(pair: usize, question: usize) -> String {
    address(pair * STRIDE + 1 + question)
}

fn address(number: usize) -> String {
    format!("person{number:05}@example.com")
}

/// The times of all pairs in microseconds, with an account and without.
async fn ask(port: u16, question: &Question, number: usize, coin: &mut Coin) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let mut connection = Connection::open(port).await?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for pair in 0..WARM_UP + PAIRS {
        let begins_known = coin.toss();
        for is_known in [begins_known, !begins_known] {
            let email = match is_known {
                true if question.repeats => known_address(0),
                true => known_address(pair),
                false => unknown_address(pair, number),
            };
            let took = question.ask(&mut connection, &email).await?;
            if pair >= WARM_UP {
                let times = if is_known { &mut known } else { &mut unknown };
                times.push(took);
            }
        }
    }
    Ok((known, unknown))
}

impl Question {
    /// Microseconds from the first byte that is written to the last that is read.
    async fn ask(&self, connection: &mut Connection, email: &str) -> anyhow::Result<f64> {
        let body = format!(r#"{{"email":"{email}"{}}}"#, self.more);
        let started = Instant::now();
        let answer = connection.json(self.path, &body).await?;
        let took = started.elapsed();
        ensure!(answer.status == self.status, "{}: {}", self.path, answer.status);
        tokio::time::sleep(self.rest).await;
        Ok(took.as_secs_f64() * 1e6)
    }
}

/// Falls alike in every run (`SplitMix64`; Steele, Lea and Flood, 2014).
struct Coin(u64);

impl Coin {
    fn toss(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_coin_is_fair_and_repeatable() {
        let tosses = |mut coin: Coin| -> Vec<bool> { (0..10_000).map(|_| coin.toss()).collect() };
        let heads = tosses(Coin(1)).iter().filter(|head| **head).count();
        assert!((4_800..5_200).contains(&heads), "{heads}");
        assert_eq!(tosses(Coin(1)), tosses(Coin(1)));
    }

    #[test]
    fn no_address_is_asked_twice_and_all_are_equally_long() {
        let mut seen = HashSet::new();
        for pair in 0..WARM_UP + PAIRS {
            let unknown = (0..questions().len()).map(|question| unknown_address(pair, question));
            for email in unknown.chain([known_address(pair)]) {
                assert_eq!(email.len(), known_address(0).len());
                assert!(seen.insert(email));
            }
        }
    }
}
