//! A local service that speaks the range protocol of Have I Been Pwned, well or badly.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How it answers.
pub enum Manner {
    /// By the protocol: it knows these passwords, by SHA-1 and how often they leaked.
    Knowing(Vec<(&'static str, u32)>),
    /// With the same bytes, whatever is asked.
    Saying(String),
    /// Not at all; the connection stays open.
    Silent,
}

pub struct RangeServer {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RangeServer {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/range", listener.local_addr().unwrap());
        let (manner, requests) = (Arc::new(manner), Arc::new(Mutex::new(Vec::new())));
        let heard = Arc::clone(&requests);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&manner), Arc::clone(&heard)));
            }
        });
        Self { url, requests }
    }

    /// Everything it was sent, one text a request.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// An answer of HTTP.
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
}

async fn serve(mut stream: TcpStream, manner: Arc<Manner>, heard: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        request.push(byte);
    }
    let request = String::from_utf8(request).unwrap();
    heard.lock().unwrap().push(request.clone());
    let said = match &*manner {
        Manner::Knowing(passwords) => answer("200 OK", "content-type: text/plain\r\n", &range(passwords, &request)),
        Manner::Saying(said) => said.clone(),
        Manner::Silent => std::future::pending().await,
    };
    // Who has read enough may be gone.
    let _ = stream.write_all(said.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// What is known that begins as asked, between two lines of padding.
fn range(passwords: &[(&'static str, u32)], request: &str) -> String {
    let path = request.split(' ').nth(1).unwrap();
    let prefix = path.strip_prefix("/range/").unwrap();
    let padding = format!("{}:0\r\n", "0123456789ABCDEF".repeat(3).split_at(35).0);
    let known =
        passwords.iter().filter_map(|(sha1, count)| Some(format!("{}:{count}\r\n", sha1.strip_prefix(prefix)?)));
    format!("{padding}{}{padding}", known.collect::<String>())
}
