//! A node that is killed without a word and started again at the same place.

use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

use crate::http::Connection;

/// Longer than a start takes while everything else is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A node of the program.
pub struct Node {
    pub port: u16,
    folder: PathBuf,
    settings: Vec<(String, String)>,
    child: Option<Child>,
}

impl Node {
    /// Starts one in a folder of its own.
    pub async fn start(folder: &Path, port: u16, settings: &[(String, String)]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut node = Self { port, folder: folder.to_path_buf(), settings: settings.to_vec(), child: None };
        node.start_again().await?;
        Ok(node)
    }

    /// Starts it again with the pages that are within it, and waits until it is ready.
    #[expect(clippy::disallowed_methods, reason = "bin/chaos names the program; nothing here is a setting")]
    pub async fn start_again(&mut self) -> anyhow::Result<()> {
        let binary = std::env::var("KEYWRIGHT_BINARY").context("run bin/chaos, which names the program")?;
        let child = Command::new(binary)
            .current_dir(&self.folder)
            .env_clear()
            .env("KEYWRIGHT_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("KEYWRIGHT_LOG", "error")
            .envs(self.settings.iter().cloned())
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        self.child = Some(child);
        let began = Instant::now();
        while !self.is_ready().await {
            ensure!(self.is_running()? && began.elapsed() < PATIENCE, "a node does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// As `kill -9` does.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("the node is gone already")?;
        child.kill().await?;
        ensure!(!self.is_ready().await, "somebody else answers in the place of the node at {}", self.port);
        Ok(())
    }

    /// Whether it did not end by itself.
    pub fn is_running(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.as_mut().context("the node is gone already")?.try_wait()?.is_none())
    }

    pub async fn is_ready(&self) -> bool {
        let Ok(mut connection) = Connection::open(self.port).await else { return false };
        connection.send("GET", "/health/ready", "", "").await.is_ok_and(|answer| answer.status == 200)
    }
}
