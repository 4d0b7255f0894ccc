//! Asks a server of the DNS: over TLS where it speaks that, else over UDP, and over TCP what is too long for it (RFC 7766). The
//! number of a question and the port it comes from are drawn anew each time, so that nobody answers in the server's place
//! (RFC 5452).

use anyhow::{Context as _, bail};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::message::{Said, answer, question};
use super::{DnsServer, DomainResolver, Texts};
use crate::random::Random;

/// For everything: somebody waits for it.
const PATIENCE: Duration = Duration::from_secs(5);
/// For one datagram, which may get lost.
const OF_DATAGRAM: Duration = Duration::from_millis(1500);
const TRIES: usize = 2;
const PORT: u16 = 53;

/// A server of the DNS.
pub struct DnsResolver {
    server: Option<DnsServer>,
    random: Arc<dyn Random>,
}

impl DnsResolver {
    /// Asks this server; without one, the first that the system names.
    pub fn new(server: Option<DnsServer>, random: Arc<dyn Random>) -> Self {
        Self { server, random }
    }

    async fn ask(&self, name: &str) -> anyhow::Result<Vec<String>> {
        let mut number = [0; 2];
        self.random.fill(&mut number);
        let number = u16::from_be_bytes(number);
        let question = question(number, name)?;
        let server = match &self.server {
            Some(DnsServer::Tls(server)) => {
                return ask_by_stream(server.connect().await?, number, name, &question).await;
            }
            Some(DnsServer::Plain(server)) => *server,
            None => server_of_system().context("the system names no server of the DNS")?,
        };
        for _ in 0..TRIES {
            match timeout(OF_DATAGRAM, ask_by_datagram(server, number, name, &question)).await {
                Ok(Ok(Said::Texts(texts))) => return Ok(texts),
                Ok(Ok(Said::TooMuch)) => {
                    return ask_by_stream(TcpStream::connect(server).await?, number, name, &question).await;
                }
                Ok(Ok(Said::Other)) | Err(_) => {}
                Ok(Err(error)) => return Err(error),
            }
        }
        bail!("the server of the DNS does not answer")
    }
}

impl DomainResolver for DnsResolver {
    fn texts<'a>(&'a self, name: &'a str) -> Texts<'a> {
        Box::pin(async move {
            timeout(PATIENCE, self.ask(name)).await.context("the server of the DNS does not answer in time")?
        })
    }
}

async fn ask_by_datagram(server: SocketAddr, number: u16, name: &str, question: &[u8]) -> anyhow::Result<Said> {
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut bytes = [0; 4096];
    loop {
        let length = socket.recv(&mut bytes).await?;
        // Whoever guesses at the number is not believed, and does not end the wait either.
        if let Ok(said @ (Said::Texts(_) | Said::TooMuch)) = answer(number, name, &bytes[..length]) {
            return Ok(said);
        }
        if bytes[..length].starts_with(&number.to_be_bytes()) {
            return answer(number, name, &bytes[..length]);
        }
    }
}

async fn ask_by_stream(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    number: u16,
    name: &str,
    question: &[u8],
) -> anyhow::Result<Vec<String>> {
    let length = u16::try_from(question.len())?;
    stream.write_all(&length.to_be_bytes()).await?;
    stream.write_all(question).await?;
    stream.flush().await?;
    let length = stream.read_u16().await?;
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await?;
    match answer(number, name, &bytes)? {
        Said::Texts(texts) => Ok(texts),
        Said::TooMuch | Said::Other => bail!("the server of the DNS answers something else"),
    }
}

/// The first server that the system asks.
fn server_of_system() -> Option<SocketAddr> {
    server_in(&std::fs::read_to_string("/etc/resolv.conf").ok()?)
}

fn server_in(file: &str) -> Option<SocketAddr> {
    let mut servers = file.lines().filter_map(|line| line.trim_start().strip_prefix("nameserver"));
    let address = servers.find_map(|rest| rest.split_whitespace().next()?.parse().ok())?;
    Some(SocketAddr::new(address, PORT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;
    use tokio::net::TcpListener;

    const NAME: &str = "acme.example";

    /// The answer to a question as it came, with one text.
    fn answered(question: &[u8], flags: u16, text: &[u8]) -> Vec<u8> {
        let mut bytes = question.to_vec();
        bytes[2..4].copy_from_slice(&flags.to_be_bytes());
        bytes[7] = 1;
        bytes.extend_from_slice(&[0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        let length = u8::try_from(text.len()).unwrap();
        bytes.extend_from_slice(&[0, length + 1, length]);
        bytes.extend_from_slice(text);
        bytes
    }

    fn asking(server: SocketAddr) -> DnsResolver {
        DnsResolver::new(Some(DnsServer::Plain(server)), Arc::new(SystemRandom))
    }

    #[tokio::test]
    async fn a_text_comes_in_a_datagram_and_a_lost_one_is_asked_for_again() {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let server = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut bytes = [0; 512];
            socket.recv_from(&mut bytes).await.unwrap();
            let (length, from) = socket.recv_from(&mut bytes).await.unwrap();
            // Somebody else's guess first.
            socket.send_to(&[0; 12], from).await.unwrap();
            socket.send_to(&answered(&bytes[..length], 0x8180, b"a=b"), from).await.unwrap();
        });
        assert_eq!(asking(server).texts(NAME).await.unwrap(), ["a=b"]);
    }

    #[tokio::test]
    async fn what_is_too_long_comes_over_a_stream() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let socket = UdpSocket::bind(server).await.unwrap();
        tokio::spawn(async move {
            let mut bytes = [0; 512];
            let (length, from) = socket.recv_from(&mut bytes).await.unwrap();
            socket.send_to(&answered(&bytes[..length], 0x8380, b"a"), from).await.unwrap();
            let (mut stream, _) = listener.accept().await.unwrap();
            let length = stream.read_u16().await.unwrap();
            let mut question = vec![0; usize::from(length)];
            stream.read_exact(&mut question).await.unwrap();
            let answer = answered(&question, 0x8180, b"long");
            stream.write_all(&u16::try_from(answer.len()).unwrap().to_be_bytes()).await.unwrap();
            stream.write_all(&answer).await.unwrap();
        });
        assert_eq!(asking(server).texts(NAME).await.unwrap(), ["long"]);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_waited_for_longer_than_five_seconds() {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let asked = asking(socket.local_addr().unwrap());
        let waited = timeout(PATIENCE, asked.texts(NAME)).await;
        assert!(waited.expect("in time").is_err());
    }

    #[test]
    fn the_system_names_its_servers_in_a_file() {
        let file = "# nameserver 192.0.2.9\nsearch example\nnameserver fe80::1%eth0\n nameserver 192.0.2.1 # a\n";
        assert_eq!(server_in(file), Some("192.0.2.1:53".parse().unwrap()));
        assert_eq!(server_in("nameserver 2001:db8::1"), Some("[2001:db8::1]:53".parse().unwrap()));
        assert_eq!(server_in("search example"), None);
    }
}
