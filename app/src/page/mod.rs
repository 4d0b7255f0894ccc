//! The pages: server functions on top of each file, the component below.

mod account;
mod address;
mod admin;
mod api_docs;
mod attempts;
mod audit;
mod cancel_recovery;
mod choose_locale;
mod choose_theme;
mod dashboard;
mod dev_inbox;
mod documents;
mod fedcm_sign_in;
mod federation;
mod forgot_password;
mod front;
mod joining;
mod keep_account;
mod later;
mod listed;
mod not_found;
mod not_me;
mod organization;
mod passkey_offer;
mod passkey_sign_in;
mod passkey_sign_up;
mod personal_data_file;
mod plain;
mod recover_account;
mod reset_password;
mod resource;
mod setup;
mod sign_in;
mod sign_out;
mod sign_up;
mod token_decoder;
mod two_step;
mod undo_email_change;
mod verify_email;
mod webhooks;
mod what_just_happened;

pub use account::{
    ActivityPage, CHANGE_AVATAR, ConfirmPage, DataPage, DevicesPage, EmailPage, PasskeysPage, ProfilePage,
    SecurityPage, TokensPage,
};
pub use account::{AddPasskey, PreparePasskey, RemovePasskey, RenamePasskey};
pub use account::{
    AuthenticatorPage, ConfirmTotp, DOWNLOAD_RECOVERY_CODES, MakeRecoveryCodes, RECOVERY_CODES, RecoveryCodesPage,
    RecoveryCodesSaved, RemoveTotp, StartTotp,
};
pub use account::{CancelAccountRecovery, RecoveryNotice};
pub use account::{
    CancelEmailChange, ChangeEmail, ChangeName, ChangePassword, ChangeTimeZone, ConfirmEmailChange, ConfirmIdentity,
    CreateToken, DeleteAccount, EndOtherSessions, EndSession, ExportData, KeepAccount, RemoveAvatar, RevokeAllTokens,
    RevokeToken,
};
pub use account::{
    CancelPhone, CodesPage, ConfirmEmailCodes, ConfirmPhone, RemovePhone, RequestPhone, ResendPhoneCode,
    SwitchOffEmailCodes, SwitchOnEmailCodes,
};
pub use account::{ConnectionsPage, DisconnectProvider};
pub use account::{RevokeAllTrustedDevices, RevokeTrustedDevice, TrustedDevicesPage};
pub use account::{SECOND_FACTOR_REQUIRED, SecondFactorRequiredPage, SendConfirmCode};
pub use admin::AdminAnomaliesPage;
pub use admin::AdminBrowserReportsPage;
pub use admin::{
    ActOnUsers, AdminBulkPage, AdminEndSessions, AdminImpersonatePage, AdminRemoveFactor, AdminSendReset, AdminSetRole,
    EndImpersonation, StartImpersonation, SuspendUser, UnsuspendUser,
};
pub use admin::{
    ActivatePolicies, DiscardPolicyDraft, PoliciesPage, PolicyCasesPage, PolicyEditPage, PolicyMatrixPage,
    PolicyVersionPage, RemovePolicyCase, SavePolicies, SavePolicyCase, WhoCanPage,
};
pub use admin::{
    AdminCloseOrganization, AdminHealthPage, AdminOrganizationPage, AdminOrganizationsPage, AdminReopenOrganization,
    AdminSettingsPage,
};
pub use admin::{AdminDropMail, AdminMailsPage, AdminResendMail};
pub use admin::{
    AdminEndSession, AdminKeysPage, AdminPage, AdminResetFactors, AdminRevokeKeyPage, AdminSessionPage, AdminUserPage,
    AdminUsersPage, RevokeKey, RotateKeys,
};
pub use api_docs::api_docs;
pub use audit::{AdminAuditPage, OrganizationAuditPage};
pub use cancel_recovery::{CancelAccountRecoveryByLink, CancelRecoveryPage};
pub use choose_locale::ChooseLocale;
pub use choose_theme::{ChooseTheme, SYSTEM_THEME};
pub use dashboard::Dashboard;
pub use dev_inbox::dev_inbox;
pub use documents::{
    ChangeDocument, ChangeDocumentSensitivity, ChangeDocumentState, CreateDocument, DeleteDocument, DeleteDocumentPage,
    DocumentPage, DocumentsPage, EditDocumentPage, HandOverDocument, NewDocumentPage,
};
pub use fedcm_sign_in::FinishFedcm;
pub use federation::{
    ConnectAccountPage, ConnectPending, FederatedSignUp, FinishSignUpPage, ForgetPendingConnection, NativeAppPage,
    ProviderRefusedPage,
};
pub use forgot_password::{ForgotPassword, ForgotPasswordPage};
pub use front::Front;
pub use joining::{
    AcceptInvitation, AcceptInvitationCode, ChangeDomain, CheckDomain, ClaimDomain, DeclineInvitation,
    ForgetDomainJoins, Invite, KeepInvitation, ReleaseDomain, ResendInvitation, RevokeInvitation, SetFactorRule,
};
pub use joining::{
    FactorRule, InvitationPage, OrganizationDomainsPage, OrganizationInvitationsPage, OrganizationSecurityPage,
};
pub use keep_account::{KeepAccountByLink, KeepAccountPage};
pub use later::later_page;
pub use not_found::NotFound;
pub use not_me::{NotMePage, SecureAccount, SecureAccountByEvent};
pub use organization::{
    CHANGE_LOGO, ChangeMember, ChangeRole, ChooseOrganization, CreateOrganization, CreateRole, DeleteOrganization,
    KeepOrganization, LeaveOrganization, RemoveLogo, RemoveMember, RemoveRole, RenameOrganization, TransferOwnership,
    role_text,
};
pub use organization::{
    NewOrganizationPage, OrganizationMembersPage, OrganizationPage, OrganizationRolesPage, OrganizationSettingsPage,
    OrganizationsPage,
};
pub use passkey_offer::{DeclinePasskey, NeverOfferPasskey};
pub use passkey_sign_in::PasskeySignIn;
pub use passkey_sign_up::PasskeySignUp;
pub use personal_data_file::personal_data_file;
pub use recover_account::{CompleteAccountRecovery, RecoverAccountPage, StartAccountRecovery};
pub use reset_password::{ResetByCode, ResetByLink, ResetPasswordPage};
pub use setup::{CompleteSetup, ForgetSetup, SetupPage};
pub use sign_in::{SignIn, SignInPage};
pub use sign_out::SignOut;
pub use sign_up::{SignUp, SignUpPage};
pub use token_decoder::TokenDecoderPage;
pub use two_step::{SecondFactor, SendSecondFactorCode, TwoStepPage};
pub use undo_email_change::{UndoEmailChange, UndoEmailChangePage};
pub use verify_email::{ResendVerification, VerifyCode, VerifyEmailPage, VerifyLink, sign_up_status};
pub use webhooks::{AdminWebhookPage, AdminWebhooksPage, OrganizationWebhookPage, OrganizationWebhooksPage};
pub use webhooks::{
    ChangeWebhook, CreateWebhook, RemoveWebhook, ReplayWebhookDelivery, RotateWebhookSecret, SwitchWebhook, TestWebhook,
};
pub use what_just_happened::{ExplainSignIns, WhatJustHappenedPage};

