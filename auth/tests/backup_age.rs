//! The format age v1 as its own test suite has it (CCTV, <https://c2sp.org/CCTV/age>, in `vectors/age/`), and files of every length
//! around the ends of chunks.

use auth::backup::Identity;
use auth::backup::age::{open, seal};
use auth::random::{SeededRandom, SystemRandom};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::Path;

const CHUNK: usize = 64 * 1024;

/// A vector: what is expected, the keys, and the file.
struct Vector {
    expected: String,
    digest: Option<String>,
    identities: Vec<Identity>,
    file: Vec<u8>,
}

fn read_vector(path: &Path) -> Vector {
    let bytes = std::fs::read(path).unwrap();
    let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let values = |name: &str| -> Vec<String> {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).collect()
    };
    let identities = values("identity").into_iter().map(|text| Identity::parse(&SecretString::from(text)).unwrap());
    Vector {
        expected: values("expect").remove(0),
        digest: values("payload").pop(),
        identities: identities.collect(),
        file: bytes[end + 2..].to_vec(),
    }
}

fn opened(file: &[u8], identities: &[Identity]) -> anyhow::Result<Vec<u8>> {
    let mut plain = Vec::new();
    open(file, identities)?.read_to_end(&mut plain)?;
    Ok(plain)
}

#[test]
fn every_vector_is_judged_as_its_suite_judges_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/age");
    let (mut good, mut bad) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let vector = read_vector(&path);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match opened(&vector.file, &vector.identities) {
            Ok(plain) => {
                assert_eq!(vector.expected, "success", "{name}");
                let digest: String = Sha256::digest(&plain).iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(Some(digest), vector.digest, "{name}");
                good += 1;
            }
            Err(_) => {
                assert_ne!(vector.expected, "success", "{name}");
                bad += 1;
            }
        }
    }
    assert_eq!((good, bad), (4, 29), "all of them were there");
}

#[test]
fn what_was_sealed_opens_whole_for_its_key_alone() {
    let (ours, others) = (Identity::make(&SystemRandom).unwrap(), Identity::make(&SystemRandom).unwrap());
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7] {
        let plain: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let mut sealing = seal(Vec::new(), &ours.recipient(), &SystemRandom).unwrap();
        for part in plain.chunks(1000) {
            sealing.write_all(part).unwrap();
        }
        let file = sealing.finish().unwrap();
        assert_eq!(opened(&file, std::slice::from_ref(&ours)).unwrap(), plain, "{length}");
        assert!(opened(&file, std::slice::from_ref(&others)).is_err());
        // Nothing can be taken from the end, or changed anywhere.
        for cut in [1, 16, 17, file.len() / 2] {
            assert!(opened(&file[..file.len() - cut], std::slice::from_ref(&ours)).is_err(), "{length} without {cut}");
        }
        for at in [0, file.len() / 3, file.len() - 1] {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(opened(&changed, std::slice::from_ref(&ours)).is_err(), "{length} changed at {at}");
        }
    }
}

#[test]
fn no_two_files_are_alike() {
    let ours = Identity::make(&SeededRandom::new(1)).unwrap();
    let sealed = |random: &dyn auth::random::Random| {
        let mut sealing = seal(Vec::new(), &ours.recipient(), random).unwrap();
        sealing.write_all(b"the same").unwrap();
        sealing.finish().unwrap()
    };
    assert_ne!(sealed(&SystemRandom), sealed(&SystemRandom));
    // Control: a source that repeats itself would be seen.
    assert_eq!(sealed(&SeededRandom::new(2)), sealed(&SeededRandom::new(2)));
}
