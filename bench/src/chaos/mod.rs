//! Two nodes on one PostgreSQL behind nginx, with people who sign in, refresh, read and change things, while parts of it are
//! broken: each node is killed twice and started again, PostgreSQL is away for a minute, keys are rotated. Everything is on the
//! loopback of one machine and gone afterwards, also when the run is broken off. `bin/chaos` runs it and writes `docs/chaos.md`.

use anyhow::{Context, bail, ensure};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

mod after;
mod client;
mod counts;
mod nginx;
mod node;
mod person;
mod postgres;
mod shipped;

use crate::Figure;
use crate::program::{free_port, run};
use counts::Counts;
use nginx::{HOST, Nginx};
use node::Node;
use person::{ENDED, Person};
use postgres::Cluster;

/// People who work at once.
const PEOPLE: u8 = 24;
/// How long a node stays away, and PostgreSQL at least.
const BROKEN: Duration = Duration::from_secs(2);
/// How long PostgreSQL is away at most: as long as is promised that nobody is signed out by it, and twice the grace of a refresh
/// token whose answer was lost.
const LONGEST_AWAY: Duration = Duration::from_secs(60);
/// For the beginning and for looking at everything again, besides as long again as people worked.
const BESIDES: Duration = Duration::from_secs(600);
/// 32 bytes in base64, of this run alone.
const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";

/// What is broken, and when: in hundredths of the whole time.
const FAULTS: [(u32, Fault); 6] = [
    (10, Fault::Node(0)),
    (25, Fault::Node(1)),
    (40, Fault::Database),
    (55, Fault::Keys),
    (65, Fault::Node(0)),
    (80, Fault::Node(1)),
];

#[derive(Clone, Copy)]
enum Fault {
    /// It is killed without a word.
    Node(usize),
    /// PostgreSQL is ended as a crash would end it: what it acknowledged must be on the disk.
    Database,
    /// The signing key is replaced at once.
    Keys,
}

/// Everything that runs.
struct House {
    cluster: Cluster,
    nodes: [Node; 2],
    nginx: Nginx,
    port: u16,
    settings: Vec<(String, String)>,
}

/// Runs it for so many minutes. Whatever ends it, nothing of it goes on.
pub async fn measure(minutes: f64) -> anyhow::Result<Vec<Figure>> {
    ensure!((0.1..=120.0).contains(&minutes), "--minutes must be between 0.1 and 120");
    let span = Duration::from_secs_f64(minutes * 60.0);
    let longest = span * 2 + BESIDES;
    let (mut ended, mut broken_off) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let counts = tokio::select! {
        came_to = live_through(span) => came_to?,
        () = tokio::time::sleep(longest) => bail!("it is not over after {} s", longest.as_secs()),
        _ = ended.recv() => bail!("it was ended"),
        _ = broken_off.recv() => bail!("it was broken off"),
    };
    Ok(report(&counts, minutes))
}

/// What happened to people within that time, and what was found afterwards.
async fn live_through(span: Duration) -> anyhow::Result<Arc<Counts>> {
    let folder = tempfile::tempdir()?;
    let mut house = House::build(folder.path()).await?;
    let counts = Arc::new(Counts::default());
    let mut joining = JoinSet::new();
    for number in 0..PEOPLE {
        joining.spawn(Person::join(number, house.port, Arc::clone(&counts)));
    }
    let people = joining.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let began = Instant::now();
    let mut working = JoinSet::new();
    for person in people {
        working.spawn(person.work(began + span));
    }
    for (at, fault) in FAULTS {
        tokio::time::sleep_until((began + span * at / 100).into()).await;
        house.suffer(fault, folder.path(), away(span)).await?;
        note_suffered(&counts, fault, Instant::now(), began + span);
    }
    let mut looking = JoinSet::new();
    for person in working.join_all().await.into_iter().filter_map(|worked| kept(&counts, worked)) {
        looking.spawn(person.look_back());
    }
    for looked in looking.join_all().await {
        kept(&counts, looked);
    }
    for node in &house.nodes {
        ensure!(node.is_ready().await, "the node at {} did not recover", node.port);
    }
    house.leave().await?;
    Ok(counts)
}

/// How long PostgreSQL is away in a run of this length: a minute of ten.
fn away(span: Duration) -> Duration {
    (span / 10).clamp(BROKEN, LONGEST_AWAY)
}

