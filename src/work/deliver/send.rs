//! One try: signs and posts what an entry means for a server, and judges the answers.

use std::time::Duration;

use http::StatusCode;

use super::doubt::{self, Doubts};
use super::letters::{Letter, Letters};
use super::profile::Profile;
use super::signers::Signers;
use crate::domain::ids::host_of;
use crate::federation::Federation;
use crate::federation::sign::{self, Form};
use crate::net::{Answer, NetError};
use crate::store::outbox::Relevant;

/// How Lemmy answers an Announce of a group that nobody there follows.
const DISOWNED: &str = "community_has_no_followers";

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The server took it.
    Taken,
    /// There was nothing to send.
    Nothing,
    /// The server will never take it; why.
    Refused(String),
    /// The same, for the inbox does not exist any more.
    Gone(String),
    /// The same, for nobody there follows the group that says it.
    Disowned(String),
    /// The server does not believe our signature, or does not want us.
    Unauthorised(String),
    /// The server could not take it now.
    Failed {
        /// Why.
        why: String,
        /// How long it asks us to wait.
        wait: Option<Duration>,
    },
    /// It failed on our own side.
    Broken(String),
}

impl Verdict {
    /// The name in metrics.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Nothing => "nothing",
            Self::Refused(_) | Self::Gone(_) | Self::Disowned(_) => "refused",
            Self::Unauthorised(_) => "unauthorised",
            Self::Failed { .. } => "failed",
            Self::Broken(_) => "broken",
        }
    }
}

/// What tries work with.
pub(super) struct Sender {
    pub(super) federation: Federation,
    pub(super) letters: Letters,
    pub(super) doubts: Doubts,
    pub(super) signers: Signers,
}

impl Sender {
    /// Sends what is left of an entry after `parts` of its requests; gives back how many are
    /// taken now.
    pub(super) async fn send(
        &self,
        entry: Relevant,
        profile: &Profile,
        parts: usize,
    ) -> (Verdict, usize) {
        match self.federation.operations.admits(&profile.host).await {
            Ok(true) => {}
            Ok(false) => return (Verdict::Nothing, 0),
            Err(refusal) => return (Verdict::Broken(refusal.sentence), parts),
        }
        let letters = match self.letters.for_server(entry, profile).await {
            Ok(letters) => letters,
            Err(error) => return (Verdict::Broken(error.to_string()), parts),
        };
        let mut verdict = Verdict::Nothing;
        for (place, letter) in letters.into_iter().enumerate().skip(parts) {
            let (inbox, signer) = (letter.inbox.clone(), letter.document.signer);
            let one = match self.post(&letter).await {
                Verdict::Gone(why) => {
                    doubt::inbox_is_gone(&self.federation, profile.instance, inbox.as_str()).await;
                    Verdict::Refused(why)
                }
                Verdict::Disowned(why) => {
                    let (doubts, instance) = (&self.doubts, profile.instance);
                    doubts.disowned(&self.federation, signer, instance).await;
                    Verdict::Refused(why)
                }
                other => other,
            };
            match (&one, &verdict) {
                // One of several inboxes that is gone must not keep the others from theirs.
                (Verdict::Taken, Verdict::Refused(_)) => {}
                (Verdict::Taken | Verdict::Refused(_), _) => verdict = one,
                _ => return (one, place),
            }
        }
        (verdict, 0)
    }

    /// Posts a letter, signed as its host is known to take it; once more in the other form where a
    /// host does not believe the first and says that it knows RFC 9421 (statement 56).
    async fn post(&self, letter: &Letter) -> Verdict {
        let host = host_of(&letter.inbox);
        let form = self.federation.form_for(&host);
        let first = match self.post_signed(letter, form).await {
            Ok(answer) => answer,
            Err(broken) => return broken,
        };
        let hinted = |answer: &Answer| {
            is_denied(answer)
                && self
                    .federation
                    .may_sign_otherwise(&host, answer.accept_signature)
        };
        if !first.as_ref().is_ok_and(hinted) {
            return judge(first);
        }
        let other = match form {
            Form::Draft => Form::Rfc9421,
            Form::Rfc9421 => Form::Draft,
        };
        let second = match self.post_signed(letter, other).await {
            Ok(answer) => answer,
            Err(broken) => return broken,
        };
        if let Ok(answer) = &second {
            let taken = (!is_denied(answer)).then_some(other);
            self.federation.note_form(&host, taken);
        }
        judge(second)
    }

    async fn post_signed(
        &self,
        letter: &Letter,
        form: Form,
    ) -> Result<Result<Answer, NetError>, Verdict> {
        let document = &letter.document;
        let broken = |why: &str| Err(Verdict::Broken(why.to_owned()));
        let key = match self.federation.signing_key(document.signer).await {
            Ok(Some(key)) => key,
            Ok(None) => return broken("the signer has no key"),
            Err(error) => return broken(&error.to_string()),
        };
        let (url, digest, now) = (letter.inbox.clone(), document.digest, self.federation.now());
        let signing = self.signers.run(move || match form {
            Form::Draft => sign::post(&key.key, &key.id, &url, &digest, now),
            Form::Rfc9421 => sign::post_rfc9421(&key.key, &key.id, &url, &digest, now),
        });
        let headers = match signing.await {
            Some(Ok(headers)) => headers,
            Some(Err(error)) => return broken(&error.to_string()),
            None => return broken("the hub stops"),
        };
        let body = document.body.clone();
        Ok(self
            .federation
            .client
            .post(&letter.inbox, headers, body)
            .await)
    }
}

fn is_denied(answer: &Answer) -> bool {
    matches!(
        answer.status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
    )
}

fn judge(answer: Result<Answer, NetError>) -> Verdict {
    let answer = match answer {
        Ok(answer) => answer,
        Err(NetError::Refused(no)) => return Verdict::Refused(no.to_string()),
        Err(error) => {
            return Verdict::Failed {
                why: error.to_string(),
                wait: None,
            };
        }
    };
    if answer.status.is_success() {
        return Verdict::Taken;
    }
    let why = format!("{}: {}", answer.status.as_u16(), answer.body_start);
    match answer.status {
        StatusCode::GONE => Verdict::Gone(why),
        StatusCode::BAD_REQUEST if why.contains(DISOWNED) => Verdict::Disowned(why),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Verdict::Unauthorised(why),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
            Verdict::Failed {
                why,
                wait: answer.retry_after,
            }
        }
        StatusCode::NOT_IMPLEMENTED => Verdict::Refused(why),
        status if status.is_client_error() => Verdict::Refused(why),
        _ => Verdict::Failed {
            why,
            wait: answer.retry_after,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_judged_by_what_trying_again_can_help() {
        let judged = |status: u16| {
            judge(Ok(Answer {
                status: StatusCode::from_u16(status).unwrap(),
                retry_after: None,
                accept_signature: false,
                body_start: String::new(),
            }))
            .name()
        };
        for (status, name) in [
            (200, "taken"),
            (202, "taken"),
            (302, "failed"),
            (400, "refused"),
            (401, "unauthorised"),
            (403, "unauthorised"),
            (404, "refused"),
            (408, "failed"),
            (410, "refused"),
            (425, "failed"),
            (429, "failed"),
            (500, "failed"),
            (501, "refused"),
            (503, "failed"),
        ] {
            assert_eq!(judged(status), name, "{status}");
        }
        let lost = judge(Err(NetError::Timeout));
        assert_eq!(lost.name(), "failed");
    }
}
