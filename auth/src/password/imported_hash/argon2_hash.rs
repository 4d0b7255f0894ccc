//! Argon2 in its three variants and two versions (RFC 9106). What has version 19 and is Argon2id looks
//! like our own hashes and is verified as one of them; here it is only bounded.

use argon2::{Algorithm, Argon2, MIN_SALT_LEN, Params, Version};
use zeroize::Zeroizing;

use super::super::memory::Memory;
use super::{HashIssue, MAX_MEMORY, fields};

/// KiB that one verification may fill, all passes together: about two seconds.
const MAX_WORK: u64 = 2 * 1024 * 1024;

/// An Argon2 hash of any kind.
pub struct Argon2Hash {
    argon2: Argon2<'static>,
    salt: Vec<u8>,
    pub(super) expected: Vec<u8>,
}

impl Argon2Hash {
    /// `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`
    pub(super) fn parse(text: &str) -> Result<Self, HashIssue> {
        let parts: Vec<&str> = text.split('$').collect();
        let (name, version, cost, salt, expected) = match parts[..] {
            ["", name, version, cost, salt, expected] => (name, version, cost, salt, expected),
            // Version 16 was the first one, and was not written.
            ["", name, cost, salt, expected] => (name, "v=16", cost, salt, expected),
            _ => return Err(HashIssue::Malformed),
        };
        let algorithm: Algorithm = name.parse().map_err(|_| HashIssue::Unknown)?;
        let [version] = fields::numbers(version, ["v"])?;
        let version = Version::try_from(version).map_err(|_| HashIssue::Malformed)?;
        let [memory, passes, lanes] = fields::numbers(cost, ["m", "t", "p"])?;
        if memory > MAX_MEMORY || u64::from(memory) * u64::from(passes) > MAX_WORK {
            return Err(HashIssue::TooExpensive);
        }
        let params = Params::new(memory, passes, lanes, None).map_err(|_| HashIssue::Malformed)?;
        let salt = fields::salt(salt)?;
        if salt.len() < MIN_SALT_LEN {
            return Err(HashIssue::Malformed);
        }
        let expected = fields::output(expected)?;
        Ok(Self { argon2: Argon2::new(algorithm, version, params), salt, expected })
    }

    pub(super) fn compute(&self, password: &[u8], memory: &mut Memory) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        memory.compute(&self.argon2, password, &self.salt, self.expected.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{issue, verifies};
    use super::*;

    const PASSWORD: &str = "correct horse battery staple";

    /// Made with argon2-cffi 25.1, and, the last, with Django 5.2.
    const HASHES: [&str; 7] = [
        "$argon2i$v=16$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$bNf2R1/Il8TwNhBghYb5mftjODmGx8EPIO/05gUTFBk",
        "$argon2i$v=19$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$0hcwJ7TY5KILHYHL9VCfwg1TofxY7Jptt42PJUQegYw",
        "$argon2d$v=16$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$bNI7NOtRnUBpq1ZRaWi9vRHk6ci69P55y4mxw450Ep0",
        "$argon2d$v=19$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$VSvaESpRSZER4oiJS2dtERCC0IadrTGRV1Dy2kGhFow",
        "$argon2id$v=16$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$+zvQnPrZCq351ZOq6bPFE+tcPZld5/iQZPj8lp7/FVs",
        "$argon2id$v=19$m=64,t=2,p=2$c29tZXNhbHRvZnNpeHRlZQ$FctCmlfQ7uQgA5mB/vHsXFEApDkFC1d3+G/JlB3IvcI",
        "argon2$argon2id$v=19$m=64,t=2,p=2$VkJURU1PWmNtYUJLcGU4WTEwZ2p0UA$N5ySqUhpDllhGh+9VVYheMgyhoxkd0133Bvi6WQ/lzE",
    ];

    #[test]
    fn every_variant_verifies_its_password_only() {
        for hash in HASHES {
            assert!(verifies(PASSWORD, hash), "{hash}");
            assert!(!verifies("correct horse battery", hash), "{hash}");
        }
    }

    /// From the tests of the reference implementation, which did not write version 16.
    #[test]
    fn a_hash_without_a_version_is_of_version_16() {
        let hash = "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY";
        assert!(verifies("password", hash) && !verifies("Password", hash));
    }

    #[test]
    fn what_costs_too_much_is_refused() {
        let with = |cost: &str| issue(&format!("$argon2id$v=19${cost}$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"));
        assert_eq!(with("m=262144,t=8,p=1"), None);
        for cost in ["m=262145,t=1,p=1", "m=262144,t=9,p=1", "m=64,t=4294967295,p=1", "m=99999999999,t=1,p=1"] {
            assert_eq!(with(cost), Some(HashIssue::TooExpensive), "{cost}");
        }
    }

    #[test]
    fn what_is_broken_is_refused() {
        for hash in [
            "$argon2id$v=19$m=64,t=2,p=2$c29tZXNhbHQ$",
            "$argon2id$v=19$m=64,t=2,p=2$$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=64,t=2,p=2$c2hvcnQ$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=20$m=64,t=2,p=2$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=64,t=0,p=2$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=8,t=1,p=2$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=64,t=2,p=2,data=AA$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=64,t=2,p=2$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA$",
        ] {
            assert_eq!(issue(hash), Some(HashIssue::Malformed), "{hash}");
        }
        let unknown = "$argon2x$v=19$m=64,t=2,p=2$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(issue(unknown), Some(HashIssue::Unknown));
    }
}
