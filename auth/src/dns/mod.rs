//! Texts that stand under a name in the DNS (RFC 1035, 3.3.14): by one of them an organization proves that a mail domain
//! is its own.

use std::pin::Pin;

#[cfg(fuzzing)]
pub mod fuzzed;
mod message;
mod over_tls;
mod resolver;
mod server;

pub use over_tls::TlsServer;
pub use resolver::DnsResolver;
pub use server::DnsServer;

/// The texts under a name, once they are known.
pub type Texts<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Vec<String>>> + Send + 'a>>;

/// Who looks them up.
pub trait DomainResolver: Send + Sync {
    /// The texts under a name; none when there is none, or no such name. It fails when nobody answers, or not as one can
    /// believe: then nothing is known.
    fn texts<'a>(&'a self, name: &'a str) -> Texts<'a>;
}
