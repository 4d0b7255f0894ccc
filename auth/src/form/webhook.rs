//! What somebody sends who makes or changes a webhook. Its address is judged by the engine, which asks what its name
//! leads to.

use serde::Deserialize;

use crate::FieldIssue;
use crate::webhook::WebhookKinds;

/// A webhook that is wanted, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewWebhookForm {
    /// Where it is called.
    #[serde(default)]
    pub url: String,
    /// The kinds of events it is told of.
    #[serde(default)]
    pub kinds: Vec<String>,
}

impl NewWebhookForm {
    /// The kinds.
    ///
    /// # Errors
    /// Those of [`WebhookKinds::parse`].
    pub fn kinds(&self) -> Result<WebhookKinds, FieldIssue> {
        WebhookKinds::parse(&self.kinds)
    }
}

/// What of a webhook is to change, as sent. What is not named stays.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookChangeForm {
    /// Where it is called.
    pub url: Option<String>,
    /// The kinds of events it is told of.
    pub kinds: Option<Vec<String>>,
    /// Whether it is told anything.
    pub enabled: Option<bool>,
}

impl WebhookChangeForm {
    /// The kinds, where they are to change.
    pub fn kinds(&self) -> Option<Result<WebhookKinds, FieldIssue>> {
        self.kinds.as_deref().map(WebhookKinds::parse)
    }
}
