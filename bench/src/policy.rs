//! Decisions with two hundred policies: in the process, where a flow asks, and over HTTP, a hundred questions at a time.
//!
//! Two sets: one as people write them (each policy is about one act, some are about all), of which a decision looks at
//! a part; and one in which all two hundred are about the act that is asked, so that each is evaluated.

use anyhow::{Context as _, ensure};
use auth::Auth;
use auth::id::{DocumentId, OrganizationId, UserId};
use auth::organization::{BuiltInRole, OrganizationPermission};
use auth::policy::{Act, ActContext, Principal, Resource};
use auth::{Role, Timestamp};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _};
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::access_token::open;
use crate::http::Connection;
use crate::program::Program;

const EMAIL: &str = "alice@example.com";
const ORGANIZATION: &str = "01890a5d-ac96-774b-bcce-b302099a9001";
const POLICIES: usize = 200;
/// Of those as people write them, how many are about every act.
const ABOUT_ALL: usize = 32;
const DECISIONS: usize = 20_000;
const REQUESTS: usize = 200;
const WARM_UP: usize = 20;
const BATCH: usize = 100;
const LONGEST: Duration = Duration::from_micros(100);

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let (usual, median) = decisions(&as_people_write(), 1).await?;
    let (all, median_of_all) = decisions(&all_about_one_act(), 2).await?;
    let (batch, median_of_batch) = batches().await?;
    Ok(vec![
        Figure {
            name: "A decision with 200 policies (99th percentile)",
            target: "< 100 µs",
            measured: format!(
                "{} (median {}); all of them about this act: {} (median {})",
                micros(usual),
                micros(median),
                micros(all),
                micros(median_of_all)
            ),
            reached: usual < LONGEST,
        },
        Figure {
            name: "POST /api/v1/authorize, 100 questions with 200 policies (99th percentile)",
            target: "stated",
            measured: format!("{} (median {})", micros(batch), micros(median_of_batch)),
            reached: true,
        },
    ])
}

fn as_people_write() -> String {
    let mut text = String::new();
    let acts = OrganizationPermission::ALL;
    for number in 0..POLICIES {
        let action = match number {
            0..ABOUT_ALL => "action".to_owned(),
            _ => format!("action == Action::\"{}\"", acts[number % acts.len()].as_str()),
        };
        write_policy(&mut text, number, &action);
    }
    text
}

fn all_about_one_act() -> String {
    let mut text = String::new();
    for number in 0..POLICIES {
        write_policy(&mut text, number, "action == Action::\"documents:read\"");
    }
    text
}

fn write_policy(text: &mut String, number: usize, action: &str) {
    let effect = if number.is_multiple_of(2) { "permit" } else { "forbid" };
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "{effect} (principal, {action}, resource) when {{ principal has department && \
         principal.department == \"Department {number}\" && context.weekday <= 5 }};"
    );
}

/// 99th percentile and median of single decisions.
async fn decisions(policies: &str, number: i64) -> anyhow::Result<(Duration, Duration)> {
    let folder = tempfile::tempdir()?;
    let auth = open(folder.path()).await?;
    put_in_force(&folder.path().join("bench.db"), policies, number).await?;
    auth.learn_policies().await?;
    tokio::task::spawn_blocking(move || time(&auth)).await?
}

fn time(auth: &Auth) -> anyhow::Result<(Duration, Duration)> {
    let act = act();
    let mut times = Vec::with_capacity(DECISIONS);
    for round in 0..WARM_UP * 10 + DECISIONS {
        let started = Instant::now();
        let decision = black_box(auth.decide(black_box(&act)));
        let took = started.elapsed();
        ensure!(decision.is_allowed, "{:?}", decision.deciding);
        if round >= WARM_UP * 10 {
            times.push(took);
        }
    }
    Ok(percentiles(times))
}

/// A member reads a confidential document of their department.
fn act() -> Act {
    let role = BuiltInRole::Member;
    let user = "01890a5d-ac96-774b-bcce-b302099a8001";
    Act {
        principal: Principal {
            user_id: UserId(user.into()),
            platform_role: Role::User,
            role: Some(role.as_str().into()),
            department: Some("Finance".into()),
            permissions: role.permissions(),
            mfa: true,
            mfa_age: Some(60),
            session_age: 600,
        },
        action: "documents:read",
        resource: Resource::Document {
            id: Some(DocumentId("01890a5d-ac96-774b-bcce-b302099a8004".into())),
            organization: OrganizationId(ORGANIZATION.into()),
            owner: UserId("01890a5d-ac96-774b-bcce-b302099a8002".into()),
            department: Some("Finance".into()),
            sensitivity: "confidential",
            state: "published",
        },
        context: ActContext { at: Timestamp(1_767_787_200_000), address: "192.0.2.1".into(), method: "api" },
    }
}

/// 99th percentile and median of requests with a hundred questions each.
async fn batches() -> anyhow::Result<(Duration, Duration)> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start(folder.path()).await?;
    program.create_account(EMAIL).await?;
    program.stop().await?;
    let file = folder.path().join("data/keywright.db");
    put_in_force(&file, &as_people_write(), 1).await?;
    join(&file).await?;

    let (program, _) = Program::start(folder.path()).await?;
    let access_token = program.sign_in(EMAIL).await?.access_token;
    let headers = format!("content-type: application/json\r\nauthorization: Bearer {access_token}\r\n");
    let question = serde_json::json!({
        "action": "documents:read",
        "organization": ORGANIZATION,
        "document_like": {"department": "Finance", "sensitivity": "confidential", "state": "published"},
    });
    let body = serde_json::json!({"questions": vec![question; BATCH]}).to_string();
    let mut connection = Connection::open(program.port).await?;
    let mut times = Vec::with_capacity(REQUESTS);
    for round in 0..WARM_UP + REQUESTS {
        let started = Instant::now();
        let answer = connection.send("POST", "/api/v1/authorize", &headers, &body).await?;
        let took = started.elapsed();
        ensure!(answer.status == 200, "authorize: {}", answer.status);
        if round >= WARM_UP {
            times.push(took);
        } else {
            let answers: Value = serde_json::from_slice(&answer.body)?;
            let answers = answers["answers"].as_array().context("the answers")?;
            ensure!(answers.len() == BATCH && answers.iter().all(|answer| answer["allowed"] == true), "{answers:?}");
        }
    }
    program.stop().await?;
    Ok(percentiles(times))
}

async fn put_in_force(file: &Path, policies: &str, number: i64) -> anyhow::Result<()> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    let version = "INSERT INTO policy_versions (id, number, note, created_at, text) VALUES ($1, $2, '', 0, $3)";
    sqlx::query(version).bind(ORGANIZATION).bind(number).bind(policies).execute(&mut connection).await?;
    let state = "UPDATE policy_state SET active_number = $1, last_number = $1, generation = generation + 1";
    sqlx::query(state).bind(number).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Makes the only account a member of an organization.
async fn join(file: &Path) -> anyhow::Result<()> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    let organization = "INSERT INTO organizations (id, slug, name, created_at) VALUES ($1, 'acme', 'Acme', 0)";
    sqlx::query(organization).bind(ORGANIZATION).execute(&mut connection).await?;
    let member = "INSERT INTO memberships (organization_id, user_id, role, department, joined_at) \
                  SELECT $1, id, 'member', 'Finance', 0 FROM users";
    sqlx::query(member).bind(ORGANIZATION).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

fn percentiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() * 99 / 100 - 1], times[times.len() / 2])
}

fn micros(duration: Duration) -> String {
    format!("{:.1} µs", duration.as_secs_f64() * 1_000_000.0)
}
