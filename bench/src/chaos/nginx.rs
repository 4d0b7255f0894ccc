//! nginx before two nodes, on this machine alone, with the configuration that people are given: TLS and HTTP/2 to people, with
//! a certificate of the tests. What it answers by itself because no node does is a 503 with Retry-After, and only what can be
//! asked twice without harm is asked of the other node.

use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

use super::shipped::{self, Places, program};
use crate::http::Connection;
use crate::program::free_port;

const PATIENCE: Duration = Duration::from_secs(10);
/// The host that people ask for: one of this machine, since the nodes keep their mails for whoever develops. The certificate is
/// for it as well.
pub const HOST: &str = "localhost";
/// A certificate of the tests for the host of the configuration, and its key.
const CERTIFICATE: &str = include_str!("../../../auth/tests/certificates/first.pem");
const KEY: &str = include_str!("../../../auth/tests/certificates/first.key.pem");

/// A running nginx; killed when it is dropped.
pub struct Nginx(Child);

impl Nginx {
    /// Starts it in a folder, with TLS at `port`, before the nodes at these ports.
    pub async fn start(folder: &Path, port: u16, nodes: [u16; 2]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        std::fs::write(&certificate, CERTIFICATE)?;
        std::fs::write(&key, KEY)?;
        let nodes = nodes.map(|node| SocketAddr::from(([127, 0, 0, 1], node)));
        let places =
            Places { folder, http: free_port()?, https: port, certificate: &certificate, key: &key, nodes: &nodes };
        let configuration = places.write(|shipped| shipped.replace(shipped::HOST, HOST))?;
        let log = folder.join("error.log");
        let program = program().context("nginx is not installed; run bin/setup")?;
        let child = Command::new(program)
            .arg("-p")
            .arg(folder)
            .arg("-e")
            .arg(&log)
            .arg("-c")
            .arg(&configuration)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("nginx cannot be started")?;
        let (mut nginx, began) = (Self(child), Instant::now());
        while Connection::open(port).await.is_err() {
            let is_waited_for = nginx.is_running()? && began.elapsed() < PATIENCE;
            ensure!(is_waited_for, "nginx does not start: {}", std::fs::read_to_string(&log).unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(nginx)
    }

    /// Whether it did not end by itself.
    pub fn is_running(&mut self) -> anyhow::Result<bool> {
        Ok(self.0.try_wait()?.is_none())
    }

    /// Ends it.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        Ok(self.0.kill().await?)
    }
}