/// Every server function, registered by name: nothing depends on the linker finding them.
pub fn register_server_functions() {
    use crate::island::{IsVerified, StartFedcm};
    use crate::session::LoadMe;
    use leptos::server_fn::axum::register_explicit;
    register_explicit::<ActivatePolicies>();
    register_explicit::<ActOnUsers>();
    register_explicit::<AddPasskey>();
    register_explicit::<AdminDropMail>();
    register_explicit::<AdminEndSession>();
    register_explicit::<AdminResendMail>();
    register_explicit::<AdminEndSessions>();
    register_explicit::<AdminRemoveFactor>();
    register_explicit::<AdminResetFactors>();
    register_explicit::<AdminCloseOrganization>();
    register_explicit::<AdminReopenOrganization>();
    register_explicit::<AdminSendReset>();
    register_explicit::<AdminSetRole>();
    register_explicit::<CancelAccountRecovery>();
    register_explicit::<CancelAccountRecoveryByLink>();
    register_explicit::<CancelEmailChange>();
    register_explicit::<CancelPhone>();
    register_explicit::<ChangeDocument>();
    register_explicit::<ChangeDocumentSensitivity>();
    register_explicit::<ChangeDocumentState>();
    register_explicit::<ChangeEmail>();
    register_explicit::<ChangeMember>();
    register_explicit::<ChangeName>();
    register_explicit::<ChangePassword>();
    register_explicit::<ChangeRole>();
    register_explicit::<ChangeTimeZone>();
    register_explicit::<ChangeWebhook>();
    register_explicit::<ChooseLocale>();
    register_explicit::<ChooseOrganization>();
    register_explicit::<ChooseTheme>();
    register_explicit::<CompleteAccountRecovery>();
    register_explicit::<CompleteSetup>();
    register_explicit::<ConfirmEmailChange>();
    register_explicit::<ConfirmEmailCodes>();
    register_explicit::<ConfirmIdentity>();
    register_explicit::<ConfirmTotp>();
    register_explicit::<ConfirmPhone>();
    register_explicit::<ConnectPending>();
    register_explicit::<CreateDocument>();
    register_explicit::<CreateOrganization>();
    register_explicit::<CreateRole>();
    register_explicit::<CreateToken>();
    register_explicit::<CreateWebhook>();
    register_explicit::<DeclinePasskey>();
    register_explicit::<DeleteAccount>();
    register_explicit::<DeleteDocument>();
    register_explicit::<DeleteOrganization>();
    register_explicit::<DiscardPolicyDraft>();
    register_explicit::<DisconnectProvider>();
    register_explicit::<ExplainSignIns>();
    register_explicit::<ExportData>();
    register_explicit::<FederatedSignUp>();
    register_explicit::<ForgetPendingConnection>();
    register_explicit::<ForgetSetup>();
    register_explicit::<FinishFedcm>();
    register_explicit::<ForgotPassword>();
    register_explicit::<EndImpersonation>();
    register_explicit::<EndOtherSessions>();
    register_explicit::<EndSession>();
    register_explicit::<HandOverDocument>();
    register_explicit::<AcceptInvitation>();
    register_explicit::<AcceptInvitationCode>();
    register_explicit::<ChangeDomain>();
    register_explicit::<CheckDomain>();
    register_explicit::<ClaimDomain>();
    register_explicit::<DeclineInvitation>();
    register_explicit::<ForgetDomainJoins>();
    register_explicit::<Invite>();
    register_explicit::<KeepInvitation>();
    register_explicit::<ReleaseDomain>();
    register_explicit::<ResendInvitation>();
    register_explicit::<RevokeInvitation>();
    register_explicit::<SetFactorRule>();
    register_explicit::<KeepAccount>();
    register_explicit::<KeepAccountByLink>();
    register_explicit::<KeepOrganization>();
    register_explicit::<LeaveOrganization>();
    register_explicit::<LoadMe>();
    register_explicit::<IsVerified>();
    register_explicit::<MakeRecoveryCodes>();
    register_explicit::<RecoveryCodesSaved>();
    register_explicit::<NeverOfferPasskey>();
    register_explicit::<PasskeySignIn>();
    register_explicit::<PasskeySignUp>();
    register_explicit::<PreparePasskey>();
    register_explicit::<RemoveAvatar>();
    register_explicit::<RemoveLogo>();
    register_explicit::<RemoveMember>();
    register_explicit::<RemoveRole>();
    register_explicit::<RemoveTotp>();
    register_explicit::<RemovePasskey>();
    register_explicit::<RenameOrganization>();
    register_explicit::<RemovePolicyCase>();
    register_explicit::<RenamePasskey>();
    register_explicit::<RemovePhone>();
    register_explicit::<RemoveWebhook>();
    register_explicit::<ReplayWebhookDelivery>();
    register_explicit::<RequestPhone>();
    register_explicit::<ResendPhoneCode>();
    register_explicit::<ResendVerification>();
    register_explicit::<ResetByCode>();
    register_explicit::<ResetByLink>();
    register_explicit::<RevokeAllTokens>();
    register_explicit::<RevokeKey>();
    register_explicit::<RevokeAllTrustedDevices>();
    register_explicit::<RevokeToken>();
    register_explicit::<RevokeTrustedDevice>();
    register_explicit::<RotateKeys>();
    register_explicit::<RotateWebhookSecret>();
    register_explicit::<SavePolicies>();
    register_explicit::<SavePolicyCase>();
    register_explicit::<SecondFactor>();
    register_explicit::<SecureAccount>();
    register_explicit::<SecureAccountByEvent>();
    register_explicit::<SendSecondFactorCode>();
    register_explicit::<SendConfirmCode>();
    register_explicit::<SignIn>();
    register_explicit::<SignOut>();
    register_explicit::<SignUp>();
    register_explicit::<StartFedcm>();
    register_explicit::<StartImpersonation>();
    register_explicit::<StartTotp>();
    register_explicit::<SuspendUser>();
    register_explicit::<SwitchOffEmailCodes>();
    register_explicit::<SwitchOnEmailCodes>();
    register_explicit::<SwitchWebhook>();
    register_explicit::<TestWebhook>();
    register_explicit::<StartAccountRecovery>();
    register_explicit::<TransferOwnership>();
    register_explicit::<UndoEmailChange>();
    register_explicit::<UnsuspendUser>();
    register_explicit::<VerifyCode>();
    register_explicit::<VerifyLink>();
}
