//! A risky act and what was typed for it. When the last proof of the person is too old, or of too little, it waits,
//! sealed, while they prove themselves, and then goes on by itself.

use auth::form::{EmailChangeForm, ExportFormat, NewToken, PasswordChange, TokenForm, WantedEnd};
use auth::id::UserId;
use auth::id::{ConnectionId, PasskeyId, SessionId};
use auth::organization::ClosingReason;
use auth::{ErrorCode, Field, Permission, Refusal, flow};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::codes::{self, wanted_number};
use crate::error::AppError;
use crate::page::admin::AdminAct;
use crate::page::admin::POLICIES_PATH;
use crate::page::documents::WantedDocument;
use crate::page::organization::{OrganizationAct, PATH as ORGANIZATIONS};
use crate::page::webhooks;
use crate::server;
use crate::text::t;

/// The page that asks for the proof.
pub(super) const PATH: &str = "/account/confirm";

/// An act that asks for a fresh proof. No `Debug`: passwords may be in it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub(in crate::page) enum WantedAct {
    /// Replace the password, or set that of an account that has none.
    SetPassword {
        /// The password of today; empty without one.
        #[serde(default)]
        current_password: String,
        /// The wanted password.
        new_password: String,
        /// Whether all other devices are signed out.
        end_other_sessions: bool,
    },
    /// Use another address.
    ChangeEmail {
        /// The wanted address.
        email: String,
    },
    /// Hand out what is known of the person.
    ExportData {
        /// The name of a format.
        format: String,
    },
    /// Delete the account.
    DeleteAccount,
    /// Sign another device out.
    EndSession {
        /// Its session.
        session: String,
    },
    /// Sign all other devices out.
    EndOtherSessions,
    /// Publish the next signing key.
    RotateKeys,
    /// Revoke a signing key.
    RevokeKey {
        /// The key.
        key: String,
    },
    /// Put a version of the policies in force.
    ActivatePolicies {
        /// Its number.
        version: String,
    },
    /// Add a passkey: the person is proved first, the browser makes it then.
    AddPasskey,
    /// Remove a passkey.
    RemovePasskey {
        /// Which one.
        id: String,
    },
    /// Take every second factor from somebody else.
    ResetFactors {
        /// Whose.
        user: String,
    },
    /// Make a personal access token.
    CreateToken {
        /// What it is called.
        name: String,
        /// The names of its scopes.
        scopes: Vec<String>,
        /// The chosen end.
        expires_in_days: String,
    },
    /// Make the key of an authenticator app.
    StartTotp,
    /// Take the authenticator app off the account.
    RemoveTotp,
    /// Make new recovery codes.
    MakeRecoveryCodes,
    /// Get codes by mail.
    SwitchOnEmailCodes,
    /// Get none any more.
    SwitchOffEmailCodes,
    /// Get codes by SMS.
    RequestPhone {
        /// The number as it was typed.
        phone_number: String,
    },
    /// Get none any more.
    RemovePhone,
    /// Close an organization.
    CloseOrganization {
        /// Which one.
        organization: String,
        /// Why, as it was typed.
        reason: String,
    },
    /// Open a closed organization again.
    ReopenOrganization {
        /// Which one.
        organization: String,
    },
    /// Disconnect the account of a provider.
    Disconnect {
        /// Which one.
        connection: String,
    },
    /// Do something with a document of an organization.
    Document(WantedDocument),
    /// Make a webhook.
    CreateWebhook {
        /// The slug of its organization; empty for the platform.
        organization: String,
        /// Its address as it was typed.
        url: String,
        /// The kinds that were chosen.
        kinds: Vec<String>,
    },
    /// Change where a webhook is called, and what it is told of.
    ChangeWebhook {
        /// The slug of its organization; empty for the platform.
        organization: String,
        /// Which one.
        webhook: String,
        /// Its address as it was typed.
        url: String,
        /// The kinds that were chosen.
        kinds: Vec<String>,
    },
    /// Give a webhook another secret.
    RotateWebhookSecret {
        /// The slug of its organization; empty for the platform.
        organization: String,
        /// Which one.
        webhook: String,
    },
    /// Something in an organization.
    Organization(OrganizationAct),
    /// Do something to somebody else's account.
    Administer {
        /// What.
        wanted: AdminAct,
    },
}

