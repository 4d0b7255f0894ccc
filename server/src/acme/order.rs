//! One order: the host is proved, a new key is certified, and both are laid where they are served from.

use anyhow::{Context as _, bail, ensure};
use auth::Auth;
use instant_acme::{AuthorizationStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus, RetryPolicy};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use secrecy::{ExposeSecret as _, SecretString};

use super::files::write_private;
use super::{Authority, account, challenge};
use crate::tls::{CERTIFICATE_FILE, Tls};

/// Orders a certificate, and keeps it when it can be served.
///
/// # Errors
/// What the authority says, and what of its answer cannot be used.
pub(super) async fn order(authority: &Authority, tls: &Tls, auth: &Auth) -> anyhow::Result<()> {
    let settings = &authority.settings;
    let account = account::open(settings).await?;
    let identifiers = [Identifier::Dns(settings.host.clone())];
    let mut order = account.new_order(&NewOrder::new(&identifiers)).await?;
    prove(&mut order, authority, tls).await?;
    let status = order.poll_ready(&RetryPolicy::default()).await?;
    ensure!(status == OrderStatus::Ready, "the authority could not see that {} is ours: {status:?}", settings.host);
    let (key, request) = new_key(&settings.host)?;
    order.finalize_csr(&request).await?;
    let chain = order.poll_certificate(&RetryPolicy::default()).await?;
    // One file, so that a key never lies beside the certificate of another.
    let both = SecretString::from(format!("{}{chain}", key.expose_secret()));
    Tls::check(&both, &settings.host, auth.now()).context("what the authority gave")?;
    write_private(&settings.folder, CERTIFICATE_FILE, both.expose_secret().as_bytes())
}

async fn prove(order: &mut Order, authority: &Authority, tls: &Tls) -> anyhow::Result<()> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        match authorization.status {
            AuthorizationStatus::Pending => {}
            AuthorizationStatus::Valid => continue,
            status => bail!("the authority does not ask for a proof: {status:?}"),
        }
        let challenge = authorization.challenge(ChallengeType::TlsAlpn01);
        let mut challenge = challenge.context("the authority knows no TLS-ALPN-01")?;
        let config = {
            let digest = challenge.key_authorization().digest();
            challenge::answering(&tls.ordinary_config(), authority.host(), digest.as_ref())?
        };
        authority.set_challenged(Some(config));
        challenge.set_ready().await?;
    }
    Ok(())
}

/// A key, in PEM, and the request to certify it.
fn new_key(host: &str) -> anyhow::Result<(SecretString, Vec<u8>)> {
    let mut params = CertificateParams::new(vec![host.to_owned()])?;
    params.distinguished_name = DistinguishedName::new();
    let key = KeyPair::generate()?;
    let request = params.serialize_request(&key)?;
    Ok((key.serialize_pem().into(), request.der().to_vec()))
}
