language-name = English

skip = Skip to the content
home = To the home page
nav-label = Main pages
nav-groups = Groups
nav-notices = Notices
nav-unread = { $count } new
nav-people = People
nav-settings = Settings
nav-sign-in = Sign in
nav-sign-up = Sign up
nav-sign-out = Sign out
search-label = Search
search-button = Search
footer-made = made with Guildhall, free software
footer-language = Language:

ago-now = just now
ago-minutes = { $count } min ago
ago-hours = { $count } h ago
ago-days = { $count ->
    [one] yesterday
   *[other] { $count } days ago
}
date-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
} { $year }
date-day = { $day } { date-month }
date-weekday = { $weekday ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[other] Sun
}
date-clock = { $time }
date-event = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[other] Sunday
}, { date-day }, { date-clock }
date-short = { date-weekday } { $day } { month-short }, { date-clock }
date-moment = { date-day }, { $time } UTC

home-title = What is going on
about-hub = About this hub
scope-all = All groups
order-label = Order
sort-active = Active
sort-new = New
sort-hot = Hot
sort-top = Top
range-label = Time range
range-day = Day
range-week = Week
range-month = Month
range-year = Year
range-all = All time
empty-range = Nothing was posted in this time.
empty-range-do = The best since the beginning
posts-heading = Posts
comments-heading = Comments
featured-heading = Pinned
more = More
more-comments = More comments
in = in
bot = bot
edited = edited
unread = new
show = Show it
empty-joined-do = Find a group to join
empty-posts = Nobody has posted yet. The first one sets the tone.
empty-posts-do = Write the first post
empty-hub = This hub has no groups yet. As soon as there is one, its posts appear here.
write-nowhere = There is no group yet to write in. Everything here is posted into a group.
empty-group = No posts yet. Ask a question or show what you are working on.
empty-thread = No answers yet.
empty-person = Nothing written yet.

groups-title = Groups
groups-mine = My groups
groups-here = Groups here
groups-all = All groups
groups-none = There are no groups yet.
groups-elsewhere = To join a group of another server, search for its handle, such as !name@server.
found-group = Found a group
about-group = About this group
group-no-summary = The group has not said yet what it is about.
group-private = Only members read and write here. The moderators decide who joins.
group-closed = This group is private. Its members alone can see what it is about and what is said in it.
group-restricted = Only moderators start threads here; answers are open to everybody.
member-count = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
new-post = New post
join = Join
leave = Leave
leave-asked = Withdraw the request
post-waits = The group's server has not passed this post on yet. Until then only this hub shows it.
ask-again = Ask again
refused-explained = The group turned your request down, or ended your membership.
unreachable-explained = The group's server does not take your request at the moment. It is repeated by itself.
ask-to-join = Ask to join
asked-moderators = The moderators know that you want to join. You are in as soon as they agree.
asked-explained = Your request to join is on its way. You are in as soon as the group's server has answered.
banned-here = You are banned from this group. The reason given: { $reason }
follow-heading = Follow from elsewhere
follow-mastodon = From Mastodon and the like, search for this and press Follow:
follow-lemmy = From Lemmy and the like, search for this and press Subscribe:
moderators-heading = Moderators
see-original = See the original

mark-featured = pinned
mark-locked = locked
mark-sensitive = sensitive
mark-deleted = deleted
mark-removed = removed
mark-moderator = moderator
mark-author = author
vote-up = Vote up
vote-down = Vote down
score-label = points
score-value = { $count ->
    [one] { $count } point
   *[other] { $count } points
}
score-detail = { $up } up, { $down } down
post-count = { $count ->
    [one] { $count } post
   *[other] { $count } posts
}
comment-count = { $count ->
    [one] { $count } comment
   *[other] { $count } comments
}
post-deleted = Its author deleted this post. Only they and moderators still see it.
post-removed = A moderator removed this post. Only its author and moderators still see it. The reason given: { $reason }
comment-deleted = Deleted by its author.
comment-removed = Removed by a moderator. The reason given: { $reason }
show-removed = Show what was removed
picture-without-alt = Picture without a description
locked-explained = This thread is locked and takes no more answers.
hidden-explained = Nobody can answer this post any more.
sign-in-to-answer = Sign in to answer
whole-thread = Show the whole thread
answer = Answer
edit = Edit
delete = Delete
restore = Restore
report = Report
moderate = Moderate
lock = Lock
unlock = Unlock
feature = Pin
unfeature = Unpin
remove = Remove
unremove = Bring back
ban-author = Ban the author

