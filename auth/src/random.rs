//! Randomness as a parameter: the engine asks its source, tests seed theirs.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand::rngs::{ChaCha20Rng, SysRng};
use rand::{Rng, SeedableRng, TryRng};
use secrecy::SecretString;
use std::sync::{Mutex, PoisonError};

use crate::{Timestamp, TypedCode, VerificationCode};

/// Where the engine takes randomness from. Everything is built on [`Random::fill`].
pub trait Random: Send + Sync {
    /// Fills `bytes` with unpredictable values.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Random + '_ {
    /// A token of 256 bits as 43 characters of base64url.
    pub fn token(&self) -> SecretString {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        SecretString::from(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Six digits, each value equally likely.
    ///
    /// # Panics
    /// Never: six digits are always a code.
    pub fn code(&self) -> VerificationCode {
        loop {
            if let Ok(code) = VerificationCode::parse(&format!("{:06}", self.below(1_000_000))) {
                return code;
            }
        }
    }

    /// Eight digits, each value equally likely: the code of a second factor.
    ///
    /// # Panics
    /// Never: eight digits are always a code.
    pub fn long_code(&self) -> TypedCode {
        loop {
            if let Ok(code) = TypedCode::parse(&format!("{:08}", self.below(100_000_000))) {
                return code;
            }
        }
    }

    /// A number below `values`, each equally likely.
    pub(crate) fn below(&self, values: u32) -> u32 {
        // The largest multiple of `values` in a u32; what is above would favour small numbers.
        let limit = u32::MAX - u32::MAX % values;
        loop {
            let mut bytes = [0; 4];
            self.fill(&mut bytes);
            let drawn = u32::from_be_bytes(bytes);
            if drawn < limit {
                return drawn % values;
            }
        }
    }

    /// The id of a request, of 128 bits as hexadecimal digits: from those of their own nobody learns what others are given,
    /// nor how many there were.
    pub fn request_id(&self) -> String {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        format!("{:032x}", u128::from_be_bytes(bytes))
    }

    /// A UUID of version 7 (RFC 9562, 5.7) that sorts by `now`.
    pub fn id(&self, now: Timestamp) -> String {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        id_of(now, &bytes)
    }
}

/// A UUID of version 7 made of a moment and these bytes.
pub(crate) fn id_of(at: Timestamp, bytes: &[u8; 10]) -> String {
    let millis = u64::try_from(at.0).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, bytes).into_uuid().to_string()
}

/// The operating system's source.
pub struct SystemRandom;

impl Random for SystemRandom {
    /// # Panics
    /// When the operating system has no randomness to give: going on would be worse.
    fn fill(&self, bytes: &mut [u8]) {
        SysRng.try_fill_bytes(bytes).expect("the operating system gives randomness");
    }
}

/// A repeatable source for tests.
pub struct SeededRandom(Mutex<ChaCha20Rng>);

impl SeededRandom {
    /// A source that always gives the same values for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::collections::HashSet;

    /// What a source gives, after which nothing is drawn: how many bytes each value costs.
    struct Counting(Mutex<usize>);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            *self.0.lock().unwrap() += bytes.len();
            bytes.fill(0x5a);
        }
    }

    /// Bits that a value is made of.
    fn bits(draw: impl Fn(&dyn Random)) -> usize {
        let random = Counting(Mutex::new(0));
        draw(&random);
        8 * random.0.into_inner().unwrap()
    }

    #[test]
    fn what_nobody_may_guess_is_made_of_128_bits_and_more() {
        assert_eq!(bits(|random| drop(random.token())), 256);
        assert_eq!(bits(|random| drop(crate::webhook::WebhookSecret::make(random))), 256);
        assert!(bits(|random| drop(crate::token::PersonalToken::make(random))) >= 256);
        assert_eq!(bits(|random| drop(random.request_id())), 128);
        // The control: an id is no secret, and a code is worth a few tries.
        assert!(bits(|random| drop(random.id(Timestamp(0)))) < 128);
        assert!(bits(|random| drop(random.code())) < 128);
    }

    #[test]
    fn the_system_gives_every_bit_and_nothing_twice() {
        const DRAWN: usize = 4096;
        let (mut ones, mut seen) = ([0_usize; 256], std::collections::HashSet::new());
        for _ in 0..DRAWN {
            let mut bytes = [0_u8; 32];
            SystemRandom.fill(&mut bytes);
            for (at, count) in ones.iter_mut().enumerate() {
                *count += usize::from((bytes[at / 8] >> (at % 8)) & 1);
            }
            assert!(seen.insert(bytes), "32 bytes came twice");
        }
        // 2048 are expected, give or take 32: one that is ten of those away is broken and not unlucky.
        assert!(ones.iter().all(|count| (1728..=2368).contains(count)), "{ones:?}");
        let system: &dyn Random = &SystemRandom;
        assert_ne!(system.token().expose_secret(), system.token().expose_secret());
    }

    #[test]
    fn values_have_their_shapes_and_differ() {
        let random: &dyn Random = &SeededRandom::new(1);
        assert_eq!(random.token().expose_secret().len(), 43);
        assert_ne!(random.token().expose_secret(), random.token().expose_secret());
        assert_eq!(random.code().digits().len(), 6);
        assert!(random.long_code().digits(8).is_some());
        let id = random.id(Timestamp(1_700_000_000_000));
        assert_eq!((id.len(), &id[14..15]), (36, "7"));
        assert!(id < random.id(Timestamp(1_700_000_000_001)));
    }

    /// What so many threads draw at the same moment, 32 bytes at a time.
    fn drawn_under_load<R: Random>(source: impl Fn() -> R + Sync) -> Vec<[u8; 32]> {
        const THREADS: usize = 32;
        const DRAWS: usize = 2_000;
        let draw = || {
            let random = source();
            let bytes = |_| {
                let mut bytes = [0; 32];
                random.fill(&mut bytes);
                bytes
            };
            (0..DRAWS).map(bytes).collect::<Vec<_>>()
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(draw)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        })
    }

    /// ASVS 5.0, 11.5.2.
    #[test]
    fn under_load_nothing_is_drawn_twice_and_every_bit_is_even() {
        let drawn = drawn_under_load(|| SystemRandom);
        assert_eq!(drawn.iter().collect::<HashSet<_>>().len(), 64_000);
        for bit in 0..256 {
            let ones = drawn.iter().filter(|bytes| (bytes[bit / 8] >> (bit % 8)) & 1 == 1).count();
            // Eight times what chance makes of it.
            assert!((31_000..33_000).contains(&ones), "bit {bit} was set {ones} times of 64000");
        }
        // Control: sources that begin alike are seen.
        let alike = drawn_under_load(|| SeededRandom::new(1));
        assert_eq!(alike.iter().collect::<HashSet<_>>().len(), 2_000);
    }
}