impl WantedAct {
    /// What the act is called beside the question for the password.
    pub(super) fn label(&self) -> String {
        match self {
            Self::SetPassword { current_password, .. } if current_password.is_empty() => {
                t("page.confirm.act_set_password")
            }
            Self::SetPassword { .. } => t("page.confirm_factor.act_change_password"),
            Self::ResetFactors { .. } => t("page.confirm_factor.act_reset_factors"),
            Self::ChangeEmail { .. } => t("page.confirm.act_change_email"),
            Self::ExportData { .. } => t("page.confirm.act_export_data"),
            Self::DeleteAccount => t("page.confirm.act_delete_account"),
            Self::EndSession { .. } => t("page.confirm.act_end_session"),
            Self::EndOtherSessions => t("page.confirm.act_end_other_sessions"),
            Self::RotateKeys => t("page.confirm.act_rotate_keys"),
            Self::RevokeKey { .. } => t("page.confirm.act_revoke_key"),
            Self::ActivatePolicies { .. } => t("page.policies.act_activate"),
            Self::AddPasskey => t("page.confirm.act_add_passkey"),
            Self::RemovePasskey { .. } => t("page.confirm.act_remove_passkey"),
            Self::CreateToken { .. } => t("page.confirm.act_create_token"),
            Self::StartTotp => t("page.confirm.act_start_totp"),
            Self::RemoveTotp => t("page.confirm.act_remove_totp"),
            Self::MakeRecoveryCodes => t("page.confirm.act_make_recovery_codes"),
            Self::SwitchOnEmailCodes => t("page.confirm.act_switch_on_email_codes"),
            Self::SwitchOffEmailCodes => t("page.confirm.act_switch_off_email_codes"),
            Self::RequestPhone { .. } => t("page.confirm.act_request_phone"),
            Self::RemovePhone => t("page.confirm.act_remove_phone"),
            Self::CloseOrganization { .. } => t("page.admin_organization.act_close"),
            Self::ReopenOrganization { .. } => t("page.admin_organization.act_reopen"),
            Self::Disconnect { .. } => t("page.confirm.act_disconnect"),
            Self::Document(wanted) => wanted.label(),
            Self::CreateWebhook { .. } => t("page.confirm.act_create_webhook"),
            Self::ChangeWebhook { .. } => t("page.confirm.act_change_webhook"),
            Self::RotateWebhookSecret { .. } => t("page.confirm.act_rotate_webhook_secret"),
            Self::Organization(act) => act.label(),
            Self::Administer { wanted } => wanted.label(),
        }
    }

    /// The page the act is asked for on.
    pub(super) fn page(&self) -> String {
        let path = match self {
            Self::Document(wanted) => return wanted.page(),
            Self::CreateWebhook { organization, .. }
            | Self::ChangeWebhook { organization, .. }
            | Self::RotateWebhookSecret { organization, .. } => return webhooks::list_path(organization),
            Self::SetPassword { .. } => "/account/security",
            Self::ChangeEmail { .. } => "/account/email",
            Self::ExportData { .. } | Self::DeleteAccount => "/account/data",
            Self::EndSession { .. } | Self::EndOtherSessions => super::devices::PATH,
            Self::RotateKeys | Self::RevokeKey { .. } => "/admin/keys",
            Self::ActivatePolicies { .. } => POLICIES_PATH,
            Self::AddPasskey | Self::RemovePasskey { .. } => super::passkeys::PATH,
            Self::ResetFactors { .. } | Self::Administer { .. } => "/admin/users",
            Self::CreateToken { .. } => super::tokens::PATH,
            Self::StartTotp | Self::RemoveTotp => super::authenticator::PATH,
            Self::MakeRecoveryCodes => super::recovery_codes::PATH,
            Self::SwitchOnEmailCodes | Self::SwitchOffEmailCodes | Self::RequestPhone { .. } | Self::RemovePhone => {
                codes::PATH
            }
            Self::CloseOrganization { .. } | Self::ReopenOrganization { .. } => "/admin/organizations",
            Self::Disconnect { .. } => super::connections::PATH,
            Self::Organization(_) => ORGANIZATIONS,
        };
        path.to_owned()
    }

