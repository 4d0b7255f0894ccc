//! What is attacked: the program on a fresh folder, the program without one defence, or a little service that does
//! what Keywright does not.

use anyhow::{Context, ensure};
use auth::weakened::Defence;
use axum::Router;
use serde_json::{Value, json};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::http::{self, Answer};

pub const PASSWORD: &str = "correct horse battery staple";
/// The argument with which this program is Keywright, and nothing else.
pub const PROGRAM: &str = "--program";

/// What lies beside the site of whatever is attacked, as `secret.txt`, and is nobody's.
pub const SECRET: &str = "Nobody reads this.";
/// What lies within, as `pkg/here.js`, and is everybody's.
pub const SCRIPT: &str = "let everybody;";

/// What it is told, unless an attack needs something else: hashes that cost nothing, and no limits, which attacks of
/// their own switch on.
const SETTINGS: [(&str, &str); 6] = [
    ("KEYWRIGHT_HASH_MEMORY_KIB", "32"),
    ("KEYWRIGHT_HASH_PASSES", "1"),
    ("KEYWRIGHT_HASH_QUEUE", "512"),
    ("KEYWRIGHT_LIMITS", "off"),
    ("KEYWRIGHT_LOG", "info"),
    ("KEYWRIGHT_WEBHOOK_PRIVATE_ADDRESSES", "off"),
];

/// A setting as a variable.
pub type Setting = (&'static str, &'static str);

/// Something that listens on this machine.
pub struct Target {
    /// Where.
    pub port: u16,
    kind: Kind,
}

enum Kind {
    Program(Box<Program>),
    Service { task: JoinHandle<()>, said: Arc<Mutex<String>> },
}

/// A running Keywright, and what it was told.
struct Program {
    child: Child,
    folder: TempDir,
    settings: Vec<(String, String)>,
}

/// What a sign-in gives.
pub struct SignedIn {
    /// `__Host-refresh=…`, as a browser sends it.
    pub cookie: String,
    /// The access token.
    pub token: String,
}

impl Target {
    /// Starts Keywright: the one that `KEYWRIGHT_BINARY` names, or else this program, which is the same one. Without a
    /// defence it is this program.
    ///
    /// # Errors
    /// When it does not start within twenty seconds.
    #[expect(clippy::disallowed_methods, reason = "bin/attack names the program; nothing here is a setting")]
    pub async fn start(more: &[Setting], without: Option<Defence>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut settings: Vec<(String, String)> =
            SETTINGS.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        settings.push(("KEYWRIGHT_LISTEN".into(), format!("127.0.0.1:{port}")));
        settings.push(("KEYWRIGHT_PUBLIC_URL".into(), format!("http://localhost:{port}")));
        let site = lay_out_site(folder.path())?;
        settings.push(("KEYWRIGHT_SITE".into(), site.to_string_lossy().into_owned()));
        let built = std::env::var("KEYWRIGHT_BINARY").ok().filter(|_| without.is_none());
        let mut command = match built {
            Some(binary) => Command::new(PathBuf::from(binary)),
            None => itself()?,
        };
        if let Some(defence) = without {
            settings.push(("KEYWRIGHT_WEAKEN".into(), defence.name().to_owned()));
        }
        let log = File::create(log_of(folder.path()))?;
        let child = command
            .current_dir(folder.path())
            .env_clear()
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let target = Self { port, kind: Kind::Program(Box::new(Program { child, folder, settings })) };
        let started = Instant::now();
        while !matches!(target.get("/health/ready", "").await, Ok(answer) if answer.status == 200) {
            ensure!(started.elapsed() < Duration::from_secs(20), "the program does not start: {}", target.said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(target)
    }

    /// Starts a little service of the test's own.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn service(router: Router) -> anyhow::Result<Self> {
        Self::logging_service(router, Arc::default()).await
    }

    /// The same for one that writes a log.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn logging_service(router: Router, said: Arc<Mutex<String>>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { port, kind: Kind::Service { task, said } })
    }

