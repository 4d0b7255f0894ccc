//! The memory of one hash thread, kept between Argon2 hashes: the system is asked for it once.

use anyhow::anyhow;
use argon2::{Argon2, Block};
use zeroize::Zeroizing;

/// Blocks of Argon2. They are taken at the first hash, so a program that nobody uses stays small.
pub struct Memory {
    blocks: Vec<Block>,
    kept: usize,
}

impl Memory {
    /// Memory of which so many blocks stay after a hash.
    pub fn keeping(kept: usize) -> Self {
        Self { blocks: Vec::new(), kept }
    }

    /// Computes a hash of `length` bytes in this memory.
    ///
    /// # Errors
    /// When Argon2 does not know such a salt or length.
    pub fn compute(
        &mut self,
        argon2: &Argon2<'_>,
        password: &[u8],
        salt: &[u8],
        length: usize,
    ) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let mut output = Zeroizing::new(vec![0; length]);
        let needed = argon2.params().block_count();
        if needed > self.blocks.len() {
            self.blocks.resize(needed.max(self.kept), Block::new());
        }
        let result = argon2.hash_password_into_with_memory(password, salt, &mut output, &mut self.blocks[..needed]);
        // One expensive old hash must not enlarge the thread for ever.
        self.blocks.truncate(self.kept);
        self.blocks.shrink_to_fit();
        result.map_err(|error| anyhow!("argon2: {error}"))?;
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{Algorithm, Params, Version};

    fn with_memory(kib: u32) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(kib, 1, 1, None).unwrap())
    }

    #[test]
    fn an_expensive_hash_does_not_enlarge_it() {
        let mut memory = Memory::keeping(32);
        let first = memory.compute(&with_memory(32), b"password", b"somesalt", 32).unwrap();
        memory.compute(&with_memory(256), b"password", b"somesalt", 32).unwrap();
        assert_eq!(memory.blocks.len(), 32);
        let again = memory.compute(&with_memory(32), b"password", b"somesalt", 32).unwrap();
        assert!(*first == *again, "what the hash before left behind changes nothing");
    }
}
