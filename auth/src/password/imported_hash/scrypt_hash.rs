//! scrypt (RFC 7914): PHC strings and Django's form.

use anyhow::anyhow;
use scrypt::Params;
use zeroize::Zeroizing;

use super::{HashIssue, MAX_MEMORY, fields};

/// Bytes that one verification may fill, all lanes together: about two seconds. The memory alone is
/// bounded as that of Argon2.
const MAX_WORK: u128 = 512 << 20;

/// A scrypt hash.
pub struct ScryptHash {
    params: Params,
    salt: Vec<u8>,
    pub(super) expected: Vec<u8>,
}

impl ScryptHash {
    /// `$scrypt$ln=14,r=8,p=1$salt$hash`, and `scrypt$16384$salt$8$1$hash`, where the salt is the text
    /// itself.
    pub(super) fn parse(text: &str) -> Result<Self, HashIssue> {
        let parts: Vec<&str> = text.split('$').collect();
        let (cost, salt, expected) = match parts[..] {
            ["", _, cost, salt, expected] => (fields::numbers(cost, ["ln", "r", "p"])?, fields::salt(salt)?, expected),
            [_, n, salt, r, p, expected] => {
                let n = fields::number(n)?;
                if !n.is_power_of_two() {
                    return Err(HashIssue::Malformed);
                }
                let cost = [n.ilog2(), fields::number(r)?, fields::number(p)?];
                (cost, fields::plain_salt(salt)?, expected)
            }
            _ => return Err(HashIssue::Malformed),
        };
        Ok(Self { params: params(cost)?, salt, expected: fields::output(expected)? })
    }

    pub(super) fn compute(&self, password: &[u8]) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let mut output = Zeroizing::new(vec![0; self.expected.len()]);
        scrypt::scrypt(password, &self.salt, &self.params, &mut output).map_err(|error| anyhow!("scrypt: {error}"))?;
        Ok(output)
    }
}

/// `N` as its logarithm, `r` and `p`, when they are affordable.
fn params([log_n, r, p]: [u32; 3]) -> Result<Params, HashIssue> {
    if log_n == 0 || r == 0 || p == 0 {
        return Err(HashIssue::Malformed);
    }
    let log_n = u8::try_from(log_n).ok().filter(|log_n| *log_n < 64).ok_or(HashIssue::TooExpensive)?;
    let memory = (128 * u128::from(r)) << log_n;
    if memory > u128::from(MAX_MEMORY) * 1024 || memory * u128::from(p) > MAX_WORK {
        return Err(HashIssue::TooExpensive);
    }
    Params::new(log_n, r, p).map_err(|_| HashIssue::Malformed)
}

#[cfg(test)]
mod tests {
    use super::super::{issue, verifies};
    use super::*;

    const PASSWORD: &str = "correct horse battery staple";

    #[test]
    fn every_form_verifies_its_password_only() {
        for hash in [
            // Made with passlib 1.7.
            "$scrypt$ln=10,r=8,p=2$qhXCuNda670XQgiB0Brj/A$OU0zOlUEDzb2c4BwfzskccZ6H1cs4ZI0C9UmsMnVEdQ",
            // Made with Django 5.2.
            "scrypt$1024$dOcWPVn4m9odliYC9lTXdZ$8$5$2enOESLpRLTwA1UzQSgOhHXVvl+KF9z3pdMnUwzsw2ba8I29vEeYD5ksAolaV2AzhKU97WnIo8kniX7chSS8Lg==",
        ] {
            assert!(verifies(PASSWORD, hash), "{hash}");
            assert!(!verifies("correct horse battery", hash) && !verifies("", hash), "{hash}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_7914_verify() {
        for (password, hash) in [
            (
                "password",
                "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA",
            ),
            (
                "pleaseletmein",
                "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw",
            ),
        ] {
            assert!(verifies(password, hash), "{hash}");
        }
    }

    #[test]
    fn what_is_broken_or_too_expensive_is_refused() {
        let with = |cost: &str| issue(&format!("$scrypt${cost}$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"));
        for affordable in ["ln=17,r=8,p=4", "ln=18,r=8,p=1", "ln=1,r=1,p=1"] {
            assert_eq!(with(affordable), None, "{affordable}");
        }
        for expensive in [
            "ln=18,r=9,p=1",
            "ln=17,r=8,p=5",
            "ln=63,r=4294967295,p=1",
            "ln=64,r=1,p=1",
            "ln=300,r=1,p=1",
            "ln=1,r=4294967295,p=4294967295",
        ] {
            assert_eq!(with(expensive), Some(HashIssue::TooExpensive), "{expensive}");
        }
        for broken in ["ln=0,r=8,p=1", "ln=14,r=0,p=1", "ln=14,r=8,p=0", "ln=14,r=8", "N=14,r=8,p=1"] {
            assert_eq!(with(broken), Some(HashIssue::Malformed), "{broken}");
        }
        for broken in [
            "scrypt$1000$salt$8$1$AAAAAAAAAAAAAAAAAAAAAA",
            "scrypt$0$salt$8$1$AAAAAAAAAAAAAAAAAAAAAA",
            "scrypt$1024$$8$1$AAAAAAAAAAAAAAAAAAAAAA",
            "scrypt$1024$salt$8$1$",
            "$scrypt$",
        ] {
            assert_eq!(issue(broken), Some(HashIssue::Malformed), "{broken}");
        }
    }
}
