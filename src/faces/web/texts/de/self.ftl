# Was Mitglieder mit ihrem eigenen Konto, mit Mitteilungen und Nachrichten tun.

# Gehen
delete-account = Mein Konto löschen
delete-account-goes = Du wirst überall abgemeldet und verlässt alle Gruppen, deine E-Mail-Adresse, dein Passwort und dein Profil werden gelöscht, deine Seite wird geschlossen, und andere Server erfahren, dass du gegangen bist. Dein Name bleibt vergeben, damit sich niemand für dich ausgeben kann.
delete-account-later = { $count ->
    [one] Das geschieht nach einem Tag. Bis dahin kannst du dich anmelden und dein Konto behalten.
   *[other] Das geschieht nach { $count } Tagen. Bis dahin kannst du dich anmelden und dein Konto behalten.
}
delete-account-now = Das geschieht sofort, und niemand kann es rückgängig machen.
delete-words = Was soll aus dem werden, was du geschrieben hast?
delete-words-remove = Mitnehmen
delete-words-remove-hint = Deine Beiträge und Kommentare verschwinden hier. Antworten anderer bleiben.
delete-words-keep = Stehen lassen
delete-words-keep-hint = Deine Beiträge und Kommentare bleiben für andere lesbar, unter „gelöschtes Konto“ statt deinem Namen und ohne deine Bilder. Andere Server können sie trotzdem entfernen.
leaving-title = Du gehst
leaving-when = Dein Konto wird gelöscht am
leaving-keeps = Was du geschrieben hast, bleibt unter „gelöschtes Konto“ stehen.
leaving-takes = Was du geschrieben hast, verschwindet.
leaving-meanwhile = Bis dahin ist alles wie zuvor. Wenn du bleibst, geht nichts verloren.
leaving-keep = Mein Konto behalten
leaving-go = Abmelden und gehen
leaving-export = Alles mitnehmen, was du geschrieben hast
note-leaving = Dein Konto wird gelöscht. Eine E-Mail sagt dir, wann, und wie du es behältst.
note-left_hub = Dein Konto ist gelöscht. Leb wohl!
note-account-kept = Schön, dass du bleibst. Dein Konto ist weiter da.
face-gone = gelöschtes Konto

# Alles mitnehmen
export-title = Alles mitnehmen
export-what = Ein Archiv mit
export-words = allen Beiträgen, Kommentaren und Nachrichten, die du geschrieben hast, mit ihrem Markdown
export-choices = deinen Stimmen, Reaktionen, gemerkten Beiträgen, Entwürfen und Filtern
export-people = wem du folgst und wen du fernhältst
export-pictures = deinen Bildern mit ihren Beschreibungen
export-forms = Das Archiv ist eine ZIP-Datei. Texte sind JSON (auch als ActivityStreams), Listen von Personen sind CSV-Dateien, die Mastodon und andere einlesen können.
export-hint = Denn alle deine Nachrichten stehen darin.
export-do = Archiv herunterladen
export-last = Dein letztes Archiv
export-running = Es wird zusammengestellt und verschickt.
export-done = Es ist vollständig.
export-broken = Es ist vor dem Ende abgebrochen. Bitte lade es noch einmal herunter.
export-parts = Fertig: { $made } von { $count } Teilen; verschickt: { $size }
export-look = Sehen, wie weit es ist

# Mitteilungen
notices-show = Zeigen
notices-all = Alle
notices-answers = Antworten
notices-mentions = Erwähnungen
notices-votes = Stimmen
notices-dates = Treffen, Umfragen
notices-moderation = Moderation
notices-none-here = Nichts dieser Art.
notices-all-do = Alle Mitteilungen
notice-others = { $count ->
    [one] und noch jemand
   *[other] und { $count } andere
}
notice-answer-by = { $people ->
    [one] hat dir geantwortet
   *[other] haben dir geantwortet
}
notice-liked-by = { $people ->
    [one] mag, was du geschrieben hast
   *[other] mögen, was du geschrieben hast
}
notice-mention-by = { $people ->
    [one] hat dich erwähnt
   *[other] haben dich erwähnt
}
notice-thread-by = { $people ->
    [one] hat in einem Thema geschrieben, dem du folgst
   *[other] haben in einem Thema geschrieben, dem du folgst
}
notice-join-asked-by = { $people ->
    [one] möchte zu deinem Treffen kommen
   *[other] möchten zu deinem Treffen kommen
}
notice-times = { $count }-mal
notice-mark = Als gelesen markieren
note-read = Als gelesen markiert.
day-today = Heute
day-yesterday = Gestern

# Nachrichten
messages-choose = Wähle ein Gespräch oder beginne eines.

# Die Leute des Hubs
people-search = Leute dieses Hubs finden
people-search-label = Name oder Adresse
people-show = Welche Leute
people-all = Alle
people-waiting = Wartend
people-moderators = Moderation und Admins
people-nobody = Niemand dieser Art.
role-admin = Admin
role-moderator = Moderation
standing-waits = wartet
standing-suspended = ausgesperrt

# Themen
related-heading = Verwandte Themen
level-label = Was du davon hörst
level-all = Alle neuen Themen
level-own = Was mich betrifft
level-nothing = Nichts
levels-heading = Deine Gruppen
levels-group = Gruppe
levels-hint = Dich betreffen Antworten, Erwähnungen und Themen, denen du folgst. Aus einer Gruppe mit „Nichts“ hörst du nur von Themen, denen du folgst, und ihre Beiträge stehen nicht auf deiner Startseite.
notices-threads = Neue Themen
notice-new-thread = hat ein Thema begonnen
refusal-group-not_joined = Du hörst nur von Gruppen, in denen du bist. Bitte tritt erst bei.
