//! Links in letters that end letters of their sort without signing in (RFC 8058): sealed with a
//! secret of the hub, so that nobody can make one up.

use crate::crypto::{mac, token};
use crate::domain::ids::ActorId;
use crate::domain::news::{ByMail, Ended, Topic, Wish};
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::settings::DigestRhythm;
use crate::store::wishes::{self, Digest};
use crate::store::{Db, Res, accounts, secrets};

/// The name of the secret.
const SECRET: &str = "unsubscribe";

/// The address at which letters of this sort to somebody end.
pub(super) fn link(desk: &mut Desk<'_>, actor: ActorId, ended: Ended) -> Result<String, Refusal> {
    let secret = secrets::ensure(desk.db, SECRET, &token::random())?;
    let seal = mac::seal(&secret, &sealed(actor, ended));
    let (base, what) = (desk.names.base(), ended.as_str());
    Ok(format!(
        "{base}/unsubscribe?of={actor}&what={what}&seal={seal}"
    ))
}

fn sealed(actor: ActorId, ended: Ended) -> String {
    format!("{actor}:{}", ended.as_str())
}

/// Whether a link is one that the hub gave out.
fn seal_fits(db: &mut Db, actor: ActorId, ended: Ended, seal: &str) -> Res<bool> {
    let secret = secrets::find(db, SECRET)?;
    Ok(secret.is_some_and(|secret| mac::is_seal(&secret, &sealed(actor, ended), seal)))
}

/// Ends letters of one sort, by the link in one of them; whoever holds it may.
pub(crate) struct Unsubscribe {
    /// Whose.
    pub(crate) actor: ActorId,
    /// Which.
    pub(crate) ended: Ended,
    /// The seal of the link.
    pub(crate) seal: String,
}

impl Operation for Unsubscribe {
    type Output = ();
    const NAME: &'static str = "unsubscribe";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let (actor, ended) = (self.actor, self.ended);
        if !seal_fits(desk.db, actor, ended, &self.seal)? {
            return Err(unknown_link());
        }
        if accounts::find(desk.db, actor)?.is_none() {
            // Who left gets no letters.
            return Ok(());
        }
        match ended {
            Ended::Topic(topic) => end(desk, actor, topic),
            Ended::Topics => Topic::ALL
                .into_iter()
                .try_for_each(|topic| end(desk, actor, topic)),
            Ended::Digest => {
                let digest = Digest {
                    actor,
                    rhythm: Some(DigestRhythm::Off),
                    since: desk.now,
                    due_at: super::digest::after(desk.now, DigestRhythm::Off),
                };
                Ok(wishes::set_digest(desk.db, digest)?)
            }
        }
    }
}

/// No letters about a topic any more; browsers still tell of it.
fn end(desk: &mut Desk<'_>, actor: ActorId, topic: Topic) -> Result<(), Refusal> {
    let chosen = wishes::list_of(desk.db, actor)?;
    let own = chosen.into_iter().find(|(of, _)| *of == topic);
    let before = own.map_or_else(|| topic.usual(), |(_, wish)| wish);
    let wish = Wish {
        mail: ByMail::Off,
        ..before
    };
    Ok(wishes::set(desk.db, actor, topic, wish)?)
}

fn unknown_link() -> Refusal {
    Refusal::not_found(
        "unsubscribe.unknown",
        "This link is not complete. Please open it again from the letter, or change your settings.",
    )
}
