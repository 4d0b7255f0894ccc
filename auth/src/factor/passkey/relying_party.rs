//! Who asks for passkeys (WebAuthn Level 3, 4 "Relying Party Identifier"): the host of the public URL, and its one
//! origin. Neither sub-domains nor other ports are ours.

use url::{Host, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// The name that browsers show beside the host.
pub(super) const NAME: &str = "Keywright";

/// Keywright as browsers and authenticators know it.
pub struct RelyingParty {
    /// The host.
    pub(super) id: String,
    /// Scheme, host and port, as browsers write an origin.
    pub(super) origin: String,
    pub(super) webauthn: Webauthn,
}

impl RelyingParty {
    /// None where the public URL has no name for a host: there are no passkeys for addresses.
    ///
    /// # Errors
    /// When the URL is none.
    pub fn of(public_url: &str) -> anyhow::Result<Option<Self>> {
        let url = Url::parse(public_url)?;
        let Some(Host::Domain(host)) = url.host() else { return Ok(None) };
        let origin = url.origin().ascii_serialization();
        let webauthn = WebauthnBuilder::new(host, &Url::parse(&origin)?)?.rp_name(NAME).build()?;
        Ok(Some(Self { id: host.to_owned(), origin, webauthn }))
    }

    /// The host.
    pub fn id(&self) -> &str {
        &self.id
    }
}

#[cfg(test)]
mod tests {
    use super::RelyingParty;

    #[test]
    fn it_is_the_host_of_the_public_url_unless_that_is_an_address() {
        for (url, id, origin) in [
            ("https://id.example.com", "id.example.com", "https://id.example.com"),
            ("https://id.example.com:8443", "id.example.com", "https://id.example.com:8443"),
            ("https://id.example.com:443", "id.example.com", "https://id.example.com"),
            ("http://localhost:3000", "localhost", "http://localhost:3000"),
        ] {
            let party = RelyingParty::of(url).unwrap().unwrap();
            assert_eq!((party.id(), party.origin.as_str()), (id, origin));
        }
        for address in ["http://127.0.0.1:3000", "https://[::1]", "https://192.0.2.1"] {
            assert!(RelyingParty::of(address).unwrap().is_none(), "{address}");
        }
        assert!(RelyingParty::of("localhost").is_err());
    }
}
