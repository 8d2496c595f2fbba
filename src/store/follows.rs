//! Who follows whom: memberships of groups, and followers of people.
//!
//! Which servers have followers is counted as follows change, so that publishing never looks at
//! the followers themselves.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{actors, follower_instances, follows, private_groups};
use super::{Db, Res};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, InstanceId, LOCAL_INSTANCE};
use crate::domain::membership::FollowState;
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::reading::Level;

/// A follow, asked for or in force.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Follow {
    /// Who is followed.
    pub(crate) target: ActorId,
    /// Who follows.
    pub(crate) follower: ActorId,
    /// Where it stands.
    pub(crate) state: FollowState,
    /// The id of the Follow activity.
    pub(crate) uri: String,
    /// When it was last asked for.
    pub(crate) created_at: Ts,
}

type FollowRow = (i64, i64, String, String, i64);

const ROW: (
    follows::target_id,
    follows::follower_id,
    follows::state,
    follows::uri,
    follows::created_at,
) = (
    follows::target_id,
    follows::follower_id,
    follows::state,
    follows::uri,
    follows::created_at,
);

impl From<FollowRow> for Follow {
    fn from((target, follower, state, uri, created_at): FollowRow) -> Self {
        Self {
            target: ActorId(target),
            follower: ActorId(follower),
            state: FollowState::parse(&state),
            uri,
            created_at: Ts(created_at),
        }
    }
}

/// The follow of one by another.
pub(crate) fn find(db: &mut Db, target: ActorId, follower: ActorId) -> Res<Option<Follow>> {
    let row: Option<FollowRow> = follows::table
        .find((target.0, follower.0))
        .select(ROW)
        .first(db)
        .optional()?;
    Ok(row.map(Follow::from))
}

/// The follow that was asked for with this id, by this follower.
pub(crate) fn find_by_uri(db: &mut Db, follower: ActorId, uri: &str) -> Res<Option<Follow>> {
    let row: Option<FollowRow> = follows::table
        .filter(
            follows::follower_id
                .eq(follower.0)
                .and(follows::uri.eq(uri)),
        )
        .select(ROW)
        .first(db)
        .optional()?;
    Ok(row.map(Follow::from))
}

/// Stores a follow or moves it to a state, and keeps the counts of followers and their servers.
///
/// `since` is an id drawn now: the followers' server hears of what is logged after it.
pub(crate) fn upsert(db: &mut Db, follow: &Follow, instance: InstanceId, since: i64) -> Res<()> {
    let before = find(db, follow.target, follow.follower)?;
    Both(
        diesel::insert_into(follows::table)
            .values((
                follows::target_id.eq(follow.target.0),
                follows::follower_id.eq(follow.follower.0),
                follows::state.eq(follow.state.as_str()),
                follows::uri.eq(&follow.uri),
                follows::created_at.eq(follow.created_at.0),
            ))
            .on_conflict((follows::target_id, follows::follower_id))
            .do_update()
            .set((
                follows::state.eq(follow.state.as_str()),
                follows::uri.eq(&follow.uri),
                follows::created_at.eq(follow.created_at.0),
                follows::ask_at.eq(None::<i64>),
            )),
    )
    .execute(db)?;
    let was = before.is_some_and(|f| f.state == FollowState::Accepted);
    let is = follow.state == FollowState::Accepted;
    match (was, is) {
        (false, true) => count(db, follow, instance, 1, since),
        (true, false) => count(db, follow, instance, -1, since),
        _ => Ok(()),
    }
}

/// Notes how often a follow was asked for, and when it is to be asked for again by itself.
pub(crate) fn set_asks(db: &mut Db, follow: &Follow, asks: i32, ask_at: Option<Ts>) -> Res<()> {
    diesel::update(follows::table.find((follow.target.0, follow.follower.0)))
        .set((
            follows::asks.eq(asks),
            follows::ask_at.eq(ask_at.map(|at| at.0)),
        ))
        .execute(db)?;
    Ok(())
}

