//! Admins tell everybody something, for a time, and who has read it is not told again.

use crate::domain::announcement::Audience;
use crate::domain::caller::Caller;
use crate::domain::ids::AnnouncementId;
use crate::domain::membership::Role;
use crate::domain::refusal::Kind;
use crate::operations::testing::Hall;
use crate::store::testing::db_test;
use crate::views::announcement;

use super::{Announce, DismissAnnouncement, EndAnnouncement};

fn say(body: &str) -> Announce {
    Announce {
        announcement: None,
        body: body.to_owned(),
        audience: Audience::Everybody,
        starts_at: None,
        ends_at: None,
    }
}

async fn admin(hall: &Hall) -> Caller {
    Caller::Member {
        actor: hall.person("ada").await.actor().unwrap(),
        role: Role::Admin,
    }
}

/// What is shown to a visitor and to a member at this moment.
async fn shown(hall: &Hall) -> (Vec<String>, Vec<String>) {
    let now = hall.operations.now();
    let all = hall.read(move |db| announcement::current(db, now)).await;
    let of = |member: bool| {
        let theirs = all.iter().filter(|one| one.is_for(member, now));
        theirs.map(|one| one.source.clone()).collect()
    };
    (of(false), of(true))
}

db_test!(
    an_announcement_is_shown_in_its_time_to_its_audience,
    |store| {
        let hall = Hall::new(store).await;
        let (ada, ben) = (admin(&hall).await, hall.person("ben").await);
        let refused = hall.run(ben, say("Mine")).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden);
        let refused = hall.run(ada, say(" ")).await.unwrap_err();
        assert_eq!(refused.code, "announcement.empty");
        let now = hall.operations.now();
        let past = Announce {
            ends_at: Some(now),
            ..say("Over")
        };
        assert_eq!(
            hall.run(ada, past).await.unwrap_err().code,
            "announcement.end"
        );
        let id = hall.run(ada, say("For **all**")).await.unwrap();
        let later = Announce {
            audience: Audience::Members,
            starts_at: Some(now.plus_seconds(60)),
            ends_at: Some(now.plus_seconds(120)),
            ..say("For members")
        };
        hall.run(ada, later).await.unwrap();
        let all = vec!["For **all**".to_owned()];
        assert_eq!(shown(&hall).await, (all.clone(), all.clone()), "too early");
        hall.pass(60);
        let both = vec!["For members".to_owned(), "For **all**".to_owned()];
        assert_eq!(shown(&hall).await, (all.clone(), both));
        hall.pass(60);
        assert_eq!(shown(&hall).await, (all.clone(), all), "too late");
        let announcement = id;
        let end = EndAnnouncement { announcement };
        assert_eq!(hall.run(ben, end).await.unwrap_err().kind, Kind::Forbidden);
        hall.run(ada, end).await.unwrap();
        assert_eq!(shown(&hall).await, (Vec::new(), Vec::new()));
        let kept = hall.read(announcement::all).await;
        assert_eq!(kept.len(), 2, "admins see what was");
        assert!(kept[1].html.contains("<strong>all</strong>"));
    }
);

db_test!(
    who_has_read_it_is_told_again_when_it_says_something_else,
    |store| {
        let hall = Hall::new(store).await;
        let (ada, ben) = (admin(&hall).await, hall.person("ben").await);
        let announcement = hall.run(ada, say("Maintenance at noon")).await.unwrap();
        let read = async || {
            let ben = ben.actor().unwrap();
            hall.read(move |db| announcement::read(db, ben, &[announcement]))
                .await
        };
        let dismiss = DismissAnnouncement { announcement };
        let refused = hall.run(Caller::Visitor, dismiss).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Unauthenticated);
        hall.run(ben, dismiss).await.unwrap();
        hall.run(ben, dismiss).await.unwrap();
        assert_eq!(read().await, [announcement]);
        let longer = Announce {
            announcement: Some(announcement),
            ends_at: Some(hall.operations.now().plus_seconds(60)),
            ..say("Maintenance at noon")
        };
        hall.run(ada, longer).await.unwrap();
        assert_eq!(read().await, [announcement], "it says the same");
        let other = Announce {
            announcement: Some(announcement),
            ..say("Maintenance at one")
        };
        hall.run(ada, other).await.unwrap();
        assert_eq!(read().await, []);
        let none = DismissAnnouncement {
            announcement: AnnouncementId(1),
        };
        let refused = hall.run(ben, none).await.unwrap_err();
        assert_eq!(refused.code, "announcement.not_found");
    }
);
