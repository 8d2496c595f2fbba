# What admins choose and look at: the name and the files of the brand, groups, roles, known servers.
brand-words = Name and description
brand-pictures = Pictures
brand-pictures-hint = JPEG, PNG, GIF, WebP or AVIF, at most { $limit }. They are drawn anew, without what else was in the file.
brand-logo-now = The logo as it is
brand-logo-drop = Take this logo away
brand-favicon-now = The sign as it is
brand-favicon-drop = Take this sign away
brand-font = Font
field-hub-name = Name of the hub
field-hub-description = What it is about
field-hub-description-hint = A sentence or two, for the home page and for other servers.
field-logo = Logo, beside the name
field-favicon = Sign, in the tab of the browser
field-letters = Font of all pages
field-font = A font of your own
field-font-hint = A WOFF2 file, at most { $limit } KiB. Nothing is fetched from elsewhere.
font-system = Those of the device
font-humanist = Friendly, without serifs
font-rounded = Rounded
font-book = As in books
font-file = The uploaded font

run-groups-title = Groups of the hub
run-groups-search = Look for a group
run-groups-show = Which groups
run-groups-all = All groups
run-groups-private = Private
run-groups-unlisted = Not listed
run-groups-left = Without moderators
run-groups-restricted = Only moderators post
run-groups-moderators = Moderated by
run-groups-others = { $count ->
    [one] and one more
   *[other] and { $count } more
}
run-groups-take = Moderate it yourself
run-groups-manage = Settings
run-groups-none-here = There is no such group.
role-heading = Role on the hub
field-role = Role
role-member = Member
role-hint = Moderators look after every group here, admins run the hub. A change stands in the moderation log.
note-role = The role is changed.
log-role-admin = Made an admin
log-role-moderator = Made a moderator of the hub
log-role-member = Made a member without a role

known-heading = Servers that the hub knows
known-search = Look for a server
known-show = Which servers
known-all = All
known-well = Well
known-failing = Not reached
known-paused = Paused
known-away = Kept away
known-seen = Last heard of
known-none = The hub knows no other server yet. It does once somebody here follows a group elsewhere, or somebody elsewhere one of these.
known-none-here = There is no such server.

desk-questions = Questions without an answer
desk-questions-silent = Nobody has said anything yet
desk-questions-all = All of them, the oldest first
questions-order = In which order
questions-newest = Newest first
questions-oldest = Oldest first
questions-mine = From the groups that you look after.