/// What a member hears of a group; `None` if they do not follow it.
pub(crate) fn level_of(db: &mut Db, group: ActorId, member: ActorId) -> Res<Option<Level>> {
    let row: Option<Option<String>> = follows::table
        .find((group.0, member.0))
        .select(follows::level)
        .first(db)
        .optional()?;
    Ok(row.map(|level| read_level(level.as_deref())))
}

fn read_level(text: Option<&str>) -> Level {
    text.and_then(Level::parse).unwrap_or_default()
}

/// Sets what a member hears of groups that they follow; of how many that was.
pub(crate) fn set_level(
    db: &mut Db,
    member: ActorId,
    groups: &[ActorId],
    level: Level,
) -> Res<usize> {
    let groups: Vec<i64> = groups.iter().map(|group| group.0).collect();
    let text = (level != Level::default()).then(|| level.as_str());
    let own = follows::table
        .filter(follows::follower_id.eq(member.0))
        .filter(follows::target_id.eq_any(groups))
        .filter(follows::state.ne("refused"));
    Ok(diesel::update(own)
        .set(follows::level.eq(text))
        .execute(db)?)
}

/// Members who want to hear of every thread of a group, with numbers after this one, in their order.
pub(crate) fn list_hearing_all(
    db: &mut Db,
    group: ActorId,
    after: i64,
    limit: u32,
) -> Res<Vec<ActorId>> {
    let rows: Vec<i64> = follows::table
        .filter(follows::target_id.eq(group.0))
        .filter(follows::follower_id.gt(after))
        .filter(follows::level.eq("all"))
        .filter(follows::state.eq("accepted"))
        .order(follows::follower_id)
        .limit(i64::from(limit))
        .select(follows::follower_id)
        .load(db)?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// The groups that a person is a member of, or asked to join, with what they hear of each; of private
/// ones only those that let them in.
pub(crate) fn list_levels(db: &mut Db, member: ActorId, limit: u32) -> Res<Vec<(Actor, Level)>> {
    let private = private_groups::table.select(private_groups::group_id);
    let rows: Vec<(super::actors::ActorRow, Option<String>)> = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::target_id)))
        .filter(follows::follower_id.eq(member.0))
        .filter(follows::state.ne("refused").and(actors::kind.eq("Group")))
        .filter(follows::state.eq("accepted").or(actors::id.ne_all(private)))
        .order((actors::title, actors::id))
        .limit(i64::from(limit))
        .select((super::actors::ActorRow::as_select(), follows::level))
        .load(db)?;
    let heard = |(row, level): (super::actors::ActorRow, Option<String>)| {
        (Actor::from(row), read_level(level.as_deref()))
    };
    Ok(rows.into_iter().map(heard).collect())
}

/// The unanswered follows that are to be asked for again by now, with how often they were, the
/// longest waiting first.
pub(crate) fn list_to_ask(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<(Follow, i32)>> {
    let rows: Vec<(FollowRow, i32)> = follows::table
        .filter(follows::ask_at.le(now.0).and(follows::state.eq("pending")))
        .order(follows::ask_at)
        .limit(i64::from(limit))
        .select((ROW, follows::asks))
        .load(db)?;
    let rows = rows.into_iter();
    Ok(rows.map(|(row, asks)| (row.into(), asks)).collect())
}

/// The unanswered follows of a remote target by people here.
pub(crate) fn list_local_pending(db: &mut Db, target: ActorId, limit: u32) -> Res<Vec<Follow>> {
    let rows: Vec<FollowRow> = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::follower_id)))
        .filter(
            follows::target_id
                .eq(target.0)
                .and(follows::state.eq("pending"))
                .and(actors::local.eq(true)),
        )
        .order(follows::follower_id)
        .limit(i64::from(limit))
        .select(ROW)
        .load(db)?;
    Ok(rows.into_iter().map(Follow::from).collect())
}

/// Ends a follow; gives it back if there was one.
pub(crate) fn delete(
    db: &mut Db,
    target: ActorId,
    follower: ActorId,
    instance: InstanceId,
) -> Res<Option<Follow>> {
    let Some(follow) = find(db, target, follower)? else {
        return Ok(None);
    };
    diesel::delete(follows::table.find((target.0, follower.0))).execute(db)?;
    if follow.state == FollowState::Accepted {
        count(db, &follow, instance, -1, 0)?;
    }
    Ok(Some(follow))
}

