//! The picture of the profile: it is shown, sent as a file, and removed.

use auth::avatar::MEDIA_TYPES;
use auth::view::Me;
use auth::{Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::error::AppError;
use crate::island::{Field, PostForm, Rules};
use crate::server;
use crate::text::t;
use crate::ui::{Avatar, Submit};

/// Where the form with the file is posted to. No server function, because those read no files: the
/// handler is in `server/src/avatar/change.rs`.
pub const CHANGE_AVATAR: &str = "/rpc/change_avatar";

/// Removes the picture of the signed-in person.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "remove_avatar")]
pub async fn remove_avatar() -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::remove_avatar(&auth, &caller, &context).await?;
    server::see_other("/account?note=picture_removed");
    Ok(())
}

/// The card of the picture. `refusal` is what the last file met, `not_removed` the last removal.
#[component]
pub(super) fn Picture(me: Me, refusal: Option<AppError>, not_removed: Option<AppError>) -> impl IntoView {
    let (state, remove) = if me.avatar.is_some() {
        let remove = view! {
            <PostForm action=RemoveAvatar::PATH refusal=not_removed class="">
                <button type="submit" class="button button-secondary button-small">{t("page.profile.picture_remove")}</button>
            </PostForm>
        };
        (t("page.profile.picture_there"), Some(remove))
    } else {
        (t("page.profile.picture_none"), None)
    };
    view! {
        <section class="card">
            <h2>{t("page.profile.picture")}</h2>
            <div class="picture">
                <Avatar me class="avatar avatar-large"/>
                <p class="muted">{state}</p>
                {remove}
            </div>
            <PostForm
                action=CHANGE_AVATAR refusal rules=Rules::Picture enctype="multipart/form-data" class="form account-form"
            >
                <Field
                    field=Name::Avatar label=t("ui.avatar") kind="file" class="input input-file" autocomplete="off"
                    accept=MEDIA_TYPES.join(",") hint=t("page.profile.picture_hint")
                />
                <Submit label=t("page.profile.picture_upload")/>
            </PostForm>
        </section>
    }
    .into_any()
}
