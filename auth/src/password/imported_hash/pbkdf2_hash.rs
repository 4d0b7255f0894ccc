//! PBKDF2 with HMAC (RFC 8018, 5.2): PHC strings, passlib's form and Django's.

use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

use super::{HashIssue, fields};

/// Iterations that one verification may take, all blocks of the output together: one or two seconds.
/// Django 5.2 takes a million.
const MAX_WORK: u64 = 4_000_000;

/// A PBKDF2 hash.
pub struct Pbkdf2Hash {
    algorithm: pbkdf2::Algorithm,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    pub(super) expected: Vec<u8>,
}

impl Pbkdf2Hash {
    /// `$pbkdf2-sha256$i=29000,l=32$salt$hash`, the same with `29000` alone, and
    /// `pbkdf2_sha256$29000$salt$hash`, where the salt is the text itself.
    pub(super) fn parse(text: &str) -> Result<Self, HashIssue> {
        let parts: Vec<&str> = text.split('$').collect();
        let (name, iterations, salt, expected) = match parts[..] {
            ["", name, cost, salt, expected] => {
                let expected = fields::output(expected)?;
                (name, iterations(cost, expected.len())?, fields::salt(salt)?, expected)
            }
            [name, cost, salt, expected] => {
                (name, fields::number(cost)?, fields::plain_salt(salt)?, fields::output(expected)?)
            }
            _ => return Err(HashIssue::Malformed),
        };
        let (algorithm, block) = match name {
            "pbkdf2" | "pbkdf2-sha1" | "pbkdf2_sha1" => (PBKDF2_HMAC_SHA1, 20),
            "pbkdf2-sha256" | "pbkdf2_sha256" => (PBKDF2_HMAC_SHA256, 32),
            "pbkdf2-sha512" | "pbkdf2_sha512" => (PBKDF2_HMAC_SHA512, 64),
            _ => return Err(HashIssue::Unknown),
        };
        if u64::from(iterations) * expected.len().div_ceil(block) as u64 > MAX_WORK {
            return Err(HashIssue::TooExpensive);
        }
        let iterations = NonZeroU32::new(iterations).ok_or(HashIssue::Malformed)?;
        Ok(Self { algorithm, iterations, salt, expected })
    }

    pub(super) fn compute(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut output = Zeroizing::new(vec![0; self.expected.len()]);
        pbkdf2::derive(self.algorithm, self.iterations, &self.salt, password, &mut output);
        output
    }
}

/// `29000`, `i=29000` or `i=29000,l=32`; a length must be that of the output.
fn iterations(cost: &str, length: usize) -> Result<u32, HashIssue> {
    if !cost.contains('=') {
        return fields::number(cost);
    }
    if !cost.contains(',') {
        let [iterations] = fields::numbers(cost, ["i"])?;
        return Ok(iterations);
    }
    let [iterations, named_length] = fields::numbers(cost, ["i", "l"])?;
    if usize::try_from(named_length) == Ok(length) { Ok(iterations) } else { Err(HashIssue::Malformed) }
}

#[cfg(test)]
mod tests {
    use super::super::{issue, verifies};
    use super::*;

    const PASSWORD: &str = "correct horse battery staple";

