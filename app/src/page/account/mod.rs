//! The account area: what a signed-in person sees of their own account, and changes there.

use auth::view::Me;
use auth::{Cursor, ErrorCode, FactorMethod, Page};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;
use crate::server;
use crate::text::t;
use crate::ui::{Notice, Tone};

mod activity;
mod authenticator;
mod codes;
mod confirm;
mod confirm_form;
mod connections;
mod data;
mod devices;
mod email;
mod factors;
mod other_devices;
mod passkeys;
mod picture;
mod profile;
mod recovery_codes;
mod second_factor_required;
mod security;
mod time_zone;
mod tokens;
mod trusted_devices;
mod wanted_act;

pub use activity::ActivityPage;
pub use authenticator::{AuthenticatorPage, ConfirmTotp, RemoveTotp, StartTotp};
pub use codes::{
    CancelPhone, CodesPage, ConfirmEmailCodes, ConfirmPhone, RemovePhone, RequestPhone, ResendPhoneCode,
    SwitchOffEmailCodes, SwitchOnEmailCodes,
};
pub use confirm::SendConfirmCode;
pub use confirm::{ConfirmIdentity, ConfirmPage};
pub use connections::{ConnectionsPage, DisconnectProvider};
pub use data::{DataPage, DeleteAccount, ExportData, KeepAccount};
pub use devices::{DevicesPage, EndOtherSessions, EndSession};
pub use email::{CancelEmailChange, ChangeEmail, ConfirmEmailChange, EmailPage};
pub use factors::{CancelAccountRecovery, RecoveryNotice};
pub use passkeys::{AddPasskey, PasskeysPage, PreparePasskey, RemovePasskey, RenamePasskey};
pub use picture::{CHANGE_AVATAR, RemoveAvatar};
pub use profile::{ChangeName, ProfilePage};
pub use recovery_codes::{DOWNLOAD as DOWNLOAD_RECOVERY_CODES, PATH as RECOVERY_CODES};
pub use recovery_codes::{MakeRecoveryCodes, RecoveryCodesPage, RecoveryCodesSaved};
pub use second_factor_required::{SECOND_FACTOR_REQUIRED, SecondFactorRequiredPage};
pub use security::{ChangePassword, SecurityPage};
pub use time_zone::ChangeTimeZone;
pub use tokens::{CreateToken, RevokeAllTokens, RevokeToken, TokensPage};
pub use trusted_devices::{RevokeAllTrustedDevices, RevokeTrustedDevice, TrustedDevicesPage};

pub(super) use activity::{event_look, origin_is_told};
pub(super) use devices::method_text;
pub(super) use passkeys::PATH as PASSKEYS_PATH;
pub(super) use wanted_act::WantedAct;

/// Whose list it is, and a page of it.
type Listed<T> = (Me, Result<Page<T>, AppError>);

/// A value of the address; empty when it is not there.
pub(super) fn query(name: &str) -> String {
    use_query_map().get_untracked().get(name).unwrap_or_default()
}

/// Where a list goes on; its first page when the address says nothing.
pub(super) fn after() -> Option<Cursor> {
    use_query_map().get_untracked().get("after").map(Cursor)
}

/// Instead of a page that cannot be made, such as that of a session which ended a moment ago.
pub(super) fn refused(error: &AppError) -> AnyView {
    server::set_status(error.code());
    view! { <Notice tone=Tone::Danger text=t(&format!("error.{}", error.code().as_str()))/> }.into_any()
}

/// Instead of a list: what was wrong, and the way to its first page.
#[component]
pub(super) fn NoList(error: AppError, #[prop(into)] list: String) -> impl IntoView {
    server::set_status(error.code());
    let sentence = match error.code() {
        ErrorCode::MalformedRequest => t("ui.no_such_list"),
        code => t(&format!("error.{}", code.as_str())),
    };
    view! {
        <Notice tone=Tone::Danger text=sentence/>
        <div class="actions"><a class="button button-secondary" href=list>{t("ui.whole_list")}</a></div>
    }
}

/// A device in words.
pub(super) fn device_text(device: &str) -> String {
    if device.is_empty() { t("ui.unknown_device") } else { device.to_owned() }
}

/// A kind of factor in words.
pub(super) fn factor_text(method: FactorMethod) -> String {
    t(match method {
        FactorMethod::Passkey => "page.factors_named.passkey",
        FactorMethod::Totp => "page.factors_named.totp",
        FactorMethod::SmsCode => "page.factors_named.sms_code",
        FactorMethod::EmailCode => "page.factors_named.email_code",
        FactorMethod::RecoveryCode => "page.factors_named.recovery_code",
    })
}

/// A network address in words.
pub(super) fn address_text(address: &str) -> String {
    if address.is_empty() { t("ui.unknown_address") } else { address.to_owned() }
}
