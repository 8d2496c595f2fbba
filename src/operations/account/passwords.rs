//! Passwords are hashed and checked outside of any transaction, two at once at most, so that a
//! flood of sign-ins costs two processors' time and 40 MiB (security.md 5.2).

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::guessable::is_guessable;
use crate::crypto::password;
use crate::domain::refusal::{Kind, Refusal};
use crate::settings::Settings;
use crate::text::unicode;

/// Hashes at once.
const AT_ONCE: usize = 2;

/// Hashes and checks passwords; clones share the limit.
#[derive(Clone, Debug)]
pub(crate) struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// The hash of a new password, in composed form.
    ///
    /// # Errors
    /// If it is shorter than the settings demand, longer than 1024 bytes, or guessed first.
    pub(crate) async fn hash(
        &self,
        password: &str,
        settings: &Settings,
    ) -> Result<String, Refusal> {
        refuse_long(password)?;
        let password = unicode::composed(password);
        check(&password, settings.accounts.password_minimum)?;
        self.on_thread(move || password::hash(&password)).await
    }

    /// Whether the password is the one that was hashed; without a hash it is not, after the same
    /// time.
    pub(super) async fn verify(
        &self,
        password: &str,
        hash: Option<String>,
    ) -> Result<bool, Refusal> {
        let password = unicode::composed(password);
        self.on_thread(move || {
            if let Some(hash) = hash {
                return password::verify(&password, &hash);
            }
            password::verify_nobody(&password);
            false
        })
        .await
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        f: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let permit = Arc::clone(&self.0)
            .acquire_owned()
            .await
            .map_err(Refusal::fault)?;
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            f()
        });
        task.await.map_err(Refusal::fault)
    }
}

fn check(password: &str, fewest: u32) -> Result<(), Refusal> {
    let fewest = usize::try_from(fewest).unwrap_or(password::SHORTEST);
    refuse_long(password)?;
    if password.chars().count() < fewest {
        return Err(Refusal::invalid(
            "password",
            "password.short",
            format!("The password is too short. Please use at least {fewest} letters."),
        ));
    }
    if is_guessable(password) {
        return Err(Refusal::invalid(
            "password",
            "password.guessable",
            "This password is among the first that others would try. Please use another.",
        ));
    }
    Ok(())
}

/// No password is longer, so that nobody makes the hub hash megabytes.
pub(super) fn refuse_long(password: &str) -> Result<(), Refusal> {
    if password.len() <= password::LONGEST {
        return Ok(());
    }
    Err(Refusal::invalid(
        "password",
        "password.long",
        format!(
            "The password is too long. Please use at most {} bytes.",
            password::LONGEST
        ),
    ))
}

/// The one answer to a wrong name and to a wrong password.
pub(super) fn wrong() -> Refusal {
    Refusal::new(
        Kind::Unauthenticated,
        "sign_in.wrong",
        "Name and password do not fit together. Please try again.",
    )
}
