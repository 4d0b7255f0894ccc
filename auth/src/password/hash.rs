//! Argon2id as PHC strings, computed in memory that is kept between hashes (RFC 9106). A stored hash
//! of any other form was imported: [`ImportedHash`] verifies it.

use anyhow::{Context as _, anyhow};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub use super::cost::HashCost;
use super::imported_hash::ImportedHash;
use super::memory::Memory;

/// Bytes of the salts we make.
const SALT_LENGTH: usize = 16;

/// What one hash thread works with.
pub struct Hasher {
    params: Params,
    memory: Memory,
}

/// What a verification found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another password.
    Wrong,
    /// The password, and the hash has today's cost.
    Right,
    /// The password, but the hash has another cost than today's, or was imported: hash anew.
    RightButOld,
}

/// A stored hash as we write it: Argon2id of version 19.
struct OwnHash {
    params: Params,
    salt: Salt,
    output: Output,
}

impl OwnHash {
    /// None when the string is anything else.
    fn parse(stored: &str) -> Option<Self> {
        let phc = PasswordHash::new(stored).ok()?;
        if phc.algorithm != Algorithm::Argon2id.ident() || phc.version != Some(Version::V0x13.into()) {
            return None;
        }
        let params = Params::try_from(&phc).ok()?;
        let (salt, output) = phc.salt.zip(phc.hash)?;
        Some(Self { params, salt, output })
    }
}

impl Hasher {
    /// Prepares for hashes of this cost.
    ///
    /// # Errors
    /// When Argon2 does not know such a cost.
    pub fn new(cost: HashCost) -> anyhow::Result<Self> {
        let params = cost.params()?;
        Ok(Self { memory: Memory::keeping(params.block_count()), params })
    }

    /// A PHC string that no password matches: `output` is random. Verifying it costs what any
    /// verification costs.
    ///
    /// # Errors
    /// Never in practice.
    pub fn decoy(&self, salt: &[u8; SALT_LENGTH], output: &[u8; 32]) -> anyhow::Result<String> {
        self.phc(salt, output)
    }

    /// Hashes a password with 128 bits of salt into a PHC string.
    ///
    /// # Errors
    /// When Argon2 fails, which it does not for passwords of our length.
    pub fn hash(&mut self, password: &str, salt: &[u8; SALT_LENGTH]) -> anyhow::Result<String> {
        let params = self.params.clone();
        let output = self.compute(&normalized(password), salt, params, Params::DEFAULT_OUTPUT_LEN)?;
        self.phc(salt, &output)
    }

    fn phc(&self, salt: &[u8], output: &[u8]) -> anyhow::Result<String> {
        let phc = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.params).map_err(|error| anyhow!("parameters: {error}"))?,
            salt: Some(Salt::new(salt).map_err(|error| anyhow!("salt: {error}"))?),
            hash: Some(Output::new(output).map_err(|error| anyhow!("output: {error}"))?),
        };
        Ok(phc.to_string())
    }

    /// Verifies a password against a stored hash, in constant time.
    ///
    /// # Errors
    /// When the stored string is no form of hash that is known: a fault of ours, never a success.
    pub fn verify(&mut self, password: &str, stored: &str) -> anyhow::Result<Verdict> {
        let Some(own) = OwnHash::parse(stored) else {
            let imported = ImportedHash::parse(stored).context("stored hash")?;
            let is_right = imported.verify(password, &mut self.memory)?;
            return Ok(if is_right { Verdict::RightButOld } else { Verdict::Wrong });
        };
        let composed = normalized(password);
        if self.matches(&composed, &own)? {
            return Ok(if self.is_current(&own) { Verdict::Right } else { Verdict::RightButOld });
        }
        // It may have been imported as well, and other systems hash the characters as they were typed.
        if *composed != *password && self.matches(password, &own)? {
            return Ok(Verdict::RightButOld);
        }
        Ok(Verdict::Wrong)
    }

    fn matches(&mut self, password: &str, own: &OwnHash) -> anyhow::Result<bool> {
        let output = self.compute(password, own.salt.as_ref(), own.params.clone(), own.output.len())?;
        Ok(output.ct_eq(own.output.as_bytes()).into())
    }

    fn is_current(&self, own: &OwnHash) -> bool {
        let cost = |p: &Params| (p.m_cost(), p.t_cost(), p.p_cost());
        cost(&own.params) == cost(&self.params)
            && own.salt.len() >= SALT_LENGTH
            && own.output.len() == Params::DEFAULT_OUTPUT_LEN
    }

    fn compute(
        &mut self,
        password: &str,
        salt: &[u8],
        params: Params,
        length: usize,
    ) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        self.memory.compute(&argon2, password.as_bytes(), salt, length)
    }
}

