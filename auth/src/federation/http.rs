//! How a provider is asked: with little patience, for little, following nobody elsewhere. Its answers are somebody
//! else's words: what is told of them in errors holds no address, no secret and no word of them.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Error, anyhow};
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap};
use reqwest::{Client, Request, RequestBuilder, StatusCode};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use tokio::sync::Semaphore;
use url::Url;

use super::ProviderFault;
use crate::outward::{Guard, GuardedNames, SystemNames, client};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// For the whole answer: somebody waits for it.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Bytes of an answer; those of providers have a tenth of it.
const MAX_ANSWER: usize = 1024 * 1024;

/// Questions to one provider at once. Of a slow one others wait longer, and each holds two descriptors: the next is told
/// to come back.
const AT_ONCE: usize = 32;

/// A client of one provider.
#[derive(Clone)]
pub(super) struct Http {
    client: Client,
    pub(super) guard: Guard,
    room: Arc<Semaphore>,
}

/// A JSON answer, whole, and not read yet.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// `Date`, as it was written.
    pub(super) date: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Http {
    /// Prepares the client; connects at the first question.
    ///
    /// # Errors
    /// When the system has no certificate authorities.
    pub(super) fn new(private_addresses: bool) -> anyhow::Result<Self> {
        let guard = Guard { private_addresses };
        let names = GuardedNames::new(guard, Arc::new(SystemNames));
        let client = client(names, CONNECT_TIMEOUT, TIMEOUT)?;
        Ok(Self { client, guard, room: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// The same client, with room of its own.
    pub(super) fn for_another(&self) -> Self {
        Self { room: Arc::new(Semaphore::new(AT_ONCE)), ..self.clone() }
    }

    /// A question for a document.
    pub(super) fn get(&self, url: &Url) -> RequestBuilder {
        self.client.get(url.clone()).header(ACCEPT, "application/json")
    }

    /// Asks for a document that must be there.
    pub(super) async fn fetch(&self, request: RequestBuilder) -> Result<Answer, ProviderFault> {
        let request = request.build().map_err(|error| ProviderFault::Unavailable(error.without_url().into()))?;
        let answer = self.send(request).await?;
        if answer.status == StatusCode::OK { Ok(answer) } else { Err(other_status(answer.status)) }
    }

    /// Asks, whatever the status; but a provider that is at fault, asks for patience or leads elsewhere, and an answer
    /// that is no JSON, are faults.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, ProviderFault> {
        self.guard.check(request.url()).map_err(|bad| ProviderFault::Unavailable(bad.into()))?;
        let _room = self.room.try_acquire().map_err(|_| too_many())?;
        let mut response = self.client.execute(request).await.map_err(unavailable)?;
        let status = response.status();
        if status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS) {
            return Err(ProviderFault::Unavailable(anyhow!("its status is {}", status.as_u16())));
        }
        if status.is_redirection() {
            return Err(other_status(status));
        }
        if !is_json(response.headers()) {
            let status = status.as_u16();
            return Err(invalid(format!("its answer, of status {status}, is no application/json")));
        }
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok()).map(str::to_owned);
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(unavailable)? {
            if body.len() + part.len() > MAX_ANSWER {
                return Err(invalid("its answer is larger than 1 MB"));
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { status, date, body })
    }
}

/// A structure that stands there as a JSON object. An array with its members in order, which `serde` would take as
/// well, is none.
pub(super) struct Named<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Named<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Named<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Named)
    }
}

impl Answer {
    /// Reads it. What it is called goes into the error; what was wrong does not, because that could be a secret.
    pub(super) fn read<T: DeserializeOwned>(&self, what: &str) -> Result<T, ProviderFault> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            invalid(format!("{what} is not as it must be, at line {line}, column {column}"))
        })
    }
}

/// An answer that may not be.
pub(super) fn invalid(what: impl Into<String>) -> ProviderFault {
    ProviderFault::Invalid(Error::msg(what.into()))
}

fn too_many() -> ProviderFault {
    ProviderFault::Unavailable(anyhow!("{AT_ONCE} questions to it wait for an answer"))
}

fn unavailable(error: reqwest::Error) -> ProviderFault {
    ProviderFault::Unavailable(error.without_url().into())
}

fn other_status(status: StatusCode) -> ProviderFault {
    invalid(format!("its status is {}", status.as_u16()))
}

/// `application/json`, or a kind of it such as `application/jwk-set+json` (RFC 6839, 3.1).
fn is_json(headers: &HeaderMap) -> bool {
    let Some(written) = headers.get(CONTENT_TYPE).and_then(|written| written.to_str().ok()) else { return false };
    let media = written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media.strip_prefix("application/").is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_json() {
        let is_json = |written: &str| is_json(&HeaderMap::from_iter([(CONTENT_TYPE, written.parse().unwrap())]));
        for good in
            ["application/json", "Application/JSON; charset=utf-8", "application/jwk-set+json", "application/json ;"]
        {
            assert!(is_json(good), "{good}");
        }
        for bad in ["", "text/html", "text/json", "application/jsonp", "application/jwt", "text/html; application/json"]
        {
            assert!(!is_json(bad), "{bad}");
        }
        assert!(!super::is_json(&HeaderMap::new()));
    }

    #[test]
    fn an_array_is_no_object() {
        #[derive(Deserialize)]
        struct Person {
            id: u64,
        }
        let read = |body: &str| {
            let answer = Answer { status: StatusCode::OK, date: None, body: body.as_bytes().to_vec() };
            answer.read::<Named<Person>>("it").map(|Named(person)| person.id)
        };
        assert_eq!(read(r#"{"id": 7, "more": []}"#).ok(), Some(7));
        for wrong in
            ["[7]", "7", "null", "{}", r#"{"id": "7"}"#, r#"{"id": -7}"#, r#"{"id": 7.5}"#, r#"{"id": 7, "id": 7}"#]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