/// Ends every follow by and of an actor who is gone.
pub(crate) fn delete_of(db: &mut Db, actor: &Actor) -> Res<()> {
    let id = actor.id.0;
    let accepted: Vec<FollowRow> = follows::table
        .filter(
            follows::follower_id
                .eq(id)
                .and(follows::state.eq("accepted")),
        )
        .select(ROW)
        .load(db)?;
    for follow in accepted {
        count(db, &follow.into(), actor.instance, -1, 0)?;
    }
    let own = follows::follower_id.eq(id).or(follows::target_id.eq(id));
    diesel::delete(follows::table.filter(own)).execute(db)?;
    let servers = follower_instances::table.filter(follower_instances::target_id.eq(id));
    diesel::delete(servers).execute(db)?;
    diesel::update(actors::table.find(id))
        .set(actors::followers_count.eq(0))
        .execute(db)?;
    Ok(())
}

fn count(db: &mut Db, follow: &Follow, instance: InstanceId, change: i64, since: i64) -> Res<()> {
    use follower_instances as fi;
    let target = follow.target;
    super::actors::add_followers(db, target, change)?;
    if instance == LOCAL_INSTANCE {
        return Ok(());
    }
    let kind: String = actors::table
        .find(follow.follower.0)
        .select(actors::kind)
        .first(db)?;
    let groups = if kind == ActorKind::Group.as_str() {
        change
    } else {
        0
    };
    Both(
        diesel::insert_into(fi::table)
            .values((
                fi::target_id.eq(target.0),
                fi::instance_id.eq(instance.0),
                fi::followers.eq(change),
                fi::since.eq(since),
                fi::group_followers.eq(groups),
            ))
            .on_conflict((fi::target_id, fi::instance_id))
            .do_update()
            .set((
                fi::followers.eq(fi::followers + change),
                fi::group_followers.eq(fi::group_followers + groups),
            )),
    )
    .execute(db)?;
    diesel::delete(
        fi::table
            .find((target.0, instance.0))
            .filter(fi::followers.le(0)),
    )
    .execute(db)?;
    Ok(())
}

/// A server with followers of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FollowerInstance {
    /// The server.
    pub(crate) instance: InstanceId,
    /// It hears of entries with a larger id than this.
    pub(crate) since: i64,
    /// Groups are among its followers.
    pub(crate) groups: bool,
}

/// The servers that follow a target.
pub(crate) fn list_instances(db: &mut Db, target: ActorId) -> Res<Vec<FollowerInstance>> {
    use follower_instances as fi;
    let rows: Vec<(i64, i64, bool)> = fi::table
        .filter(fi::target_id.eq(target.0))
        .select((fi::instance_id, fi::since, fi::group_followers.gt(0)))
        .load(db)?;
    let one = |(instance, since, groups)| FollowerInstance {
        instance: InstanceId(instance),
        since,
        groups,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Whether a person is a member of a group (an accepted follow).
pub(crate) fn is_follower(db: &mut Db, target: ActorId, follower: ActorId) -> Res<bool> {
    Ok(find(db, target, follower)?.is_some_and(|f| f.state == FollowState::Accepted))
}

/// Whether two people are members of the same group.
pub(crate) fn share_group(db: &mut Db, one: ActorId, other: ActorId) -> Res<bool> {
    let groups = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::target_id)))
        .filter(
            follows::follower_id
                .eq(one.0)
                .and(follows::state.eq("accepted"))
                .and(actors::kind.eq("Group")),
        )
        .select(follows::target_id);
    let groups: Vec<i64> = groups.load(db)?;
    let shared = follows::table
        .filter(
            follows::follower_id
                .eq(other.0)
                .and(follows::state.eq("accepted")),
        )
        .filter(follows::target_id.eq_any(groups));
    Ok(diesel::select(diesel::dsl::exists(shared)).get_result(db)?)
}