    /// Does it, or keeps it and leads to the page that asks for the password.
    pub(in crate::page) async fn perform_or_ask(self) -> Result<(), AppError> {
        match self.perform().await {
            Err(error) if error.code() == ErrorCode::ReauthenticationRequired => {
                let act = serde_json::to_vec(&self).map_err(|_| ErrorCode::Internal)?;
                let ticket = flow::keep_waiting_act(&server::auth(), &server::caller()?, &act).await?;
                server::see_other(&format!("{PATH}?act={}", ticket.expose_secret()));
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Does it and leads to the page that says so.
    pub(super) async fn perform(&self) -> Result<(), AppError> {
        let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
        match self {
            Self::SetPassword { current_password, new_password, end_other_sessions } => {
                let change = PasswordChange {
                    current: current_password.as_str().into(),
                    new: new_password.as_str().into(),
                    end_other_sessions: *end_other_sessions,
                };
                flow::change_password(&auth, &caller, change, &context).await?;
                let note =
                    if *end_other_sessions && !current_password.is_empty() { "changed_everywhere" } else { "changed" };
                server::see_other(&format!("/account/security?note={note}"));
            }
            Self::ChangeEmail { email } => {
                let email = EmailChangeForm { email: email.clone() }.parse()?;
                flow::request_email_change(&auth, &caller, &email, &context).await?;
                server::see_other("/account/email?note=asked");
            }
            Self::ExportData { format } => {
                let format = ExportFormat::parse(format)?;
                flow::require_fresh_proof(&auth, &caller).await?;
                server::see_other(&format!("/account/data?download={}", format.as_str()));
            }
            Self::DeleteAccount => {
                flow::request_deletion(&auth, &caller, &context).await?;
                server::see_other("/account/data?note=deleting");
            }
            Self::EndSession { session } => {
                flow::end_session(&auth, &caller, &SessionId(session.clone()), &context).await?;
                server::see_other("/account/sessions?note=ended");
            }
            Self::EndOtherSessions => {
                flow::end_other_sessions(&auth, &caller, &context).await?;
                server::see_other("/account/sessions?note=others_ended");
            }
            Self::RotateKeys => {
                flow::admin_rotate_keys(&auth, &caller, &context).await?;
                server::see_other("/admin/keys?note=rotated");
            }
            Self::RevokeKey { key } => {
                flow::admin_revoke_key(&auth, &caller, key, &context).await?;
                server::see_other("/admin/keys?note=revoked");
            }
            Self::ActivatePolicies { version } => {
                let number = version.parse::<u32>().map_err(|_| ErrorCode::NotFound)?;
                // What stands against it is told on the page of the version.
                let page = match flow::activate_policies(&auth, &caller, number.into(), &context).await? {
                    flow::ActivatedPolicies::Done => format!("{POLICIES_PATH}?note=active"),
                    _ => format!("{POLICIES_PATH}/versions/{number}?check=1"),
                };
                server::see_other(&page);
            }
            Self::AddPasskey => {
                flow::require_fresh_proof(&auth, &caller).await?;
                server::see_other("/account/passkeys?add=1");
            }
            Self::RemovePasskey { id } => {
                flow::remove_passkey(&auth, &caller, &PasskeyId(id.clone()), &context).await?;
                server::see_other("/account/passkeys?note=removed");
            }
            Self::ResetFactors { user } => {
                let user = UserId(user.clone());
                flow::admin_reset_factors(&auth, &caller, &user, &context).await?;
                server::see_other(&format!("/admin/users/{}?note=factors_reset", user.as_str()));
            }
            Self::CreateToken { name, scopes, expires_in_days } => {
                let wanted = wanted_token(name, scopes, expires_in_days)?;
                let made = flow::create_token(&auth, &caller, wanted, &context).await?;
                let sealed = flow::seal_shown_once(&auth, &caller, &made.secret);
                server::set_cookie(server::MADE_TOKEN_COOKIE, &sealed, flow::SHOWN_ONCE_SECONDS);
                server::see_other(super::tokens::PATH);
            }
            Self::StartTotp => {
                flow::start_totp(&auth, &caller).await?;
                server::see_other(super::authenticator::PATH);
            }
            Self::RemoveTotp => {
                flow::remove_totp(&auth, &caller, &context).await?;
                server::see_other("/account/authenticator?note=removed");
            }
            Self::MakeRecoveryCodes => {
                let codes = flow::make_recovery_codes(&auth, &caller, &context).await?;
                server::show_recovery_codes(&codes);
                server::see_other(super::recovery_codes::PATH);
            }
            Self::SwitchOnEmailCodes => {
                flow::switch_on_email_codes(&auth, &caller, &context).await?;
                server::see_other("/account/codes?note=email_sent");
            }
            Self::SwitchOffEmailCodes => {
                flow::switch_off_email_codes(&auth, &caller, &context).await?;
                server::see_other("/account/codes?note=email_off");
            }
            Self::RequestPhone { phone_number } => {
                flow::request_phone(&auth, &caller, &wanted_number(phone_number)?, &context).await?;
                server::see_other("/account/codes?note=phone_sent");
            }
            Self::RemovePhone => {
                flow::remove_phone(&auth, &caller, &context).await?;
                server::see_other("/account/codes?note=phone_off");
            }
            Self::CloseOrganization { organization, reason } => {
                // To others nothing is there, whatever they send.
                flow::require_permission(&auth, &caller, Permission::ManageOrganizations).await?;
                let reason =
                    ClosingReason::parse(reason).map_err(|issue| Refusal::invalid(vec![(Field::Reason, issue)]))?;
                flow::close_organization(&auth, &caller, organization, &reason, &context).await?;
                server::see_other(&format!("/admin/organizations/{organization}?note=closed"));
            }
            Self::ReopenOrganization { organization } => {
                flow::reopen_organization(&auth, &caller, organization, &context).await?;
                server::see_other(&format!("/admin/organizations/{organization}?note=reopened"));
            }
            Self::Disconnect { connection } => {
                flow::disconnect(&auth, &caller, &ConnectionId(connection.clone()), &context).await?;
                server::see_other("/account/connections?note=disconnected");
            }
            Self::Document(wanted) => wanted.perform().await?,
            Self::CreateWebhook { organization, url, kinds } => webhooks::make(organization, url, kinds).await?,
            Self::ChangeWebhook { organization, webhook, url, kinds } => {
                webhooks::change(organization, webhook, url, kinds).await?;
            }
            Self::RotateWebhookSecret { organization, webhook } => webhooks::rotate(organization, webhook).await?,
            Self::Organization(act) => act.perform().await?,
            Self::Administer { wanted } => wanted.perform().await?,
        }
        Ok(())
    }
}

/// What ended the session leads to the sign-in: too many wrong passwords.
pub(super) fn or_sign_in(outcome: Result<(), AppError>) -> Result<(), AppError> {
    match outcome {
        Err(error) if error.code() == ErrorCode::TooManyTries => {
            server::clear_cookie(server::REFRESH_COOKIE);
            server::see_other("/sign-in?note=too_many_tries");
            Ok(())
        }
        outcome => outcome,
    }
}

/// A personal access token as it was asked for on its page.
pub(super) fn wanted_token(name: &str, scopes: &[String], expires_in_days: &str) -> Result<NewToken, AppError> {
    let form = TokenForm {
        name: name.to_owned(),
        scopes: scopes.to_vec(),
        expires_in_days: WantedEnd::of_choice(expires_in_days),
    };
    Ok(form.parse()?)
}
