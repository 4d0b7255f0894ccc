//! Decoding a pasted token in the browser. Nothing is sent: there is no form, no name on the field, and
//! no call behind it.

use auth::token_text::{Finding, KnownName, Member, Object, Part, TokenText};
use leptos::html::Textarea;
use leptos::prelude::*;

use super::token_parts::{Claims, DrawnPart, TokenParts};
use crate::browser;
use crate::text::{t, t_with};
use crate::ui::Icon;

/// The field, and below it what was pasted there says.
#[island]
pub fn TokenDecoder() -> impl IntoView {
    let token = RwSignal::new(None::<TokenText>);
    let read = move |pasted: String| token.set(TokenText::read(&pasted, browser::now()));
    let field = NodeRef::<Textarea>::new();
    // What was pasted before the script arrived, or came back with the page.
    field.on_load(move |field| read(field.value()));
    view! {
        <div class="token-decoder">
            <section class="card">
                <div class="field">
                    <div class="field-head"><label for="token">{t("page.token_decoder.label")}</label></div>
                    // Not spelled, corrected or translated: some browsers ask a service for that.
                    <textarea
                        class="input token-input" id="token" rows="6" autocomplete="off" autocapitalize="none"
                        spellcheck="false" translate="no" aria-describedby="token-hint" node_ref=field
                        on:input:target=move |event| read(event.target().value())
                    ></textarea>
                    <p class="hint" id="token-hint">{t("page.token_decoder.hint")}</p>
                </div>
                <div role="status">{move || token.with(|token| token.as_ref().map(findings))}</div>
            </section>
            {move || token.with(|token| token.as_ref().and_then(decoded))}
        </div>
    }
}

/// What is wrong or worth knowing, one notice each.
fn findings(token: &TokenText) -> AnyView {
    if token.findings.is_empty() {
        return view! {
            <p class="notice notice-ok"><Icon name="check"/><span>{t("page.token_decoder.fine")}</span></p>
        }
        .into_any();
    }
    let found = token.findings.iter().map(|finding| {
        let class = if finding.kind.is_fatal() { "notice notice-danger" } else { "notice notice-warn" };
        view! { <li class=class><Icon name="alert"/><span>{sentence(finding)}</span></li> }
    });
    view! { <ul class="token-findings">{found.collect_view()}</ul> }.into_any()
}

fn sentence(finding: &Finding) -> String {
    let part = match finding.part {
        Part::Header => t("page.token_decoder.part_header"),
        Part::Payload => t("page.token_decoder.part_payload"),
        Part::Signature => t("page.token_decoder.part_signature"),
    };
    t_with(&finding.kind.key(), &[("part", &part), ("detail", &finding.detail)])
}

/// The token taken apart; none for what has no three parts.
fn decoded(token: &TokenText) -> Option<AnyView> {
    let [header, payload, signature] = token.encoded.clone()?;
    let pretty = |object: Option<&Object>| object.map(|object| object.pretty.clone());
    let parts = vec![
        DrawnPart { part: Part::Header, text: header, json: pretty(token.header.as_ref()) },
        DrawnPart { part: Part::Payload, text: payload, json: pretty(token.payload.as_ref()) },
        DrawnPart { part: Part::Signature, text: signature, json: None },
    ];
    let says = [
        (Part::Header, t("page.token_decoder.header_says"), &token.header),
        (Part::Payload, t("page.token_decoder.payload_says"), &token.payload),
    ];
    let says = says.map(|(part, title, object)| {
        object.as_ref().map(|object| {
            let members = object.members.clone();
            view! { <section class="card"><h2>{title}</h2><Claims part members beside/></section> }
        })
    });
    let drawn = view! {
        <section class="card">
            <h2>{t("page.token_decoder.parts")}</h2>
            <TokenParts parts/>
        </section>
        {says.into_iter().collect_view()}
    };
    Some(drawn.into_any())
}

/// A moment as the clock of this browser shows it.
fn beside(member: &Member, known: Option<&KnownName>) -> Option<AnyView> {
    let seconds = known.filter(|known| known.is_time()).and_then(|_| member.seconds())?;
    let words = browser::local_time(seconds)?;
    Some(view! { <span>{words}</span> }.into_any())
}
