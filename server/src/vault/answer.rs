//! What a vault answers, as far as it is read: JSON objects of its HTTP API.

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

use super::Secrets;

/// The answer of a login and of a renewal: `{"auth":{…}}`.
#[derive(Deserialize)]
pub(super) struct Authenticated {
    pub(super) auth: Granted,
}

/// A token and how long it lives.
#[derive(Deserialize)]
pub(super) struct Granted {
    pub(super) client_token: SecretString,
    /// Seconds; 0 for one that never ends.
    pub(super) lease_duration: u32,
    #[serde(default)]
    pub(super) renewable: bool,
}

/// The answer of a KV store of version 2: `{"data":{"data":{…},"metadata":{…}}}`.
#[derive(Deserialize)]
pub(super) struct Answered {
    pub(super) data: Kept,
}

/// A secret, in one of its versions.
#[derive(Deserialize)]
pub(super) struct Kept {
    data: BTreeMap<String, Value>,
    pub(super) metadata: Metadata,
}

/// What is known of a version.
#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) version: u64,
}

impl Kept {
    /// Its fields as settings: texts, numbers and switches.
    ///
    /// # Errors
    /// When a field is something else. Neither its name nor its value is told.
    pub(super) fn secrets(self) -> Result<Secrets, &'static str> {
        let text = |value: Value| match value {
            Value::String(text) => Ok(SecretString::from(text)),
            Value::Number(number) => Ok(SecretString::from(number.to_string())),
            Value::Bool(switch) => Ok(SecretString::from(if switch { "on" } else { "off" })),
            Value::Null | Value::Array(_) | Value::Object(_) => Err("each field must be a text, a number or a switch"),
        };
        self.data.into_iter().map(|(name, value)| Ok((name, text(value)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;
    use serde_json::json;

    fn kept(data: &Value) -> Result<Secrets, &'static str> {
        let answer = json!({"data": {"data": data, "metadata": {"version": 3, "destroyed": false}}, "auth": null});
        serde_json::from_value::<Answered>(answer).unwrap().data.secrets()
    }

    #[test]
    fn fields_are_settings() {
        let secrets = kept(&json!({"master_key": "hunter2", "sms_per_minute": 7, "limits": true})).unwrap();
        let told: Vec<_> = secrets.iter().map(|(name, value)| (name.as_str(), value.expose_secret())).collect();
        assert_eq!(told, [("limits", "on"), ("master_key", "hunter2"), ("sms_per_minute", "7")]);
        for bad in [json!({"master_key": null}), json!({"master_key": ["hunter2"]}), json!({"a": {"b": "hunter2"}})] {
            assert!(kept(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_not_of_this_form_is_no_answer() {
        for bad in
            [json!({"data": {"master_key": "hunter2"}}), json!({"data": {"data": null, "metadata": {"version": 1}}})]
        {
            assert!(serde_json::from_value::<Answered>(bad).is_err());
        }
        assert!(serde_json::from_value::<Authenticated>(json!({"auth": null})).is_err());
        assert!(
            serde_json::from_value::<Authenticated>(json!({"auth": {"client_token": "t", "lease_duration": -1}}))
                .is_err()
        );
    }
}
