//! Argon2id as PHC strings, computed in memory that is kept between hashes (RFC 9106).

use anyhow::{Context as _, anyhow};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// What a hash costs. The default is OWASP's second row: 19 MiB, 2 passes, 1 lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self { memory: 19_456, passes: 2, lanes: 1 }
    }
}

impl HashCost {
    /// OWASP Password Storage: any one of these rows, or more.
    const OWASP_ROWS: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

    /// Whether the cost reaches one of OWASP's rows; production refuses less.
    pub fn is_enough(&self) -> bool {
        Self::OWASP_ROWS.iter().any(|(memory, passes)| self.memory >= *memory && self.passes >= *passes)
    }

    fn params(self) -> anyhow::Result<Params> {
        Params::new(self.memory, self.passes, self.lanes, None).map_err(|error| anyhow!("hash cost: {error}"))
    }
}

/// The memory of one hash thread.
pub struct Hasher {
    params: Params,
    blocks: Vec<Block>,
}

/// What a verification found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another password.
    Wrong,
    /// The password, and the hash has today's cost.
    Right,
    /// The password, but the hash has another cost than today's: hash anew.
    RightButOld,
}

impl Hasher {
    /// Prepares for hashes of this cost; the memory is taken at the first one and then kept, so a
    /// program that nobody uses stays small.
    ///
    /// # Errors
    /// When Argon2 does not know such a cost.
    pub fn new(cost: HashCost) -> anyhow::Result<Self> {
        Ok(Self { params: cost.params()?, blocks: Vec::new() })
    }

    /// A PHC string that no password matches: `output` is random. Verifying it costs what any
    /// verification costs.
    ///
    /// # Errors
    /// Never in practice.
    pub fn decoy(&self, salt: &[u8; 16], output: &[u8; 32]) -> anyhow::Result<String> {
        self.phc(salt, output)
    }

    /// Hashes a password with 128 bits of salt into a PHC string.
    ///
    /// # Errors
    /// When Argon2 fails, which it does not for passwords of our length.
    pub fn hash(&mut self, password: &str, salt: &[u8; 16]) -> anyhow::Result<String> {
        let params = self.params.clone();
        let output = self.compute(password, salt, &params, Params::DEFAULT_OUTPUT_LEN)?;
        self.phc(salt, &output)
    }

    fn phc(&self, salt: &[u8; 16], output: &[u8]) -> anyhow::Result<String> {
        let phc = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.params).map_err(|error| anyhow!("parameters: {error}"))?,
            salt: Some(Salt::new(salt).map_err(|error| anyhow!("salt: {error}"))?),
            hash: Some(Output::new(output).map_err(|error| anyhow!("output: {error}"))?),
        };
        Ok(phc.to_string())
    }

    /// Verifies a password against a PHC string, in constant time.
    ///
    /// # Errors
    /// When the stored string is not an Argon2id hash: a fault of ours, never a success.
    pub fn verify(&mut self, password: &str, stored: &str) -> anyhow::Result<Verdict> {
        let phc = PasswordHash::new(stored).map_err(|error| anyhow!("stored hash: {error}"))?;
        anyhow::ensure!(phc.algorithm == Algorithm::Argon2id.ident(), "stored hash is not argon2id");
        anyhow::ensure!(phc.version == Some(Version::V0x13.into()), "stored hash has another version");
        let params = Params::try_from(&phc).map_err(|error| anyhow!("stored hash: {error}"))?;
        let (salt, expected) = phc.salt.zip(phc.hash).context("stored hash lacks salt or output")?;
        let output = self.compute(password, salt.as_ref(), &params, expected.len())?;
        Ok(match bool::from(output.ct_eq(expected.as_bytes())) {
            false => Verdict::Wrong,
            true if self.is_current(&params) => Verdict::Right,
            true => Verdict::RightButOld,
        })
    }

    fn is_current(&self, params: &Params) -> bool {
        let cost = |p: &Params| (p.m_cost(), p.t_cost(), p.p_cost());
        cost(params) == cost(&self.params)
    }

    fn compute(
        &mut self,
        password: &str,
        salt: &[u8],
        params: &Params,
        length: usize,
    ) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let password = normalized(password);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let mut output = Zeroizing::new(vec![0; length]);
        let kept = self.params.block_count();
        if params.block_count() > self.blocks.len() {
            self.blocks.resize(params.block_count().max(kept), Block::new());
        }
        let result = argon2.hash_password_into_with_memory(
            password.as_bytes(),
            salt,
            &mut output,
            &mut self.blocks[..params.block_count()],
        );
        // One expensive old hash must not enlarge the thread for ever.
        self.blocks.truncate(kept);
        self.blocks.shrink_to_fit();
        result.map_err(|error| anyhow!("argon2: {error}"))?;
        Ok(output)
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
        for broken in ["", "x", "$argon2id$", "$argon2i$v=19$m=32,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAA", "é"] {
            assert!(hasher.verify("password of old", broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn the_default_cost_is_one_that_owasp_names() {
        assert!(HashCost::default().is_enough());
        assert!(!CHEAP.is_enough());
    }
}
