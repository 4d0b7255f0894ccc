//! The pages: server functions on top of each file, the component below.

mod account;
mod admin;
mod api_docs;
mod cancel_recovery;
mod choose_locale;
mod choose_theme;
mod dashboard;
mod dev_inbox;
mod fedcm_sign_in;
mod federation;
mod forgot_password;
mod front;
mod keep_account;
mod not_found;
mod not_me;
mod passkey_offer;
mod passkey_sign_in;
mod passkey_sign_up;
mod personal_data_file;
mod plain;
mod recover_account;
mod reset_password;
mod resource;
mod sign_in;
mod sign_out;
mod sign_up;
mod token_decoder;
mod two_step;
mod undo_email_change;
mod verify_email;
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
pub use admin::{
    AdminEndSession, AdminKeysPage, AdminPage, AdminResetFactors, AdminRevokeKeyPage, AdminSessionPage, AdminUserPage,
    AdminUsersPage, RevokeKey, RotateKeys,
};
pub use api_docs::api_docs;
pub use cancel_recovery::{CancelAccountRecoveryByLink, CancelRecoveryPage};
pub use choose_locale::ChooseLocale;
pub use choose_theme::{ChooseTheme, SYSTEM_THEME};
pub use dashboard::Dashboard;
pub use dev_inbox::dev_inbox;
pub use fedcm_sign_in::FinishFedcm;
pub use federation::{
    ConnectAccountPage, ConnectPending, FederatedSignUp, FinishSignUpPage, ForgetPendingConnection, NativeAppPage,
    ProviderRefusedPage,
};
pub use forgot_password::{ForgotPassword, ForgotPasswordPage};
pub use front::Front;
pub use keep_account::{KeepAccountByLink, KeepAccountPage};
pub use not_found::NotFound;
pub use not_me::{NotMePage, SecureAccount, SecureAccountByEvent};
pub use passkey_offer::{DeclinePasskey, NeverOfferPasskey};
pub use passkey_sign_in::PasskeySignIn;
pub use passkey_sign_up::PasskeySignUp;
pub use personal_data_file::personal_data_file;
pub use recover_account::{CompleteAccountRecovery, RecoverAccountPage, StartAccountRecovery};
pub use reset_password::{ResetByCode, ResetByLink, ResetPasswordPage};
pub use sign_in::{SignIn, SignInPage};
pub use sign_out::SignOut;
pub use sign_up::{SignUp, SignUpPage};
pub use token_decoder::TokenDecoderPage;
pub use two_step::{SecondFactor, SendSecondFactorCode, TwoStepPage};
pub use undo_email_change::{UndoEmailChange, UndoEmailChangePage};
pub use verify_email::{ResendVerification, VerifyCode, VerifyEmailPage, VerifyLink, sign_up_status};
pub use what_just_happened::{ExplainSignIns, WhatJustHappenedPage};

/// Every server function, registered by name: nothing depends on the linker finding them.
pub fn register_server_functions() {
    use crate::island::{IsVerified, StartFedcm};
    use crate::session::LoadMe;
    use leptos::server_fn::axum::register_explicit;
    register_explicit::<AddPasskey>();
    register_explicit::<AdminEndSession>();
    register_explicit::<AdminResetFactors>();
    register_explicit::<CancelAccountRecovery>();
    register_explicit::<CancelAccountRecoveryByLink>();
    register_explicit::<CancelEmailChange>();
    register_explicit::<CancelPhone>();
    register_explicit::<ChangeEmail>();
    register_explicit::<ChangeName>();
    register_explicit::<ChangePassword>();
    register_explicit::<ChangeTimeZone>();
    register_explicit::<ChooseLocale>();
    register_explicit::<ChooseTheme>();
    register_explicit::<CompleteAccountRecovery>();
    register_explicit::<ConfirmEmailChange>();
    register_explicit::<ConfirmEmailCodes>();
    register_explicit::<ConfirmIdentity>();
    register_explicit::<ConfirmTotp>();
    register_explicit::<ConfirmPhone>();
    register_explicit::<ConnectPending>();
    register_explicit::<CreateToken>();
    register_explicit::<DeclinePasskey>();
    register_explicit::<DeleteAccount>();
    register_explicit::<DisconnectProvider>();
    register_explicit::<ExplainSignIns>();
    register_explicit::<ExportData>();
    register_explicit::<FederatedSignUp>();
    register_explicit::<ForgetPendingConnection>();
    register_explicit::<FinishFedcm>();
    register_explicit::<ForgotPassword>();
    register_explicit::<EndOtherSessions>();
    register_explicit::<EndSession>();
    register_explicit::<KeepAccount>();
    register_explicit::<KeepAccountByLink>();
    register_explicit::<LoadMe>();
    register_explicit::<IsVerified>();
    register_explicit::<MakeRecoveryCodes>();
    register_explicit::<RecoveryCodesSaved>();
    register_explicit::<NeverOfferPasskey>();
    register_explicit::<PasskeySignIn>();
    register_explicit::<PasskeySignUp>();
    register_explicit::<PreparePasskey>();
    register_explicit::<RemoveAvatar>();
    register_explicit::<RemoveTotp>();
    register_explicit::<RemovePasskey>();
    register_explicit::<RenamePasskey>();
    register_explicit::<RemovePhone>();
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
    register_explicit::<SecondFactor>();
    register_explicit::<SecureAccount>();
    register_explicit::<SecureAccountByEvent>();
    register_explicit::<SendSecondFactorCode>();
    register_explicit::<SendConfirmCode>();
    register_explicit::<SignIn>();
    register_explicit::<SignOut>();
    register_explicit::<SignUp>();
    register_explicit::<StartFedcm>();
    register_explicit::<StartTotp>();
    register_explicit::<SwitchOffEmailCodes>();
    register_explicit::<SwitchOnEmailCodes>();
    register_explicit::<StartAccountRecovery>();
    register_explicit::<UndoEmailChange>();
    register_explicit::<VerifyCode>();
    register_explicit::<VerifyLink>();
}
