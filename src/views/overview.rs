//! What an admin has to look at: queues, servers that fail, people and reports that wait.

use crate::domain::actor::Actor;
use crate::domain::flag::Docket;
use crate::domain::host::{AmongServers, Treatment};
use crate::domain::ids::ActorId;
use crate::domain::membership::{AmongGroups, Standing};
use crate::domain::page::{Page, PageRequest};
use crate::domain::refusal::Refusal;
use crate::store::instances::Instance;
use crate::store::{
    Db, Res, accounts, deliveries, flags, groups, host_rules, hub_pages, inbox, instances, letters,
    outbox, statistics,
};

/// What waits is counted up to here.
pub(crate) const MOST: u32 = 100;
/// Failing servers that are listed.
const MOST_FAILING: u32 = 50;

/// The state of the hub.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Overview {
    /// Received activities that are not dealt with.
    pub(crate) inbox: i64,
    /// Of them, those that could not be dealt with in all their tries, up to [`MOST`].
    pub(crate) parked: usize,
    /// Deliveries that were given up.
    pub(crate) given_up: i64,
    /// Letters that wait to be sent.
    pub(crate) letters: i64,
    /// People who wait to be let in.
    pub(crate) waiting: i64,
    /// Reports to the hub's moderators that are open, up to [`MOST`].
    pub(crate) reports: usize,
    /// People who may sign in.
    pub(crate) members: i64,
    /// Servers that take no deliveries, the worst first.
    pub(crate) failing: Vec<Instance>,
    /// Bytes of the database.
    pub(crate) database: i64,
    /// Whether there is a legal notice.
    pub(crate) imprint: bool,
}

/// The state of the hub: eleven queries.
pub(crate) fn hub(db: &mut Db) -> Res<Overview> {
    let first = PageRequest::first(MOST);
    let pages = hub_pages::list(db, MOST)?;
    Ok(Overview {
        inbox: inbox::count(db)?,
        parked: inbox::list_parked(db, MOST)?.len(),
        given_up: deliveries::count_dead_letters(db)?,
        letters: letters::count_waiting(db)?,
        waiting: accounts::count(db, Standing::Pending)?,
        reports: flags::list(db, Docket::Hub, true, first)?.items.len(),
        members: statistics::count_accounts(db)?,
        failing: instances::list_failing(db, MOST_FAILING)?,
        database: statistics::database_size(db)?,
        imprint: pages.iter().any(|page| page.name == "imprint"),
    })
}

/// A group of this hub as those see it who run the hub.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupCard {
    /// The group.
    pub(crate) group: Actor,
    /// Its visible posts.
    pub(crate) posts: i64,
    /// Its moderators, the longest-serving first: who founded it, most often.
    pub(crate) moderators: Vec<Actor>,
}

/// The hub's groups: three queries.
pub(crate) fn groups(
    db: &mut Db,
    among: AmongGroups,
    text: &str,
    request: PageRequest,
) -> Res<Page<GroupCard>> {
    let found = groups::list(db, among, text, request)?;
    let ids: Vec<ActorId> = found.items.iter().map(|group| group.id).collect();
    let posts = groups::count_posts(db, &ids)?;
    let moderators = groups::list_moderators(db, &ids)?;
    let of = |id: ActorId| {
        let of = moderators.iter().filter(|(group, _)| *group == id);
        of.map(|(_, moderator)| moderator.clone()).collect()
    };
    Ok(found.map(|group| GroupCard {
        posts: posts.get(&group.id).copied().unwrap_or_default(),
        moderators: of(group.id),
        group,
    }))
}

/// How a server elsewhere fares.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Health {
    /// The server.
    pub(crate) instance: Instance,
    /// What the rules say of it.
    pub(crate) treatment: Treatment,
    /// Follows from there.
    pub(crate) followers: i64,
    /// Entries of the log after the last that it was told; `None`: it was told nothing yet.
    pub(crate) behind: Option<i64>,
    /// Deliveries that were given up.
    pub(crate) given_up: i64,
    /// Why the last of them was.
    pub(crate) error: Option<String>,
}

/// The servers that the hub knows: one query.
pub(crate) fn servers(
    db: &mut Db,
    among: AmongServers,
    text: &str,
    request: PageRequest,
) -> Res<Page<Instance>> {
    instances::list(db, among, &text.to_lowercase(), request)
}

