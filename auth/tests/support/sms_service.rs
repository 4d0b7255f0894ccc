//! A local service that is posted to over HTTP, such as one that takes SMS, answers well or badly, and remembers
//! everything it was sent.

use auth::id::JobId;
use auth::sms::{OutgoingSms, SendFailure, SmsSender};
use auth::{PhoneNumber, Timestamp};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedRwLockWriteGuard, RwLock};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Such as `POST /sms HTTP/1.1`.
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        let found: Vec<_> = self.headers.iter().filter(|(known, _)| known == name).collect();
        assert!(found.len() <= 1, "{name} came once: {found:?}");
        found.first().map_or("", |(_, value)| value)
    }
}

pub struct SmsService {
    /// Without a slash at the end.
    pub base: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    answer: Arc<Mutex<Option<String>>>,
    gate: Arc<RwLock<()>>,
}

impl SmsService {
    /// Answers each request with these bytes; not at all when there are none, and the connection stays open.
    pub async fn saying(answer: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(Mutex::new(answer));
        let gate = Arc::new(RwLock::new(()));
        let (ears, says, opens) = (Arc::clone(&heard), Arc::clone(&answer), Arc::clone(&gate));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let answer = says.lock().unwrap().clone();
                tokio::spawn(serve(stream, answer, Arc::clone(&ears), Arc::clone(&opens)));
            }
        });
        Self { base, heard, answer, gate }
    }

    /// Answers so from the next request on.
    pub fn will_answer(&self, answer: Option<String>) {
        *self.answer.lock().unwrap() = answer;
    }

    /// Listens, and answers nobody while this is held.
    pub async fn hold(&self) -> OwnedRwLockWriteGuard<()> {
        Arc::clone(&self.gate).write_owned().await
    }

    /// Everything it was sent.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }
}

/// An answer of HTTP.
pub fn answer(status: &str, headers: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"))
}

async fn serve(mut stream: TcpStream, answer: Option<String>, heard: Arc<Mutex<Vec<Heard>>>, gate: Arc<RwLock<()>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, text)| text.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    heard.lock().unwrap().push(Heard { line, headers, body: String::from_utf8(body).unwrap() });
    let Some(answer) = answer else { return std::future::pending().await };
    drop(gate.read().await);
    // Who has read enough may be gone.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// What became of an SMS.
#[derive(Debug, PartialEq, Eq)]
pub enum Fate {
    Sent,
    /// With what is logged.
    Later(String),
    /// With what is logged.
    Never(String),
}

/// Sends one SMS.
pub async fn send(sender: &dyn SmsSender) -> Fate {
    let (id, to) = (JobId("job-1".to_owned()), PhoneNumber::parse("+447700900123").unwrap());
    let text = "Your code is 12345678 & more=yes.\n\n@id.example.com #12345678";
    let sms = OutgoingSms { id: &id, to: &to, text, code: "12345678", at: Timestamp(1_800_000_000_000) };
    match sender.send(&sms).await {
        Ok(()) => Fate::Sent,
        Err(SendFailure::Later(error)) => Fate::Later(format!("{error:#}")),
        Err(SendFailure::Never(error)) => Fate::Never(format!("{error:#}")),
    }
}
