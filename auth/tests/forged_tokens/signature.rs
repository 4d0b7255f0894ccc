//! Signatures of others, of something else, cut, longer, and changed so that they still hold by half.

use auth::token::Fault;
use aws_lc_rs::signature::Ed25519KeyPair;

use super::{Forge, Line, decode, encode};

/// The order of the base point of Ed25519 (RFC 8032, 5.1), in little-endian bytes.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

pub fn lines(forge: &Forge) -> Vec<Line> {
    let valid = forge.valid();
    let (message, signature) = valid.rsplit_once('.').unwrap();
    let bytes = decode(signature);
    let (r, s) = bytes.split_at(32);
    let stranger = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
    let other = forge.sign(&forge.header, &forge.claims_with("jti", "another"));
    let (other_message, other_signature) = other.rsplit_once('.').unwrap();
    let mut identity = [0; 64];
    identity[0] = 1;
    let mut flipped = bytes.clone();
    flipped[63] ^= 1;

    let signatures: [(&str, Vec<u8>); 17] = [
        ("none", Vec::new()),
        ("one byte", vec![0]),
        ("cut by a byte", bytes[..63].to_vec()),
        ("cut by half", r.to_vec()),
        ("without its first byte", bytes[1..].to_vec()),
        ("a byte longer", [&bytes[..], &[0]].concat()),
        ("twice", [&bytes[..], &bytes].concat()),
        ("its halves exchanged", [s, r].concat()),
        ("backwards", bytes.iter().rev().copied().collect()),
        ("one bit another", flipped),
        ("zeros", vec![0; 64]),
        ("ones", vec![0xff; 64]),
        ("of the identity", identity.to_vec()),
        ("S and the order", [r, &plus_order(s)].concat()),
        ("of another key under this name", stranger.sign(message.as_bytes()).as_ref().to_vec()),
        ("of another token", decode(other_signature)),
        ("of the payload alone", {
            let payload = message.split_once('.').unwrap().1;
            decode(forge.sign_parts("", payload).rsplit_once('.').unwrap().1)
        }),
    ];
    let mut lines: Vec<Line> = signatures
        .into_iter()
        .map(|(name, signature)| Line {
            name: format!("signature: {name}"),
            token: format!("{message}.{}", encode(signature)),
            fault: Fault::Signature,
        })
        .collect();
    let token = format!("{other_message}.{signature}");
    lines.push(Line { name: "signature: under another payload".to_owned(), token, fault: Fault::Signature });
    let token = format!("{message}.{}", &signature[..signature.len() - 1]);
    lines.push(Line { name: "signature: cut by a letter".to_owned(), token, fault: Fault::Signature });
    lines
}

/// Signs the same for whoever does not look whether S is below the order (RFC 8032, 5.1.7).
fn plus_order(s: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let sum = s.iter().zip(ORDER).map(|(byte, order)| {
        let [low, high] = (u16::from(*byte) + u16::from(order) + carry).to_le_bytes();
        carry = u16::from(high);
        low
    });
    sum.collect()
}
