//! A PostgreSQL of its own that is stopped and started at will: a fresh cluster in a temporary folder, reached by a Unix
//! socket there and by nothing else, gone with its value. Stories use it as well.

use anyhow::{Context, ensure};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Who owns a cluster where root starts it: PostgreSQL refuses to run as root.
const OWNER: &str = "postgres";

/// A cluster.
pub struct Cluster {
    pub(super) programs: PathBuf,
    /// Its databases, its log, and its socket.
    pub(super) folder: TempDir,
    options: String,
    /// The words before each of its programs: none, or those that lead to where a disk of its own is mounted.
    pub(super) entering: Vec<String>,
}

impl Cluster {
    /// Makes a cluster and starts it with these options; none where PostgreSQL is not installed.
    pub fn start(options: &str) -> anyhow::Result<Option<Self>> {
        let Some(programs) = programs() else { return Ok(None) };
        let cluster = Self::without_data(programs, options)?;
        cluster.make_data(&[])?;
        cluster.go_on()?;
        Ok(Some(cluster))
    }

    /// Its first databases, made with more words.
    pub(super) fn make_data(&self, more: &[&str]) -> anyhow::Result<()> {
        let data = self.data();
        let words = ["--no-sync", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-D"];
        self.run("initdb", |command| command.args(more).args(words).arg(data))
    }

    /// One in a folder of its own that cannot be started yet.
    pub(super) fn without_data(programs: PathBuf, options: &str) -> anyhow::Result<Self> {
        // Not the folder of the environment: the path of a socket must be short, and another user must reach it.
        let folder = tempfile::Builder::new().prefix("keywright-cluster").tempdir_in("/tmp")?;
        if is_root()? {
            let owned = Command::new("chown").arg(OWNER).arg(folder.path()).status()?;
            ensure!(owned.success(), "the folder of the cluster has no owner");
        }
        let socket = folder.path().display();
        let options = format!("-k {socket} -c listen_addresses= {options}");
        Ok(Self { programs, folder, options, entering: Vec::new() })
    }

    /// Where programs reach it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.path().display())
    }

    /// Starts it again, and waits until it answers.
    pub fn go_on(&self) -> anyhow::Result<()> {
        let (data, log) = (self.data(), self.log());
        self.run("pg_ctl", |command| {
            command.args(["start", "-w", "-o", &self.options, "-D"]).arg(data).arg("-l").arg(log)
        })
    }

    /// Stops it: `fast` ends connections in order, `immediate` as a crash would.
    pub fn stop(&self, mode: &str) -> anyhow::Result<()> {
        let data = self.data();
        self.run("pg_ctl", |command| command.args(["stop", "-w", "-m", mode, "-D"]).arg(data))
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    /// Runs a program of PostgreSQL to its end, as somebody who may.
    pub(super) fn run(&self, program: &str, with: impl FnOnce(&mut Command) -> &mut Command) -> anyhow::Result<()> {
        let mut command = Command::new("env");
        command.args(&self.entering);
        if is_root()? {
            command.args(["runuser", "-u", OWNER, "--"]);
        }
        command.arg(self.programs.join(program));
        with(&mut command).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let done = command.status().with_context(|| format!("{program} cannot be run"))?;
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        ensure!(done.success(), "{program} failed; the log of the server: {log}");
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may be stopped already.
        let _ = self.stop("immediate");
    }
}

/// The folder of initdb and pg_ctl, the newest version's.
pub(super) fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let found = versions.filter_map(|version| {
        let version = version.ok()?;
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        let programs = version.path().join("bin");
        Path::new(&programs).join("initdb").exists().then_some((number, programs))
    });
    found.max().map(|(_, programs)| programs)
}

pub(super) fn is_root() -> anyhow::Result<bool> {
    Ok(std::fs::metadata("/proc/self")?.uid() == 0)
}
