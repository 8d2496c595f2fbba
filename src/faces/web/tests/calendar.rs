//! The calendar: what is to come, what was, and the files for the calendars of others.

use super::*;
use crate::domain::clock::Ts;
use crate::domain::event::{Event, JoinMode};
use crate::domain::post::{Extra, PostKind};
use crate::operations::group::CreateGroup;
use crate::operations::post::CreatePost;
use crate::operations::testing::text_post;
use crate::operations::trial;

async fn meet(
    hub: &Hub,
    by: Caller,
    group: ActorId,
    title: &str,
    (from, to): (Ts, Option<Ts>),
) -> PostId {
    let announce = CreatePost {
        kind: PostKind::Event,
        extra: Extra::Event(Event {
            starts_at: from,
            ends_at: to,
            timezone: "Europe/Berlin".into(),
            place: Some("Main Street 4, Freiburg; backyard".into()),
            online_url: None,
            join_mode: JoinMode::Free,
            capacity: None,
            attendees: 0,
        }),
        ..text_post(group, title, "Bring **tools**.")
    };
    hub.hall.run(by, announce).await.unwrap()
}

/// Where these titles stand in a text, which must be in this order.
fn in_order(text: &str, titles: &[&str]) -> bool {
    let places: Vec<_> = titles.iter().map(|title| text.find(title)).collect();
    places.iter().all(Option::is_some) && places.is_sorted()
}

hub_test!(events_stand_in_the_calendar_in_their_order, |hub| {
    let anna = hub.hall.person("anna").await;
    let drivers = hub.hall.group("drivers", anna).await;
    let garden = hub.hall.group("garden", anna).await;
    let now = hub.operations.now();
    let at = |hours: i64| now.plus_seconds(hours * 3600);
    meet(&hub, anna, drivers, "The later one", (at(50), None)).await;
    meet(&hub, anna, garden, "The sooner one", (at(2), Some(at(3)))).await;
    meet(&hub, anna, drivers, "The long one", (at(1), Some(at(40)))).await;
    let mut visitor = Browser::new(&hub, "en");
    let page = visitor.get("/events").await.text;
    let all = ["The long one", "The sooner one", "The later one"];
    assert!(in_order(&page, &all), "{page}");
    let foot = page.split("<footer").nth(1).unwrap_or_default();
    assert!(foot.contains("href=\"/events\"") && !foot.contains("href=\"/members\""));
    let of_group = visitor.get("/events?group=drivers").await.text;
    assert!(of_group.contains("The later one") && !of_group.contains("The sooner one"));
    hub.hall.pass(4 * 3600);
    let page = visitor.get("/events").await.text;
    assert!(
        in_order(&page, &["The long one", "The later one"]),
        "{page}"
    );
    assert!(!page.contains("The sooner one"));
    let over = visitor.get("/events?show=over").await.text;
    assert!(over.contains("The sooner one") && !over.contains("The later one"));
    hub.hall.pass(100 * 3600);
    let over = visitor.get("/events?show=over").await.text;
    assert!(in_order(
        &over,
        &["The later one", "The sooner one", "The long one"]
    ));
    let none = visitor.get("/events").await.text;
    assert!(
        none.contains("/new?form=event"),
        "an empty calendar leads on"
    );
});

hub_test!(visitors_are_led_to_where_they_say_that_they_come, |hub| {
    let anna = hub.hall.person("anna").await;
    let drivers = hub.hall.group("drivers", anna).await;
    let from = hub.operations.now().plus_seconds(3600);
    let swap = meet(&hub, anna, drivers, "The swap", (from, None)).await;
    let path = format!("/post/{swap}");
    let page = Browser::new(&hub, "de").get(&path).await.text;
    assert!(page.contains("Anmelden und zusagen"), "{page}");
    assert!(!page.contains(&format!("{path}/attend")), "{page}");
    hub.hall.pass(100 * 3600);
    let page = Browser::new(&hub, "de").get(&path).await.text;
    assert!(!page.contains("Anmelden und zusagen"), "it is over");
});

hub_test!(the_calendar_speaks_of_months_and_weekdays, |hub| {
    let anna = hub.hall.person("anna").await;
    let drivers = hub.hall.group("drivers", anna).await;
    let now = hub.operations.now();
    let at = |hours: i64| now.plus_seconds(hours * 3600);
    meet(&hub, anna, drivers, "The swap", (at(50), Some(at(52)))).await;
    let nights = (at(40 * 24), Some(at(41 * 24)));
    meet(&hub, anna, drivers, "The camp", nights).await;
    let english = [
        "June 2026",
        "The swap",
        "Wednesday, 3 June 2026, 16:00<",
        ">18:00<",
        "July 2026",
        "The camp",
        "Saturday, 11 July 2026, 14:00<",
        "Sunday, 12 July 2026, 14:00<",
    ];
    let german = [
        "Juni 2026",
        "The swap",
        "Mittwoch, 3. Juni 2026, 16:00 Uhr<",
        ">18:00 Uhr<",
        "Juli 2026",
        "The camp",
        "Samstag, 11. Juli 2026, 14:00 Uhr<",
        "Sonntag, 12. Juli 2026, 14:00 Uhr<",
    ];
    for (language, words) in [("en", english), ("de", german)] {
        let page = Browser::new(&hub, language).get("/events").await.text;
        assert!(in_order(&page, &words), "{page}");
        assert!(page.contains("(Europe/Berlin)"), "{page}");
    }
});

