# Following people
scope-following = Following
empty-following = Nothing here yet. What is posted into your groups, and what the people whom you follow write, appears on this page.
unfollow = Unfollow
following-title = Following
following-show = Whom or which groups
following-people = People
following-groups = Groups
following-mark = you follow
following-asked = asked
following-refused = turned down
following-forget = Take off the list
following-nobody = You follow nobody yet. What people whom you follow post into groups stands on your home page under “{ scope-following }”, from groups that you did not join, too.
following-find = Look at the people of this hub
following-no-groups = You are in no group yet.
followers-heading = Who follows you
followers-shown = Show on my page how many follow me
follower-count = { $count ->
    [0] No followers yet
    [one] { $count } follower
   *[other] { $count } followers
}
follow-asked = Your request is on its way. You follow as soon as the other server has answered.
follow-unreachable = The other server does not take your request at the moment. It is repeated by itself.
follow-refused = This person turned your request down, or ended your following.
note-followed = You follow them now. What is new is on the home page under “{ scope-following }”.
note-follow-asked = The request is on its way.
note-unfollowed = You follow them no more.
notices-followers = New followers
notice-followed-by = { $people ->
    [one] follows you
   *[other] follow you
}
topic-followers = Who follows you
