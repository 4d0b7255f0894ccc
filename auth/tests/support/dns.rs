//! A DNS that knows what it is told.

use super::World;
use auth::dns::{DomainResolver, Texts};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What stands under each name; none: its server does not answer.
#[derive(Default)]
pub struct FakeDns(Mutex<HashMap<String, Option<Vec<String>>>>);

impl FakeDns {
    /// These texts stand under a name, beside another one.
    pub fn publish(&self, name: &str, texts: &[&str]) {
        let texts = ["v=spf1 -all"].iter().chain(texts).map(|text| (*text).to_owned()).collect();
        self.0.lock().unwrap().insert(name.to_owned(), Some(texts));
    }

    /// Nobody answers for a name.
    pub fn silence(&self, name: &str) {
        self.0.lock().unwrap().insert(name.to_owned(), None);
    }
}

impl DomainResolver for FakeDns {
    fn texts<'a>(&'a self, name: &'a str) -> Texts<'a> {
        Box::pin(async move {
            match self.0.lock().unwrap().get(name) {
                Some(Some(texts)) => Ok(texts.clone()),
                Some(None) => Err(anyhow::anyhow!("nobody answers")),
                None => Ok(Vec::new()),
            }
        })
    }
}

impl World {
    /// The same world; its node lets organizations claim domains, and asks this DNS.
    pub async fn with_dns(self) -> (Self, Arc<FakeDns>) {
        let dns = Arc::new(FakeDns::default());
        let resolver = Arc::clone(&dns);
        let clock = Arc::clone(&self.clock);
        let auth = self.another_node_with(&clock, |settings| settings.domains = Some(resolver)).await.unwrap();
        (Self { auth, ..self }, dns)
    }
}