/// A fault that was over while people worked. One in which they had gone home broke nothing of theirs, and does not count.
fn note_suffered(counts: &Counts, fault: Fault, over: Instant, until: Instant) {
    if over < until {
        counts.note(fault.name());
    }
}

/// Whoever cannot go on has lost something, whatever it is.
fn kept<T>(counts: &Counts, came_to: anyhow::Result<T>) -> Option<T> {
    came_to
        .inspect_err(|error| {
            counts.note("lost");
            counts.note(&format!("lost {error:#}"));
        })
        .ok()
}

impl Fault {
    const fn name(self) -> &'static str {
        match self {
            Self::Node(_) => "fault nodes killed and started again",
            Self::Database => "fault PostgreSQL stopped and started again",
            Self::Keys => "fault signing keys rotated",
        }
    }
}

impl House {
    async fn build(folder: &Path) -> anyhow::Result<Self> {
        let cluster =
            Cluster::start("-c max_connections=100")?.context("PostgreSQL is not installed; run bin/setup")?;
        let (port, ports) = (free_port()?, [free_port()?, free_port()?]);
        let settings: Vec<(String, String)> = [
            ("KEYWRIGHT_DATABASE_URL", cluster.url()),
            ("KEYWRIGHT_MASTER_KEY", MASTER_KEY.to_owned()),
            ("KEYWRIGHT_PUBLIC_URL", format!("https://{HOST}")),
            ("KEYWRIGHT_TRUSTED_PROXIES", "127.0.0.1/32".to_owned()),
            ("KEYWRIGHT_LIMITS", "off".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let first = Node::start(&folder.join("first"), ports[0], &settings).await?;
        let second = Node::start(&folder.join("second"), ports[1], &settings).await?;
        let nginx = Nginx::start(&folder.join("nginx"), port, ports).await?;
        Ok(Self { cluster, nodes: [first, second], nginx, port, settings })
    }

    /// Breaks a part, and mends it; PostgreSQL after it was away for so long.
    async fn suffer(&mut self, fault: Fault, folder: &Path, away: Duration) -> anyhow::Result<()> {
        self.expect_running()?;
        match fault {
            Fault::Node(number) => {
                self.nodes[number].kill().await?;
                tokio::time::sleep(BROKEN).await;
                self.nodes[number].start_again().await
            }
            Fault::Database => {
                tokio::task::block_in_place(|| self.cluster.stop("immediate"))?;
                tokio::time::sleep(away).await;
                // What does not live without a database is not hidden by its coming back.
                self.expect_running()?;
                tokio::task::block_in_place(|| self.cluster.go_on())
            }
            Fault::Keys => {
                let settings: Vec<(&str, &str)> =
                    self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                run(folder, &settings, &["keys", "rotate", "--now"]).await
            }
        }
    }

    /// What one node does not survive the other one would hide.
    fn expect_running(&mut self) -> anyhow::Result<()> {
        for node in &mut self.nodes {
            ensure!(node.is_running()?, "the node at {} ended by itself", node.port);
        }
        ensure!(self.nginx.is_running()?, "nginx ended by itself");
        Ok(())
    }

    async fn leave(mut self) -> anyhow::Result<()> {
        self.expect_running()?;
        self.nginx.stop().await?;
        for mut node in self.nodes {
            node.kill().await?;
        }
        Ok(())
    }
}

/// What happened, as lines of the table.
fn report(counts: &Counts, minutes: f64) -> Vec<Figure> {
    const DONE: [&str; 8] = ["refresh", "me", "page", "sign-in", "rename", "sign-up", "reset", ENDED];
    let listed = |of: Vec<(String, u64)>| {
        let said: Vec<String> = of.into_iter().map(|(what, number)| format!("{what}: {number}")).collect();
        said.join(", ")
    };
    let done = DONE.map(|what| (what.to_owned(), counts.of(what)));
    let is_all_done = done.iter().all(|(_, number)| *number > 0);
    let suffered: u64 = counts.beginning_with("fault ").iter().map(|(_, number)| number).sum();
    let bad = counts.beginning_with("bad ");
    let (lost, ended) = (counts.of("lost"), counts.of("ended"));
    let details = |number: u64, prefix: &str| match listed(counts.beginning_with(prefix)) {
        told if told.is_empty() => number.to_string(),
        told => format!("{number} ({told})"),
    };
    vec![
        Figure {
            name: "Faults",
            target: "six",
            measured: format!(
                "{} within {minutes} minutes; PostgreSQL was away for {} s",
                listed(counts.beginning_with("fault ")),
                away(Duration::from_secs_f64(minutes * 60.0)).as_secs()
            ),
            reached: u64::try_from(FAULTS.len()).is_ok_and(|all| suffered == all),
        },
        Figure {
            // Of what nobody did nothing is lost.
            name: "Acts that were acknowledged",
            target: "some of each",
            measured: listed(done.into()),
            reached: is_all_done,
        },
        Figure {
            name: "Answers through the proxy, those that said 503 with Retry-After, and requests without any",
            target: "stated, and some of the second",
            measured: format!(
                "{}, {}, {}",
                counts.of("answers"),
                counts.of("503 with Retry-After"),
                counts.of("no answer")
            ),
            // What is broken and bothers nobody was not broken.
            reached: counts.of("answers") > 0 && counts.of("503 with Retry-After") > 0,
        },
        Figure {
            name: "Acknowledged writes that are lost",
            target: "0",
            measured: details(lost, "lost "),
            reached: lost == 0,
        },
        Figure {
            name: "Honest sessions that ended",
            target: "0",
            measured: details(ended, "refused "),
            reached: ended == 0,
        },
        Figure {
            name: "Answers of 500 and more that are no 503 with Retry-After, and those that did not come in time",
            target: "0",
            measured: if bad.is_empty() { "0".to_owned() } else { listed(bad.clone()) },
            reached: bad.is_empty(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether each figure was reached of a run in which this happened besides everything that should.
    fn reached(more: &[&str]) -> Vec<bool> {
        let counts = Counts::default();
        for (_, fault) in FAULTS {
            counts.note(fault.name());
        }
        for what in ["answers", "503 with Retry-After"] {
            counts.note(what);
        }
        for what in ["refresh", "me", "page", "sign-in", "rename", "sign-up", "reset", ENDED] {
            counts.note(what);
        }
        for what in more {
            counts.note(what);
        }
        report(&counts, 1.0).into_iter().map(|figure| figure.reached).collect()
    }

    #[test]
    fn what_was_promised_and_not_kept_is_told() {
        assert_eq!(reached(&["503 with Retry-After", "no answer"]), [true; 6]);
        let bad = [("bad 500 GET /", 5), ("bad 503 GET /", 5), ("bad silence GET /", 5)];
        for (what, place) in [("lost", 3), ("ended", 4)].into_iter().chain(bad) {
            let reached = reached(&[what]);
            assert_eq!(reached.iter().position(|reached| !reached), Some(place), "{what}");
        }
    }

    #[test]
    fn the_database_is_away_for_a_minute_of_ten_and_nobody_gives_up_meanwhile() {
        for (seconds, expected) in [(6, 2), (30, 3), (600, 60), (7200, 60)] {
            assert_eq!(away(Duration::from_secs(seconds)), Duration::from_secs(expected), "{seconds}");
        }
        assert!(client::LONGEST >= 2 * LONGEST_AWAY && person::MAIL >= 2 * LONGEST_AWAY);
    }

    #[test]
    fn a_fault_that_met_nobody_counts_for_nothing() {
        let (counts, until) = (Counts::default(), Instant::now());
        note_suffered(&counts, Fault::Database, until, until);
        assert!(counts.beginning_with("fault ").is_empty(), "people had gone");
        note_suffered(&counts, Fault::Database, until, until + BROKEN);
        assert_eq!(counts.of(Fault::Database.name()), 1);
        // Nor do all of them when nobody was ever told to come again.
        for (_, fault) in FAULTS {
            counts.note(fault.name());
        }
        counts.note("answers");
        assert!(!report(&counts, 1.0)[2].reached);
    }

    #[test]
    fn a_run_in_which_nobody_did_anything_proves_nothing() {
        let reached: Vec<bool> = report(&Counts::default(), 1.0).into_iter().map(|figure| figure.reached).collect();
        assert_eq!(reached, [false, false, false, true, true, true]);
    }
}
