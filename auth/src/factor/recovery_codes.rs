//! Recovery codes: what still leads in when every other factor is lost (NIST SP 800-63B-4, 4.2.1.1; ASVS 5.0, 6.5.1,
//! 6.5.2 and 6.5.6).
//!
//! Ten of them, of 138 bits each (ASVS 5.0, 11.5.1): 32 letters without vowels and without any that looks like a digit or
//! another one, in groups of four. The store keeps a keyed digest of each, bound to its account: from 112 bits on nobody
//! guesses one, so no slow hash is needed. Each works once. Shorter ones that were made before work until they are used.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::flow::new_notice_link;
use crate::id::UserId;
use crate::mail::{Mail, Message};
use crate::random::Random;
use crate::store::{Transaction, UserRow};
use crate::{Auth, Context, EventKind, Result, TypedCode};

/// How many an account has.
const COUNT: usize = 10;
/// Letters of a code.
const LENGTH: usize = 32;
/// Letters of a group.
const GROUP: usize = 4;
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// The largest multiple of their number in a byte; what is above would favour the first of them.
const LIMIT: u8 = 240;

/// Ten recovery codes that were made just now. Nobody sees them again: the store keeps digests. No `Debug`.
pub struct RecoveryCodes(Vec<SecretString>);

impl RecoveryCodes {
    fn make(random: &dyn Random) -> Self {
        Self((0..COUNT).map(|_| draw(random)).collect())
    }

    /// Each, such as `BCDF-GHJK-LMNP-QRST-VWXZ-BCDF-GHJK-LMNP`.
    pub fn codes(&self) -> &[SecretString] {
        &self.0
    }

    /// All of them, one a line.
    pub fn text(&self) -> SecretString {
        let codes: Vec<&str> = self.0.iter().map(|code| code.expose_secret()).collect();
        SecretString::from(codes.join("\n"))
    }
}

/// One code, in groups.
fn draw(random: &dyn Random) -> SecretString {
    let mut code = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / GROUP));
    let mut letters = 0;
    while letters < LENGTH {
        let mut byte = [0];
        random.fill(&mut byte);
        if byte[0] >= LIMIT {
            continue;
        }
        if letters > 0 && letters % GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(LETTERS[usize::from(byte[0]) % LETTERS.len()]));
        letters += 1;
    }
    SecretString::from(code.as_str())
}

/// What the store keeps of a code, which is given without its dashes.
fn mac_of(auth: &Auth, user: &UserId, code: &str) -> String {
    let bound = Zeroizing::new(format!("recovery code:{}:{code}", user.as_str()));
    auth.codes.of_text(&bound)
}

/// Ten new codes when the account has none that is unused. Belongs into the transaction that adds a factor and holds
/// the account.
pub(crate) async fn ensure_recovery_codes(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserId,
) -> Result<Option<RecoveryCodes>> {
    if tx.recovery_codes_left(user).await? > 0 {
        return Ok(None);
    }
    replace_recovery_codes(auth, tx, user).await.map(Some)
}

/// Ten new codes; the old ones work no more. Hold the account first.
pub(crate) async fn replace_recovery_codes(auth: &Auth, tx: &mut Transaction, user: &UserId) -> Result<RecoveryCodes> {
    let made = RecoveryCodes::make(&*auth.random);
    let macs: Vec<String> =
        made.0.iter().map(|code| mac_of(auth, user, &Zeroizing::new(code.expose_secret().replace('-', "")))).collect();
    tx.replace_recovery_codes(user, &macs, auth.now()).await?;
    Ok(made)
}

/// Consumes a code; `false` when it is wrong or was used. Promises the mail that tells of it: whoever commits wakes the
/// worker.
pub(crate) async fn consume_recovery_code(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    code: &TypedCode,
    context: &Context,
) -> Result<bool> {
    let now = auth.now();
    // Held, so that the number in the mail is right when two codes are used at the same moment.
    tx.hold_factors(&user.id).await?;
    if !tx.use_recovery_code(&user.id, &mac_of(auth, &user.id, code.text()), now).await? {
        return Ok(false);
    }
    let message = Message::RecoveryCodeUsed {
        name: user.name.clone(),
        left: tx.recovery_codes_left(&user.id).await?,
        device: context.device.clone(),
        at: now,
        link: new_notice_link(auth, tx, &user.id, &user.email, now).await?,
    };
    auth.promise_mail(tx, &Mail { to: user.email.clone(), locale: user.locale, message }).await?;
    auth.audit(tx, EventKind::RecoveryCodeUsed, (Some(&user.id), None), context).await?;
    Ok(true)
}

/// How many codes are left.
pub(crate) async fn recovery_codes_left(auth: &Auth, user: &UserId) -> Result<i64> {
    Ok(auth.store.recovery_codes_left(user).await?)
}

/// Forgets the codes of an account whose last factor goes: they open nothing any more.
pub(crate) async fn forget_recovery_codes(tx: &mut Transaction, user: &UserId) -> Result<()> {
    Ok(tx.delete_recovery_codes(user).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;
    use std::collections::HashSet;

    #[test]
    fn ten_codes_of_at_least_80_bits_in_groups_of_letters_that_are_not_mistaken() {
        let made = RecoveryCodes::make(&SeededRandom::new(1));
        let codes: HashSet<&str> = made.codes().iter().map(|code| code.expose_secret()).collect();
        assert_eq!(codes.len(), 10);
        for code in &codes {
            let groups: Vec<&str> = code.split('-').collect();
            assert_eq!(groups.len(), 8, "{code}");
            assert!(groups.iter().all(|group| group.len() == 4), "{code}");
            assert!(!code.contains(['A', 'E', 'I', 'O', 'U', 'Y', '0', '1', '5', '8']), "{code}");
            // As it is typed.
            let typed = TypedCode::parse(&code.to_lowercase().replace('-', " ")).ok().unwrap();
            assert_eq!(typed.text(), code.replace('-', ""));
        }
        assert!(bits() >= 80.0);
        assert_eq!(made.text().expose_secret().lines().count(), 10);
    }

    #[test]
    fn a_code_has_the_112_bits_that_need_no_slow_hash() {
        assert!(bits() >= 112.0, "{}", bits());
    }

    #[test]
    fn a_code_has_the_128_bits_of_what_nobody_guesses() {
        assert!(bits() >= 128.0, "{}", bits());
    }

    fn bits() -> f64 {
        let (letters, length) = (u32::try_from(LETTERS.len()).unwrap(), u32::try_from(LENGTH).unwrap());
        f64::from(letters).log2() * f64::from(length)
    }

    #[test]
    fn every_letter_is_drawn_equally_often() {
        let random = SeededRandom::new(2);
        let mut counts = [0_usize; 20];
        for _ in 0..1000 {
            for letter in draw(&random).expose_secret().bytes().filter(|byte| *byte != b'-') {
                counts[LETTERS.iter().position(|known| *known == letter).unwrap()] += 1;
            }
        }
        assert!(counts.iter().all(|count| (1440..1760).contains(count)), "{counts:?}");
    }
}
