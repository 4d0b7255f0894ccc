//! One row: what it says, and whether that can be an account.

use auth::flow::ImportedUser;
use auth::password::imported_hash::HashText;
use auth::{Email, FieldIssue, Locale, PersonName, Timestamp};
use serde::{Deserialize, Deserializer};
use std::fmt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The columns there are.
pub const COLUMNS: [&str; 5] = ["email", "name", "password_hash", "locale", "created_at"];

/// A row as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRow {
    email: Option<String>,
    name: Option<String>,
    password_hash: Option<String>,
    locale: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    created_at: Option<String>,
}

/// Why a row is refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The column; none when it is the whole row.
    pub field: Option<&'static str>,
    /// What is wrong.
    pub reason: String,
}

impl Fault {
    /// A fault of one column.
    pub fn of(field: &'static str, reason: impl Into<String>) -> Self {
        Self { field: Some(field), reason: reason.into() }
    }

    /// A fault of the whole row.
    pub fn of_row(reason: impl Into<String>) -> Self {
        Self { field: None, reason: reason.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            Some(field) => write!(f, "{field}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl RawRow {
    /// The place of a column; none when there is no such column.
    pub fn field(&mut self, column: &str) -> Option<&mut Option<String>> {
        match column {
            "email" => Some(&mut self.email),
            "name" => Some(&mut self.name),
            "password_hash" => Some(&mut self.password_hash),
            "locale" => Some(&mut self.locale),
            "created_at" => Some(&mut self.created_at),
            _ => None,
        }
    }

    /// Judges the row; what is empty counts as missing. Without a name the part before the `@` is one.
    pub fn judge(self, now: Timestamp) -> Result<ImportedUser, Fault> {
        let email = Email::parse(&given(self.email).unwrap_or_default())
            .map_err(|issue| Fault::of("email", words(issue, "is not an address such as name@example.com")))?;
        let name = given(self.name);
        let name = PersonName::parse(name.as_deref().unwrap_or_else(|| email.local()))
            .map_err(|issue| Fault::of("name", words(issue, "is no name")))?;
        let password_hash = given(self.password_hash)
            .map(|text| HashText::parse(&text))
            .transpose()
            .map_err(|issue| Fault::of("password_hash", issue.to_string()))?;
        let locale = given(self.locale).map(|tag| Locale::from_tag(&tag).ok_or(tag)).transpose();
        let locale = locale.map_err(|tag| Fault::of("locale", format!("{tag:?} is none of {}", tags())))?;
        let created_at = given(self.created_at)
            .map(|text| moment(&text, now))
            .transpose()
            .map_err(|reason| Fault::of("created_at", reason))?;
        Ok(ImportedUser { email, name, locale: locale.unwrap_or_default(), password_hash, created_at })
    }
}

fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn words(issue: FieldIssue, otherwise: &'static str) -> &'static str {
    match issue {
        FieldIssue::Required => "is missing",
        FieldIssue::TooLong => "is too long",
        FieldIssue::InvalidCharacter => "has a character that cannot stand there",
        _ => otherwise,
    }
}

fn tags() -> String {
    Locale::ALL.map(Locale::tag).join(", ")
}

/// A moment of the past: RFC 3339, or seconds since 1970.
fn moment(text: &str, now: Timestamp) -> Result<Timestamp, &'static str> {
    let at = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse::<i64>().map_err(|_| "lies in the future")?;
        Timestamp(0).plus_seconds(seconds)
    } else {
        let at = OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|_| "is neither a moment such as 2020-01-31T09:30:00Z nor seconds since 1970")?;
        Timestamp(i64::from(at.millisecond())).plus_seconds(at.unix_timestamp())
    };
    if at > now {
        return Err("lies in the future");
    }
    if at < Timestamp(0) { Err("lies before 1970") } else { Ok(at) }
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Moment {
        Seconds(u64),
        Text(String),
    }
    Ok(Option::<Moment>::deserialize(deserializer)?.map(|moment| match moment {
        Moment::Seconds(seconds) => seconds.to_string(),
        Moment::Text(text) => text,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn judge(json: &str) -> Result<ImportedUser, Fault> {
        serde_json::from_str::<RawRow>(json).unwrap().judge(NOW)
    }

    fn fault(json: &str) -> String {
        judge(json).err().unwrap().to_string()
    }

    #[test]
    fn an_address_is_enough() {
        let user = judge(r#"{"email": " Alice.Doe@Example.COM ", "name": "", "password_hash": null}"#).unwrap();
        assert_eq!((user.email.as_str(), user.name.as_str()), ("alice.doe@example.com", "alice.doe"));
        assert!(user.password_hash.is_none() && user.created_at.is_none() && user.locale == Locale::En);
    }

    #[test]
    fn every_column_is_read() {
        let hash = "$2b$04$RSj4iLKbeDjrv./gsEEyI.Ss5DZwE9yfieaDXjDCG4WyugZ5.qiOa";
        let row = format!(r#"{{"email":"a@example.com","name":"Al","password_hash":"{hash}","locale":"fr-CA"}}"#);
        let user = judge(&row).unwrap();
        assert_eq!((user.name.as_str(), user.locale), ("Al", Locale::Fr));
        assert_eq!(user.password_hash.unwrap().as_str(), hash);
        for column in COLUMNS {
            assert!(RawRow::default().field(column).is_some(), "{column}");
        }
    }

    #[test]
    fn a_moment_is_text_or_a_number() {
        for written in
            ["1600000000", r#""1600000000""#, r#""2020-09-13T12:26:40Z""#, r#""2020-09-13 14:26:40.0+02:00""#]
        {
            let user = judge(&format!(r#"{{"email":"a@example.com","created_at":{written}}}"#)).unwrap();
            assert_eq!(user.created_at, Some(Timestamp(1_600_000_000_000)), "{written}");
        }
        for (written, reason) in [
            ("1800000001", "future"),
            ("1600000000000", "future"),
            ("99999999999999999999", "future"),
            ("1969-12-31T23:59:59Z", "before 1970"),
            ("2020-02-30T00:00:00Z", "neither"),
            ("yesterday", "neither"),
        ] {
            let told = fault(&format!(r#"{{"email":"a@example.com","created_at":"{written}"}}"#));
            assert!(told.starts_with("created_at: ") && told.contains(reason), "{told}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (row, told) in [
            ("{}", "email: is missing"),
            (r#"{"email":"alice"}"#, "email: is not an address such as name@example.com"),
            (r#"{"email":"a@example.com","name":"a\nb"}"#, "name: has a character that cannot stand there"),
            (r#"{"email":"a/b@example.com"}"#, "name: has a character that cannot stand there"),
            (r#"{"email":"a@example.com","locale":"de"}"#, "locale: \"de\" is none of en, fr"),
            (r#"{"email":"a@example.com","password_hash":"secret"}"#, "password_hash: no form of hash that is known"),
        ] {
            assert_eq!(fault(row), told);
        }
    }
}
