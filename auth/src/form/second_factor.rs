//! What somebody sends for the second half of a sign-in.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::refusal;
use crate::factor::FactorProof;
use crate::{FactorMethod, Field, FieldIssue, Refusal};

/// Longest ticket that is looked at, in bytes; ours have 43.
const LONGEST_TICKET: usize = 100;

/// A proof of a second factor with the ticket of its sign-in, as sent by a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorForm {
    /// The ticket that the sign-in gave.
    #[serde(default)]
    pub ticket: SecretString,
    /// The kind of factor.
    #[serde(default)]
    pub method: String,
    /// A code; of every kind but a passkey.
    #[serde(default)]
    pub code: String,
    /// What the options of the passkey came with.
    #[serde(default)]
    pub ceremony: SecretString,
    /// The answer of the passkey (`PublicKeyCredential.toJSON()`).
    #[serde(default)]
    pub credential: Option<Value>,
    /// Whether the factor is not asked for in this browser for 30 days.
    #[serde(default)]
    pub trust_device: bool,
}

impl SecondFactorForm {
    /// Parses all fields: the ticket, the proof, and whether to trust the browser.
    ///
    /// # Errors
    /// One [`Refusal`] that names the field at fault; [`crate::ErrorCode::PasskeyRefused`] when half of the answer of
    /// a passkey is missing.
    pub fn parse(self) -> Result<(SecretString, FactorProof, bool), Refusal> {
        let ticket = ticket(self.ticket)?;
        let proof = FactorProof::parse(&self.method, &self.code, self.ceremony, self.credential)?;
        Ok((ticket, proof, self.trust_device))
    }
}

/// The wish for a code, as sent by a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendCodeForm {
    /// The ticket that the sign-in gave.
    #[serde(default)]
    pub ticket: SecretString,
    /// How the code is sent.
    #[serde(default)]
    pub method: String,
}

impl SendCodeForm {
    /// Parses both fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names the field at fault.
    pub fn parse(self) -> Result<(SecretString, FactorMethod), Refusal> {
        let issue = if self.method.is_empty() { FieldIssue::Required } else { FieldIssue::Unknown };
        let ticket = ticket(self.ticket)?;
        let method = FactorMethod::parse(&self.method);
        Ok((ticket, method.ok_or_else(|| refusal([(Field::Method, Some(issue))]))?))
    }
}

/// A ticket alone, as sent by a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketForm {
    /// The ticket that the sign-in gave.
    #[serde(default)]
    pub ticket: SecretString,
}

impl TicketForm {
    /// The ticket; that of the browser's cookie when none was sent.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(self, cookie: Option<SecretString>) -> Result<SecretString, Refusal> {
        let is_sent = !self.ticket.expose_secret().is_empty();
        ticket(cookie.filter(|_| !is_sent).unwrap_or(self.ticket))
    }
}

fn ticket(ticket: SecretString) -> Result<SecretString, Refusal> {
    match ticket.expose_secret().len() {
        0 => Err(refusal([(Field::Ticket, Some(FieldIssue::Required))])),
        1..=LONGEST_TICKET => Ok(ticket),
        _ => Err(refusal([(Field::Ticket, Some(FieldIssue::TooLong))])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_that_is_sent_counts_before_the_cookie() {
        let parse = |ticket: &str, cookie: Option<&str>| {
            let parsed = TicketForm { ticket: ticket.into() }.parse(cookie.map(SecretString::from));
            parsed.map(|ticket| ticket.expose_secret().to_owned())
        };
        assert_eq!(parse("sent", Some("kept")).ok().unwrap(), "sent");
        assert_eq!(parse("", Some("kept")).ok().unwrap(), "kept");
        assert_eq!(parse("", None).err().unwrap().issue(Field::Ticket), Some(FieldIssue::Required));
        assert_eq!(parse(&"x".repeat(101), None).err().unwrap().issue(Field::Ticket), Some(FieldIssue::TooLong));
    }

    #[test]
    fn every_field_is_needed() {
        let form = |json: &str| serde_json::from_str::<SecondFactorForm>(json).unwrap().parse().err().unwrap();
        assert_eq!(form(r#"{"method":"totp","code":"123456"}"#).issue(Field::Ticket), Some(FieldIssue::Required));
        assert_eq!(form(r#"{"ticket":"t","code":"123456"}"#).issue(Field::Method), Some(FieldIssue::Required));
        assert_eq!(form(r#"{"ticket":"t","method":"totp"}"#).issue(Field::Code), Some(FieldIssue::Required));
        for bad in [r#"{"code":null}"#, r#"{"code":123456}"#, r#"{"code":["123456"]}"#, r#"{"other":""}"#] {
            assert!(serde_json::from_str::<SecondFactorForm>(bad).is_err(), "{bad}");
        }
    }
}
