//! What a form shows whose last post came too soon: work for the browser that spares the wait.

use auth::{Challenge, ErrorCode};
use leptos::prelude::*;

use crate::error::AppError;
use crate::island::ProofOfWork;
use crate::server;
use crate::text::t;

/// The work, when the form was refused for too many tries.
pub(super) fn work_after(refusal: Option<&AppError>) -> Option<Challenge> {
    refusal.filter(|refusal| refusal.code() == ErrorCode::TooManyAttempts)?;
    Some(server::auth().limits().challenge(&server::context().address))
}

/// The work inside the form. Without a script its words say what else leads in.
#[component]
pub(super) fn Work(#[prop(optional_no_strip)] challenge: Option<Challenge>) -> impl IntoView {
    challenge.map(|challenge| {
        view! {
            <ProofOfWork challenge working=t("ui.work_working") done=t("ui.work_done")/>
            <noscript><p class="hint">{t("ui.work_without_script")}</p></noscript>
        }
    })
}
