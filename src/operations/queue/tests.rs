//! What waits is one list for each moderator, and nobody does the same work twice.

use crate::domain::actor::Approval;
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, Handle, ObjectId};
use crate::domain::membership::{Role, Standing};
use crate::domain::page::PageRequest;
use crate::domain::queue::{CLAIM_STANDS, Task, TaskKind};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::flag::{RaiseFlag, ResolveFlag};
use crate::operations::membership::JoinGroup;
use crate::operations::testing::Hall;
use crate::store::accounts::{self, Account};
use crate::store::testing::db_test;
use crate::views::queue::{self, Part, Queue};

use super::{ClaimTask, DropWording, ReleaseTask, WriteWording};

/// A hub on which one thing of each sort waits, in this order, a minute apart: a report and a held
/// post in the group drivers, a sign-up, and a request to join the group den.
struct Scene {
    hall: Hall,
    /// Moderates drivers.
    anna: Caller,
    /// Moderates den.
    carl: Caller,
    /// Moderates the hub.
    hugo: Caller,
    report: Task,
    all: Vec<Task>,
}

impl Scene {
    async fn new(store: crate::store::Store) -> Self {
        let hall = Hall::new(store).await;
        let (anna, carl) = (hall.person("anna").await, hall.person("carl").await);
        let hugo = Caller::Member {
            actor: hall.person("hugo").await.actor().unwrap(),
            role: Role::Moderator,
        };
        let ben = hall.person("ben").await;
        let drivers = hall.group("drivers", anna).await;
        let den = hall.group("den", carl).await;
        hall.change_actor(den, |group| group.manually_approves = true)
            .await;
        let post = hall.post(anna, drivers, "Which bit?").await;
        let report = RaiseFlag {
            group: Some(drivers),
            objects: vec![ObjectId::Post(post)],
            subject: anna.actor().unwrap(),
            reason: "too hot".to_owned(),
            uri: None,
        };
        let report = Task::Report(hall.run(ben, report).await.unwrap());
        hall.pass(60);
        hall.change_actor(drivers, |group| group.approval = Approval::Everybody)
            .await;
        let held = Task::Held(hall.post(ben, drivers, "May I?").await);
        hall.pass(60);
        let eve = waiting(&hall, "eve").await;
        hall.pass(60);
        hall.run(ben, JoinGroup { group: den }).await.unwrap();
        let request = Task::Request {
            group: den,
            person: ben.actor().unwrap(),
        };
        Self {
            hall,
            anna,
            carl,
            hugo,
            report,
            all: vec![report, held, Task::SignUp(eve), request],
        }
    }

    async fn look(&self, caller: Caller, part: Part, limit: u32) -> Result<Queue, Refusal> {
        let now = self.hall.operations.now();
        let request = PageRequest::first(limit);
        let store = &self.hall.operations.store;
        store
            .read(move |db| queue::page(db, caller, now, &part, request))
            .await
    }

    async fn tasks(&self, caller: Caller) -> Vec<Task> {
        let found = self.look(caller, Part::default(), 20).await.unwrap();
        found.items.items.iter().map(|item| item.task).collect()
    }
}

/// Somebody who signed up and waits.
async fn waiting(hall: &Hall, name: &str) -> ActorId {
    let actor = hall.person(name).await.actor().unwrap();
    let email = format!("{name}@mail.test");
    hall.write(move |db, now| {
        let account = Account {
            actor,
            email: email.clone(),
            password_hash: "hash".to_owned(),
            role: Role::Member,
            standing: Standing::Pending,
            language: None,
            look: None,
            created_at: now,
        };
        accounts::insert(db, &account)
    })
    .await;
    actor
}

db_test!(
    each_moderator_sees_what_waits_for_them_oldest_first,
    |store| {
        let scene = Scene::new(store).await;
        assert_eq!(scene.tasks(scene.hugo).await, scene.all);
        assert_eq!(scene.tasks(scene.anna).await, scene.all[..2]);
        assert_eq!(scene.tasks(scene.carl).await, scene.all[3..]);
        let nobody = scene.hall.person("nobody").await;
        for (who, kind) in [
            (nobody, Kind::Forbidden),
            (Caller::Visitor, Kind::Unauthenticated),
        ] {
            let refused = scene.look(who, Part::default(), 20).await.unwrap_err();
            assert_eq!(refused.kind, kind);
        }
        let now = scene.hall.operations.now();
        for (who, count) in [
            (scene.hugo, Some(4)),
            (scene.anna, Some(2)),
            (nobody, None),
            (Caller::Visitor, None),
        ] {
            let found = scene.hall.read(move |db| queue::count(db, who, now)).await;
            assert_eq!(found, count);
        }
    }
);

