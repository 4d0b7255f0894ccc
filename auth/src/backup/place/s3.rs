//! A bucket of a storage that speaks S3, by its path (`https://s3.example.com/bucket/…`). A backup is one object: it is there when
//! all of it arrived, because its digest is signed.

use anyhow::{Context as _, bail, ensure};
use reqwest::redirect::Policy;
use reqwest::{Body, Client, Method, Response, StatusCode};
use secrecy::SecretString;
use std::fmt;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;
use url::Url;

use super::MOST;
use super::signature::{Credentials, Signed, encoded};
use crate::Timestamp;
use crate::backup::archive::{measure, private_file};
use crate::backup::name::BEGINNING;

/// For connecting, for what was sent and is not acknowledged, and for all of a request. Between two reads there is no bound: it
/// would begin with the request, and a backup takes longer to send.
const TIMEOUT: Duration = Duration::from_secs(10);
#[cfg(target_os = "linux")]
const QUIET: Duration = Duration::from_secs(60);
const WHOLE: Duration = Duration::from_secs(6 * 60 * 60);
/// Bytes of the largest object that is sent in one piece.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;
/// Bytes of the longest answer that is no backup.
const ANSWER: usize = 4 * 1024 * 1024;
/// The digest of nothing.
const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// What a bucket is found and used with.
pub struct BucketSettings {
    /// Scheme, host and perhaps port.
    pub endpoint: Url,
    /// The bucket.
    pub bucket: String,
    /// What stands before each name; empty, or ending in a slash.
    pub prefix: String,
    /// The region that is signed for.
    pub region: String,
    /// The name of the key.
    pub key_id: String,
    /// The key.
    pub secret: SecretString,
}

/// A bucket.
#[derive(Clone)]
pub struct Bucket {
    endpoint: Url,
    /// With the port, where it is not that of the scheme.
    host: String,
    bucket: String,
    prefix: String,
    credentials: Credentials,
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the bucket {} at {}", self.bucket, self.host)
    }
}

impl Bucket {
    /// Takes the settings; nobody is asked yet.
    ///
    /// # Errors
    /// When the endpoint has no host.
    pub fn new(settings: BucketSettings) -> anyhow::Result<Self> {
        let host = settings.endpoint.host_str().context("the endpoint has no host")?;
        let host = settings.endpoint.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let credentials = Credentials { key_id: settings.key_id, secret: settings.secret, region: settings.region };
        Ok(Self { endpoint: settings.endpoint, host, bucket: settings.bucket, prefix: settings.prefix, credentials })
    }

    pub(super) async fn put(&self, name: &str, file: &Path, now: Timestamp) -> anyhow::Result<()> {
        let path = file.to_owned();
        let (bytes, digest) = tokio::task::spawn_blocking(move || measure(&path)).await??;
        ensure!(bytes <= LARGEST, "it has more than 5 GiB, and an object in one piece may not: put it into a folder");
        let body = Body::from(tokio::fs::File::open(file).await?);
        let asked = self.ask(Method::PUT, &self.path_of(name), "", &digest, Some((body, bytes)), now).await?;
        refusal(asked).await.map(drop)
    }

    pub(super) async fn list(&self, now: Timestamp) -> anyhow::Result<Vec<String>> {
        let (mut names, mut seen, mut after) = (Vec::new(), 0, None::<String>);
        let path = format!("/{}", encoded(&self.bucket, ""));
        // What a storage counts for one of ours may be none: what it sends is bounded, and not what is ours of it.
        while seen < MOST {
            let token = after.map(|token| format!("continuation-token={}&", encoded(&token, ""))).unwrap_or_default();
            let query = format!("{token}list-type=2&prefix={}", encoded(&format!("{}{BEGINNING}", self.prefix), ""));
            let answer = self.ask(Method::GET, &path, &query, NOTHING, None, now).await?;
            let answer = text(refusal(answer).await?).await?;
            let keys = values(&answer, "Key");
            seen += keys.len();
            names.extend(keys.iter().filter_map(|key| key.strip_prefix(self.prefix.as_str())).map(str::to_owned));
            after = values(&answer, "NextContinuationToken").pop();
            if after.is_none() || keys.is_empty() {
                break;
            }
        }
        Ok(names)
    }

