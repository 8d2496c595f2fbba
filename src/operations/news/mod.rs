//! Members are told of what happened: by letters and by their browsers, each as they wish, and each
//! thing once, for how far they were told is noted in the same transaction.

mod digest;
mod push;
mod unsubscribe;
mod wish;

pub(crate) use digest::{EnrolDigests, SendDigest};
pub(crate) use push::{EndSubscription, EnsurePushKey, Subscribe};
pub(crate) use unsubscribe::Unsubscribe;
pub(crate) use wish::SetWishes;

use super::letter::post;
use super::{Desk, Operation};
use crate::domain::caller::Caller;
use crate::domain::membership::Standing;
use crate::domain::news::{ByMail, Ended, MARK, News, Parcel, Topic, Wish};
use crate::domain::refusal::Refusal;
use crate::mail::{Draft, Item, Occasion, Section};
use crate::store::accounts::{self, Account};
use crate::store::{actors, wishes};

/// Tells members of what happened up to an id.
pub(crate) struct TellNews {
    /// Up to which id they were told when this was put together; `None`: they were never.
    pub(crate) from: Option<i64>,
    /// Up to which they are told with it.
    pub(crate) upto: i64,
    /// What each is told.
    pub(crate) parcels: Vec<Parcel>,
}

impl Operation for TellNews {
    type Output = usize;
    const NAME: &'static str = "tell_news";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        require_system(desk.caller)?;
        if wishes::find_mark(desk.db, MARK)? != self.from {
            // Somebody else told them meanwhile.
            return Ok(0);
        }
        for parcel in &self.parcels {
            tell(desk, parcel)?;
        }
        wishes::set_mark(desk.db, MARK, self.upto)?;
        Ok(self.parcels.len())
    }
}

fn tell(desk: &mut Desk<'_>, parcel: &Parcel) -> Result<(), Refusal> {
    let found = accounts::find(desk.db, parcel.to)?;
    let Some(account) = found.filter(|account| account.standing == Standing::Active) else {
        return Ok(());
    };
    let chosen = wishes::list_of(desk.db, parcel.to)?;
    let wanted = |by: fn(Wish) -> bool| {
        let wish = |topic: Topic| {
            let own = chosen.iter().find(|(of, _)| *of == topic);
            own.map_or_else(|| topic.usual(), |(_, wish)| *wish)
        };
        let news = parcel.news.iter();
        news.filter(|news| by(wish(news.topic))).collect::<Vec<_>>()
    };
    let letters = wanted(|wish| wish.mail == ByMail::AtOnce);
    if !letters.is_empty() {
        write(desk, &account, &letters)?;
    }
    push::push(desk, &account, &wanted(|wish| wish.push))
}

fn write(desk: &mut Desk<'_>, account: &Account, news: &[&News]) -> Result<(), Refusal> {
    let first = news.first().map(|news| news.topic);
    let alone = first.filter(|topic| news.iter().all(|news| news.topic == *topic));
    let ended = alone.map_or(Ended::Topics, Ended::Topic);
    let draft = Draft {
        sections: vec![section(desk, None, news.iter().copied())],
        unsubscribe: Some(unsubscribe::link(desk, account.actor, ended)?),
        ..Draft::new(Occasion::Notices, &name(desk, account)?)
    };
    let draft = draft.link(format!("{}/notices", desk.names.base()));
    post(desk, account.into(), &draft, None)
}

/// A list of news in a letter.
fn section<'a>(
    desk: &Desk<'_>,
    heading: Option<&'static str>,
    news: impl Iterator<Item = &'a News>,
) -> Section {
    let base = desk.names.base();
    let item = |news: &News| Item {
        said: news.said,
        who: news.who.clone(),
        title: news.title.clone(),
        url: format!("{base}{}", news.path),
    };
    Section {
        heading,
        items: news.map(item).collect(),
    }
}

fn name(desk: &mut Desk<'_>, account: &Account) -> Result<String, Refusal> {
    let actor = actors::find(desk.db, account.actor)?;
    Ok(actor.map(|actor| actor.title).unwrap_or_default())
}

fn require_system(caller: Caller) -> Result<(), Refusal> {
    if caller == Caller::System {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "news.hub",
        "Only the hub itself tells its members what happened.",
    ))
}

#[cfg(test)]
mod tests;
