//! Load that costs as little as can be, because the same cores pay for it: answers of one address are all
//! equally long, so only the first is looked into.

use anyhow::{Context, ensure};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What every answer begins with.
const GOOD: &[u8] = b"HTTP/1.1 200 ";

/// Requests per second of one kept connection for each access token, one request at a time on each.
pub async fn rate(port: u16, path: &str, tokens: &[String], span: Duration) -> anyhow::Result<f64> {
    let started = Instant::now();
    let clients: Vec<_> = tokens
        .iter()
        .map(|token| {
            let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n");
            tokio::spawn(async move {
                let mut connection = TcpStream::connect(("127.0.0.1", port)).await?;
                connection.set_nodelay(true)?;
                connection.write_all(request.as_bytes()).await?;
                let mut answer = read_first(&mut connection).await?;
                let mut done = 1_u32;
                while started.elapsed() < span {
                    connection.write_all(request.as_bytes()).await?;
                    read_next(&mut connection, &mut answer).await?;
                    done += 1;
                }
                anyhow::Ok(done)
            })
        })
        .collect();
    let mut done = 0;
    for client in clients {
        done += client.await??;
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

/// An answer to its end, which its head tells.
async fn read_first(connection: &mut TcpStream) -> anyhow::Result<Vec<u8>> {
    let mut answer = Vec::new();
    loop {
        ensure!(connection.read_buf(&mut answer).await? > 0, "the connection was closed");
        let text = String::from_utf8_lossy(&answer).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        ensure!(answer.starts_with(GOOD), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).context("a length")?;
        let length: usize = length.trim().parse()?;
        if body.len() >= length {
            return Ok(answer);
        }
    }
}

/// An answer as long as the one before, into its place.
async fn read_next(connection: &mut TcpStream, answer: &mut [u8]) -> anyhow::Result<()> {
    let mut read = 0;
    while read < answer.len() {
        let more = connection.read(&mut answer[read..]).await?;
        ensure!(more > 0, "the connection was closed");
        read += more;
        // A refusal is shorter, and the rest of it would be waited for in vain.
        ensure!(answer.starts_with(GOOD), "{}", String::from_utf8_lossy(&answer[..read]));
    }
    Ok(())
}
