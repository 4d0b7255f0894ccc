//! A browser: it keeps the cookies that it is given, and says where a navigation comes from.

use super::{Answer, TestApp};
use axum::body::Body;
use axum::http::Method;
use axum::http::header::SET_COOKIE;
use std::collections::BTreeMap;

/// Where our own pages are.
pub const HERE: &str = "http://localhost:3000";

pub struct Browser<'a> {
    app: &'a TestApp,
    jar: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    /// One that was never here.
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, jar: BTreeMap::new() }
    }

    /// One that holds a cookie, as `name=value`.
    pub fn with(app: &'a TestApp, cookie: &str) -> Self {
        let (name, value) = cookie.split_once('=').unwrap();
        Self { app, jar: BTreeMap::from([(name.to_owned(), value.to_owned())]) }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.get(name).map(String::as_str)
    }

    /// Follows a link of a page of ours.
    pub async fn follow(&mut self, page: &str, path: &str) -> Answer {
        let referer = format!("{HERE}{page}");
        self.go(path, &[("sec-fetch-site", "same-origin"), ("referer", referer.as_str())]).await
    }

    /// Is led here by another site, as by a provider.
    pub async fn come_back(&mut self, path: &str) -> Answer {
        self.go(path, &[("sec-fetch-site", "cross-site")]).await
    }

    /// Is led here by a provider for a native app, and lets the app have its code.
    pub async fn let_app_in(&mut self, callback: &str) -> Answer {
        let asked = self.come_back(callback).await;
        let page = asked.location().to_owned();
        let path = page.replacen("/app?ticket=", "/app/continue?ticket=", 1);
        assert_ne!(path, page, "the page that asks stands before the app: {}", asked.body);
        self.follow(&page, &path).await
    }

    /// Navigates with these headers.
    pub async fn go(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let cookies = self.cookies();
        let mut all = vec![("accept", "text/html,*/*;q=0.8"), ("sec-fetch-mode", "navigate")];
        all.extend_from_slice(headers);
        if !cookies.is_empty() {
            all.push(("cookie", cookies.as_str()));
        }
        let answer = self.app.request(Method::GET, path, &all, Body::empty()).await;
        self.keep(&answer);
        answer
    }

    /// Posts a form of a page of ours.
    pub async fn post(&mut self, page: &str, path: &str, body: &str) -> Answer {
        let answer = self.app.form_of(page, path, body, &self.cookies()).await;
        self.keep(&answer);
        answer
    }

    fn cookies(&self) -> String {
        self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: &Answer) {
        for line in answer.headers.get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
