//! The access token of the session: its three parts and every name in them. The token itself is not here:
//! it never stands in HTML.

use auth::Timestamp;
use auth::token_text::{KnownName, Member, Object, Part, Unsigned};
use leptos::prelude::*;

use crate::TOKEN_DECODER;
use crate::island::{Claims, DrawnPart, TokenParts};
use crate::text::{t, t_with};
use crate::ui::Moment;

/// Seconds of the year 9999: no calendar of ours goes further.
const LAST: i64 = 253_402_300_799;

/// What an access token says, and what that means.
#[component]
pub(super) fn TokenCard(token: Unsigned, is_of_sign_in: bool) -> impl IntoView {
    let text = if is_of_sign_in {
        t("page.what_just_happened.token_text")
    } else {
        t("page.what_just_happened.token_text_anew")
    };
    let (header, payload) = (Object::parse(&token.header).ok(), Object::parse(&token.payload).ok());
    let pretty = |object: Option<&Object>| object.map(|object| object.pretty.clone());
    let parts = vec![
        DrawnPart { part: Part::Header, text: length(encoded(&token.header)), json: pretty(header.as_ref()) },
        DrawnPart { part: Part::Payload, text: length(encoded(&token.payload)), json: pretty(payload.as_ref()) },
        DrawnPart { part: Part::Signature, text: length(token.signature_length), json: None },
    ];
    let members = |object: Option<Object>| object.map(|object| object.members).unwrap_or_default();
    let (header, payload) = (members(header), members(payload));
    view! {
        <section class="card">
            <h2>{t("page.what_just_happened.token")}</h2>
            <p>{text}</p>
            <TokenParts parts/>
            <h3>{t("page.token_decoder.header_says")}</h3>
            <Claims part=Part::Header members=header beside/>
            <h3>{t("page.token_decoder.payload_says")}</h3>
            <Claims part=Part::Payload members=payload beside/>
            <p><a class="quiet-link" href=TOKEN_DECODER>{t("page.token_decoder.link")}</a></p>
        </section>
    }
}

/// Characters of a text in base64url without padding.
fn encoded(text: &str) -> usize {
    (text.len() * 4).div_ceil(3)
}

fn length(characters: usize) -> String {
    t_with("page.what_just_happened.characters", &[("count", &characters.to_string())])
}

/// A moment as the reader's clocks show it; and where the key of a `kid` can be looked up.
fn beside(member: &Member, known: Option<&KnownName>) -> Option<AnyView> {
    let known = known?;
    if known.name == "kid" {
        let keys = view! { <a href="/.well-known/jwks.json">{t("page.what_just_happened.keys")}</a> };
        return Some(keys.into_any());
    }
    let seconds = member.seconds().filter(|seconds| known.is_time() && (0..=LAST).contains(seconds))?;
    Some(view! { <Moment at=Timestamp(seconds * 1000) with_time=true/> }.into_any())
}