/// How a server fares: seven queries.
///
/// # Errors
/// If the hub knows no such server.
pub(crate) fn server(db: &mut Db, host: &str) -> Result<Health, Refusal> {
    let instance = instances::find_by_host(db, host)?
        .ok_or_else(|| Refusal::not_found("host.unknown", "The hub knows no such server."))?;
    let told = deliveries::find_cursor_of(db, instance.id)?;
    let last = outbox::last_seq(db)?;
    let (given_up, error) = deliveries::given_up_of(db, instance.id)?;
    Ok(Health {
        treatment: host_rules::treatment(db, host)?,
        followers: instances::count_followers(db, instance.id)?,
        behind: told.map(|told| last.saturating_sub(told).max(0)),
        given_up,
        error,
        instance,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::caller::Caller;
    use crate::domain::host::{HostRule, Severity};
    use crate::domain::membership::Role;
    use crate::operations::host::SetHostRule;
    use crate::operations::testing::Hall;
    use crate::store::instances::Reach;
    use crate::store::testing::db_test;

    db_test!(admins_see_every_group_and_who_looks_after_it, |store| {
        let hall = Hall::new(store).await;
        let (ada, ben) = (hall.person("ada").await, hall.person("ben").await);
        let (tea, mugs) = (hall.group("tea", ada).await, hall.group("mugs", ben).await);
        hall.post(ada, tea, "A pot").await;
        let lost = hall.post(ben, tea, "Another").await;
        hall.write(move |db, now| crate::store::posts::set_deleted(db, lost, Some(now)))
            .await;
        hall.write(move |db, _| crate::store::moderators::delete(db, mugs, ben.actor().unwrap()))
            .await;
        let at = |among, text: &'static str, limit| {
            let request = PageRequest::first(limit);
            hall.read(move |db| groups(db, among, text, request))
        };
        let all = at(AmongGroups::All, "", 10).await.items;
        let shown: Vec<_> = all
            .iter()
            .map(|card| (&*card.group.name, card.posts, card.moderators.len()))
            .collect();
        assert_eq!(shown, [("mugs", 0, 0), ("tea", 1, 1)]);
        let name = |page: Page<GroupCard>| page.items.first().map(|card| card.group.name.clone());
        assert_eq!(
            name(at(AmongGroups::All, "TE", 10).await).as_deref(),
            Some("tea")
        );
        assert_eq!(name(at(AmongGroups::Private, "", 10).await), None);
        assert_eq!(name(at(AmongGroups::All, "t%a", 10).await), None);
        let left = at(AmongGroups::Unmoderated, "", 10).await;
        assert_eq!(name(left).as_deref(), Some("mugs"));
        let first = at(AmongGroups::All, "", 1).await;
        let request = PageRequest {
            after: first.next,
            ..PageRequest::first(1)
        };
        let second = hall.read(move |db| groups(db, AmongGroups::All, "", request));
        let second = second.await;
        assert_eq!(
            (name(second.clone()).as_deref(), second.next),
            (Some("tea"), None)
        );
    });

    db_test!(admins_see_what_fails_and_why, |store| {
        let hall = Hall::new(store).await;
        let (mia, leo) = (
            hall.remote("mia@down.test").await,
            hall.remote("leo@well.test").await,
        );
        assert_ne!(mia.actor(), leo.actor());
        hall.write(|db, now| {
            let down = instances::find_by_host(db, "down.test")?.unwrap().id;
            let later = now.plus_seconds(60);
            instances::set_reach(db, down, Reach::Backoff, 7, later, None)?;
            let inbox = "https://down.test/inbox";
            deliveries::insert_dead_letter(db, down, 3, inbox, 9, "no route", now)
        })
        .await;
        let admin = Caller::Member {
            actor: hall.person("ada").await.actor().unwrap(),
            role: Role::Admin,
        };
        let rule = HostRule {
            host: "down.test".to_owned(),
            severity: Severity::Limit,
            reject_media: false,
            reject_reports: false,
            obfuscate: false,
            comment: String::new(),
        };
        hall.run(admin, SetHostRule { rule }).await.unwrap();
        let found = hall.read(hub).await;
        let failing: Vec<_> = found
            .failing
            .iter()
            .map(|one| (&*one.host, one.fails))
            .collect();
        assert_eq!(failing, [("down.test", 7)]);
        assert_eq!((found.given_up, found.inbox, found.imprint), (1, 0, false));
        assert!(found.database > 0);
        let store = &hall.operations.store;
        let known = async |among, text: &'static str| {
            let request = PageRequest::first(10);
            let page = hall.read(move |db| servers(db, among, text, request)).await;
            let hosts = page.items.into_iter().map(|one| one.host);
            hosts.collect::<Vec<_>>().join(" ")
        };
        for (among, hosts) in [
            (AmongServers::All, "well.test down.test"),
            (AmongServers::Well, "well.test"),
            (AmongServers::Failing, "down.test"),
            (AmongServers::Paused, ""),
            (AmongServers::KeptAway, "down.test"),
        ] {
            assert_eq!(known(among, "").await, hosts, "{among:?}");
        }
        assert_eq!(known(AmongServers::All, "WELL").await, "well.test");
        assert_eq!(known(AmongServers::All, "w%l").await, "");
        let down = store.read(|db| server(db, "down.test")).await.unwrap();
        assert_eq!(down.treatment.severity, Severity::Limit);
        assert_eq!(
            (down.given_up, down.error.as_deref()),
            (1, Some("no route"))
        );
        let well = store.read(|db| server(db, "well.test")).await.unwrap();
        assert_eq!(well.instance.reach, Reach::Ok);
        let unknown = store.read(|db| server(db, "none.test")).await.unwrap_err();
        assert_eq!(unknown.code, "host.unknown");
    });
}
