//! The release build, started on a fresh folder with the settings of a default installation.

use anyhow::{Context, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

use crate::http::Connection;
use crate::processor_time;

pub const PASSWORD: &str = "correct horse battery staple";
/// How long it is looked at to see whether it works.
const LOOK: Duration = Duration::from_secs(3);
/// Who uses no more of a processor while it is looked at has nothing to do.
const REST: Duration = Duration::from_millis(60);
/// How long it may have something to do that nobody waits for.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running program.
pub struct Program {
    child: Child,
    pub port: u16,
}

impl Program {
    /// Starts it, with the pages' files that are within it, and waits for its first answer.
    pub async fn start(folder: &Path) -> anyhow::Result<(Self, Duration)> {
        Self::start_with(folder, &[]).await
    }

    /// The same with settings, as variables, that a default installation does not have.
    #[expect(clippy::disallowed_methods, reason = "bin/bench names the program; nothing here is a setting")]
    pub async fn start_with(folder: &Path, settings: &[(&str, &str)]) -> anyhow::Result<(Self, Duration)> {
        let binary = std::env::var("KEYWRIGHT_BINARY").context("run bin/bench, which names the program")?;
        let port = free_port()?;
        let started = Instant::now();
        let child = Command::new(PathBuf::from(binary))
            .current_dir(folder)
            .env_clear()
            .env("KEYWRIGHT_LISTEN", format!("127.0.0.1:{port}"))
            .env("KEYWRIGHT_LIMITS", "off")
            .env("KEYWRIGHT_LOG", "warn")
            .envs(settings.iter().copied())
            .kill_on_drop(true)
            .spawn()?;
        loop {
            if let Ok(mut connection) = Connection::open(port).await
                && let Ok(answer) = connection.send("GET", "/health/ready", "", "").await
            {
                ensure!(answer.status == 200, "not ready");
                return Ok((Self { child, port }, started.elapsed()));
            }
            ensure!(started.elapsed() < Duration::from_secs(20), "the program does not start");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Resident memory in MB.
    pub fn memory(&self) -> anyhow::Result<f64> {
        resident_memory(&self.child.id().context("the program is gone")?.to_string())
    }

    /// Time of processors that it has used.
    pub fn processor_time(&self) -> anyhow::Result<Duration> {
        processor_time::of(self.child.id().context("the program is gone")?)
    }

    /// Waits until it has done what its start and requests left behind, as mails.
    pub async fn come_to_rest(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        loop {
            let before = self.processor_time()?;
            tokio::time::sleep(LOOK).await;
            if self.processor_time()?.saturating_sub(before) <= REST {
                return Ok(());
            }
            ensure!(began.elapsed() < PATIENCE, "the program does not come to rest");
        }
    }

    /// Asks it to stop and waits.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().context("the program is gone")?;
        Command::new("kill").arg(id.to_string()).status().await?;
        self.child.wait().await?;
        Ok(())
    }

    /// Makes an account that can sign in.
    pub async fn create_account(&self, email: &str) -> anyhow::Result<()> {
        create_account(self.port, email).await
    }

    /// Signs in.
    pub async fn sign_in(&self, email: &str) -> anyhow::Result<SignedIn> {
        sign_in(self.port, email, PASSWORD).await
    }
}

/// Runs a command of the program in a folder, with settings as variables, to its end.
#[expect(clippy::disallowed_methods, reason = "bin/bench names the program; nothing here is a setting")]
pub async fn run(folder: &Path, settings: &[(&str, &str)], words: &[&str]) -> anyhow::Result<()> {
    let binary = std::env::var("KEYWRIGHT_BINARY").context("run bin/bench, which names the program")?;
    let done = Command::new(PathBuf::from(binary))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .envs(settings.iter().copied())
        .stdout(std::process::Stdio::null())
        .status()
        .await?;
    ensure!(done.success(), "keywright {} failed", words.join(" "));
    Ok(())
}

/// Signs in at the program at this port.
pub async fn sign_in(port: u16, email: &str, password: &str) -> anyhow::Result<SignedIn> {
    let mut connection = Connection::open(port).await?;
    let body = format!(r#"{{"email":"{email}","password":"{password}"}}"#);
    let answer = connection.json("/api/v1/sign-in", &body).await?;
    let refresh_token = refresh_cookie(&answer.head).context("a refresh cookie")?;
    let grant: Value = serde_json::from_slice(&answer.body)?;
    let access_token = grant["access_token"].as_str().context("an access token")?.to_owned();
    Ok(SignedIn { refresh_token, access_token })
}

/// What a sign-in gives: for a browser's cookie, and for a program.
pub struct SignedIn {
    pub refresh_token: String,
    pub access_token: String,
}

/// Resident memory of a process in MB; `self` is this one.
pub fn resident_memory(process: &str) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024.0)
}

/// A port that nobody listens on.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Makes an account of the program at this port: signs up, reads the mail, proves the address.
pub async fn create_account(port: u16, email: &str) -> anyhow::Result<()> {
    let mut connection = Connection::open(port).await?;
    let body = format!(r#"{{"email":"{email}","password":"{PASSWORD}","name":"Sam"}}"#);
    let answer = connection.json("/api/v1/sign-up", &body).await?;
    ensure!(answer.status == 202, "sign-up: {}", answer.status);
    let code = loop {
        let answer = connection.send("GET", &format!("/dev/inbox.json?to={email}"), "", "").await?;
        let mails: Value = serde_json::from_slice(&answer.body)?;
        if let Some(code) = mails[0]["code"].as_str() {
            break code.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let answer = connection.json("/api/v1/verify-email", &format!(r#"{{"email":"{email}","code":"{code}"}}"#)).await?;
    ensure!(answer.status == 204, "verification: {}", answer.status);
    Ok(())
}

/// The refresh cookie that an answer sets.
pub fn refresh_cookie(head: &str) -> Option<String> {
    let (_, rest) = head.split_once("__Host-refresh=")?;
    Some(rest.split(';').next()?.to_owned())
}
