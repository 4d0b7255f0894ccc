//! Codes of authenticator apps (RFC 6238; ASVS 5.0, 6.5): SHA-1, six digits, 30 seconds, the one profile that every app
//! understands. The secret has 160 bits (RFC 4226, 4, R6).
//!
//! The code of one step before and after the present is accepted as well (RFC 6238, 5.2), unless the operator wants it to
//! live for 30 seconds exactly; and none twice: what is consumed is the step, so a code of the same or an earlier one is worth
//! nothing anywhere, whatever a clock says.

use secrecy::SecretString;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::id::UserId;
use crate::random::Random;
use crate::store::{Transaction, UserRow};
use crate::{Auth, Email, Result, Timestamp, TypedCode};

/// Digits of a code.
pub(crate) const DIGITS: u8 = 6;
/// Seconds of a step.
const STEP: u64 = 30;
/// Bytes of a secret.
const BYTES: usize = 20;
/// What apps call this service.
const ISSUER: &str = "Keywright";

/// What an app and we share. No `Debug`.
pub(crate) struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A new one.
    pub(crate) fn make(random: &dyn Random) -> Self {
        let mut bytes = vec![0; BYTES];
        random.fill(&mut bytes);
        Self(Zeroizing::new(bytes))
    }

    /// Opens what was sealed for a place.
    pub(crate) fn open(auth: &Auth, place: &str, sealed: &str) -> Result<Self> {
        Ok(Self(auth.sealer.open(place, sealed).map_err(anyhow::Error::from)?))
    }

    /// As it may rest in the database, at this place alone.
    pub(crate) fn seal(&self, auth: &Auth, place: &str) -> String {
        auth.sealer.seal(&*auth.random, place, &self.0)
    }

    /// As people type it: 32 letters and digits (RFC 4648, 6).
    pub(crate) fn base32(&self) -> SecretString {
        SecretString::from(Secret::from(self.0.as_slice()).to_base32())
    }

    /// As apps read it, from a picture or a link: `otpauth://totp/…`.
    pub(crate) fn uri(&self, account: &Email) -> Result<SecretString> {
        let named = builder(&self.0, DIGITS).with_issuer(Some(ISSUER)).with_account_name(account.as_str());
        let uri = named.build().and_then(|totp| totp.to_url()).map_err(anyhow::Error::from)?;
        Ok(SecretString::from(uri))
    }

    /// The step whose code this is, at most `drift` away from the present; none when it is wrong.
    pub(crate) fn step_of(&self, code: &str, now: Timestamp, drift: u16) -> Result<Option<i64>> {
        let totp = builder(&self.0, DIGITS).with_skew(drift).build().map_err(anyhow::Error::from)?;
        Ok(step_of(&totp, code, now))
    }
}

fn builder(secret: &[u8], digits: u8) -> Builder {
    Builder::new().with_algorithm(Algorithm::SHA1).with_digits(digits).with_step_duration(STEP).with_secret(secret)
}

/// The newest step whose code is accepted at a moment.
pub(crate) fn newest_step(now: Timestamp, drift: u16) -> i64 {
    now.seconds().div_euclid(i64::try_from(STEP).unwrap_or(30)) + i64::from(drift)
}

fn step_of(totp: &Totp, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.seconds()).ok()?;
    i64::try_from(totp.check(code, seconds)?).ok()
}

/// Consumes the code of an account's app; `false` when it is wrong, was used, or the account has no app. The account is
/// not held: the statement judges.
pub(crate) async fn consume_totp(auth: &Auth, tx: &mut Transaction, user: &UserRow, code: &TypedCode) -> Result<bool> {
    let Some(digits) = code.digits(usize::from(DIGITS)) else { return Ok(false) };
    let mut judged = None;
    while let Some(sealed) = tx.totp_secret(&user.id).await?.filter(|sealed| judged.as_ref() != Some(sealed)) {
        let secret = TotpSecret::open(auth, &place(&user.id), &sealed)?;
        let Some(step) = secret.step_of(digits, auth.now(), auth.authenticator_drift)? else { return Ok(false) };
        if tx.use_totp_step(&user.id, &sealed, step).await? {
            return Ok(true);
        }
        // It was used, or the secret was sealed anew in between (`flow/rotate_master_key.rs`); then it is another text now.
        judged = Some(sealed);
    }
    Ok(false)
}

/// The place a secret that works is sealed for.
pub(crate) fn place(user: &UserId) -> String {
    format!("totp_secrets.secret_sealed.{}", user.as_str())
}

