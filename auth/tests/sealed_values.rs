//! What rests sealed is XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under a key of HKDF-SHA-256, and whoever changes one
//! bit of it has nothing that opens (ASVS 5.0, 11.3.2 and 11.3.3).

use auth::crypto::{MasterKey, Sealer};
use auth::random::Random;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;

const PLACE: &str = "jobs.payload.1";
const PLAIN: &[u8] = b"secret";
/// Made by another implementation, which was checked with the vector of the draft (appendix A.3.1): of the master key of 32
/// bytes 01, the nonce 40 41 … 57, and the place as associated data.
const SEALED: &str = "v1.ED_CM0HY.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.eSG0gk3awnjPDpxlc94g5m09NZx5Tw";

/// Gives the nonce of the vector.
struct FromForty;

impl Random for FromForty {
    fn fill(&self, bytes: &mut [u8]) {
        for (value, byte) in (0x40..).zip(bytes) {
            *byte = value;
        }
    }
}

fn sealer() -> Sealer {
    Sealer::new(&MasterKey::from_bytes([1; 32]).into())
}

#[test]
fn a_value_is_sealed_as_another_implementation_seals_it() {
    assert_eq!(sealer().seal(&FromForty, PLACE, PLAIN), SEALED);
    assert_eq!(sealer().open(PLACE, SEALED).unwrap().as_slice(), PLAIN);
}

#[test]
fn no_character_of_a_sealed_value_can_be_another_one() {
    let sealer = sealer();
    let mut tried = 0;
    for at in 0..SEALED.len() {
        for other in b"AQgwz059-_.".iter().copied().filter(|other| *other != SEALED.as_bytes()[at]) {
            let mut changed = SEALED.as_bytes().to_vec();
            changed[at] = other;
            let changed = String::from_utf8(changed).unwrap();
            assert!(sealer.open(PLACE, &changed).is_err(), "{changed}");
            tried += 1;
        }
    }
    assert!(tried > 10 * (SEALED.len() - 1), "{tried}");
    for cut in 0..SEALED.len() {
        assert!(sealer.open(PLACE, &SEALED[..cut]).is_err() && sealer.open(PLACE, &SEALED[cut + 1..]).is_err());
    }
    for place in ["", "jobs.payload.2", "jobs.payload.10", "job.payload.1"] {
        assert!(sealer.open(place, SEALED).is_err(), "{place}");
    }
    // The control: what was not changed opens.
    assert!(sealer.open(PLACE, SEALED).is_ok());
}

#[test]
fn no_bit_of_nonce_text_and_tag_can_be_another_one() {
    let parts: Vec<&str> = SEALED.split('.').collect();
    let mut tried = 0;
    for part in [2, 3] {
        let bytes = BASE64.decode(parts[part]).unwrap();
        for bit in 0..8 * bytes.len() {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let mut texts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            texts[part] = BASE64.encode(changed);
            assert!(sealer().open(PLACE, &texts.join(".")).is_err(), "part {part}, bit {bit}");
            tried += 1;
        }
    }
    assert_eq!(tried, 8 * (24 + PLAIN.len() + 16));
}
