//! Which page and which form is at which address.

use axum::Router;
use axum::routing::{get, post};

use crate::faces::shared::State;

use super::{
    about, account, admin, announce, appearance, assets, away, beneath, brand, calendar, chosen,
    confirm, desk, drafts, elsewhere, embed, events, export, feeds, filters, following, found,
    governed, group, held, intent, invitations, keeping, leaving, live, log, look, members,
    messages, moderate, moving, names, notices, notify, page, people, pictures, purge, questions,
    quotes, removal, report, rules, search, sent, servers, settings, sign, site, sitemap,
    styleguide, thread, write,
};

/// All pages and forms at addresses of which other servers know nothing.
pub(crate) fn routes() -> Router<State> {
    Router::new()
        .merge(machine_routes())
        .merge(account_routes())
        .merge(mail_routes())
        .merge(group_routes())
        .merge(server_routes())
        .merge(elsewhere_routes())
        .merge(shared_routes())
        .merge(object_routes("/post/{id}"))
        .merge(object_routes("/comment/{id}"))
        .merge(writing_routes())
        .merge(desk_routes())
        .route("/post/{id}/comments", sent(thread::reply))
        .route("/post/{id}/live", get(live::live))
        .route("/post/{id}/watch", sent(keeping::watch))
        .route("/comment/{id}/accept", sent(questions::accept))
        .route("/questions", page(questions::list))
        .route("/events", page(calendar::list))
        .route("/events.ics", page(calendar::feed))
        .route("/post/{id}/event.ics", page(calendar::one))
        .route("/saved", page(keeping::list))
        .route("/comment/{id}/answers", sent(thread::reply))
        .route("/post/{id}/poll", sent(thread::choose))
        .route("/post/{id}/attend", sent(events::attend))
        .route("/post/{id}/unattend", sent(events::unattend))
        .route(
            "/post/{id}/guests",
            page(events::guests).merge(sent(events::answer)),
        )
        .route("/post/{id}/feature", sent(moderate::feature))
        .route("/post/{id}/move", sent(moving::thread))
        .route("/groups", page(group::list))
        .route(
            "/groups/new",
            page(people::found_form).merge(sent(people::found)),
        )
        .route("/about", page(about::index).merge(sent(about::begin)))
        .route("/about/{name}", page(about::show))
        .route(
            "/about/{name}/edit",
            page(about::edit_form).merge(sent(about::edit)),
        )
        .route("/people", page(people::show))
        .route("/log", page(log::hub))
        .route("/reports", page(log::reports).merge(sent(log::resolve)))
        .route(
            "/u/{name}/report",
            page(report::person_form).merge(sent(report::person)),
        )
        .route("/people/approve", sent(people::approve))
        .route("/people/suspend", sent(people::suspend))
        .route("/people/reinstate", sent(people::reinstate))
        .route("/people/ban", sent(people::ban))
        .route("/people/unban", sent(people::unban))
        .route("/search", page(search::search))
        .route("/tags/{name}", page(search::tag))
        .route("/authorize_interaction", page(found::interact))
        .route("/share", page(found::share))
        .route("/members", page(members::hub))
        .route("/names", page(names::list))
        .route("/c/{name}/members", page(members::group))
        .route("/c/{name}/about", page(members::about))
}

fn machine_routes() -> Router<State> {
    Router::new()
        .route("/robots.txt", page(site::robots))
        .route("/manifest.webmanifest", page(site::manifest))
        .route("/service-worker.js", page(site::service_worker))
        .route("/sitemap.xml", page(sitemap::index))
        .route("/sitemap/{part}", page(sitemap::part))
        .route("/assets/{hash}/{file}", get(assets::show))
        .route("/theme/{hash}/{file}", get(appearance::file))
        .route("/styleguide", page(styleguide::show))
}

fn account_routes() -> Router<State> {
    Router::new()
        .route("/sign-in", page(sign::in_form).merge(sent(sign::sign_in)))
        .route("/sign-up", page(sign::up_form).merge(sent(sign::sign_up)))
        .route("/sign-out", sent(sign::sign_out))
        .route("/language", chosen(sign::language))
        .route("/look", chosen(look::set))
        .route("/settings", page(settings::show))
        .route(
            "/settings/profile",
            page(settings::show).merge(sent(settings::profile)),
        )
        .route(
            "/settings/pictures",
            page(settings::show).merge(sent(pictures::own)),
        )
        .route(
            "/settings/language",
            page(settings::show).merge(sent(settings::language)),
        )
        .route("/away", page(away::show))
        .route("/away/messages", sent(away::messages))
        .route("/away/hosts", page(away::show).merge(sent(away::host)))
        .route("/u/{name}/away", sent(away::person))
        .route("/following", page(following::show))
        .route(
            "/following/shown",
            page(following::show).merge(sent(following::shown)),
        )
        .route("/u/{name}/follow", sent(following::follow))
        .route("/u/{name}/unfollow", sent(following::unfollow))
        .route("/filters", page(filters::show).merge(sent(filters::add)))
        .route("/filters/{id}/delete", sent(filters::drop_filter))
        .route("/filters/languages", sent(filters::languages))
        .route("/moving", page(moving::show))
        .route("/moving/aliases", sent(moving::aliases))
        .route("/moving/away", sent(moving::away))
        .route("/quotes", page(quotes::show))
        .route("/quotes/policy", sent(quotes::set_policy))
        .route("/quotes/revoke", sent(quotes::revoke))
        .route("/news", page(notices::news))
        .route("/notices", page(notices::list))
        .route("/notices/read", sent(notices::read))
        .route("/notices/{id}/unread", sent(notices::unread))
        .route("/messages", page(messages::list))
        .route(
            "/messages/new",
            page(messages::new_form).merge(sent(messages::new)),
        )
        .route(
            "/messages/{id}",
            page(messages::show).merge(sent(messages::answer)),
        )
        .route("/message/{id}/delete", sent(messages::delete))
        .route(
            "/message/{id}/report",
            page(messages::report_form).merge(sent(messages::report)),
        )
}

