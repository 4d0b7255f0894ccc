//! A client that costs next to nothing: one kept connection, requests written by hand.

use anyhow::{Context, ensure};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

/// A kept connection.
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    pub async fn open(port: u16) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    pub async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> anyhow::Result<Answer> {
        let length = body.len();
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
        self.0.get_mut().write_all(request.as_bytes()).await?;
        self.read().await
    }

    pub async fn json(&mut self, path: &str, body: &str) -> anyhow::Result<Answer> {
        self.send("POST", path, "content-type: application/json\r\n", body).await
    }

    async fn read(&mut self) -> anyhow::Result<Answer> {
        let mut head = String::new();
        loop {
            let mut line = String::new();
            ensure!(self.0.read_line(&mut line).await? > 0, "the connection was closed");
            if line == "\r\n" {
                break;
            }
            // Names in lower case; values, which hold tokens, as they are.
            match line.split_once(':') {
                Some((name, value)) => head.push_str(&format!("{}:{value}", name.to_ascii_lowercase())),
                None => head.push_str(&line),
            }
        }
        let status = head.split(' ').nth(1).context("a status")?.parse()?;
        let body = if head.contains("transfer-encoding: chunked") {
            self.read_chunks().await?
        } else {
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(Ok(0), str::parse)?;
            let mut body = vec![0; length];
            self.0.read_exact(&mut body).await?;
            body
        };
        Ok(Answer { status, head, body })
    }

    async fn read_chunks(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut size = String::new();
            self.0.read_line(&mut size).await?;
            let size = usize::from_str_radix(size.trim(), 16)?;
            let mut chunk = vec![0; size + 2];
            self.0.read_exact(&mut chunk).await?;
            if size == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&chunk[..size]);
        }
    }
}