db_test!(the_queue_has_parts_and_pages, |store| {
    let scene = Scene::new(store).await;
    let part = |kind, group: Option<&str>| Part {
        kind,
        group: group.and_then(Handle::parse),
    };
    for (part, expected) in [
        (part(Some(TaskKind::Held), None), &scene.all[1..2]),
        (part(None, Some("drivers")), &scene.all[..2]),
        (part(Some(TaskKind::Report), Some("den")), &scene.all[..0]),
    ] {
        let found = scene.look(scene.hugo, part, 20).await.unwrap();
        let tasks: Vec<Task> = found.items.items.iter().map(|item| item.task).collect();
        assert_eq!(tasks, expected);
    }
    let refused = scene.look(scene.anna, part(None, Some("den")), 20).await;
    assert_eq!(
        refused.unwrap_err().kind,
        Kind::Forbidden,
        "another's group"
    );
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (hugo, now) = (scene.hugo, scene.hall.operations.now());
        let request = PageRequest { limit: 1, after };
        let store = &scene.hall.operations.store;
        let look = store.read(move |db| queue::page(db, hugo, now, &Part::default(), request));
        let page = look.await.unwrap().items;
        seen.extend(page.items.iter().map(|item| item.task));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, scene.all, "page by page");
});

db_test!(
    a_claim_is_seen_until_it_is_released_or_half_an_hour_old,
    |store| {
        let scene = Scene::new(store).await;
        let (hall, task) = (&scene.hall, scene.report);
        let claimed = async |by: Caller| {
            let found = scene.look(by, Part::default(), 20).await.unwrap();
            let item = found.items.items.into_iter().next().unwrap();
            item.claim.map(|(who, _)| who.name)
        };
        let refused = hall.run(scene.carl, ClaimTask { task }).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "not theirs to decide");
        hall.run(scene.anna, ClaimTask { task }).await.unwrap();
        assert_eq!(claimed(scene.hugo).await.as_deref(), Some("anna"));
        let refused = hall.run(scene.hugo, ClaimTask { task }).await.unwrap_err();
        assert_eq!(refused.code, "task.claimed");
        hall.run(scene.hugo, ReleaseTask { task }).await.unwrap();
        assert_eq!(
            claimed(scene.hugo).await.as_deref(),
            Some("anna"),
            "hers to release"
        );
        hall.run(scene.anna, ReleaseTask { task }).await.unwrap();
        assert_eq!(claimed(scene.hugo).await, None);
        hall.run(scene.anna, ClaimTask { task }).await.unwrap();
        hall.pass(CLAIM_STANDS);
        assert_eq!(claimed(scene.hugo).await, None, "it ends by itself");
        hall.run(scene.hugo, ClaimTask { task }).await.unwrap();
        let Task::Report(flag) = task else { panic!() };
        hall.run(scene.hugo, ResolveFlag { flag }).await.unwrap();
        let refused = hall.run(scene.hugo, ClaimTask { task }).await.unwrap_err();
        assert_eq!(refused.code, "task.not_found", "nothing waits any more");
        for task in &scene.all[1..] {
            hall.run(scene.hugo, ClaimTask { task: *task })
                .await
                .unwrap();
        }
    }
);

db_test!(
    texts_for_authors_are_kept_by_moderators_of_the_hub,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let hugo = Caller::Member {
            actor: anna.actor().unwrap(),
            role: Role::Moderator,
        };
        let write = |title: &str, text: &str| WriteWording {
            wording: None,
            title: title.to_owned(),
            text: text.to_owned(),
        };
        let refused = hall.run(anna, write("Adverts", "Please do not.")).await;
        assert_eq!(refused.unwrap_err().kind, Kind::Forbidden);
        for (title, text) in [("", "x"), ("x", " ")] {
            let refused = hall.run(hugo, write(title, text)).await.unwrap_err();
            assert_eq!(refused.code, "wording.empty");
        }
        let id = hall
            .run(hugo, write("Adverts", "Please do not."))
            .await
            .unwrap();
        let change = WriteWording {
            wording: Some(id),
            ..write("Adverts", "Please read rule 1.")
        };
        assert_eq!(hall.run(hugo, change).await.unwrap(), id);
        let kept = hall.read(queue::wordings).await;
        let kept: Vec<(&str, &str)> = kept.iter().map(|one| (&*one.title, &*one.text)).collect();
        assert_eq!(kept, [("Adverts", "Please read rule 1.")]);
        hall.run(hugo, DropWording { wording: id }).await.unwrap();
        let refused = hall
            .run(hugo, DropWording { wording: id })
            .await
            .unwrap_err();
        assert_eq!(refused.code, "wording.not_found");
    }
);