hub_test!(a_month_that_goes_on_is_no_new_one, |hub| {
    let anna = hub.hall.person("anna").await;
    let drivers = hub.hall.group("drivers", anna).await;
    let now = hub.operations.now();
    for hours in 0..41 {
        let days = if hours < 40 { 1 } else { 45 };
        let from = now.plus_seconds(3600 * (24 * days + hours / 4));
        meet(
            &hub,
            anna,
            drivers,
            &format!("Meeting {hours}"),
            (from, None),
        )
        .await;
    }
    let mut visitor = Browser::new(&hub, "en");
    let mut path = "/events".to_owned();
    // Twenty to a page; the third has a month of its own.
    for (continued, months) in [(0, 1), (1, 1), (0, 1)] {
        let page = visitor.get(&path).await.text;
        assert_eq!(
            page.matches("stretch continued").count(),
            continued,
            "{page}"
        );
        assert_eq!(
            page.matches("<section class=\"stretch").count(),
            months,
            "{path}"
        );
        let next = quoted(&page, "rel=\"next\" href=\"");
        path = next
            .first()
            .map_or_else(String::new, |next| next.replace("&amp;", "&"));
    }
    assert_eq!(path, "", "that was all");
});

hub_test!(a_long_calendar_is_leafed_through_without_loss, |hub| {
    let anna = hub.hall.person("anna").await;
    let drivers = hub.hall.group("drivers", anna).await;
    let now = hub.operations.now();
    for hours in 0..7 {
        // Two at a time: their numbers decide.
        let from = now.plus_seconds(3600 * (1 + hours / 2));
        meet(
            &hub,
            anna,
            drivers,
            &format!("Meeting {hours}"),
            (from, None),
        )
        .await;
    }
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/api/hub/v1/events?limit=2{after}");
        let answer = Browser::new(&hub, "en").get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let page: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        let titles = page["items"].as_array().unwrap().iter();
        seen.extend(titles.map(|post| post["title"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&cursor={next}");
    }
    let all: Vec<String> = (0..7).map(|hours| format!("Meeting {hours}")).collect();
    assert_eq!(seen, all);
    let wrong = Browser::new(&hub, "en")
        .get("/api/hub/v1/events?state=new")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
});

hub_test!(calendars_of_others_take_the_events_of_the_hub, |hub| {
    let anna = hub.hall.person("anna").await;
    let drivers = hub.hall.group("drivers", anna).await;
    let den = CreateGroup {
        name: "den".to_owned(),
        title: "The den".to_owned(),
        summary: String::new(),
        owner: anna.actor(),
        posting_restricted: false,
        private: true,
        keys: trial::keys(),
    };
    let den = hub.hall.run(Caller::System, den).await.unwrap();
    let from = Ts::parse("2027-05-04T18:45:00Z").unwrap();
    let title = "Open evening, for all; \u{7}welcome";
    let shown = meet(
        &hub,
        anna,
        drivers,
        title,
        (from, Some(from.plus_seconds(5400))),
    )
    .await;
    let hidden = meet(&hub, anna, den, "The secret evening", (from, None)).await;
    let mut visitor = Browser::new(&hub, "en");
    let answer = visitor.get("/events.ics").await;
    assert_eq!(
        answer.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    let text = answer.text.replace("\r\n ", "");
    for line in [
        "BEGIN:VCALENDAR\r\n",
        "VERSION:2.0\r\n",
        "DTSTART:20270504T184500Z\r\n",
        "DTEND:20270504T201500Z\r\n",
        "LOCATION:Main Street 4\\, Freiburg\\; backyard\r\n",
        "END:VCALENDAR\r\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    assert!(
        text.contains("SUMMARY:Open evening\\, for all\\; "),
        "{text}"
    );
    assert!(text.contains(&format!("URL:https://hub.test/post/{shown}\r\n")));
    assert!(!text.contains("secret"), "{text}");
    let one = visitor.get(&format!("/post/{shown}/event.ics")).await;
    assert_eq!(one.text.matches("BEGIN:VEVENT").count(), 1);
    let none = visitor.get(&format!("/post/{hidden}/event.ics")).await;
    assert!(!none.text.contains("secret"), "{}", none.text);
    assert_ne!(none.status, StatusCode::OK);
    assert!(!visitor.get("/events").await.text.contains("secret"));
});
