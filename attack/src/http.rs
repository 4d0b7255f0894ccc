//! A client that says what no browser would: requests are written by hand, one to a connection, and answers are read
//! as they come.

use anyhow::{Context, bail};
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a browser says when it asks for a page.
pub const NAVIGATION: &str = "accept: text/html,*/*;q=0.8\r\nsec-fetch-mode: navigate\r\n";

/// An answer.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Status line and headers, their names in lower case.
    pub head: String,
    /// Its body as text.
    pub body: String,
}

impl Answer {
    /// The first header of that name; empty without one.
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| *key == name).map(|(_, value)| value).next().unwrap_or_default()
    }

    /// The value that a cookie is set to.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let set = self.head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        let mut values = set.filter_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=')?.split(';').next());
        values.next().filter(|value| !value.is_empty())
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether what was asked for was done.
    pub fn is_done(&self) -> bool {
        (200..400).contains(&self.status)
    }
}

/// Sends a request. Headers are lines with `\r\n`; one that names the host is sent instead of ours.
///
/// # Errors
/// When nobody listens, and when what comes back is no answer.
pub async fn send(port: u16, method: &str, path: &str, headers: &str, body: &[u8]) -> anyhow::Result<Answer> {
    let host = if has(headers, "host: ") { String::new() } else { format!("host: localhost:{port}\r\n") };
    let connection = if has(headers, "connection: ") { "" } else { "connection: close\r\n" };
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\n{host}{connection}content-length: {length}\r\n{headers}\r\n");
    let message = [head.as_bytes(), body].concat();
    let answer = exchange(port, &message);
    let bytes = timeout(PATIENCE, answer).await.with_context(|| format!("{method} {path} is not answered"))??;
    read(&bytes, method == "HEAD").with_context(|| format!("{method} {path}"))
}

/// Whether one of the lines begins so: `x-forwarded-host` is no `host`.
fn has(headers: &str, beginning: &str) -> bool {
    headers.lines().any(|line| line.starts_with(beginning))
}

/// Writes bytes and reads what comes back, both at once: whoever refuses a request need not read it.
async fn exchange(port: u16, request: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let (mut reader, mut writer) = stream.split();
    let write = async { writer.write_all(request).await };
    let read = async {
        let (mut answer, mut some) = (Vec::new(), [0; 16 * 1024]);
        // A connection that breaks after an answer has answered.
        while let Ok(length) = reader.read(&mut some).await
            && length > 0
        {
            answer.extend_from_slice(&some[..length]);
        }
        answer
    };
    let (_, answer) = tokio::join!(write, read);
    Ok(answer)
}

/// Takes an answer apart. One that has a head alone says how long its body would be.
fn read(bytes: &[u8], is_head_alone: bool) -> anyhow::Result<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").context("there is no answer")?;
    let mut head = String::new();
    for line in String::from_utf8_lossy(&bytes[..end]).lines() {
        match line.split_once(':') {
            Some((name, value)) => head.push_str(&format!("{}:{value}\n", name.to_ascii_lowercase())),
            None => head.push_str(&format!("{line}\n")),
        }
    }
    let status = head.split(' ').nth(1).context("there is no status")?.parse()?;
    let body = &bytes[end + 4..];
    let is_chunked = head.contains("transfer-encoding: chunked") && !is_head_alone;
    let body = if is_chunked { joined(body)? } else { body.to_vec() };
    Ok(Answer { status, head, body: String::from_utf8_lossy(&body).into_owned() })
}

/// Puts chunks together.
fn joined(mut chunks: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = chunks.windows(2).position(|two| two == b"\r\n").context("a chunk has no size")?;
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..end])?.trim(), 16)?;
        if size == 0 {
            return Ok(body);
        }
        let Some(chunk) = chunks.get(end + 2..end + 2 + size) else { bail!("a chunk is cut") };
        body.extend_from_slice(chunk);
        chunks = chunks.get(end + 4 + size..).context("chunks are cut")?;
    }
}

/// A text as it stands in an address or a form.
pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(byte).collect()
}