/// The groups that a person is a member of, or asked to join.
pub(crate) fn list_groups_of(db: &mut Db, follower: ActorId, limit: u32) -> Res<Vec<Actor>> {
    let rows: Vec<super::actors::ActorRow> = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::target_id)))
        .filter(
            follows::follower_id
                .eq(follower.0)
                .and(follows::state.ne("refused"))
                .and(actors::kind.eq("Group")),
        )
        .order(actors::title)
        .limit(i64::from(limit))
        .select(super::actors::ActorRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

/// Follows of people, and of no groups, by one follower, those that were turned down left out.
macro_rules! of_people {
    ($follower:expr) => {
        follows::table
            .inner_join(actors::table.on(actors::id.eq(follows::target_id)))
            .filter(follows::follower_id.eq($follower.0))
            .filter(follows::state.ne("refused"))
            .filter(actors::kind.ne(ActorKind::Group.as_str()))
    };
}

/// The people whom somebody follows, or asked to, the last first.
pub(crate) fn list_people_of(db: &mut Db, follower: ActorId, limit: u32) -> Res<Vec<ActorId>> {
    let rows: Vec<i64> = of_people!(follower)
        .order((follows::created_at.desc(), follows::target_id.desc()))
        .limit(i64::from(limit))
        .select(follows::target_id)
        .load(db)?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// How many people somebody follows, or asked to.
pub(crate) fn count_people_of(db: &mut Db, follower: ActorId) -> Res<i64> {
    Ok(of_people!(follower).count().get_result(db)?)
}

/// The groups, or the people, whom somebody follows or asked to, also those that turned it down, the
/// last first; who is gone is left out.
pub(crate) fn list_followed(
    db: &mut Db,
    follower: ActorId,
    groups: bool,
    page: PageRequest,
) -> Res<Page<(Actor, Follow)>> {
    let mut query = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::target_id)))
        .filter(follows::follower_id.eq(follower.0))
        .filter(actors::deleted_at.is_null())
        .order((follows::created_at.desc(), follows::target_id.desc()))
        .limit(i64::from(page.limit) + 1)
        .select((super::actors::ActorRow::as_select(), ROW))
        .into_boxed();
    let group = ActorKind::Group.as_str();
    query = if groups {
        query.filter(actors::kind.eq(group))
    } else {
        query.filter(actors::kind.ne(group))
    };
    if let Some(after) = page.after {
        let at = after.moment().0;
        let same = follows::created_at
            .eq(at)
            .and(follows::target_id.lt(after.id));
        query = query.filter(follows::created_at.lt(at).or(same));
    }
    let rows: Vec<(super::actors::ActorRow, FollowRow)> = query.load(db)?;
    let both = |(actor, follow)| (Actor::from(actor), Follow::from(follow));
    let rows: Vec<(Actor, Follow)> = rows.into_iter().map(both).collect();
    Ok(Page::cut(rows, page.limit, |(actor, follow)| {
        Cursor::at(follow.created_at, actor.id.0)
    }))
}

/// Who asked to follow a target and was not answered yet, in the order in which they asked.
pub(crate) fn list_pending(db: &mut Db, target: ActorId, limit: u32) -> Res<Vec<(Actor, Ts)>> {
    let rows: Vec<(super::actors::ActorRow, i64)> = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::follower_id)))
        .filter(
            follows::target_id
                .eq(target.0)
                .and(follows::state.eq("pending")),
        )
        .filter(actors::deleted_at.is_null())
        .order((follows::created_at, follows::follower_id))
        .limit(i64::from(limit))
        .select((super::actors::ActorRow::as_select(), follows::created_at))
        .load(db)?;
    let asked = |(row, at)| (Actor::from(row), Ts(at));
    Ok(rows.into_iter().map(asked).collect())
}

/// The follows of a target by people of this hub.
pub(crate) fn list_by_locals(db: &mut Db, target: ActorId, limit: u32) -> Res<Vec<Follow>> {
    let rows: Vec<FollowRow> = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::follower_id)))
        .filter(follows::target_id.eq(target.0).and(actors::local))
        .order(follows::follower_id)
        .limit(i64::from(limit))
        .select(ROW)
        .load(db)?;
    Ok(rows.into_iter().map(Follow::from).collect())
}

