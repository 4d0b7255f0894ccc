//! A mail server (RFC 5321) that asks who comes (RFC 4954) and counts what reached it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};

pub struct SmtpServer {
    pub port: u16,
    login: Arc<Mutex<String>>,
    arrived: Arc<AtomicUsize>,
}

impl SmtpServer {
    /// Takes mails from this user with this password.
    pub async fn asking(user: &str, password: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            login: Arc::new(Mutex::new(login(user, password))),
            arrived: Arc::default(),
        };
        let (login, arrived) = (Arc::clone(&server.login), Arc::clone(&server.arrived));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let login = login.lock().unwrap().clone();
                tokio::spawn(serve(stream, login, Arc::clone(&arrived)));
            }
        });
        server
    }

    /// Takes them with this password from the next connection on.
    pub fn will_ask(&self, user: &str, password: &str) {
        *self.login.lock().unwrap() = login(user, password);
    }

    /// How many mails arrived.
    pub fn arrived(&self) -> usize {
        self.arrived.load(Ordering::SeqCst)
    }
}

/// The command that proves it (RFC 4616).
fn login(user: &str, password: &str) -> String {
    format!("AUTH PLAIN {}", BASE64_STANDARD.encode(format!("\0{user}\0{password}")))
}

async fn serve(stream: TcpStream, login: String, arrived: Arc<AtomicUsize>) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    let mut is_known = false;
    let mut answer = "220 mail.example.com";
    loop {
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        stream.flush().await?;
        let line = command(&mut stream).await?;
        answer = match line.split(' ').next().unwrap_or_default() {
            "EHLO" => "250-mail.example.com\r\n250 AUTH PLAIN",
            "AUTH" if line == login => {
                is_known = true;
                "235 welcome"
            }
            "AUTH" => "535 who are you?",
            "MAIL" if !is_known => "530 who are you?",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                stream.flush().await?;
                while command(&mut stream).await? != "." {}
                arrived.fetch_add(1, Ordering::SeqCst);
                "250 taken"
            }
            _ => "250 fine",
        };
    }
}

/// The next line; an error at the end of the connection.
async fn command(stream: &mut BufStream<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}
