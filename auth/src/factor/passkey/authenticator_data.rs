//! What an authenticator says about itself and the person (WebAuthn Level 3, 6.1), and how it comes with a new passkey
//! (6.5). Every byte must be accounted for.

use sha2::{Digest, Sha256};

use super::cbor::Cbor;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENDED: u8 = 1 << 7;

/// Longest id of a passkey, in bytes (WebAuthn Level 3, 6.5.1).
const LONGEST_ID: u16 = 1023;

/// The data, taken apart.
pub(super) struct AuthenticatorData<'a> {
    rp_id_hash: [u8; 32],
    flags: u8,
    /// Of the passkey that was made.
    pub attested: Option<Attested<'a>>,
}

/// A passkey that was made.
pub(super) struct Attested<'a> {
    /// The model of the authenticator.
    pub aaguid: [u8; 16],
    /// The id it gave the passkey.
    pub credential_id: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Takes the data apart; none when a byte is missing or left over.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = Cbor(bytes);
        let rp_id_hash = rest.take_array()?;
        let [flags] = rest.take_array()?;
        // The counter, which the library compares.
        rest.take(4)?;
        let attested = if flags & ATTESTED == 0 { None } else { Some(Attested::read(&mut rest)?) };
        if flags & EXTENDED != 0 {
            rest.skip_map()?;
        }
        rest.0.is_empty().then_some(Self { rp_id_hash, flags, attested })
    }

    /// Takes the attestation object apart: `none`, or what the passkey itself signed (`packed` without certificates).
    /// We ask for no attestation, so whatever else comes was not asked for.
    pub fn of_attestation(object: &'a [u8]) -> Option<Self> {
        let mut rest = Cbor(object);
        if rest.map()? != 3 {
            return None;
        }
        let (mut format, mut statement, mut data) = (None, None, None);
        for _ in 0..3 {
            match rest.text()? {
                "fmt" if format.is_none() => format = Some(rest.text()?),
                "attStmt" if statement.is_none() => {
                    let before = rest.0;
                    rest.skip_map()?;
                    statement = Some(&before[..before.len() - rest.0.len()]);
                }
                "authData" if data.is_none() => data = Some(rest.bytes()?),
                _ => return None,
            }
        }
        let is_accepted = match format? {
            "none" => Cbor(statement?).map()? == 0,
            "packed" => is_self_signed(statement?)?,
            _ => false,
        };
        if !is_accepted || !rest.0.is_empty() {
            return None;
        }
        Self::read(data?)
    }

    /// What is wrong with it for the relying party of this id.
    pub fn fault(&self, rp_id: &str) -> Option<&'static str> {
        if self.rp_id_hash != *Sha256::digest(rp_id.as_bytes()) {
            Some("it is for another relying party")
        } else if self.flags & USER_PRESENT == 0 {
            Some("nobody was present")
        } else if self.flags & USER_VERIFIED == 0 {
            Some("nobody was verified")
        } else if self.flags & BACKED_UP != 0 && !self.is_backup_eligible() {
            Some("it was backed up and cannot be")
        } else {
            None
        }
    }

    /// Whether the passkey may leave its device.
    pub fn is_backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }
}

impl<'a> Attested<'a> {
    fn read(rest: &mut Cbor<'a>) -> Option<Self> {
        let aaguid = rest.take_array()?;
        let length = u16::from_be_bytes(rest.take_array()?);
        if !(1..=LONGEST_ID).contains(&length) {
            return None;
        }
        let credential_id = rest.take(length.into())?;
        rest.skip_map()?;
        Some(Self { aaguid, credential_id })
    }
}

fn is_self_signed(statement: &[u8]) -> Option<bool> {
    let mut rest = Cbor(statement);
    let mut has_certificates = false;
    for _ in 0..rest.map()? {
        has_certificates |= rest.text()? == "x5c";
        rest.skip()?;
    }
    Some(!has_certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "id.example.com";

    fn data(flags: u8, more: &[u8]) -> Vec<u8> {
        [&*Sha256::digest(ID.as_bytes()), &[flags, 0, 0, 0, 1], more].concat()
    }

    fn attested(length: u16) -> Vec<u8> {
        [&[7; 16][..], &length.to_be_bytes(), &vec![1; length.into()], &[0xa0]].concat()
    }

    #[test]
    fn every_byte_is_accounted_for() {
        let present = USER_PRESENT | USER_VERIFIED;
        let good = data(present | ATTESTED, &attested(16));
        let read = AuthenticatorData::read(&good).unwrap();
        assert_eq!((read.fault(ID), read.fault("example.com").is_some()), (None, true));
        let new = read.attested.unwrap();
        assert_eq!((new.aaguid, new.credential_id), ([7; 16], &[1; 16][..]));
        for length in 0..good.len() {
            assert!(AuthenticatorData::read(&good[..length]).is_none(), "{length}");
        }
        assert!(AuthenticatorData::read(&[&good[..], &[0]].concat()).is_none(), "a byte is left over");
        assert!(AuthenticatorData::read(&data(present | EXTENDED, &[0xa0])).is_some());
        assert!(AuthenticatorData::read(&data(present | EXTENDED, &[0x80])).is_none());
        assert!(AuthenticatorData::read(&data(present | ATTESTED, &attested(1023))).is_some());
        for length in [0, 1024, u16::MAX] {
            assert!(AuthenticatorData::read(&data(present | ATTESTED, &attested(length))).is_none(), "{length}");
        }
    }

    #[test]
    fn a_flag_that_must_stand_stands() {
        for (flags, is_good) in [
            (USER_PRESENT | USER_VERIFIED, true),
            (USER_PRESENT | USER_VERIFIED | BACKUP_ELIGIBLE, true),
            (USER_PRESENT | USER_VERIFIED | BACKUP_ELIGIBLE | BACKED_UP, true),
            (USER_PRESENT | USER_VERIFIED | BACKED_UP, false),
            (USER_VERIFIED, false),
            (USER_PRESENT, false),
            (0, false),
        ] {
            let bytes = data(flags, &[]);
            assert_eq!(AuthenticatorData::read(&bytes).unwrap().fault(ID).is_none(), is_good, "{flags:08b}");
        }
    }
}
