//! The cookie of a device that an account knows (OWASP Authentication Cheat Sheet, "device cookies"): whoever signed in with
//! it has tries of their own, which nobody else can spend. So no attacker ever keeps an owner out.
//!
//! It opens nothing: the password is asked for all the same. It is an HMAC over the address of the account, a number of its
//! own and its end; nothing of it is stored. The number of a device that is known by a mailed proof says so: whoever was in
//! once, and is not any more, does not spend its tries.

use secrecy::{ExposeSecret, SecretString};

use super::{Limits, request};
use crate::crypto::LimitProof;
use crate::{Email, Timestamp};

/// Seconds for which a device is known after a sign-in. Also how long its cookie is kept.
pub const KNOWN_DEVICE_SECONDS: i64 = 180 * 24 * 60 * 60;
/// What is longer is none of ours.
const LONGEST: usize = 128;
/// The end of the number of a device that is known by a mailed proof. Base64url has no such sign.
const MAILED: char = '~';

/// Whether a device with this number is known by a mailed proof.
pub(super) fn is_mailed(number: &str) -> bool {
    number.ends_with(MAILED)
}

impl Limits {
    /// Whoever asks has signed in: the device is known from now on. One that is known for a while yet keeps its cookie, and
    /// so the count of its tries.
    pub(crate) fn know_device(&self, email: &Email) {
        if self.known_device(email, KNOWN_DEVICE_SECONDS / 2).is_none() {
            self.give_number(email, "");
        }
    }

    /// Whoever asks has read a mail to the address: the device is known by that from now on, in the place of what it was
    /// known by.
    pub(crate) fn know_mailed_device(&self, email: &Email) {
        let known = self.known_device(email, KNOWN_DEVICE_SECONDS / 2);
        if !known.is_some_and(|number| is_mailed(&number)) {
            self.give_number(email, MAILED.encode_utf8(&mut [0; 4]));
        }
    }

    fn give_number(&self, email: &Email, mark: &str) {
        if !self.on || !request::is_there() {
            return;
        }
        let expires = self.now().plus_seconds(KNOWN_DEVICE_SECONDS).0.to_string();
        let number = format!("{}{mark}", self.random.token().expose_secret());
        let mac = self.mac.of(LimitProof::KnownDevice, &[email.as_str(), &expires, &number]);
        request::tell_known_device(SecretString::from(format!("{expires}.{number}.{mac}")));
    }

    /// The number of the device that is brought, when the account of this address knows it for so many seconds yet.
    pub(super) fn known_device(&self, email: &Email, seconds: i64) -> Option<String> {
        let cookie = request::known_device()?;
        let cookie = cookie.expose_secret();
        if cookie.len() > LONGEST {
            return None;
        }
        let (expires, rest) = cookie.split_once('.')?;
        let (number, mac) = rest.split_once('.')?;
        let lives = Timestamp(expires.parse().ok()?) > self.now().plus_seconds(seconds);
        let is_ours = self.mac.is_of(LimitProof::KnownDevice, &[email.as_str(), expires, number], mac);
        (lives && is_ours).then(|| number.to_owned())
    }
}
