//! Somebody who works with the product while its parts break, and remembers what was acknowledged.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::client::{Ask, Client, Headers, JSON, LONGEST, wait};
use super::counts::Counts;
use crate::http::Answer;
use crate::program::{PASSWORD, refresh_cookie};

/// People read before they do something else.
const PAUSE: Duration = Duration::from_millis(60);
/// How long a mail may take: the database was away for a minute, and whoever failed on account of it held the mail for forty seconds.
pub const MAIL: Duration = Duration::from_secs(180);
/// What was acknowledged is seen on every node after this, however busy the machine is; half a second is usual.
const SETTLED: Duration = Duration::from_secs(2);
/// Before its end an access token may be refused: it was on its way.
const MARGIN: u64 = 10;

/// An address has twenty tries of codes a day, the right ones included; after those its mails carry a link alone. Some of them are
/// for what is repeated.
const MOST_RESETS: u32 = 12;

/// What is counted of a session that was ended by a new password and was still over in the end.
pub const ENDED: &str = "session that stayed ended";

/// An account keeps two hundred sessions; those whose sign-in was not answered count, too.
const MOST_OTHERS: usize = 100;

/// One person, one act at a time.
pub struct Person {
    pub email: String,
    pub client: Client,
    pub counts: Arc<Counts>,
    /// The newest password that may be right.
    pub password: String,
    /// The newest refresh token.
    pub cookie: String,
    pub access_token: String,
    /// Until when nobody may refuse it.
    good_until: Instant,
    /// Refresh tokens of other sessions of theirs, which are left alone.
    pub others: Vec<String>,
    /// Refresh tokens of sessions that an acknowledged new password ended: the newest ones, as many as of others.
    pub ended: Vec<String>,
    /// The password before the newest.
    pub forgotten: Option<String>,
    /// The newest name that was acknowledged.
    pub name: u32,
    /// When that was.
    named_at: Instant,
    /// Addresses whose sign-up was acknowledged.
    pub signed_up: Vec<String>,
    used_codes: HashSet<String>,
    /// Before it no password is forgotten.
    forgets_from: Instant,
    number: u8,
    random: u64,
}

impl Person {
    /// Makes an account and signs in.
    pub async fn join(number: u8, port: u16, counts: Arc<Counts>) -> anyhow::Result<Self> {
        let email = format!("person{number}@example.com");
        let mut person = Self {
            client: Client::new(port, number + 1, Arc::clone(&counts))?,
            counts,
            password: PASSWORD.to_owned(),
            cookie: String::new(),
            access_token: String::new(),
            good_until: Instant::now(),
            others: Vec::new(),
            ended: Vec::new(),
            forgotten: None,
            name: 0,
            named_at: Instant::now(),
            signed_up: Vec::new(),
            used_codes: HashSet::new(),
            forgets_from: Instant::now(),
            number,
            random: number.into(),
            email,
        };
        let email = person.email.clone();
        person.sign_up(&email).await?;
        person.verify(&email).await?;
        ensure!(person.sign_in().await?, "the first sign-in was refused");
        Ok(person)
    }

