//! The API for people: every operation of the OpenAPI document, as a plain page without script.

use leptos::prelude::*;
use serde_json::Value;

use super::plain::plain_page;
use crate::TOKEN_DECODER;
use crate::server::Preferences;
use crate::site_files::SiteFile;
use crate::text::t;

/// The page `/api/docs` as HTML.
pub fn api_docs(document: &Value, style: &SiteFile, preferences: Preferences) -> String {
    plain_page(style, preferences, "page.api_docs.title", "page.api_docs.purpose", || {
        let operations = operations(document).map(|(path, method, operation)| {
            let rows = operation["responses"].as_object().into_iter().flatten().map(|(status, response)| {
                let about = prose(&response["description"]);
                view! { <div><dt><code>{status.clone()}</code></dt><dd>{about}</dd></div> }
            });
            view! {
                <section class="card">
                    <h2><code>{method.to_uppercase()}" "{path.clone()}</code></h2>
                    <p>{prose(&operation["description"])}{prose(&operation["summary"])}</p>
                    {request_shape(document, operation).map(|shape| view! { <pre class="inbox-text" tabindex="0">{shape}</pre> })}
                    <dl class="facts">{rows.collect_view()}</dl>
                </section>
            }
        });
        view! {
            <p><a href="/api/v1/openapi.json">{t("page.api_docs.document")}</a></p>
            <p><a href=TOKEN_DECODER>{t("page.token_decoder.title")}</a></p>
            {operations.collect_view()}
        }
        .into_any()
    })
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    document["paths"].as_object().into_iter().flatten().flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
    })
}

/// The members of a request body, one a line.
fn request_shape(document: &Value, operation: &Value) -> Option<String> {
    let reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
    let schema = document.pointer(reference.trim_start_matches('#'))?;
    let members = schema["properties"].as_object()?.iter().map(|(name, member)| {
        format!("{name}: {}  {}", text(&member["type"]), text(&member["description"]).replace('`', ""))
    });
    Some(members.collect::<Vec<_>>().join("\n"))
}

/// A description as people read it. Of Markdown it has `code` between backticks and nothing else.
fn prose(value: &Value) -> AnyView {
    let description = text(value);
    let parts = description.split('`').enumerate().map(|(at, part)| {
        let part = part.to_owned();
        // Every second part stands between two backticks.
        if at % 2 == 1 { view! { <code class="code">{part}</code> }.into_any() } else { part.into_any() }
    });
    parts.collect_view().into_any()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
