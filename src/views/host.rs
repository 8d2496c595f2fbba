//! Other servers as admins see them: the rules about them, and the lists that the hub follows.

use crate::domain::host::{HostRule, RuleSource, Subscription};
use crate::domain::refusal::Refusal;
use crate::store::{Db, Res, host_rules};

/// Everything that is set about other servers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Servers {
    /// Rules set by hand, by name.
    pub(crate) by_hand: Vec<HostRule>,
    /// Lists that the hub follows, each with how many rules are of it.
    pub(crate) lists: Vec<(Subscription, usize)>,
}

/// The rules set by hand, and the lists.
pub(crate) fn servers(db: &mut Db) -> Res<Servers> {
    let mut lists = Vec::new();
    for list in host_rules::subscriptions(db)? {
        let rules = host_rules::list(db, RuleSource::List(list.id))?.len();
        lists.push((list, rules));
    }
    Ok(Servers {
        by_hand: host_rules::list(db, RuleSource::Hand)?,
        lists,
    })
}

/// Every rule, with where it comes from.
pub(crate) fn rules(db: &mut Db) -> Res<Vec<(RuleSource, HostRule)>> {
    host_rules::list_all(db)
}

/// The list of a number.
///
/// # Errors
/// If the hub follows no such list.
pub(crate) fn list(db: &mut Db, id: i64) -> Result<Subscription, Refusal> {
    host_rules::find_subscription(db, id)?
        .ok_or_else(|| Refusal::not_found("list.not_found", "The hub does not follow this list."))
}