/// Accounts by mail: what letters lead to, and what makes the hub write them.
fn mail_routes() -> Router<State> {
    let own = |send| page(account::show).merge(send);
    Router::new()
        .route("/settings/account", page(account::show))
        .route("/settings/address", own(sent(account::address)))
        .route("/settings/password", own(sent(account::password)))
        .route("/settings/delete", own(sent(leaving::ask)))
        .route("/settings/leaving", page(leaving::show))
        .route("/settings/leaving/keep", sent(leaving::keep))
        .route(
            "/settings/export",
            page(export::show).merge(sent(export::archive)),
        )
        .route("/settings/sessions/end", sent(account::end_session))
        .route("/settings/sessions/end-others", sent(account::end_others))
        .route(
            "/confirm",
            page(confirm::sign_up_form).merge(sent(confirm::sign_up)),
        )
        .route(
            "/confirm-address",
            page(confirm::address_form).merge(sent(confirm::address)),
        )
        .route(
            "/forgot",
            page(confirm::forgot_form).merge(sent(confirm::forgot)),
        )
        .route(
            "/reset",
            page(confirm::reset_form).merge(sent(confirm::reset)),
        )
        .route(
            "/invitations",
            page(invitations::show).merge(sent(invitations::make)),
        )
        .route("/invitations/end", sent(invitations::end))
        .route(
            "/settings/notifications",
            page(notify::show).merge(sent(notify::set)),
        )
        .route(
            "/settings/notifications/groups",
            page(notify::show).merge(sent(notify::set_levels)),
        )
        .route(
            "/settings/notifications/push",
            page(notify::show).merge(sent(notify::subscribe)),
        )
        .route(
            "/settings/notifications/push/end",
            sent(notify::end_subscription),
        )
        .route(
            "/unsubscribe",
            page(notify::unsubscribe_form).merge(post(notify::unsubscribe)),
        )
}

fn group_routes() -> Router<State> {
    Router::new()
        .route("/c/{name}/join", sent(group::join))
        .route("/c/{name}/leave", sent(group::leave))
        .route("/c/{name}/news", sent(group::hear))
        .route(
            "/c/{name}/new",
            page(write::new_form).merge(sent(write::new)),
        )
        .route("/c/{name}/moderation", page(moderate::show))
        .route("/c/{name}/moving", page(moving::show_group))
        .route("/c/{name}/moving/aliases", sent(moving::group_aliases))
        .route("/c/{name}/moving/away", sent(moving::group_away))
        .route("/c/{name}/log", page(log::group))
        .route(
            "/c/{name}/moderation/settings",
            page(moderate::show).merge(sent(moderate::settings)),
        )
        .route(
            "/c/{name}/moderation/pictures",
            page(moderate::show).merge(sent(pictures::groups)),
        )
        .route("/c/{name}/bans", sent(moderate::ban))
        .route("/c/{name}/unban", sent(moderate::unban))
        // `GET` is the collection that other servers read.
        .route("/c/{name}/moderation/moderators", sent(moderate::moderator))
        .route("/c/{name}/requests", sent(moderate::answer))
        .route("/post/{id}/approve", sent(held::approve))
        .route("/post/{id}/reject", sent(held::reject))
        .route("/post/{id}/withdraw", sent(held::withdraw))
}

/// What moderators work at, the rules they go by, and what admins tell everybody.
fn desk_routes() -> Router<State> {
    Router::new()
        .route("/mod", page(desk::show))
        .route("/mod/claim", sent(desk::claim))
        .route("/mod/release", sent(desk::release))
        .route(
            "/mod/wordings",
            page(desk::wordings).merge(sent(desk::write_wording)),
        )
        .route("/mod/wordings/{id}/drop", sent(desk::drop_wording))
        .route("/rules", page(rules::form).merge(sent(rules::write)))
        .route("/rules/drop", sent(rules::drop_rule))
        .route(
            "/c/{name}/rules",
            page(rules::form).merge(sent(rules::write)),
        )
        .route("/c/{name}/rules/drop", sent(rules::drop_rule))
        .route(
            "/admin/announcements",
            page(announce::show).merge(sent(announce::announce)),
        )
        .route("/admin/announcements/{id}/end", sent(announce::end))
        .route("/announcements/{id}/dismiss", chosen(announce::dismiss))
}

