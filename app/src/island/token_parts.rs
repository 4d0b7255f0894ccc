//! A token drawn as its three parts, and what its names mean: for the island that decodes a pasted token,
//! and for the page that explains a sign-in.

use auth::token_text::{KnownName, Member, Part};
use leptos::prelude::*;

use crate::text::t;

/// A part as it is drawn.
pub struct DrawnPart {
    /// Which one.
    pub part: Part,
    /// How it stands in the token, or what is said instead.
    pub text: String,
    /// What it decodes to; none for a signature, and for what cannot be read.
    pub json: Option<String>,
}

/// What is to be seen beside a value: a moment in words, or a way on.
pub type Beside = fn(&Member, Option<&KnownName>) -> Option<AnyView>;

/// The three parts, each with a line to what it decodes to.
#[component]
pub fn TokenParts(parts: Vec<DrawnPart>) -> impl IntoView {
    let parts = parts.into_iter().map(|DrawnPart { part, text, json }| {
        let (class, title) = match part {
            Part::Header => ("token-part token-header", t("page.token_decoder.header_title")),
            Part::Payload => ("token-part token-payload", t("page.token_decoder.payload_title")),
            Part::Signature => ("token-part token-signature", t("page.token_decoder.signature_title")),
        };
        let said = match (json, part) {
            (Some(json), _) => view! { <pre class="token-json">{json}</pre> }.into_any(),
            (None, Part::Signature) => {
                view! { <p class="muted">{t("page.token_decoder.signature_text")}</p> }.into_any()
            }
            (None, _) => view! { <p class="muted">{t("page.token_decoder.unreadable")}</p> }.into_any(),
        };
        view! {
            <li class=class>
                <h3>{title}</h3>
                <p class="token-text">{text}</p>
                {said}
            </li>
        }
    });
    view! { <ol class="token-parts">{parts.collect_view()}</ol> }
}

/// What the names of a part mean, one after the other.
#[component]
pub fn Claims(part: Part, members: Vec<Member>, beside: Beside) -> impl IntoView {
    let rows = members.into_iter().map(|member| {
        let known = KnownName::of(part, &member.name);
        let (means, source) = match known {
            Some(known) => (t(&known.key()), known.source),
            None => (t("page.token_decoder.unknown"), ""),
        };
        let beside = beside(&member, known);
        view! {
            <div>
                <dt>{member.name}</dt>
                <dd>
                    <p class="claim-value"><code>{member.value}</code>{beside}</p>
                    <p>{means}" "<span class="muted">{source}</span></p>
                </dd>
            </div>
        }
    });
    view! { <dl class="claims">{rows.collect_view()}</dl> }
}
