//! An identity at rest, while its person proves an account or an address. It may hold tokens of the provider, so it is
//! sealed for its row.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Identity, NativeGoal, ProviderEmail, ProviderTokens};
use crate::{Auth, Email, ProviderId, Result, Timestamp};

#[derive(Serialize, Deserialize)]
struct Plain {
    provider: ProviderId,
    issuer: String,
    subject: String,
    email: Option<Email>,
    is_verified: bool,
    name: Option<String>,
    proved_second_factor: bool,
    proved_at: Option<Timestamp>,
    tokens: Option<PlainTokens>,
}

#[derive(Serialize, Deserialize)]
struct PlainTokens {
    access: String,
    refresh: Option<String>,
    expires_in: Option<i64>,
    scope: String,
}

/// Seals an identity for `table.column.row`.
///
/// # Errors
/// Never in practice.
pub(crate) fn seal_identity(auth: &Auth, place: &str, identity: &Identity) -> Result<String> {
    let plain = Zeroizing::new(serde_json::to_vec(&Plain::of(identity)).map_err(anyhow::Error::from)?);
    Ok(auth.sealer.seal(&*auth.random, place, &plain))
}

/// Opens what was sealed for the same place.
///
/// # Errors
/// When it was sealed under another master key, or for another row.
pub(crate) fn open_identity(auth: &Auth, place: &str, sealed: &str) -> Result<Identity> {
    let plain = auth.sealer.open(place, sealed).map_err(anyhow::Error::from)?;
    let plain: Plain = serde_json::from_slice(&plain).map_err(anyhow::Error::from)?;
    Ok(plain.into())
}

/// The same together with the native app that it is for.
///
/// # Errors
/// Never in practice.
pub(crate) fn seal_arrival(auth: &Auth, place: &str, goal: &NativeGoal, identity: &Identity) -> Result<String> {
    let plain = Zeroizing::new(serde_json::to_vec(&(goal, Plain::of(identity))).map_err(anyhow::Error::from)?);
    Ok(auth.sealer.seal(&*auth.random, place, &plain))
}

/// Opens what was sealed so for the same place.
///
/// # Errors
/// When it was sealed under another master key, or for another row.
pub(crate) fn open_arrival(auth: &Auth, place: &str, sealed: &str) -> Result<(NativeGoal, Identity)> {
    let plain = auth.sealer.open(place, sealed).map_err(anyhow::Error::from)?;
    let (goal, plain): (NativeGoal, Plain) = serde_json::from_slice(&plain).map_err(anyhow::Error::from)?;
    Ok((goal, plain.into()))
}

impl Plain {
    fn of(identity: &Identity) -> Self {
        let tokens = identity.tokens.as_ref();
        Self {
            provider: identity.provider.clone(),
            issuer: identity.issuer.clone(),
            subject: identity.subject.clone(),
            email: identity.email.address().cloned(),
            is_verified: matches!(identity.email, ProviderEmail::Verified(_)),
            name: identity.name.clone(),
            proved_second_factor: identity.proved_second_factor,
            proved_at: identity.proved_at,
            tokens: tokens.map(|tokens| PlainTokens {
                access: tokens.access.expose_secret().to_owned(),
                refresh: tokens.refresh.as_ref().map(|token| token.expose_secret().to_owned()),
                expires_in: tokens.expires_in,
                scope: tokens.scope.clone(),
            }),
        }
    }
}

impl From<Plain> for Identity {
    fn from(plain: Plain) -> Self {
        Self {
            provider: plain.provider,
            issuer: plain.issuer,
            subject: plain.subject,
            email: match plain.email {
                Some(email) if plain.is_verified => ProviderEmail::Verified(email),
                Some(email) => ProviderEmail::Unverified(email),
                None => ProviderEmail::Missing,
            },
            name: plain.name,
            proved_second_factor: plain.proved_second_factor,
            proved_at: plain.proved_at,
            tokens: plain.tokens.map(|tokens| ProviderTokens {
                access: SecretString::from(tokens.access),
                refresh: tokens.refresh.map(SecretString::from),
                expires_in: tokens.expires_in,
                scope: tokens.scope,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_comes_back_as_it_was() {
        let address = Email::parse("sam@example.com").unwrap();
        for email in [
            ProviderEmail::Verified(address.clone()),
            ProviderEmail::Unverified(address.clone()),
            ProviderEmail::Missing,
        ] {
            let tokens = ProviderTokens {
                access: "access".into(),
                refresh: Some("refresh".into()),
                expires_in: Some(3600),
                scope: "openid email".to_owned(),
            };
            let identity = Identity {
                provider: ProviderId::parse("acme").unwrap(),
                issuer: "https://acme.example".to_owned(),
                subject: "1".to_owned(),
                email: email.clone(),
                name: Some("Sam".to_owned()),
                proved_second_factor: true,
                proved_at: Some(Timestamp(7)),
                tokens: Some(tokens),
            };
            let text = serde_json::to_string(&Plain::of(&identity)).unwrap();
            let back = Identity::from(serde_json::from_str::<Plain>(&text).unwrap());
            assert_eq!((back.provider, back.subject), (identity.provider, identity.subject));
            assert_eq!((back.email, back.name), (email, identity.name));
            assert!(back.proved_second_factor && back.proved_at == Some(Timestamp(7)));
            let tokens = back.tokens.unwrap();
            assert_eq!((tokens.access.expose_secret(), tokens.scope.as_str()), ("access", "openid email"));
            assert_eq!(tokens.refresh.unwrap().expose_secret(), "refresh");
        }
    }
}
