# The frame of every page, and how it looks.
nav-home = Home
nav-new = Write
nav-news = News
nav-me = You
nav-mine = Your menu
nav-short = Short ways
more-actions = More actions
nav-run = Run the hub
search-hint = Search, or paste an address
keys = Keys: j and k go through the list, / searches, n writes, q quotes what is marked
copy = Copy
copied = Copied
look-theme = Light or dark
look-auto = As the device says
look-light = Light
look-dark = Dark
look-density = How dense
look-comfortable = Airy
look-compact = Dense

ask-hint = Ask a question, show your work …
hero-join = Join the community
hero-look = Look around
proof-members = { $count ->
    [one] member
   *[other] members
}
proof-active = { $count ->
    [one] of them wrote this month
   *[other] of them wrote this month
}
proof-written = { $count ->
    [one] post or answer
   *[other] posts and answers
}
welcome-heading = Make yourself at home
welcome-done = (done)
welcome-look = Say what your hub is about, and choose its colours
welcome-found = Found a group
welcome-invite = Invite people
welcome-join = Join a group
welcome-profile = Say who you are
groups-lead = Find the people who care about the same things.
group-private-mark = private
settings-look = Appearance
settings-look-hint = Kept with your account, wherever you sign in.
month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[other] Dec
}

appearance-title = Appearance
appearance-lead = Give the hub your name, your pictures and the colour of your brand. All other colours are made from it, so that everybody can read them. What is chosen here wins over the settings file.
appearance-exact = Choose exact colours
appearance-exact-hint = For brands whose colour must not change. What could not be read is refused.
appearance-reset = As in the settings file
appearance-chosen = These colours were chosen here and win over the settings file.
appearance-settings = These colours come from the settings file.
appearance-words = This is how words look, and what can be pressed.
appearance-pairs = How well colours can be told apart
appearance-pair = Where
appearance-theme = Pages
appearance-colours = Colours
appearance-contrast = Contrast
appearance-on-page = Links on the page
appearance-on-accent = Words on buttons
appearance-on-soft = Words on what is chosen
field-brand = Colour of the brand
field-brand-hint = Lighter or darker where that is needed to read it.
field-brand-light = On light pages
field-brand-dark = On dark pages
styleguide-title = Style guide
styleguide-lead = Every piece that pages are made of. New pages use these and bring no style of their own.
