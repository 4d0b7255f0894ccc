//! The real program with one account, as a process with a folder of its own.

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

use super::{free_port, until};

const EMAIL: &str = "alice@example.com";
const PASSWORD: &str = "correct horse battery staple";

pub struct Keywright {
    pub port: u16,
    public_url: String,
    folder: TempDir,
    program: Child,
}

impl Keywright {
    /// Starts it and makes the account.
    pub fn start(public_url: &str) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let program = command(folder.path(), port, public_url).stdout(Stdio::null()).spawn().unwrap();
        let keywright = Self { port, public_url: public_url.to_owned(), folder, program };
        let ready = format!("http://127.0.0.1:{port}/health/ready");
        until("Keywright is ready", 60, || ureq::get(&ready).call().ok());
        keywright.post("/api/v1/sign-up", &json!({"email": EMAIL, "password": PASSWORD, "name": "Alice"}));
        keywright.post("/api/v1/verify-email", &json!({"email": EMAIL, "code": keywright.mailed_code()}));
        keywright
    }

    /// Signs in once more; gives the access token.
    pub fn access_token(&self) -> String {
        let answer: Value =
            serde_json::from_str(&self.post("/api/v1/sign-in", &json!({"email": EMAIL, "password": PASSWORD})))
                .unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Who Keywright itself takes the bearer of a token for.
    pub fn user_of(&self, token: &str) -> String {
        let request = ureq::get(self.url("/api/v1/me")).header("authorization", format!("Bearer {token}"));
        let me: Value = request.call().unwrap().body_mut().read_json().unwrap();
        me["id"].as_str().unwrap().to_owned()
    }

    /// Makes a new key sign at once, as an operator does it, beside the running program.
    pub fn rotate_keys(&self) {
        let mut command = command(self.folder.path(), self.port, &self.public_url);
        let output = command.args(["keys", "rotate", "--now"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn post(&self, path: &str, body: &Value) -> String {
        ureq::post(self.url(path)).send_json(body).unwrap().body_mut().read_to_string().unwrap()
    }

    fn mailed_code(&self) -> Value {
        until("the mail with the code", 60, || {
            let mut answer = ureq::get(self.url("/dev/inbox.json")).call().unwrap();
            let mails: Vec<Value> = answer.body_mut().read_json().unwrap();
            mails.iter().find(|mail| mail["kind"] == "verify_email").map(|mail| mail["code"].clone())
        })
    }
}

impl Drop for Keywright {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn command(folder: &Path, port: u16, public_url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
    command
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_LISTEN", format!("127.0.0.1:{port}"))
        .env("KEYWRIGHT_PUBLIC_URL", public_url)
        .env("KEYWRIGHT_HASH_MEMORY_KIB", "256")
        .env("KEYWRIGHT_LIMITS", "off")
        .env("KEYWRIGHT_LOG", "error");
    command
}