/// The place a secret that waits for its first code is sealed for.
pub(crate) fn waiting_place(user: &UserId) -> String {
    format!("totp_enrolments.secret_sealed.{}", user.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;
    use secrecy::ExposeSecret;

    const RFC_SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1000)
    }

    #[test]
    fn the_codes_of_rfc_4226_are_those_of_the_first_ten_steps() {
        let secret = TotpSecret(Zeroizing::new(RFC_SECRET.to_vec()));
        let codes =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(secret.step_of(code, at(step * 30), 0).unwrap(), Some(step), "{code}");
        }
    }

    /// RFC 6238, appendix B: seconds, then the codes of SHA-1, SHA-256 and SHA-512.
    const RFC_6238: [(u64, [&str; 3]); 6] = [
        (59, ["94287082", "46119246", "90693936"]),
        (1_111_111_109, ["07081804", "68084774", "25091201"]),
        (1_111_111_111, ["14050471", "67062674", "99943326"]),
        (1_234_567_890, ["89005924", "91819424", "93441116"]),
        (2_000_000_000, ["69279037", "90698825", "38618901"]),
        (20_000_000_000, ["65353130", "77737706", "47863826"]),
    ];

    #[test]
    fn the_codes_of_rfc_6238_are_found_at_their_time() {
        let long = RFC_SECRET.repeat(4);
        for (seconds, codes) in RFC_6238 {
            let now = at(i64::try_from(seconds).unwrap());
            let step = i64::try_from(seconds / STEP).unwrap();
            let ours = builder(RFC_SECRET, 8).build().unwrap();
            assert_eq!(step_of(&ours, codes[0], now), Some(step), "{seconds}");
            // The last six digits are those of an app.
            let six = TotpSecret(Zeroizing::new(RFC_SECRET.to_vec())).step_of(&codes[0][2..], now, 0).unwrap();
            assert_eq!(six, Some(step), "{seconds}");
            for (algorithm, bytes, code) in [(Algorithm::SHA256, 32, codes[1]), (Algorithm::SHA512, 64, codes[2])] {
                let other = builder(&long[..bytes], 8).with_algorithm(algorithm).build().unwrap();
                assert_eq!(step_of(&other, code, now), Some(step), "{seconds} {algorithm}");
            }
        }
    }

    #[test]
    fn one_step_before_and_after_is_accepted_and_no_other() {
        let secret = TotpSecret(Zeroizing::new(RFC_SECRET.to_vec()));
        // The code of step 5.
        for (seconds, found) in [(90, None), (119, None), (120, Some(5)), (150, Some(5)), (209, Some(5)), (210, None)] {
            assert_eq!(secret.step_of("254676", at(seconds), 1).unwrap(), found, "{seconds}");
        }
        for bad in ["", "25467", "2546760", "+54676", "２５４６７６", "254 676"] {
            assert_eq!(secret.step_of(bad, at(150), 1).unwrap(), None, "{bad}");
        }
        assert_eq!(secret.step_of("755224", at(-1), 1).unwrap(), None, "before 1970 there is no step");
    }

    #[test]
    fn without_drift_a_code_lives_for_30_seconds() {
        let secret = TotpSecret(Zeroizing::new(RFC_SECRET.to_vec()));
        for (seconds, found) in [(120, None), (149, None), (150, Some(5)), (179, Some(5)), (180, None), (209, None)] {
            assert_eq!(secret.step_of("254676", at(seconds), 0).unwrap(), found, "{seconds}");
        }
    }

    #[test]
    fn a_secret_has_160_bits_and_is_told_to_an_app_with_its_names() {
        let random = SeededRandom::new(1);
        let (one, two) = (TotpSecret::make(&random), TotpSecret::make(&random));
        assert_ne!(one.base32().expose_secret(), two.base32().expose_secret());
        assert_eq!(one.base32().expose_secret().len() * 5, 160);
        let uri = one.uri(&Email::parse("o'hara+a@example.com").unwrap()).unwrap();
        let read = Totp::from_url(uri.expose_secret()).unwrap();
        assert_eq!(read.secret().as_bytes(), one.0.as_slice());
        assert_eq!((read.issuer(), read.account_name()), (Some(ISSUER), "o'hara+a@example.com"));
        assert_eq!((read.digits(), read.step(), read.algorithm()), (6, 30, Algorithm::SHA1));
    }
}