    /// Does this and that until then.
    pub async fn work(mut self, until: Instant) -> anyhow::Result<Self> {
        let between_resets = until.saturating_duration_since(Instant::now()) / MOST_RESETS;
        while Instant::now() < until {
            self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            match (self.random >> 33) % 100 {
                0..38 => self.refresh().await?,
                38..63 => self.me().await?,
                63..78 => self.page().await?,
                78..89 => self.rename().await?,
                89..95 => self.another_session().await?,
                95..98 => self.somebody_else_signs_up().await?,
                _ if Instant::now() < self.forgets_from => self.refresh().await?,
                _ => {
                    self.forgets_from = Instant::now() + between_resets;
                    self.reset().await?;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(self)
    }

    /// Goes on with the session. An end that this person did not ask for is counted.
    pub async fn refresh(&mut self) -> anyhow::Result<()> {
        let answer = self.ask_to_go_on().await?;
        if answer.status == 200 {
            self.hold(&answer)?;
            self.counts.note("refresh");
            return Ok(());
        }
        self.note_end("refresh", &answer);
        ensure!(self.sign_in().await?, "nobody gets in any more as {}", self.email);
        Ok(())
    }

    /// Looks whether a session is still over that a new password ended.
    pub async fn expect_ended(&mut self, token: String) -> anyhow::Result<()> {
        self.cookie = token;
        let answer = self.ask_to_go_on().await?;
        if answer.status == 200 {
            self.counts.note("lost");
            self.counts.note(&format!("lost the end of a session of {}", self.email));
            return Ok(());
        }
        ensure!(answer.status == 401, "a session that ended: {} {}", answer.status, code(&answer));
        self.counts.note(ENDED);
        Ok(())
    }

    async fn ask_to_go_on(&mut self) -> anyhow::Result<Answer> {
        self.ask_with_cookie("POST", "/api/v1/refresh", &[("sec-fetch-site", "same-origin")]).await
    }

    /// Somebody who did not leave is told that they are gone, whether or not another try would let them in.
    fn note_end(&self, by: &str, answer: &Answer) {
        self.counts.note("ended");
        self.counts.note(&format!("refused {by} {} {}", answer.status, code(answer)));
    }

    async fn me(&mut self) -> anyhow::Result<()> {
        let answer = self.bearer("GET", "/api/v1/me", "").await?;
        ensure!(answer.status == 200, "me: {} {}", answer.status, code(&answer));
        if self.named_at.elapsed() >= SETTLED {
            self.expect_name(&answer)?;
        }
        self.counts.note("me");
        Ok(())
    }

    async fn page(&mut self) -> anyhow::Result<()> {
        let headers = [("accept", "text/html"), ("sec-fetch-mode", "navigate")];
        let answer = self.ask_with_cookie("GET", "/dashboard", &headers).await?;
        if answer.status == 303 {
            // Led to the sign-in.
            self.note_end("page", &answer);
            ensure!(self.sign_in().await?, "nobody gets in any more as {}", self.email);
            return Ok(());
        }
        ensure!(answer.status == 200, "page: {}", answer.status);
        self.counts.note("page");
        Ok(())
    }

    /// A new name: the newest one that was acknowledged is there from then on, or one that was asked for later.
    async fn rename(&mut self) -> anyhow::Result<()> {
        // The one of before is looked for first: this one would hide that it was lost.
        self.settle().await;
        self.me().await?;
        let wanted = self.name + 1;
        let body = json!({"name": format!("Sam {wanted}")}).to_string();
        let answer = self.bearer("PATCH", "/api/v1/me", &body).await?;
        ensure!(answer.status == 200, "rename: {} {}", answer.status, code(&answer));
        (self.name, self.named_at) = (wanted, Instant::now());
        self.counts.note("rename");
        Ok(())
    }

    /// Waits until every node knows the newest name.
    pub async fn settle(&self) {
        tokio::time::sleep_until((self.named_at + SETTLED).into()).await;
    }

    /// Looks whether the newest acknowledged name is there; another node may show the one of before for half a second.
    pub fn expect_name(&mut self, answer: &Answer) -> anyhow::Result<()> {
        let me: Value = serde_json::from_slice(&answer.body)?;
        let told = me["name"].as_str().and_then(|name| name.strip_prefix("Sam ")).map_or(Ok(0), str::parse::<u32>)?;
        if told < self.name {
            self.counts.note("lost");
            self.counts.note(&format!("lost the name {} of {}", self.name, self.email));
            // Once.
            self.name = told;
        }
        Ok(())
    }

    /// A sign-in on another device; the session of before stays, and is looked at in the end.
    async fn another_session(&mut self) -> anyhow::Result<()> {
        if self.others.len() >= MOST_OTHERS {
            return self.refresh().await;
        }
        let before = self.cookie.clone();
        ensure!(self.sign_in().await?, "a right password was refused: {}", self.email);
        self.others.push(before);
        Ok(())
    }

    /// Whether the password is right; then the session is new.
    pub async fn sign_in(&mut self) -> anyhow::Result<bool> {
        let body = json!({"email": self.email, "password": self.password}).to_string();
        let (answer, _) = self.client.ask(Ask::json("/api/v1/sign-in", &body)).await?;
        if answer.status == 401 {
            return Ok(false);
        }
        ensure!(answer.status == 200, "sign-in: {} {}", answer.status, code(&answer));
        self.cookie = refresh_cookie(&answer.head).context("a refresh cookie")?;
        self.hold(&answer)?;
        self.counts.note("sign-in");
        Ok(true)
    }

    async fn somebody_else_signs_up(&mut self) -> anyhow::Result<()> {
        let email = format!("friend{}of{}@example.com", self.signed_up.len(), self.number);
        self.sign_up(&email).await?;
        self.signed_up.push(email);
        self.counts.note("sign-up");
        Ok(())
    }

    async fn sign_up(&mut self, email: &str) -> anyhow::Result<()> {
        let body = json!({"email": email, "password": PASSWORD, "name": "Sam 0"}).to_string();
        let (answer, _) = self.client.ask(Ask::json("/api/v1/sign-up", &body)).await?;
        ensure!(answer.status == 202, "sign-up: {} {}", answer.status, code(&answer));
        Ok(())
    }

    /// Proves an address by the newest code that was mailed to it.
    pub async fn verify(&mut self, email: &str) -> anyhow::Result<()> {
        loop {
            let code = self.mailed_code(email, "verify_email").await?;
            let body = json!({"email": email, "code": code}).to_string();
            let (answer, is_repeated) = self.client.ask(Ask::json("/api/v1/verify-email", &body)).await?;
            // One that was asked for again may have worked the first time.
            if answer.status == 204 || is_repeated {
                return Ok(());
            }
        }
    }

    /// A new password by mail. It ends every session of this person, as it must.
    async fn reset(&mut self) -> anyhow::Result<()> {
        let body = json!({"email": self.email}).to_string();
        let (answer, _) = self.client.ask(Ask::json("/api/v1/forgot-password", &body)).await?;
        ensure!(answer.status == 202, "forgot password: {} {}", answer.status, code(&answer));
        let (email, before, cookie) = (self.email.clone(), self.password.clone(), self.cookie.clone());
        let new = format!("lantern {} orchid {} walnut", self.random % 100_000, self.number);
        loop {
            let mailed = self.mailed_code(&email, "password_reset").await?;
            let body = json!({"email": email, "code": mailed, "new_password": new}).to_string();
            let (answer, is_repeated) = self.client.ask(Ask::json("/api/v1/reset-password", &body)).await?;
            self.password.clone_from(&new);
            if answer.status == 204 {
                self.counts.note("reset");
                self.forget(before, cookie);
                ensure!(self.sign_in().await?, "the new password of {email}");
                return Ok(());
            }
            // It may have worked although nobody said so.
            if is_repeated && self.sign_in().await? {
                self.forget(before, cookie);
                return Ok(());
            }
            // A code of an older mail: the newest is on its way.
            self.password.clone_from(&before);
        }
    }

    /// A new password was taken, so this one of before is over, and so are all sessions until then.
    fn forget(&mut self, password: String, cookie: String) {
        self.forgotten = Some(password).filter(|password| *password != self.password);
        self.ended.append(&mut self.others);
        self.ended.push(cookie);
        let superfluous = self.ended.len().saturating_sub(MOST_OTHERS);
        self.ended.drain(..superfluous);
    }

    /// A code that was mailed and not tried yet; one that does not come is lost, as whoever asked for it counts.
    async fn mailed_code(&mut self, email: &str, kind: &str) -> anyhow::Result<String> {
        let (path, began) = (format!("/dev/inbox.json?to={email}"), Instant::now());
        loop {
            let inbox = Ask { method: "GET", path: &path, headers: &[], body: "" };
            let (answer, _) = self.client.ask(inbox).await?;
            let mails: Vec<Value> = serde_json::from_slice(&answer.body)?;
            let codes = mails.iter().filter(|mail| mail["kind"] == kind).filter_map(|mail| mail["code"].as_str());
            if let Some(code) = codes.map(str::to_owned).find(|code| !self.used_codes.contains(&told(email, code))) {
                self.used_codes.insert(told(email, &code));
                return Ok(code);
            }
            ensure!(began.elapsed() <= MAIL, "a mail ({kind}) to {email}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// A call of a program: one that meets an access token that is over refreshes once and repeats itself.
    pub async fn bearer(&mut self, method: &str, path: &str, body: &str) -> anyhow::Result<Answer> {
        let mut is_fresh = false;
        loop {
            let bearer = format!("Bearer {}", self.access_token);
            let headers: Headers<'_> = &[JSON, ("authorization", bearer.as_str())];
            let (answer, _) = self.client.ask(Ask { method, path, headers, body }).await?;
            if answer.status != 401 || is_fresh {
                return Ok(answer);
            }
            if Instant::now() < self.good_until {
                self.note_end("access token", &answer);
            }
            self.refresh().await?;
            is_fresh = true;
        }
    }

    /// Takes the access token of an answer.
    fn hold(&mut self, answer: &Answer) -> anyhow::Result<()> {
        let grant: Value = serde_json::from_slice(&answer.body)?;
        self.access_token = grant["access_token"].as_str().context("an access token")?.to_owned();
        let seconds = grant["expires_in"].as_u64().context("how long it lives")?;
        self.good_until = Instant::now() + Duration::from_secs(seconds.saturating_sub(MARGIN));
        Ok(())
    }

    /// As a browser: with the newest cookie it was given, also by an answer that refused.
    async fn ask_with_cookie(&mut self, method: &str, path: &str, more: Headers<'_>) -> anyhow::Result<Answer> {
        let began = Instant::now();
        loop {
            let cookie = format!("__Host-refresh={}", self.cookie);
            let headers = [&[("cookie", cookie.as_str())][..], more].concat();
            let answer = self.client.once(Ask { method, path, headers: &headers, body: "" }).await;
            let given = answer.as_ref().and_then(|answer| refresh_cookie(&answer.head));
            if let Some(cookie) = given.filter(|cookie| !cookie.is_empty()) {
                self.cookie = cookie;
            }
            match answer {
                Some(answer) if answer.status != 503 => return Ok(answer),
                refused => wait(refused.as_ref()).await,
            }
            ensure!(began.elapsed() < LONGEST, "{method} {path} was not answered");
        }
    }
}

/// The code of a refusal.
fn code(answer: &Answer) -> String {
    let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    problem["code"].as_str().unwrap_or_default().to_owned()
}

/// Six digits may come twice, to two addresses.
fn told(email: &str, code: &str) -> String {
    format!("{email} {code}")
}
