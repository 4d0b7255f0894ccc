//! The algorithms that tokens are signed with: a short list (RFC 8725, 3.2), named as in RFC 7518, 3.1
//! and RFC 8037, 3.1. A key is for one of them and for no other (RFC 8725, 3.1).

/// What a key signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519: the default.
    EdDsa,
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// RSA with PKCS#1 1.5 padding and SHA-256, for services that know nothing newer.
    Rs256,
    /// HMAC with SHA-256: whoever verifies can sign as well.
    Hs256,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 4] = [Self::EdDsa, Self::Es256, Self::Rs256, Self::Hs256];

    /// Its name in settings, headers (`alg`) and the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Hs256 => "HS256",
        }
    }

    /// The algorithm with exactly this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }

    pub(super) const fn library(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
        }
    }
}

impl TryFrom<String> for Algorithm {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text} is no algorithm that this version knows"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_names_are_known() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::parse(algorithm.as_str()), Some(algorithm));
        }
        for other in ["", "none", "None", "eddsa", "EDDSA", "Ed25519", "HS384", "RS512", "PS256", "ES384", "EdDSA "] {
            assert_eq!(Algorithm::parse(other), None, "{other}");
        }
    }
}