    /// One that speaks no proper HTTP: it answers every request with what `answer` makes of it.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn raw_service(answer: fn(&str) -> String) -> anyhow::Result<Self> {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 16 * 1024];
                let length = stream.read(&mut request).await.unwrap_or_default();
                let _ = stream.write_all(answer(&String::from_utf8_lossy(&request[..length])).as_bytes()).await;
            }
        });
        Ok(Self { port, kind: Kind::Service { task, said: Arc::default() } })
    }

    /// What it wrote to its log.
    pub fn said(&self) -> String {
        match &self.kind {
            Kind::Program(program) => std::fs::read_to_string(log_of(program.folder.path())).unwrap_or_default(),
            Kind::Service { said, .. } => said.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// Asks it to stop and waits.
    ///
    /// # Errors
    /// When it is gone already: an attack that ends the program has succeeded.
    pub async fn stop(self) -> anyhow::Result<()> {
        match self.kind {
            Kind::Program(mut program) => {
                ensure!(program.child.try_wait()?.is_none(), "the program has ended");
                let id = program.child.id().context("the program is gone")?;
                Command::new("kill").arg(id.to_string()).status().await?;
                program.child.wait().await?;
            }
            Kind::Service { task, .. } => task.abort(),
        }
        Ok(())
    }

    /// Sends a request.
    ///
    /// # Errors
    /// Those of [`http::send`].
    pub async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> anyhow::Result<Answer> {
        http::send(self.port, method, path, headers, body.as_bytes()).await
    }

    /// Asks for something.
    ///
    /// # Errors
    /// Those of [`http::send`].
    pub async fn get(&self, path: &str, headers: &str) -> anyhow::Result<Answer> {
        self.send("GET", path, headers, "").await
    }

    /// A call as a program makes it.
    ///
    /// # Errors
    /// Those of [`http::send`].
    pub async fn json(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.send("POST", path, "content-type: application/json\r\n", &body.to_string()).await
    }

    /// A call of somebody signed in.
    ///
    /// # Errors
    /// Those of [`http::send`].
    pub async fn bearer(&self, method: &str, path: &str, token: &str, body: &Value) -> anyhow::Result<Answer> {
        let headers = format!("content-type: application/json\r\nauthorization: Bearer {token}\r\n");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, path, &headers, &body).await
    }

    /// Makes an account that can sign in. A service has those that it needs.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn create_account(&self, email: &str) -> anyhow::Result<()> {
        if matches!(self.kind, Kind::Service { .. }) {
            return Ok(());
        }
        let answer =
            self.json("/api/v1/sign-up", &json!({"email": email, "password": PASSWORD, "name": "Sam"})).await?;
        ensure!(answer.status == 202, "sign-up: {}", answer.body);
        let mail = self.mail(email, "verify_email").await?;
        let answer = self.json("/api/v1/verify-email", &json!({"email": email, "code": mail["code"]})).await?;
        ensure!(answer.status == 204, "verification: {}", answer.body);
        Ok(())
    }

    /// The newest mail of a kind, waited for.
    ///
    /// # Errors
    /// When there is none within ten seconds.
    pub async fn mail(&self, email: &str, kind: &str) -> anyhow::Result<Value> {
        for _ in 0..500 {
            let mails = self.get(&format!("/dev/inbox.json?to={email}"), "").await?.json();
            let found = mails.as_array().and_then(|mails| mails.iter().find(|mail| mail["kind"] == kind)).cloned();
            if let Some(mail) = found {
                return Ok(mail);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anyhow::bail!("no {kind} for {email}")
    }

    /// Signs in.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn sign_in(&self, email: &str) -> anyhow::Result<SignedIn> {
        let answer = self.json("/api/v1/sign-in", &json!({"email": email, "password": PASSWORD})).await?;
        let cookie = answer.cookie("__Host-refresh").with_context(|| format!("sign-in: {}", answer.body))?;
        let token = answer.json()["access_token"].as_str().context("an access token")?.to_owned();
        Ok(SignedIn { cookie: format!("__Host-refresh={cookie}"), token })
    }

    /// Makes an account and signs in.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn newcomer(&self, email: &str) -> anyhow::Result<SignedIn> {
        self.create_account(email).await?;
        self.sign_in(email).await
    }

    /// What the person behind a token is, or an empty answer.
    ///
    /// # Errors
    /// Those of [`http::send`].
    pub async fn me(&self, token: &str) -> anyhow::Result<Value> {
        Ok(self.bearer("GET", "/api/v1/me", token, &Value::Null).await?.json())
    }

    /// Makes an account an administrator's, by the command line.
    ///
    /// # Errors
    /// When the command fails.
    pub async fn make_admin(&self, email: &str) -> anyhow::Result<()> {
        let Kind::Program(program) = &self.kind else { return Ok(()) };
        let done = itself()?
            .args(["user", "role", email, "platform_admin"])
            .current_dir(program.folder.path())
            .env_clear()
            .envs(program.settings.iter().map(|(name, value)| (name, value)))
            .output()
            .await?;
        ensure!(done.status.success(), "user role: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    }
}

/// Makes a folder with the files of a site, and a secret beside it.
///
/// # Errors
/// When it cannot be written.
pub fn lay_out_site(folder: &Path) -> anyhow::Result<PathBuf> {
    let site = folder.join("site");
    std::fs::create_dir_all(site.join("pkg"))?;
    std::fs::write(site.join("pkg/here.js"), SCRIPT)?;
    std::fs::write(folder.join("secret.txt"), SECRET)?;
    Ok(site)
}

/// This program as Keywright.
fn itself() -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(PROGRAM);
    Ok(command)
}

fn log_of(folder: &Path) -> PathBuf {
    folder.join("log")
}
