//! Letters that operations cause: written and stored in their transaction, sent after it.

use super::{Desk, hub};
use crate::domain::letter::Letter;
use crate::domain::refusal::Refusal;
use crate::mail::{Draft, Hub};
use crate::store::accounts::Account;
use crate::store::letters;

/// Links in letters that are good for long last so many seconds.
pub(super) const DAY: i64 = 24 * 3600;
/// Links with which an account can be taken over last so many seconds.
pub(super) const HOUR: i64 = 3600;

/// Who gets a letter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Receiver<'a> {
    /// Their address.
    pub(super) email: &'a str,
    /// Their language; `None`: the hub's first.
    pub(super) language: Option<&'a str>,
}

impl<'a> From<&'a Account> for Receiver<'a> {
    fn from(account: &'a Account) -> Self {
        Self {
            email: &account.email,
            language: account.language.as_deref(),
        }
    }
}

/// Writes a letter and stores it for sending. It is tried for as long as the settings say, or for
/// these seconds where it is of no use after them.
pub(super) fn post(
    desk: &mut Desk<'_>,
    to: Receiver<'_>,
    draft: &Draft,
    useful: Option<i64>,
) -> Result<(), Refusal> {
    let settings = desk.settings;
    let colours = hub::palette(desk)?.light;
    let hub = Hub {
        name: &settings.instance.name,
        base: desk.names.base(),
        languages: &settings.instance.languages,
    };
    let written = desk.stationery.write(to.language, hub, colours, draft);
    let patience = settings.mail.give_up.seconds();
    let letter = Letter {
        id: desk.next_id(),
        recipient: to.email.to_owned(),
        subject: written.subject,
        text: written.text,
        html: written.html,
        unsubscribe: draft.unsubscribe.clone(),
        created_at: desk.now,
        expires_at: desk
            .now
            .plus_seconds(useful.map_or(patience, |useful| useful.min(patience))),
        attempts: 0,
    };
    letters::insert(desk.db, &letter)?;
    desk.posted = true;
    Ok(())
}
