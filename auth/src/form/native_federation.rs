//! What a native app sends to sign somebody in with a provider (RFC 8252, with PKCE, RFC 7636).

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{FederatedSignUp, FederatedSignUpForm, TicketForm, refusal};
use crate::flow::NativeStart;
use crate::{Field, FieldIssue, ProviderId, Refusal};

/// SHA-256 in base64url.
const CHALLENGE_LENGTH: usize = 43;
/// Longest `state` of an app, in bytes.
const LONGEST_STATE: usize = 512;
/// Longest address to go back to, and longest code that is looked at, in bytes.
const LONGEST_ADDRESS: usize = 2000;
const LONGEST_CODE: usize = 100;

/// The beginning, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartProviderForm {
    /// Where the browser goes in the end.
    #[serde(default)]
    pub redirect_uri: String,
    /// SHA-256 of the verifier in base64url.
    #[serde(default)]
    pub code_challenge: String,
    /// Only `S256`.
    #[serde(default)]
    pub code_challenge_method: String,
    /// What the app wants to see again.
    #[serde(default)]
    pub state: Option<String>,
}

impl StartProviderForm {
    /// Parses all fields. Whether an app may be sent to the address is known by the settings.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self, provider: ProviderId) -> Result<NativeStart, Refusal> {
        let Self { redirect_uri, code_challenge, code_challenge_method, state } = self;
        let fields = [
            (Field::RedirectUri, issue_of_length(&redirect_uri, LONGEST_ADDRESS)),
            (Field::CodeChallenge, issue_of_challenge(&code_challenge)),
            (Field::CodeChallengeMethod, issue_of_method(&code_challenge_method)),
            (Field::State, state.as_deref().and_then(issue_of_state)),
        ];
        if fields.iter().any(|(_, issue)| issue.is_some()) {
            return Err(refusal(fields));
        }
        Ok(NativeStart { provider, redirect_uri, code_challenge, state })
    }
}

/// The end, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishProviderForm {
    /// What came back to the app.
    #[serde(default)]
    pub code: SecretString,
    /// What the challenge was made of.
    #[serde(default)]
    pub code_verifier: SecretString,
}

impl FinishProviderForm {
    /// Gives code and verifier. The verifier is judged where the code is taken: a wrong one, or none, burns it.
    ///
    /// # Errors
    /// One [`Refusal`] that names the code.
    pub fn parse(self) -> Result<(SecretString, SecretString), Refusal> {
        match issue_of_length(self.code.expose_secret(), LONGEST_CODE) {
            None => Ok((self.code, self.code_verifier)),
            issue => Err(refusal([(Field::Code, issue)])),
        }
    }
}

/// The sign-up of somebody whose provider proves no address, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSignUpForm {
    /// What the end gave.
    #[serde(default)]
    pub ticket: SecretString,
    /// The address to prove.
    #[serde(default)]
    pub email: String,
    /// What the person wants to be called.
    #[serde(default)]
    pub name: String,
}

impl ProviderSignUpForm {
    /// Parses all fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names the ticket, or every other field at fault.
    pub fn parse(self) -> Result<(SecretString, FederatedSignUp), Refusal> {
        let ticket = TicketForm { ticket: self.ticket }.parse(None)?;
        let sign_up = FederatedSignUpForm { email: self.email, name: self.name }.parse()?;
        Ok((ticket, sign_up))
    }
}

fn issue_of_length(text: &str, longest: usize) -> Option<FieldIssue> {
    match text.len() {
        0 => Some(FieldIssue::Required),
        length if length > longest => Some(FieldIssue::TooLong),
        _ => None,
    }
}

fn issue_of_challenge(challenge: &str) -> Option<FieldIssue> {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match challenge.len() {
        0 => Some(FieldIssue::Required),
        length if length < CHALLENGE_LENGTH => Some(FieldIssue::TooShort),
        length if length > CHALLENGE_LENGTH => Some(FieldIssue::TooLong),
        _ => (!challenge.bytes().all(is_base64url)).then_some(FieldIssue::InvalidCharacter),
    }
}

fn issue_of_method(method: &str) -> Option<FieldIssue> {
    match method {
        "S256" => None,
        "" => Some(FieldIssue::Required),
        _ => Some(FieldIssue::Unknown),
    }
}

/// Visible characters and blanks (RFC 6749, appendix A.5).
fn issue_of_state(state: &str) -> Option<FieldIssue> {
    if state.len() > LONGEST_STATE {
        return Some(FieldIssue::TooLong);
    }
    (!state.bytes().all(|byte| (0x20..0x7f).contains(&byte))).then_some(FieldIssue::InvalidCharacter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn form(challenge: &str, method: &str, state: Option<&str>) -> Result<NativeStart, Refusal> {
        let form = StartProviderForm {
            redirect_uri: "http://127.0.0.1/".into(),
            code_challenge: challenge.into(),
            code_challenge_method: method.into(),
            state: state.map(str::to_owned),
        };
        form.parse(ProviderId::parse("google").unwrap())
    }

    #[test]
    fn a_challenge_is_a_digest_and_nothing_else() {
        assert_eq!(form(CHALLENGE, "S256", Some("a b~")).ok().unwrap().code_challenge, CHALLENGE);
        let padded = format!("{CHALLENGE}=");
        let plus = CHALLENGE.replace('-', "+");
        for (bad, issue) in [
            ("", FieldIssue::Required),
            (&CHALLENGE[1..], FieldIssue::TooShort),
            (&*padded, FieldIssue::TooLong),
            (&*plus, FieldIssue::InvalidCharacter),
        ] {
            let refusal = form(bad, "S256", None).err().unwrap();
            assert_eq!(refusal.fields, [(Field::CodeChallenge, issue)], "{bad}");
        }
    }

    #[test]
    fn only_s256_is_a_method_and_a_state_is_text() {
        for (method, issue) in
            [("", FieldIssue::Required), ("plain", FieldIssue::Unknown), ("s256", FieldIssue::Unknown)]
        {
            let refusal = form(CHALLENGE, method, None).err().unwrap();
            assert_eq!(refusal.fields, [(Field::CodeChallengeMethod, issue)], "{method}");
        }
        let long = "x".repeat(513);
        for (state, issue) in [
            (&*long, FieldIssue::TooLong),
            ("a\r\nb", FieldIssue::InvalidCharacter),
            ("\u{e4}", FieldIssue::InvalidCharacter),
        ] {
            let refusal = form(CHALLENGE, "S256", Some(state)).err().unwrap();
            assert_eq!(refusal.fields, [(Field::State, issue)], "{state}");
        }
    }

    #[test]
    fn every_field_at_fault_is_named_at_once() {
        let nothing: StartProviderForm = serde_json::from_str("{}").unwrap();
        let refusal = nothing.parse(ProviderId::parse("google").unwrap()).err().unwrap();
        for field in [Field::RedirectUri, Field::CodeChallenge, Field::CodeChallengeMethod] {
            assert_eq!(refusal.issue(field), Some(FieldIssue::Required), "{field:?}");
        }
        assert_eq!(refusal.issue(Field::State), None);
    }

    #[test]
    fn a_missing_verifier_is_not_refused_here() {
        let form = |json: &str| serde_json::from_str::<FinishProviderForm>(json).unwrap().parse();
        assert!(form(r#"{"code":"c"}"#).is_ok());
        assert_eq!(form(r#"{"code_verifier":"v"}"#).err().unwrap().fields, [(Field::Code, FieldIssue::Required)]);
    }
}
