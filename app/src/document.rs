//! The document around every page, and the list of pages.

use leptos::hydration::AutoReload;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::page::AdminAnomaliesPage;
use crate::page::AdminBrowserReportsPage;
use crate::page::CodesPage;
use crate::page::PasskeysPage;
use crate::page::SecondFactorRequiredPage;
use crate::page::SetupPage;
use crate::page::{ActivityPage, ConfirmPage, Dashboard, DataPage, DevicesPage, EmailPage, ProfilePage, SecurityPage};
use crate::page::{
    AdminAuditPage, AdminBulkPage, AdminHealthPage, AdminImpersonatePage, AdminKeysPage, AdminMailsPage,
    AdminOrganizationPage, AdminOrganizationsPage, AdminPage, AdminRevokeKeyPage, AdminSessionPage, AdminSettingsPage,
    AdminUserPage, AdminUsersPage, AdminWebhookPage, AdminWebhooksPage, OrganizationAuditPage,
};
use crate::page::{AuthenticatorPage, RecoveryCodesPage};
use crate::page::{CancelRecoveryPage, RecoverAccountPage};
use crate::page::{ConnectAccountPage, ConnectionsPage, FinishSignUpPage, NativeAppPage, ProviderRefusedPage};
use crate::page::{DeleteDocumentPage, DocumentPage, DocumentsPage, EditDocumentPage, NewDocumentPage};
use crate::page::{ForgotPasswordPage, Front, NotFound, ResetPasswordPage, SignInPage, SignUpPage, VerifyEmailPage};
use crate::page::{InvitationPage, OrganizationDomainsPage, OrganizationInvitationsPage, OrganizationSecurityPage};
use crate::page::{KeepAccountPage, NotMePage, TokensPage, UndoEmailChangePage};
use crate::page::{NewOrganizationPage, OrganizationMembersPage, OrganizationPage, OrganizationRolesPage};
use crate::page::{OrganizationSettingsPage, OrganizationsPage};
use crate::page::{OrganizationWebhookPage, OrganizationWebhooksPage};
use crate::page::{PoliciesPage, PolicyCasesPage, PolicyEditPage, PolicyMatrixPage, PolicyVersionPage, WhoCanPage};
use crate::page::{TokenDecoderPage, TrustedDevicesPage, TwoStepPage, WhatJustHappenedPage};
use crate::server;
use crate::site_files::{SiteFiles, SiteIslands, SiteStyle};
use crate::text::{self, browser_words};
use crate::ui::ImpersonationBanner;

/// The document around every page.
pub fn shell(options: LeptosOptions, files: SiteFiles) -> impl IntoView {
    let preferences = server::preferences();
    view! {
        <!DOCTYPE html>
        <html lang=preferences.locale.tag() data-theme=preferences.theme.map(server::Theme::as_str)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <SiteStyle file=files.style.clone()/>
                <AutoReload options/>
                <SiteIslands files/>
                <MetaTags/>
            </head>
            <body>
                <App/>
                <script type="application/json" id="words" nonce=use_nonce() inner_html=browser_words()></script>
            </body>
        </html>
    }
}

