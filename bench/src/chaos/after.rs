//! When everything works again: is there what was acknowledged?

use serde_json::json;

use super::client::Ask;
use super::person::Person;
use crate::program::PASSWORD;

impl Person {
    /// Looks for everything that this person was told.
    ///
    /// # Errors
    /// When nothing answers any more.
    pub async fn look_back(mut self) -> anyhow::Result<()> {
        self.refresh().await?;
        self.settle().await;
        let me = self.bearer("GET", "/api/v1/me", "").await?;
        self.expect_name(&me)?;
        for token in std::mem::take(&mut self.others) {
            self.cookie = token;
            self.refresh().await?;
        }
        for token in std::mem::take(&mut self.ended) {
            self.expect_ended(token).await?;
        }
        self.expect_forgotten().await?;
        if !self.sign_in().await? {
            self.counts.note("lost");
            self.counts.note(&format!("lost the password of {}", self.email));
        }
        for email in std::mem::take(&mut self.signed_up) {
            // With one that is lost the others are looked for all the same.
            let came_to = self.verify(&email).await;
            if super::kept(&self.counts, came_to).is_some() {
                self.friend_signs_in(&email).await?;
            }
        }
        Ok(())
    }

    /// Looks whether the password before the newest is still refused.
    async fn expect_forgotten(&mut self) -> anyhow::Result<()> {
        let Some(forgotten) = self.forgotten.take() else { return Ok(()) };
        let newest = std::mem::replace(&mut self.password, forgotten);
        let gets_in = self.sign_in().await?;
        self.password = newest;
        if gets_in {
            self.counts.note("lost");
            self.counts.note(&format!("lost the end of a password of {}", self.email));
        }
        Ok(())
    }

    async fn friend_signs_in(&mut self, email: &str) -> anyhow::Result<()> {
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        let (answer, _) = self.client.ask(Ask::json("/api/v1/sign-in", &body)).await?;
        if answer.status != 200 {
            self.counts.note("lost");
            self.counts.note(&format!("lost the account of {email}"));
        }
        Ok(())
    }
}