write-title = New post
write-in = New post in { $group }
edit-title = Edit
may-not-post = You cannot start threads in this group.
preview-heading = Preview
preview = Preview
post-it = Post
save = Save
cancel = Cancel
markdown-hint = Markdown works: **bold**, *italic*, [link](https://…), lists, tables, code.
field-title = Title
field-url = Link (optional)
field-body = Text
field-comment = Your answer
field-language = Language of the text
language-none = Not said
language-of-post = As the post
field-sensitive = Sensitive: hide it behind a click
write-label = What you write
field-starts = Begin
field-ends = End (optional)
field-timezone = Time zone of these times
timezone-hint = As in Europe/Berlin or America/New_York.
field-place = Place (optional)
field-online = Address online (optional)
field-capacity = How many may come (empty: everybody)
field-join-restricted = I decide who comes
event-heading = Event
event-when = When
event-where = Where
event-online = Online
event-who = Who
event-attendees = { $count ->
    [0] nobody yet
    [one] one person comes
   *[other] { $count } people come
}
event-seats = { $count } of { $capacity } seats are taken
event-coming = You are coming.
event-asked = Asked to come
event-pending = You asked to come; the organiser has not answered yet.
event-over = This event is over.
event-restricted = The organiser decides who comes.
event-closed = One signs up for this event on its own page.
event-attend = I am coming
event-sign-in = Sign in to come along
event-unattend = I cannot come after all
guests-title = Who comes
guests-none = Nobody has asked to come yet.
guest-waits = waits for an answer
guest-accept = Let in
guest-reject = Turn away
field-options = What people choose from
options-hint = One option on each line, 2 to 20.
field-multiple = Several options may be chosen
field-poll-days = How long votes count
days = { $count ->
    [one] one day
   *[other] { $count } days
}
poll-heading = Poll
poll-choose-one = Choose one
poll-choose-several = Choose one or more
poll-vote = Vote
poll-result = { $count ->
    [one] one vote
   *[other] { $count } votes
} ({ $percent } %)
poll-mine = your choice
poll-voters = { $count ->
    [one] one person voted
   *[other] { $count } people voted
}
poll-over = The poll has ended.
poll-until = Votes count until
poll-endless = Votes always count.
field-reason = Reason
field-report = What is wrong?
report-title = Report to the moderators

sign-in-title = Sign in
sign-up-title = Sign up
no-account-yet = No account yet?
have-account = Have an account?
registration-closed = This hub takes no new members at the moment. Its admins can make an account for you.
registration-approval = A moderator looks at each new account before it can be used. That can take a while.
field-login = Name or email address
field-name = Name
field-name-hint = Lowercase letters a to z, digits and _. Others will find you as @name@{ $host }. It cannot be changed later.
field-email = Email address
field-email-hint = Nobody but the hub's admins sees it.
field-password = Password
field-password-hint = At least { $count } characters.
field-group-name = Name
field-group-name-hint = Lowercase letters a to z, digits and _. Others will find the group as !name@{ $host }. It cannot be changed later.
field-summary = What it is about
field-private = Private: only members read and write
field-private-hint = The moderators decide who joins. This cannot be changed later.
field-restricted = Only moderators start threads
field-listed = List this group in directories
field-approval = Posts that wait until a moderator lets them in
approval-none = None
approval-newcomers = First posts of newcomers
approval-all = All but those of moderators

settings-title = Settings
settings-profile = Profile
settings-language = Language
settings-password = Password
settings-delete = Delete my account
field-display-name = Display name
field-bio = About you
field-discoverable = List me where people are suggested
field-indexable = Let searches on other servers find what I write
field-automatic = This account is a bot: a program writes here
field-page-language = Language of the pages
language-browser = What my browser asks for
field-old-password = Current password
field-new-password = New password
change-password = Change the password

person-no-bio = Nothing said yet.
about-person = About
since = Here since
edit-profile = Edit the profile
written-label = What they wrote
moderates-heading = Moderates

notices-title = Notices
notices-none = No notices yet. When somebody answers or mentions you, you read it here.
notice-refused = turned your request to join down, or ended your membership
notice-poll-ended = A poll has ended in which you took part
notice-join-answered = has answered whether you may come

messages-title = Messages
messages-none = Nobody has written to you yet.
messages-earlier = Earlier messages
message-new = Write a message
message-gone = This message was deleted.
message-hint = Markdown works here. Only those you write to can read it; servers elsewhere could, if they wanted to.
write-to = Message
field-to = To
to-hint = name, or name@host for people elsewhere; several with commas between them.
field-message = Message
send = Send
mark-read = Mark all as read

search-title = Search
search-explained = Search for words, or for the handle or address of a person, group or post, here or on another server.
search-none = Nothing was found. Try fewer or other words.
search-unknown = This hub does not know that address. Please check how it is written.
search-people = People and groups
tag-none = Nothing bears this tag yet.

moderation-title = Moderation
group-settings-heading = Group settings
quote = Quote
quotes-title = Quotes of your posts
quotes-heading = Who quotes you
quotes-none = Nobody on another server quotes you yet.
quotes-this = Your post quotes
quote-policy = Who may quote you
field-quote-policy = Without asking you
quote-policy-everybody = Everybody
quote-policy-followers = People who follow you
quote-policy-nobody = Nobody
quote-revoke = Allow no longer
moving-title = Moving
moved-to = You moved to
move-here = From another account to this one
move-here-how = Name your old accounts here, then start the move there. Who follows you and the groups you are in come along.
field-aliases = Addresses of your other accounts, one per line
move-away = From this account to another
move-away-how = First name this account as an alias of your new one, by this address:
field-new-account = Handle or address of your new account
move-away-do = Move there
field-move-group = To the group
move-thread = Move thread
let-in = Let in
turn-down = Turn down
held-title = Waiting for the moderators
held-explained = This post is not public yet: it waits until a moderator of the group lets it in. Its author and the moderators see it.
held-read = Read the post
withdraw = Withdraw
report-about = About:
resolve = Done
bans-heading = Bans
bans-none = Nobody is banned.
ban = Ban
unban = Lift the ban
until = until
field-person = Person (name or name@host)
field-days = For how many days (empty: for good)
field-remove-content = Also remove everything they wrote here
appoint = Appoint
dismiss = Dismiss
log-heading = Log
log-none = Nothing has been moderated yet.

log-title = Moderation log
log-public = What everybody sees of it
log-explained = What moderators and admins did, newest first. Everybody can read this.
field-with-replies = With all answers below it

servers-title = Other servers
servers-explained = What applies to a server applies to everything beneath its name. A rule set by hand wins over lists; the closest name wins over the ones above it.
servers-rules = Rules set by hand
servers-none = No rules were set by hand.
severity-suspend = Suspended: nothing is taken from there or sent there
severity-limit = Limited: only in its groups and threads
severity-none = Welcome, whatever lists say
servers-no-media = Leave out pictures and files
servers-no-reports = Take no reports
servers-hidden = Do not show the name in the public log
servers-set = Set the rule
servers-lift = Lift the rule
servers-lists = Lists that this hub follows
servers-lists-none = This hub follows no list.
servers-rule-count = { $count ->
    [one] one rule
   *[other] { $count } rules
}
servers-subscribe = Follow the list
servers-unsubscribe = Follow it no more
servers-look = Show changes first
servers-import = Import and export
servers-import-explained = Paste a list as Mastodon exports it, or one server a line. Rules that are not in it stay.
servers-import-do = Import
servers-export = Download the rules set by hand
servers-preview = What would change
servers-added = New: { $count }
servers-changed = Different: { $count }
servers-removed = Gone: { $count }
servers-same = As before: { $count }.
servers-ties = Follows that would rest: { $theirs } from there, { $ours } from here.
servers-faults = Lines that cannot be used: { $lines }
field-host = Server
field-severity = What applies
field-public-reason = Why (everybody can read this)
field-list-url = Address of a list (CSV)
field-csv = List

hub-bans-heading = Banned from the whole hub
people-title = People
waiting-heading = Waiting to be let in
waiting-none = Nobody is waiting.
approve = Let in
suspended-heading = Shut out
suspended-none = Nobody is shut out.
reinstate = Let back in
suspend = Shut out

refused-missing = Not found
refused-gone = No longer there
refused-forbidden = Not allowed
refused-fault = Something went wrong
refused-other = That did not work
refused-status = Status { $status }

note-answered = Your answer is out.
note-appointed = They moderate this group now.
note-approved = They can sign in now.
note-quote-revoked = This quote is no longer allowed.
note-moved = You have moved.
note-thread-moved = The thread has moved.
note-let-in = They are in now.
note-turned-down = Their request was turned down.
note-asked = The group was asked to let you in.
note-attend-asked = You asked to come. You will hear from the organiser.
note-attending = You come. See you there!
note-banned = They are banned.
note-deleted = Deleted. You can restore it.
note-dismissed = They no longer moderate this group.
note-featured = Pinned to the top of the group.
note-founded = Your group is there. Tell people about it!
note-held = Thank you. Your post waits until a moderator lets it in.
note-joined = You are in. Its posts appear under “{ scope-following }”.
note-left = You left the group.
note-let_in = The post is out.
note-locked = Locked.
note-message-deleted = The message is deleted, here and, as far as they comply, elsewhere.
note-password = Your password was changed. All your other sessions have ended.
note-posted = Your post is out.
note-reinstated = They can sign in again.
note-removed = Removed. You can bring it back.
note-reported = Thank you. The moderators will look at it.
note-resolved = The report is done with.
note-restored = Restored.
note-sent = Your message is on its way.
note-saved = Saved.
note-signed_in = Welcome back.
note-signed_out = You are signed out.
note-signed_up = Welcome! Join a group to begin with.
note-suspended = They are shut out.
note-server-set = The rule is set.
note-server-lifted = The rule is lifted.
note-server-imported = The list is imported.
note-server-subscribed = The hub follows this list now.
note-server-unsubscribed = The hub no longer follows this list; its rules are gone.
note-turned_down = The post was turned down.
note-unbanned = The ban is lifted.
note-unattended = You do not come.
note-unfeatured = No longer pinned.
note-unlocked = Open for answers again.
note-unremoved = It is back.
note-waiting = Thank you. A moderator will look at your account; after that you can sign in.
note-voted = Your vote is counted.
note-withdrawn = Your post waits no longer; nobody saw it.