/// Every page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    text::provide_locale();
    view! {
        <Router>
            // Within: the address, and so what a form was refused with, is known there alone.
            {server::impersonated().map(|by| view! { <ImpersonationBanner by/> })}
            <FlatRoutes fallback=|| view! { <NotFound/> }>
                <Route path=path!("/") view=Front ssr=SsrMode::Async/>
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/two-step") view=TwoStepPage ssr=SsrMode::Async/>
                <Route path=path!("/verify-email") view=VerifyEmailPage ssr=SsrMode::Async/>
                <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/reset-password") view=ResetPasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/not-me") view=NotMePage ssr=SsrMode::Async/>
                <Route path=path!("/undo-email-change") view=UndoEmailChangePage ssr=SsrMode::Async/>
                <Route path=path!("/keep-account") view=KeepAccountPage ssr=SsrMode::Async/>
                <Route path=path!("/recover-account") view=RecoverAccountPage ssr=SsrMode::Async/>
                <Route path=path!("/cancel-recovery") view=CancelRecoveryPage ssr=SsrMode::Async/>
                <Route path=path!("/connect-account") view=ConnectAccountPage ssr=SsrMode::Async/>
                <Route path=path!("/finish-sign-up") view=FinishSignUpPage ssr=SsrMode::Async/>
                <Route path=path!("/invitation") view=InvitationPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/invitations") view=OrganizationInvitationsPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/domains") view=OrganizationDomainsPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/security") view=OrganizationSecurityPage ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in/with/:provider/refused") view=ProviderRefusedPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in/with/:provider/app") view=NativeAppPage ssr=SsrMode::Async/>
                <Route path=path!("/token-decoder") view=TokenDecoderPage ssr=SsrMode::Async/>
                <Route path=path!("/dashboard") view=Dashboard ssr=SsrMode::Async/>
                <Route path=path!("/what-just-happened") view=WhatJustHappenedPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=ProfilePage ssr=SsrMode::Async/>
                <Route path=path!("/account/email") view=EmailPage ssr=SsrMode::Async/>
                <Route path=path!("/account/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/account/second-factor-required") view=SecondFactorRequiredPage ssr=SsrMode::Async/>
                <Route path=path!("/account/data") view=DataPage ssr=SsrMode::Async/>
                <Route path=path!("/account/security") view=SecurityPage ssr=SsrMode::Async/>
                <Route path=path!("/account/passkeys") view=PasskeysPage ssr=SsrMode::Async/>
                <Route path=path!("/account/connections") view=ConnectionsPage ssr=SsrMode::Async/>
                <Route path=path!("/account/codes") view=CodesPage ssr=SsrMode::Async/>
                <Route path=path!("/account/sessions") view=DevicesPage ssr=SsrMode::Async/>
                <Route path=path!("/account/trusted-devices") view=TrustedDevicesPage ssr=SsrMode::Async/>
                <Route path=path!("/account/activity") view=ActivityPage ssr=SsrMode::Async/>
                <Route path=path!("/account/tokens") view=TokensPage ssr=SsrMode::Async/>
                <Route path=path!("/account/authenticator") view=AuthenticatorPage ssr=SsrMode::Async/>
                <Route path=path!("/account/recovery-codes") view=RecoveryCodesPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/documents") view=DocumentsPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/documents/new") view=NewDocumentPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/documents/:id") view=DocumentPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/documents/:id/edit") view=EditDocumentPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/documents/:id/delete") view=DeleteDocumentPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs") view=OrganizationsPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/new") view=NewOrganizationPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug") view=OrganizationPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/members") view=OrganizationMembersPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/roles") view=OrganizationRolesPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/settings") view=OrganizationSettingsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin") view=AdminPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users") view=AdminUsersPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/bulk") view=AdminBulkPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id") view=AdminUserPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id/impersonate") view=AdminImpersonatePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/sessions/:id") view=AdminSessionPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/keys") view=AdminKeysPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/keys/revoke") view=AdminRevokeKeyPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/organizations") view=AdminOrganizationsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/organizations/:id") view=AdminOrganizationPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/settings") view=AdminSettingsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/health") view=AdminHealthPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/browser-reports") view=AdminBrowserReportsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/mails") view=AdminMailsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/webhooks") view=AdminWebhooksPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/webhooks/:id") view=AdminWebhookPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/webhooks") view=OrganizationWebhooksPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/webhooks/:id") view=OrganizationWebhookPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/anomalies") view=AdminAnomaliesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view=AdminAuditPage ssr=SsrMode::Async/>
                <Route path=path!("/orgs/:slug/audit") view=OrganizationAuditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/policies") view=PoliciesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/policies/edit") view=PolicyEditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/policies/versions/:id") view=PolicyVersionPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/policies/cases") view=PolicyCasesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/policies/who") view=WhoCanPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/policies/matrix") view=PolicyMatrixPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