/// The follows of groups and people of this hub by one follower.
pub(crate) fn list_of_locals(db: &mut Db, follower: ActorId, limit: u32) -> Res<Vec<Follow>> {
    let rows: Vec<FollowRow> = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::target_id)))
        .filter(follows::follower_id.eq(follower.0).and(actors::local))
        .order(follows::target_id)
        .limit(i64::from(limit))
        .select(ROW)
        .load(db)?;
    Ok(rows.into_iter().map(Follow::from).collect())
}

/// Whether a server has followers of a target.
pub(crate) fn has_followers_on(db: &mut Db, target: ActorId, instance: InstanceId) -> Res<bool> {
    let row = follower_instances::table.find((target.0, instance.0));
    Ok(diesel::select(diesel::dsl::exists(row)).get_result(db)?)
}

/// The servers that follow anybody here.
pub(crate) fn list_follower_instances(db: &mut Db) -> Res<Vec<InstanceId>> {
    let rows: Vec<i64> = follower_instances::table
        .select(follower_instances::instance_id)
        .distinct()
        .load(db)?;
    Ok(rows.into_iter().map(InstanceId).collect())
}

/// The followers of a target on one server.
pub(crate) fn list_followers(
    db: &mut Db,
    target: ActorId,
    instance: InstanceId,
    limit: u32,
) -> Res<Vec<Actor>> {
    let rows: Vec<super::actors::ActorRow> = actors::table
        .inner_join(follows::table.on(follows::follower_id.eq(actors::id)))
        .filter(
            actors::instance_id
                .eq(instance.0)
                .and(follows::target_id.eq(target.0)),
        )
        .order(actors::id)
        .limit(i64::from(limit))
        .select(super::actors::ActorRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

/// The personal inboxes of a target's followers on one server, each once: of all, or of one kind.
pub(crate) fn list_inboxes(
    db: &mut Db,
    target: ActorId,
    instance: InstanceId,
    kind: Option<ActorKind>,
    limit: u32,
) -> Res<Vec<String>> {
    let mut query = actors::table
        .inner_join(follows::table.on(follows::follower_id.eq(actors::id)))
        .filter(
            actors::instance_id
                .eq(instance.0)
                .and(actors::deleted_at.is_null()),
        )
        .filter(
            follows::target_id
                .eq(target.0)
                .and(follows::state.eq("accepted")),
        )
        .select(actors::inbox)
        .distinct()
        .order(actors::inbox)
        .limit(i64::from(limit))
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(actors::kind.eq(kind.as_str()));
    }
    Ok(query.load(db)?)
}

/// Followers elsewhere through whom all of them hear: one for each inbox that a server's people
/// share, and everybody who shares none.
pub(crate) fn list_reaching(db: &mut Db, target: ActorId, limit: u32) -> Res<Vec<ActorId>> {
    let elsewhere = || {
        actors::table
            .inner_join(follows::table.on(follows::follower_id.eq(actors::id)))
            .filter(follows::target_id.eq(target.0))
            .filter(follows::state.eq("accepted"))
            .filter(actors::local.eq(false).and(actors::deleted_at.is_null()))
    };
    let sharing: Vec<Option<i64>> = elsewhere()
        .filter(actors::shared_inbox.is_not_null())
        .group_by(actors::shared_inbox)
        .select(diesel::dsl::min(actors::id))
        .limit(i64::from(limit))
        .load(db)?;
    let alone: Vec<i64> = elsewhere()
        .filter(actors::shared_inbox.is_null())
        .select(actors::id)
        .limit(i64::from(limit))
        .load(db)?;
    let all = sharing.into_iter().flatten().chain(alone);
    Ok(all.map(ActorId).collect())
}

/// How far people here follow this target: the best that any of them has; `None` if nobody does.
pub(crate) fn find_local_state(db: &mut Db, target: ActorId) -> Res<Option<FollowState>> {
    for state in [FollowState::Accepted, FollowState::Pending] {
        let some = follows::table
            .inner_join(actors::table.on(actors::id.eq(follows::follower_id)))
            .filter(follows::target_id.eq(target.0).and(actors::local.eq(true)))
            .filter(follows::state.eq(state.as_str()));
        if diesel::select(diesel::dsl::exists(some)).get_result(db)? {
            return Ok(Some(state));
        }
    }
    Ok(None)
}