    pub(super) async fn get(&self, name: &str, into: &Path, now: Timestamp) -> anyhow::Result<()> {
        let answer = self.ask(Method::GET, &self.path_of(name), "", NOTHING, None, now).await?;
        let mut answer = refusal(answer).await?;
        let mut file = private_file(into)?;
        while let Some(part) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
            file.write_all(&part)?;
        }
        Ok(file.sync_all()?)
    }

    pub(super) async fn delete(&self, name: &str, now: Timestamp) -> anyhow::Result<()> {
        let answer = self.ask(Method::DELETE, &self.path_of(name), "", NOTHING, None, now).await?;
        if answer.status() == StatusCode::NOT_FOUND { Ok(()) } else { refusal(answer).await.map(drop) }
    }

    fn path_of(&self, name: &str) -> String {
        format!("/{}/{}", encoded(&self.bucket, ""), encoded(&format!("{}{name}", self.prefix), "/"))
    }

    /// Asks, signed. The query has to be sorted.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &str,
        digest: &str,
        body: Option<(Body, u64)>,
        now: Timestamp,
    ) -> anyhow::Result<Response> {
        let moment = moment(now);
        let headers = [("host", self.host.as_str()), ("x-amz-content-sha256", digest), ("x-amz-date", moment.as_str())];
        let signed = Signed { method: method.as_str(), path, query, headers: &headers, body: digest, moment: &moment };
        let authorization = self.credentials.authorization(&signed);
        let mut url = self.endpoint.clone();
        url.set_path(path);
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        let mut request = client()?.request(method, url);
        for (name, value) in &headers[1..] {
            request = request.header(*name, *value);
        }
        request = request.header("authorization", authorization);
        if let Some((body, bytes)) = body {
            request = request.header("content-length", bytes).body(body);
        }
        request.send().await.map_err(reqwest::Error::without_url).context("the storage cannot be reached")
    }
}

/// Who asks: nobody is followed elsewhere, and nothing waits for ever.
fn client() -> anyhow::Result<Client> {
    let client = Client::builder().user_agent("Keywright").redirect(Policy::none()).no_proxy();
    let client = client.connect_timeout(TIMEOUT).timeout(WHOLE);
    #[cfg(target_os = "linux")]
    let client = client.tcp_user_timeout(QUIET);
    client.build().context("the client of the storage")
}

/// The answer, if it is none.
async fn refusal(answer: Response) -> anyhow::Result<Response> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let said = text(answer).await.unwrap_or_default();
    let code = values(&said, "Code").pop().filter(|code| code.bytes().all(|letter| letter.is_ascii_alphanumeric()));
    bail!(
        "the storage refused: its status is {}{}",
        status.as_u16(),
        code.map(|code| format!(", {code}")).unwrap_or_default()
    )
}

async fn text(mut answer: Response) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
        ensure!(bytes.len() + part.len() <= ANSWER, "the answer of the storage is too long");
        bytes.extend_from_slice(&part);
    }
    String::from_utf8(bytes).context("the answer of the storage is no text")
}

/// What stands between the tags of a name. No name of ours has a letter that XML would write in another way; what it would is
/// not ours, but for a token, which goes back as it came.
fn values(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(open.as_str()).skip(1);
    let inside = parts.filter_map(|part| part.split_once(close.as_str()).map(|(inside, _)| inside));
    inside
        .map(|inside| inside.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        .collect()
}

/// As the storage writes moments.
fn moment(now: Timestamp) -> String {
    let moment = jiff::Timestamp::from_second(now.seconds()).unwrap_or_default();
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_a_list() {
        let list = "<R><Contents><Key>a/b.backup</Key></Contents><Contents><Key>a/c&amp;d</Key></Contents><Key>cut";
        assert_eq!(values(list, "Key"), ["a/b.backup", "a/c&d"]);
        assert_eq!(values(list, "NextContinuationToken"), Vec::<String>::new());
        assert_eq!(moment(Timestamp(1_369_353_600_000)), "20130524T000000Z");
    }
}
