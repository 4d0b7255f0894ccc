//! The logo in the settings: it is shown, sent as a file, and removed.

use auth::avatar::MEDIA_TYPES;
use auth::view::OrganizationView;
use auth::{Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::target::Target;
use crate::error::AppError;
use crate::island::{Field, PostForm, Rules};
use crate::server;
use crate::text::t;
use crate::ui::{Logo, Submit};

/// Where the form with the file is posted to. No server function, because those read no files: the
/// handler is in `server/src/avatar/change_logo.rs`.
pub const CHANGE_LOGO: &str = "/rpc/change_logo";

/// Removes the logo.
///
/// # Errors
/// Nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "remove_logo")]
pub async fn remove_logo(#[server(default)] organization: String) -> Result<(), AppError> {
    let target = Target::of(&organization).await?;
    flow::remove_logo(&target.auth, &target.caller, &target.id, &target.context).await?;
    server::see_other(&target.page("/settings?note=logo_removed"));
    Ok(())
}

/// The card of the logo. `refusal` is what the last file met, `not_removed` the last removal.
#[component]
pub(super) fn LogoCard(
    organization: OrganizationView,
    refusal: Option<AppError>,
    not_removed: Option<AppError>,
) -> impl IntoView {
    let slug = organization.slug.to_string();
    let (state, remove) = if organization.logo.is_some() {
        let slug = slug.clone();
        let remove = view! {
            <PostForm action=RemoveLogo::PATH refusal=not_removed class="">
                <input type="hidden" name="organization" value=slug/>
                <button type="submit" class="button button-secondary button-small">
                    {t("page.organization_settings.logo_remove")}
                </button>
            </PostForm>
        };
        (t("page.organization_settings.logo_there"), Some(remove))
    } else {
        (t("page.organization_settings.logo_none"), None)
    };
    view! {
        <section class="card">
            <h2>{t("ui.logo")}</h2>
            <div class="picture">
                <Logo organization class="logo logo-large"/>
                <p class="muted">{state}</p>
                {remove}
            </div>
            <PostForm
                action=CHANGE_LOGO refusal rules=Rules::Logo enctype="multipart/form-data" class="form account-form"
            >
                <input type="hidden" name="organization" value=slug/>
                <Field
                    field=Name::Logo label=t("ui.logo") kind="file" class="input input-file" autocomplete="off"
                    accept=MEDIA_TYPES.join(",") hint=t("page.profile.picture_hint")
                />
                <Submit label=t("page.organization_settings.logo_upload")/>
            </PostForm>
        </section>
    }
    .into_any()
}
