# Names while they are written, answers put in place, what is open, and who is in.
names-offered = People and groups to mention
live-put-one = The new answer is in its place: go to it
live-put-more = # new answers are in their places: go to the first
close = Close
group-you-are-in = You are in. What is new here is among “{ scope-joined }” on the home page.
group-you-are-in-from = You are in with your account { $address }.
