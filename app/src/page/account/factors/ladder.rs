//! "If you lose your phone": what happens then in a sentence, the ladder as a picture and in words, and the one step
//! that would help most.

use auth::factor::{Footing, Ladder, LadderRung, NextStep, Rescue, Rung};
use auth::view::FactorsOverview;
use leptos::prelude::*;

use super::picture::LadderPicture;
use crate::text::{t, t_with};

#[component]
pub(super) fn PhoneLost(overview: FactorsOverview) -> impl IntoView {
    let ladder = Ladder::of(&overview);
    let rungs = ladder.rungs.iter().map(|rung| {
        let class = footing_class(rung.footing);
        view! { <li><strong>{rung_words(rung.rung)}</strong>" "<span class=class>{footing_words(rung.footing)}</span></li> }
    });
    view! {
        <section class="card" id="phone-lost">
            <h2>{t("page.ladder.title")}</h2>
            <p class="ladder-outcome">{rescue_words(ladder.rescue, overview.recovery_codes_left)}</p>
            <div class="ladder">
                <LadderPicture rungs=ladder.rungs.clone()/>
                <ol class="ladder-words">{rungs.collect_view()}</ol>
            </div>
            {next_step(ladder.next)}
        </section>
    }
}

/// What happens, in a sentence.
fn rescue_words(rescue: Rescue, codes: u32) -> String {
    match rescue {
        Rescue::NoFactor => t("page.ladder.no_factor"),
        Rescue::Passkey => t("page.ladder.by_passkey"),
        Rescue::RecoveryCode if codes == 1 => t("page.ladder.by_code_one"),
        Rescue::RecoveryCode => t_with("page.ladder.by_code", &[("count", &codes.to_string())]),
        Rescue::EmailCode => t("page.ladder.by_mail_code"),
        Rescue::Wait => t("page.ladder.by_waiting"),
    }
}

/// The one next step, as a button; without one a sentence.
fn next_step(next: NextStep) -> AnyView {
    let (why, words, path) = match next {
        NextStep::AddPasskey => ("page.ladder.why_passkey", "page.ladder.add_passkey", "/account/passkeys"),
        NextStep::AddAnotherPasskey => ("page.ladder.why_another", "page.ladder.add_another", "/account/passkeys"),
        NextStep::AddAuthenticator => {
            ("page.ladder.why_authenticator", "page.ladder.add_authenticator", "/account/authenticator")
        }
        NextStep::MakeRecoveryCodes => ("page.ladder.why_codes", "page.ladder.make_codes", "/account/recovery-codes"),
        NextStep::Nothing => return view! { <p class="muted">{t("page.ladder.nothing")}</p> }.into_any(),
    };
    view! {
        <p>{t(why)}</p>
        <div class="actions"><a class="button button-primary" href=path>{t(words)}</a></div>
    }
    .into_any()
}

/// What a rung is.
fn rung_words(rung: Rung) -> String {
    t(match rung {
        Rung::AnotherPasskey => "page.ladder.rung_passkey",
        Rung::RecoveryCode => "page.ladder.rung_code",
        Rung::Authenticator => "page.ladder.rung_authenticator",
        Rung::SmsCode => "page.ladder.rung_sms",
        Rung::EmailCode => "page.ladder.rung_mail_code",
        Rung::Mail => "page.ladder.rung_mail",
    })
}

/// The same in few words, beside the picture.
pub(super) fn rung_short(rung: Rung) -> String {
    t(match rung {
        Rung::AnotherPasskey => "page.ladder.short_passkey",
        Rung::RecoveryCode => "page.ladder.short_code",
        Rung::Authenticator => "page.ladder.short_authenticator",
        Rung::SmsCode => "page.ladder.short_sms",
        Rung::EmailCode => "page.ladder.short_mail_code",
        Rung::Mail => "page.ladder.short_mail",
    })
}

/// Whether it bears.
fn footing_words(footing: Footing) -> String {
    t(match footing {
        Footing::Holds => "page.ladder.holds",
        Footing::Gone => "page.ladder.gone",
        Footing::Missing => "page.ladder.missing",
    })
}

const fn footing_class(footing: Footing) -> &'static str {
    match footing {
        Footing::Holds => "badge badge-ok",
        Footing::Gone => "badge badge-warn",
        Footing::Missing => "badge",
    }
}

/// The whole ladder in sentences, for who does not see the picture.
pub(super) fn describe(rungs: &[LadderRung]) -> String {
    let sentences = rungs.iter().map(|rung| {
        let (name, state) = (rung_words(rung.rung), footing_words(rung.footing));
        t_with("page.ladder.described", &[("rung", &name), ("state", &state)])
    });
    sentences.collect::<Vec<_>>().join(" ")
}
