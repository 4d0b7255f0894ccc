//! One question and its answer, as they go over the wire (RFC 1035, 4).

use anyhow::{Context as _, bail, ensure};

const TXT: u16 = 16;
const INTERNET: u16 = 1;
const IS_ANSWER: u16 = 0x8000;
const IS_TRUNCATED: u16 = 0x0200;
const ASKS_OTHERS: u16 = 0x0100;
const CODE: u16 = 0x000f;
const NO_SUCH_NAME: u16 = 3;

/// What a server says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The texts under the name.
    Texts(Vec<String>),
    /// More than a datagram holds: to be asked again over TCP.
    TooMuch,
    /// Something else than what was asked.
    Other,
}

/// The question for the texts under a name, with the number by which its answer is known.
pub(super) fn question(number: u16, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(64);
    for part in [number, ASKS_OTHERS, 1, 0, 0, 0] {
        bytes.extend_from_slice(&part.to_be_bytes());
    }
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..=63).contains(length));
        bytes.push(length.context("a name of the DNS has labels of 1 to 63 bytes")?);
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.push(0);
    for part in [TXT, INTERNET] {
        bytes.extend_from_slice(&part.to_be_bytes());
    }
    Ok(bytes)
}

/// Reads the answer to such a question.
///
/// # Errors
/// When the server could not find out, or what it says is no message.
pub(super) fn answer(number: u16, name: &str, bytes: &[u8]) -> anyhow::Result<Said> {
    let mut rest = Rest(bytes);
    let (of, flags) = (rest.number()?, rest.number()?);
    if of != number || flags & IS_ANSWER == 0 {
        return Ok(Said::Other);
    }
    let (questions, answers) = (rest.number()?, rest.number()?);
    rest.take(4)?;
    ensure!(questions == 1, "an answer repeats its question");
    if !rest.is_name(name)? || rest.number()? != TXT || rest.number()? != INTERNET {
        return Ok(Said::Other);
    }
    if flags & IS_TRUNCATED != 0 {
        return Ok(Said::TooMuch);
    }
    match flags & CODE {
        0 => {}
        NO_SUCH_NAME => return Ok(Said::Texts(Vec::new())),
        code => bail!("the server of the DNS answers with the code {code}"),
    }
    let mut texts = Vec::new();
    for _ in 0..answers {
        rest.skip_name()?;
        let (kind, class) = (rest.number()?, rest.number()?);
        rest.take(4)?;
        let length = rest.number()?;
        let data = rest.take(usize::from(length))?;
        if kind == TXT && class == INTERNET {
            texts.push(text(data)?);
        }
    }
    Ok(Said::Texts(texts))
}

/// The pieces of one record, put together (RFC 7208, 3.3).
fn text(data: &[u8]) -> anyhow::Result<String> {
    let (mut rest, mut text) = (Rest(data), Vec::new());
    while !rest.0.is_empty() {
        let length = rest.byte()?;
        text.extend_from_slice(rest.take(usize::from(length))?);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// What was not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> anyhow::Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("the answer of the DNS is cut off")?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> anyhow::Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> anyhow::Result<u16> {
        let bytes = self.take(2)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// Reads a name that is written out, and says whether it is this one.
    fn is_name(&mut self, name: &str) -> anyhow::Result<bool> {
        let mut is_same = true;
        let mut labels = name.split('.');
        loop {
            let length = self.byte()?;
            ensure!(length <= 63, "the question of an answer is written out");
            if length == 0 {
                return Ok(is_same && labels.next().is_none());
            }
            let label = self.take(usize::from(length))?;
            is_same &= labels.next().is_some_and(|wanted| wanted.as_bytes().eq_ignore_ascii_case(label));
        }
    }

    /// Passes a name, which may end with a pointer to what was written before.
    fn skip_name(&mut self) -> anyhow::Result<()> {
        loop {
            match self.byte()? {
                0 => return Ok(()),
                length @ 1..=63 => {
                    self.take(usize::from(length))?;
                }
                192.. => {
                    self.byte()?;
                    return Ok(());
                }
                _ => bail!("a name in the answer of the DNS is none"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "acme.example";

    /// The answer of a server to the question of a number, with these records.
    fn answered(number: u16, flags: u16, records: &[(u16, &[u8])]) -> Vec<u8> {
        let mut bytes = question(number, NAME).unwrap();
        bytes[2..4].copy_from_slice(&flags.to_be_bytes());
        bytes[6..8].copy_from_slice(&u16::try_from(records.len()).unwrap().to_be_bytes());
        for (kind, data) in records {
            // The name of the question, 12 bytes from the beginning.
            bytes.extend_from_slice(&[0xc0, 12]);
            bytes.extend_from_slice(&kind.to_be_bytes());
            bytes.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
            bytes.extend_from_slice(&u16::try_from(data.len()).unwrap().to_be_bytes());
            bytes.extend_from_slice(data);
        }
        bytes
    }

    #[test]
    fn texts_are_read_and_other_records_passed() {
        let bytes = answered(7, 0x8180, &[(5, b"\x01a\xc0\x0c"), (TXT, b"\x03a=b"), (TXT, b"\x02v=\x011")]);
        assert_eq!(answer(7, NAME, &bytes).unwrap(), Said::Texts(vec!["a=b".into(), "v=1".into()]));
        assert_eq!(answer(7, "ACME.example", &bytes).unwrap(), Said::Texts(vec!["a=b".into(), "v=1".into()]));
        assert_eq!(answer(7, NAME, &answered(7, 0x8183, &[])).unwrap(), Said::Texts(Vec::new()), "no such name");
        assert_eq!(answer(7, NAME, &answered(7, 0x8380, &[])).unwrap(), Said::TooMuch);
    }

    #[test]
    fn what_answers_another_question_is_passed_over() {
        let bytes = answered(7, 0x8180, &[(TXT, b"\x03a=b")]);
        assert_eq!(answer(8, NAME, &bytes).unwrap(), Said::Other);
        assert_eq!(answer(7, "acme.example.org", &bytes).unwrap(), Said::Other);
        assert_eq!(answer(7, "example", &bytes).unwrap(), Said::Other);
        assert_eq!(answer(7, NAME, &question(7, NAME).unwrap()).unwrap(), Said::Other, "a question");
    }

    #[test]
    fn what_is_broken_is_refused_and_nothing_else_happens() {
        assert!(answer(7, NAME, &answered(7, 0x8182, &[])).is_err(), "the server failed");
        let whole = answered(7, 0x8180, &[(TXT, b"\x03a=b")]);
        for length in 4..whole.len() {
            assert!(answer(7, NAME, &whole[..length]).is_err(), "{length}");
        }
        assert!(answer(7, NAME, &answered(7, 0x8180, &[(TXT, b"\x09a=b")])).is_err(), "longer than its record");
        assert!(question(7, &"a".repeat(64)).is_err());
        assert!(question(7, "a..b").is_err());
    }
}
