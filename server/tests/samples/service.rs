//! A sample, running as a process.

use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

use super::{free_port, until};

/// How a sample is started.
pub struct Sample {
    pub name: &'static str,
    /// Why it cannot run on this machine, or what runs it.
    pub command: Result<Command, String>,
    /// What it answers to a token while no key can be had: 503, or 401 when its library does not tell.
    pub without_keys: u16,
}

impl Sample {
    pub fn fastapi() -> Self {
        let python = folder("fastapi").join(".venv/bin/python");
        let mut command = Command::new(&python);
        command.args(["-m", "uvicorn", "main:app", "--host", "127.0.0.1", "--log-level", "warning"]);
        command.current_dir(folder("fastapi"));
        let why = "there is no docs/samples/fastapi/.venv; bin/setup makes it, with a python3 of 3.11 or newer";
        let command = if python.exists() { Ok(command) } else { Err(why.to_owned()) };
        Self { name: "FastAPI", command, without_keys: 503 }
    }

    pub fn express() -> Self {
        let mut command = Command::new("node");
        command.arg("server.js").current_dir(folder("express"));
        let why = "there is no docs/samples/express/node_modules; bin/setup makes it, with a Node of 20 or newer";
        let is_there = folder("express").join("node_modules/express").exists();
        let command = if is_there { Ok(command) } else { Err(why.to_owned()) };
        Self { name: "Express", command, without_keys: 503 }
    }

    /// Builds it in `workshop`.
    pub fn go(workshop: &Path) -> Self {
        Self { name: "Go", command: build_with_go(workshop), without_keys: 401 }
    }

    pub fn axum() -> Self {
        let built = Path::new(env!("CARGO_BIN_EXE_keywright")).with_file_name("examples").join("axum_sample");
        assert!(built.exists(), "build it first: cargo build -p server --example axum_sample");
        Self { name: "axum", command: Ok(Command::new(built)), without_keys: 503 }
    }
}

fn folder(sample: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/samples").join(sample)
}

fn build_with_go(workshop: &Path) -> Result<Command, String> {
    let output = Command::new("go").arg("version").output().map_err(|_| "there is no go on this machine")?;
    // `go version go1.22.3 linux/amd64`
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    let minor = version.split("go1.").nth(1).and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    if minor.and_then(|digits| digits.parse::<u32>().ok()).is_none_or(|minor| minor < 22) {
        return Err(format!("go 1.22 or newer is needed, and there is {version:?}"));
    }
    for file in ["go.mod", "keywright.go", "main.go"] {
        std::fs::copy(folder("go").join(file), workshop.join(file)).unwrap();
    }
    // `mod`: it may write down the sums of what it downloads.
    let build = ["build", "-mod=mod", "-o", "service", "."];
    let output = Command::new("go").args(build).current_dir(workshop).output().unwrap();
    assert!(output.status.success(), "go {build:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(Command::new(workshop.join("service")))
}

/// What a service answered to `GET /hello`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// `WWW-Authenticate`.
    pub challenge: String,
    pub body: String,
}

impl Answer {
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }
}

pub struct Service {
    process: Child,
    url: String,
    agent: ureq::Agent,
    folder: TempDir,
}

impl Service {
    /// Starts it behind the Keywright of a public address.
    pub fn start(name: &str, mut command: Command, issuer: &str) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let log = File::create(folder.path().join("log")).unwrap();
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("ISSUER", issuer)
            .env("PORT", port.to_string())
            .env("UVICORN_PORT", port.to_string())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdout(Stdio::from(log.try_clone().unwrap()))
            .stderr(Stdio::from(log));
        let process = command.spawn().unwrap_or_else(|error| panic!("{name}: {error}"));
        // A connection for each question: the service may close one that rests.
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .max_idle_connections(0)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into();
        let mut service = Self { process, url: format!("http://127.0.0.1:{port}/hello"), agent, folder };
        until(name, 60, || {
            let ended = service.process.try_wait().unwrap();
            assert!(ended.is_none(), "{name} ended:\n{}", service.log());
            service.agent.get(&service.url).call().ok()
        });
        service
    }

    /// Asks with an `Authorization` header.
    pub fn ask(&self, authorization: &str) -> Answer {
        self.answer(self.agent.get(&self.url).header("authorization", authorization))
    }

    /// Asks without one.
    pub fn ask_as_nobody(&self, query: &str) -> Answer {
        self.answer(self.agent.get(format!("{}{query}", self.url)))
    }

    fn answer(&self, request: ureq::RequestBuilder<ureq::typestate::WithoutBody>) -> Answer {
        let mut answer = request.call().unwrap_or_else(|error| panic!("{error}\n{}", self.log()));
        let challenge = answer.headers().get("www-authenticate").map_or("", |value| value.to_str().unwrap()).to_owned();
        let body = answer.body_mut().read_to_string().unwrap();
        Answer { status: answer.status().as_u16(), challenge, body }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
