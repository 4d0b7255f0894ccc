//! What names resolve to, judged in the moment of connecting: a name cannot mean one machine when it is judged and
//! another one when it is asked (DNS rebinding).

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Guard;

/// For a look-up that somebody waits for.
const PATIENCE: Duration = Duration::from_secs(2);

/// A look-up on its way.
pub type LookUp<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Where the addresses of names are asked for.
pub trait HostNames: Send + Sync {
    /// The addresses of a name.
    fn look_up<'a>(&'a self, name: &'a str) -> LookUp<'a>;
}

/// The resolver of the system.
pub struct SystemNames;

impl HostNames for SystemNames {
    fn look_up<'a>(&'a self, name: &'a str) -> LookUp<'a> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Names whose addresses the guard judges. What it refuses is not connected to.
#[derive(Clone)]
pub(crate) struct GuardedNames {
    pub(crate) guard: Guard,
    names: Arc<dyn HostNames>,
}

impl GuardedNames {
    pub(crate) fn new(guard: Guard, names: Arc<dyn HostNames>) -> Self {
        Self { guard, names }
    }

    /// The addresses of a name, all of them allowed.
    pub(crate) async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        self.guard.admit(self.names.look_up(name).await?)
    }

    /// Whether a name leads to an address that is not allowed, as far as that can be learned in a moment.
    pub(crate) async fn is_known_as_private(&self, name: &str) -> bool {
        let Ok(Ok(addresses)) = tokio::time::timeout(PATIENCE, self.names.look_up(name)).await else { return false };
        self.guard.admit(addresses).is_err()
    }
}

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.clone();
        Box::pin(async move {
            let found = names.look_up(name.as_str()).await?;
            // The client puts the port of the address in the place of 0.
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(private_addresses: bool) -> GuardedNames {
        GuardedNames::new(Guard { private_addresses }, Arc::new(SystemNames))
    }

    #[tokio::test]
    async fn a_name_is_judged_by_what_it_resolves_to() {
        let name = || "localhost".parse::<Name>().unwrap();
        assert!(names(false).resolve(name()).await.is_err());
        assert!(names(true).resolve(name()).await.is_ok());
    }
}
