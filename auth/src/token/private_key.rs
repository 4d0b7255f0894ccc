//! Making the private half of a key pair.

use anyhow::{Context as _, bail};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RsaKeyPair};
use zeroize::Zeroizing;

use super::Algorithm;
use crate::random::Random;

/// Of RSA keys: 128 bits of security (NIST SP 800-57 Part 1, table 2), good beyond 2030.
const RSA: KeySize = KeySize::Rsa3072;

/// A new private half, the way it rests: the seed of Ed25519, else PKCS#8. Takes a good part of a
/// second for RSA.
///
/// # Errors
/// When the library fails, or for a shared secret, which is nothing to be made here.
pub(super) fn make(algorithm: Algorithm, random: &dyn Random) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    Ok(Zeroizing::new(match algorithm {
        Algorithm::EdDsa => {
            let mut seed = vec![0; 32];
            random.fill(&mut seed);
            seed
        }
        // The library makes these two of its own randomness alone.
        Algorithm::Es256 => {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).context("making a P-256 key")?;
            pair.to_pkcs8v1().context("a P-256 key as PKCS#8")?.as_ref().to_vec()
        }
        Algorithm::Rs256 => {
            let pair = RsaKeyPair::generate(RSA).context("making an RSA key")?;
            let private: Pkcs8V1Der<'static> = pair.as_der().context("an RSA key as PKCS#8")?;
            private.as_ref().to_vec()
        }
        Algorithm::Hs256 => bail!("a shared secret is a setting"),
    }))
}