/// What members write and have not posted yet.
fn writing_routes() -> Router<State> {
    Router::new()
        .route("/new", page(write::new_form).merge(sent(write::new)))
        .route("/new/similar", page(write::similar))
        .route("/pictures", sent(pictures::send))
        .route("/drafts", page(drafts::list))
        .route("/drafts/keep", sent(drafts::keep))
        .route("/drafts/{id}/discard", sent(drafts::discard))
        .route("/drafts/answers/{id}/discard", sent(drafts::discard_answer))
        .route("/post/{id}/comments/keep", sent(drafts::keep_answer))
        .route("/comment/{id}/answers/keep", sent(drafts::keep_answer))
}

/// What feed readers and other websites take.
fn shared_routes() -> Router<State> {
    let mut router = Router::new();
    for form in ["feed.atom", "feed.rss"] {
        router = router
            .route(&format!("/{form}"), page(feeds::home))
            .route(&format!("/c/{{name}}/{form}"), page(feeds::group))
            .route(&format!("/u/{{name}}/{form}"), page(feeds::person))
            .route(&format!("/post/{{id}}/{form}"), page(feeds::thread));
    }
    router
        .route("/oembed", page(embed::oembed))
        .route("/embed.js", page(embed::elements))
        .route("/embed/frame.js", page(embed::frame))
        .route("/embed/feed", page(embed::feed))
        .route("/embed/questions", page(embed::questions))
        .route("/embed/events", page(embed::events))
        .route("/embed/group/{name}", page(embed::group))
        .route("/embed/join/{name}", page(embed::join))
        .route("/embed/thread/{id}", page(embed::thread))
        .route("/embed/comments", page(beneath::show))
}

/// Taking part from elsewhere, and signing in from there.
fn elsewhere_routes() -> Router<State> {
    Router::new()
        .route("/intent/qr.svg", page(intent::code))
        .route(
            "/intent/{what}",
            page(intent::show).merge(sent(intent::lead)),
        )
        .route(
            "/sign-in/elsewhere",
            page(elsewhere::form).merge(sent(elsewhere::begin)),
        )
        .route("/sign-in/elsewhere/return", page(elsewhere::back))
        .route(
            "/settings/linked",
            page(elsewhere::linked).merge(sent(elsewhere::link)),
        )
        .route("/settings/linked/remove", sent(elsewhere::unlink))
}

fn server_routes() -> Router<State> {
    Router::new()
        .route(
            "/admin/appearance",
            page(appearance::show).merge(sent(appearance::choose)),
        )
        .route(
            "/admin/appearance/name",
            page(appearance::show).merge(sent(brand::name)),
        )
        .route(
            "/admin/appearance/pictures",
            page(appearance::show).merge(sent(brand::pictures)),
        )
        .route(
            "/admin/appearance/font",
            page(appearance::show).merge(sent(brand::font)),
        )
        .route(
            "/admin/appearance/preview.css",
            page(appearance::preview_style),
        )
        .route("/admin", page(admin::show))
        .route("/admin/groups", page(governed::groups))
        .route("/u/{name}/role", sent(governed::role))
        .route(
            "/admin/pictures",
            page(purge::show).merge(sent(purge::send)),
        )
        .route("/admin/pictures/{id}/lift", sent(purge::lift))
        .route("/servers", page(servers::show))
        .route(
            "/servers/{host}",
            page(admin::server).merge(sent(admin::steer)),
        )
        .route(
            "/servers/rules",
            page(servers::show).merge(sent(servers::set)),
        )
        .route("/servers/lift", sent(servers::lift))
        .route(
            "/servers/import",
            page(servers::show).merge(sent(servers::import)),
        )
        .route("/servers/export.csv", page(servers::export))
        .route(
            "/servers/lists",
            page(servers::show).merge(sent(servers::subscribe)),
        )
        .route("/servers/lists/end", sent(servers::unsubscribe))
}

/// What posts and comments have in common.
fn object_routes(at: &str) -> Router<State> {
    let below = |what: &str| format!("{at}/{what}");
    Router::new()
        .route(&below("vote"), sent(thread::vote))
        .route(&below("react"), sent(thread::react))
        .route(
            &below("edit"),
            page(write::edit_form).merge(sent(write::edit)),
        )
        .route(&below("delete"), sent(thread::delete))
        .route(&below("restore"), sent(thread::restore))
        .route(&below("save"), sent(keeping::save))
        .route(&below("history"), page(keeping::history))
        .route(
            &below("remove"),
            page(removal::form).merge(sent(removal::remove)),
        )
        .route(&below("unremove"), sent(moderate::unremove))
        .route(&below("lock"), sent(moderate::lock))
        .route(
            &below("report"),
            page(report::form).merge(sent(report::send)),
        )
}
