//! A key that signs access tokens, bound to one algorithm, with its public half.
//!
//! A key pair is named by the thumbprint of its public half, so its name can be checked by anybody. A
//! shared secret has no public half: its thumbprint would be a digest of the secret itself, from which
//! a weak one can be guessed (RFC 7638, 7). It has a name from [`crate::crypto::SecretNames`].

use anyhow::{Context as _, bail};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::Value;

use super::Algorithm;
use super::public_key::PublicKey;

/// A key, ready to sign and verify.
pub struct SigningKey {
    /// Its name: the `kid` of tokens.
    pub id: String,
    /// The one algorithm it is for (RFC 8725, 3.1).
    pub algorithm: Algorithm,
    pub(super) signs: EncodingKey,
    pub(super) verifies: DecodingKey,
    /// None of a shared secret.
    public: Option<PublicKey>,
}

type Halves = (EncodingKey, DecodingKey, PublicKey);

impl SigningKey {
    /// A key pair of its private half, the way it rests: the 32 bytes of an Ed25519 seed, else PKCS#8.
    pub(super) fn pair(algorithm: Algorithm, private: &[u8]) -> anyhow::Result<Self> {
        let (signs, verifies, public) = match algorithm {
            Algorithm::EdDsa => ed25519(private)?,
            Algorithm::Es256 => p256(private)?,
            Algorithm::Rs256 => rsa(private)?,
            Algorithm::Hs256 => bail!("a shared secret is no key pair"),
        };
        Ok(Self { id: public.thumbprint(), algorithm, signs, verifies, public: Some(public) })
    }

    /// A shared secret under its name.
    pub(super) fn shared(id: String, secret: &[u8]) -> Self {
        Self {
            id,
            algorithm: Algorithm::Hs256,
            signs: EncodingKey::from_secret(secret),
            verifies: DecodingKey::from_secret(secret),
            public: None,
        }
    }

    /// The public half as a JWK; a shared secret has none.
    pub fn jwk(&self) -> Option<Value> {
        self.public.as_ref().map(|public| public.jwk(&self.id, self.algorithm))
    }
}

fn ed25519(seed: &[u8]) -> anyhow::Result<Halves> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).context("an Ed25519 seed")?;
    let private = pair.to_pkcs8().context("an Ed25519 key as PKCS#8")?;
    let x = encoded(pair.public_key().as_ref());
    let verifies = DecodingKey::from_ed_components(&x)?;
    Ok((EncodingKey::from_ed_der(private.as_ref()), verifies, PublicKey::Ed25519 { x }))
}

fn p256(pkcs8: &[u8]) -> anyhow::Result<Halves> {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).context("a P-256 key as PKCS#8")?;
    // A 4, then both coordinates (SEC 1, 2.3.3).
    let point: &[u8] = pair.public_key().as_ref();
    let (x, y) = point
        .strip_prefix(&[4_u8])
        .and_then(|coordinates| coordinates.split_at_checked(32))
        .map(|(x, y)| (encoded(x), encoded(y)))
        .context("a point of P-256")?;
    let verifies = DecodingKey::from_ec_components(&x, &y)?;
    Ok((EncodingKey::from_ec_der(pkcs8), verifies, PublicKey::P256 { x, y }))
}

fn rsa(pkcs8: &[u8]) -> anyhow::Result<Halves> {
    let pair = RsaKeyPair::from_pkcs8(pkcs8).context("an RSA key as PKCS#8")?;
    let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    let signs = EncodingKey::from_rsa_der(rsa_private_key(pkcs8).context("PKCS#8 of an RSA key")?);
    let verifies = DecodingKey::from_rsa_raw_components(&n, &e);
    Ok((signs, verifies, PublicKey::Rsa { n: encoded(&n), e: encoded(&e) }))
}

/// The `RSAPrivateKey` (RFC 8017, A.1.2) within PKCS#8 (RFC 5208, 5), which is how `jsonwebtoken` wants it.
/// Keys of 2048 bits and more all begin alike: a sequence, version 0, the algorithm, an octet string.
fn rsa_private_key(pkcs8: &[u8]) -> Option<&[u8]> {
    const VERSION_AND_ALGORITHM: [u8; 18] =
        [2, 1, 0, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    // Both lengths have two bytes of their own.
    let inside = pkcs8.strip_prefix(&[0x30_u8, 0x82])?.get(2..)?.strip_prefix(&VERSION_AND_ALGORITHM)?;
    inside.strip_prefix(&[0x04_u8, 0x82])?.get(2..)
}

fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;
    use crate::token::private_key;

    fn made(algorithm: Algorithm) -> SigningKey {
        SigningKey::pair(algorithm, &private_key::make(algorithm, &SeededRandom::new(1)).unwrap()).unwrap()
    }

    #[test]
    fn an_ed25519_key_is_that_of_rfc_8037() {
        // RFC 8037, A.1 to A.3.
        let seed = BASE64_URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = SigningKey::pair(Algorithm::EdDsa, &seed).unwrap();
        let jwk = key.jwk().unwrap();
        assert_eq!(jwk["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(key.id, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(jwk["kid"], key.id);
    }

    #[test]
    fn what_a_key_signs_its_own_public_half_verifies_and_no_other() {
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        for algorithm in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256] {
            let (key, other) = (made(algorithm), SigningKey::pair(algorithm, &another(algorithm)).unwrap());
            assert_ne!(key.id, other.id);
            let signature = jsonwebtoken::crypto::sign(b"words", &key.signs, algorithm.library()).unwrap();
            let verifies = |message: &[u8], with: &DecodingKey| {
                jsonwebtoken::crypto::verify(&signature, message, with, algorithm.library()).unwrap()
            };
            assert!(verifies(b"words", &key.verifies), "{algorithm:?}");
            assert!(!verifies(b"swords", &key.verifies), "{algorithm:?}");
            assert!(!verifies(b"words", &other.verifies), "{algorithm:?}");
            let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(key.jwk().unwrap()).unwrap();
            assert!(verifies(b"words", &DecodingKey::from_jwk(&jwk).unwrap()), "{algorithm:?} by its JWK");
        }
    }

    fn another(algorithm: Algorithm) -> Vec<u8> {
        private_key::make(algorithm, &SeededRandom::new(2)).unwrap().to_vec()
    }

    #[test]
    fn an_rsa_key_has_3072_bits() {
        let jwk = made(Algorithm::Rs256).jwk().unwrap();
        assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap().len(), 3072 / 8);
        assert_eq!(jwk["e"], "AQAB");
    }

    #[test]
    fn a_shared_secret_has_no_public_half() {
        let secret = b"0123456789abcdefghijklmnopqrstuv";
        let key = SigningKey::shared("name".to_owned(), secret);
        assert!(key.jwk().is_none());
    }

    #[test]
    fn a_private_half_of_another_kind_is_refused() {
        let p256 = private_key::make(Algorithm::Es256, &SeededRandom::new(1)).unwrap();
        assert!(SigningKey::pair(Algorithm::Rs256, &p256).is_err());
        assert!(SigningKey::pair(Algorithm::Es256, b"").is_err());
        assert!(SigningKey::pair(Algorithm::EdDsa, b"short").is_err());
        assert!(SigningKey::pair(Algorithm::Hs256, &p256).is_err());
    }
}