    #[test]
    fn every_form_verifies_its_password_only() {
        for hash in [
            // Made with passlib 1.7; the fourth is the third as a PHC string.
            "$pbkdf2$1000$NMZ4b23tnTPmXMvZe49Rig$3d1Qqz9Xhmvf1y/nmRKUr4AraMA",
            "$pbkdf2-sha256$1000$qPX.P2fMeQ.BsPY.51yLsQ$u7WqG.4trDfAvKJChIGGsKOZskGmb4QEgCBcMiU1Y0g",
            "$pbkdf2-sha512$1000$././996bk7I2JqQUQsgZ4w$dCDGQJlrj6cbsTRM4pURrbNgjUjVyjAob2hWt67nCfz1khR03LksdWo3IRv6V0Xr.KmqvRqQ/Gi0AgummCV3Og",
            "$pbkdf2-sha512$i=1000,l=64$+/+/996bk7I2JqQUQsgZ4w$dCDGQJlrj6cbsTRM4pURrbNgjUjVyjAob2hWt67nCfz1khR03LksdWo3IRv6V0Xr+KmqvRqQ/Gi0AgummCV3Og",
            // Made with Django 5.2.
            "pbkdf2_sha256$1000$sv1tHuJtIPFnbgCVV2l8Cw$siYwnKD9qCOB0SzLMgXVLHqc1WpCDf9tygRZA/iB5PI=",
            "pbkdf2_sha1$1000$cnuzMDZVgbUTXQSOaBXkic$7sqT5E+dXcozCaV78y0KNeACFY4=",
        ] {
            assert!(verifies(PASSWORD, hash), "{hash}");
            assert!(!verifies("correct horse battery", hash) && !verifies("", hash), "{hash}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_6070_verify() {
        for (password, hash) in [
            ("password", "$pbkdf2$i=1,l=20$c2FsdA$DGDID5YfDnHzqbUkr2ASBi/gN6Y"),
            ("password", "$pbkdf2$i=2,l=20$c2FsdA$6mwBTcctb4zNHtkqzh1B8NjeiVc"),
            ("password", "$pbkdf2-sha1$i=4096$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE"),
            (
                "passwordPASSWORDpassword",
                "$pbkdf2$i=4096,l=25$c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0$PS7sT+QchJuAyNg2YsDkSospGpZM8vBwOA",
            ),
        ] {
            assert!(verifies(password, hash), "{hash}");
        }
        let with_nul = Pbkdf2Hash::parse("$pbkdf2$i=4096,l=16$c2EAbHQ$Vvpqp1VICZ3MN9fwNCXgww").ok().unwrap();
        assert!(*with_nul.compute(b"pass\0word") == with_nul.expected);
    }

    /// RFC 7914, 11.
    #[test]
    fn the_vectors_of_rfc_7914_verify() {
        for (password, hash) in [
            (
                "passwd",
                "$pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw",
            ),
            (
                "Password",
                "$pbkdf2-sha256$i=80000,l=64$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ",
            ),
        ] {
            assert!(verifies(password, hash), "{hash}");
        }
    }

    #[test]
    fn what_is_broken_or_too_expensive_is_refused() {
        let output = "DGDID5YfDnHzqbUkr2ASBi/gN6Y";
        assert_eq!(issue(&format!("$pbkdf2-sha256$i=4000000$c2FsdA${output}")), None);
        for expensive in [
            format!("$pbkdf2-sha256$i=4000001$c2FsdA${output}"),
            format!("$pbkdf2-sha256$i=99999999999$c2FsdA${output}"),
            format!("pbkdf2_sha256$4000001$salt${output}="),
            // Two blocks.
            "$pbkdf2$i=4000000$c2FsdA$PS7sT+QchJuAyNg2YsDkSospGpZM8vBwOA".to_owned(),
        ] {
            assert_eq!(issue(&expensive), Some(HashIssue::TooExpensive), "{expensive}");
        }
        for broken in [
            format!("$pbkdf2-sha256$i=0$c2FsdA${output}"),
            format!("$pbkdf2-sha256$i=1,l=32$c2FsdA${output}"),
            format!("$pbkdf2-sha256$i=1$${output}"),
            format!("$pbkdf2-sha256$i=x$c2FsdA${output}"),
            format!("pbkdf2_sha256$1000$${output}"),
            "$pbkdf2-sha256$i=1$c2FsdA$".to_owned(),
            "$pbkdf2".to_owned(),
        ] {
            assert_eq!(issue(&broken), Some(HashIssue::Malformed), "{broken}");
        }
        assert_eq!(issue(&format!("$pbkdf2-md5$i=1$c2FsdA${output}")), Some(HashIssue::Unknown));
    }
}