/// Whether both are one password.
pub fn is_same(one: &str, other: &str) -> bool {
    *normalized(one) == *normalized(other)
}

/// The same visible password is the same password, however the keyboard composed it (NFC,
/// NIST SP 800-63B-4, 3.1.1.2).
pub(super) fn normalized(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashCost = HashCost { memory: 32, passes: 1, lanes: 1 };

    fn hasher() -> Hasher {
        Hasher::new(CHEAP).unwrap()
    }

    #[test]
    fn the_library_computes_the_vector_of_rfc_9106() {
        let mut builder = argon2::ParamsBuilder::new();
        builder.m_cost(32).t_cost(3).p_cost(4).data(argon2::AssociatedData::new(&[4; 12]).unwrap());
        let argon2 =
            Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, builder.build().unwrap()).unwrap();
        let mut tag = [0; 32];
        argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
        let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    #[test]
    fn a_hash_verifies_its_password_only() {
        let mut hasher = hasher();
        let hash = hasher.hash("correct horse battery", &[1; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=32,t=1,p=1$"), "{hash}");
        assert_eq!(hasher.verify("correct horse battery", &hash).unwrap(), Verdict::Right);
        for wrong in ["correct horse battery ", "correct horse batter", "Correct horse battery", ""] {
            assert_eq!(hasher.verify(wrong, &hash).unwrap(), Verdict::Wrong);
        }
        assert_ne!(hash, hasher.hash("correct horse battery", &[2; 16]).unwrap());
    }

    #[test]
    fn nothing_of_a_password_is_cut() {
        let mut hasher = hasher();
        let long = "x".repeat(200);
        let hash = hasher.hash(&format!("{long}a"), &[1; 16]).unwrap();
        assert_eq!(hasher.verify(&format!("{long}b"), &hash).unwrap(), Verdict::Wrong);
        let hash = hasher.hash("before\0after", &[1; 16]).unwrap();
        assert_eq!(hasher.verify("before\0other", &hash).unwrap(), Verdict::Wrong);
    }

    #[test]
    fn composed_and_decomposed_are_one_password() {
        let mut hasher = hasher();
        let hash = hasher.hash("cafe\u{301} au lait", &[1; 16]).unwrap();
        assert_eq!(hasher.verify("caf\u{e9} au lait", &hash).unwrap(), Verdict::Right);
        assert!(is_same("cafe\u{301} au lait", "caf\u{e9} au lait") && !is_same("cafe au lait", "caf\u{e9} au lait"));
    }

    #[test]
    fn an_older_cost_is_noticed_and_a_broken_hash_never_succeeds() {
        let old = Hasher::new(HashCost { memory: 64, ..CHEAP }).unwrap().hash("password of old", &[1; 16]).unwrap();
        let mut hasher = hasher();
        assert_eq!(hasher.verify("password of old", &old).unwrap(), Verdict::RightButOld);
        for broken in ["", "x", "$argon2id$", "$argon2x$v=19$m=32,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAA", "é"] {
            assert!(hasher.verify("password of old", broken).is_err(), "{broken}");
        }
    }

    /// Made with argon2-cffi 25.1: the cost is that of the test, everything else is not ours.
    #[test]
    fn an_imported_argon2id_of_the_same_cost_is_replaced() {
        let mut hasher = hasher();
        let decomposed =
            "$argon2id$v=19$m=32,t=1,p=1$c29tZXNhbHRvZnNpeHRlZQ$eknhg4QoLeeQM2U3R0OKZkiRM0pR5Lf7J9bMDLkd3oI";
        let typed = "pa\u{308}sswo\u{308}rd of old";
        assert_eq!(hasher.verify(typed, decomposed).unwrap(), Verdict::RightButOld);
        assert_eq!(hasher.verify("password of old", decomposed).unwrap(), Verdict::Wrong);
        let short = "$argon2id$v=19$m=32,t=1,p=1$c2hvcnRvbmU$mQ62tm+DKDzAXoUhLi1/PQ";
        assert_eq!(hasher.verify("correct horse battery staple", short).unwrap(), Verdict::RightButOld);
    }

    #[test]
    fn a_hash_of_another_family_is_replaced() {
        let mut hasher = hasher();
        let bcrypt = "$2b$04$RSj4iLKbeDjrv./gsEEyI.Ss5DZwE9yfieaDXjDCG4WyugZ5.qiOa";
        assert_eq!(hasher.verify("correct horse battery staple", bcrypt).unwrap(), Verdict::RightButOld);
        assert_eq!(hasher.verify("correct horse battery", bcrypt).unwrap(), Verdict::Wrong);
    }
}
