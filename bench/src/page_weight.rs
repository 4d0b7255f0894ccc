//! What the sign-in page costs on the wire with an empty cache, and how much more the pages of second factors cost.

use anyhow::{Context, ensure};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _};
use std::path::Path;

use crate::Figure;
use crate::http::Connection;
use crate::program::{PASSWORD, Program};

const EMAIL: &str = "alice@example.com";

/// Bytes of a page as a browser gets them.
struct Weight {
    html: usize,
    css: usize,
    scripts: usize,
}

impl Weight {
    fn all(&self) -> usize {
        self.html + self.css + self.scripts
    }
}

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start(folder.path()).await?;
    program.create_account(EMAIL).await?;
    let session = program.sign_in(EMAIL).await?.refresh_token;
    program.stop().await?;
    add_factor(&folder.path().join("data/keywright.db")).await?;

    let (program, _) = Program::start(folder.path()).await?;
    let waiting = format!("__Host-second-factor={}", ticket(program.port).await?);
    let signed_in = format!("__Host-refresh={session}");
    let sign_in = weight(program.port, "/sign-in", "__Host-theme=light").await?;
    let mut more = Vec::new();
    for (path, cookie) in
        [("/two-step", &waiting), ("/account/authenticator", &signed_in), ("/account/passkeys", &signed_in)]
    {
        let all = weight(program.port, path, cookie).await?.all();
        more.push((kilobytes(all) - kilobytes(sign_in.all()), path));
    }
    program.stop().await?;
    let (most, heaviest) = more.into_iter().max_by(|one, other| one.0.total_cmp(&other.0)).context("a page")?;
    let (page, all) = (kilobytes(sign_in.html + sign_in.css), kilobytes(sign_in.all()));
    Ok(vec![
        Figure {
            name: "Sign-in page, everything (brotli)",
            target: "≤ 250 KB",
            measured: format!("{all:.1} KB"),
            reached: all <= 250.0,
        },
        Figure {
            name: "Sign-in page, HTML and CSS (brotli)",
            target: "≤ 20 KB",
            measured: format!("{page:.1} KB"),
            reached: page <= 20.0,
        },
        Figure {
            name: "Pages of second factors, the heaviest, over the sign-in page (brotli)",
            target: "≤ 15 KB",
            measured: format!("{most:+.1} KB ({heaviest})"),
            reached: most <= 15.0,
        },
    ])
}

/// Gives the account a factor that nobody proves here: what weighs are the pages.
async fn add_factor(file: &Path) -> anyhow::Result<()> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    let add = sqlx::query("UPDATE users SET factors = 'totp' WHERE email = $1").bind(EMAIL);
    ensure!(add.execute(&mut connection).await?.rows_affected() == 1, "the account is not there");
    Ok(connection.close().await?)
}

/// The ticket of a sign-in that waits for its second factor.
async fn ticket(port: u16) -> anyhow::Result<String> {
    let body = format!(r#"{{"email":"{EMAIL}","password":"{PASSWORD}"}}"#);
    let answer = Connection::open(port).await?.json("/api/v1/sign-in", &body).await?;
    let answer: Value = serde_json::from_slice(&answer.body)?;
    Ok(answer["second_factor"]["ticket"].as_str().context("a ticket")?.to_owned())
}

/// Loads a page with all that it names.
async fn weight(port: u16, path: &str, cookie: &str) -> anyhow::Result<Weight> {
    let browser = format!("cookie: {cookie}\r\nsec-fetch-mode: navigate\r\naccept: text/html,*/*\r\n");
    let mut connection = Connection::open(port).await?;
    let mut get = async |path: &str, headers: &str| -> anyhow::Result<Vec<u8>> {
        let answer = connection.send("GET", path, headers, "").await?;
        ensure!(answer.status == 200, "{path}: {}", answer.status);
        Ok(answer.body)
    };
    let compressed = format!("{browser}accept-encoding: br\r\n");
    let mut weight = Weight { html: get(path, &compressed).await?.len(), css: 0, scripts: 0 };
    let plain = String::from_utf8(get(path, &browser).await?)?;
    for asset in assets(&plain) {
        let size = get(&asset, "accept: */*\r\naccept-encoding: br\r\n").await?.len();
        if asset.ends_with(".css") { weight.css += size } else { weight.scripts += size }
    }
    Ok(weight)
}

/// The styles, scripts and wasm that a page names, each once.
fn assets(html: &str) -> Vec<String> {
    let mut found: Vec<String> = html
        .split(['"', '\''])
        .filter(|part| part.starts_with("/pkg/"))
        .filter(|part| [".css", ".js", ".wasm"].iter().any(|end| part.ends_with(end)))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

#[expect(clippy::cast_precision_loss, reason = "sizes of pages")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}
