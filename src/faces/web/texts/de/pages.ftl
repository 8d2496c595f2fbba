language-name = Deutsch

skip = Zum Inhalt springen
home = Zur Startseite
nav-label = Hauptseiten
nav-groups = Gruppen
nav-notices = Mitteilungen
nav-unread = { $count } neu
nav-people = Personen
nav-settings = Einstellungen
nav-sign-in = Anmelden
nav-sign-up = Registrieren
nav-sign-out = Abmelden
search-label = Suche
search-button = Suchen
footer-made = freie Software: Guildhall
footer-language = Sprache:

ago-now = gerade eben
ago-minutes = vor { $count } Min.
ago-hours = vor { $count } Std.
ago-days = { $count ->
    [one] gestern
   *[other] vor { $count } Tagen
}
date-month = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[other] Dezember
} { $year }
date-day = { $day }. { date-month }
date-weekday = { $weekday ->
    [1] Mo
    [2] Di
    [3] Mi
    [4] Do
    [5] Fr
    [6] Sa
   *[other] So
}
date-clock = { $time } Uhr
date-event = { $weekday ->
    [1] Montag
    [2] Dienstag
    [3] Mittwoch
    [4] Donnerstag
    [5] Freitag
    [6] Samstag
   *[other] Sonntag
}, { date-day }, { date-clock }
date-short = { date-weekday }, { $day }. { month-short }, { date-clock }
date-moment = { date-day }, { $time } UTC

home-title = Was gerade los ist
about-hub = Über diesen Ort
scope-all = Alle
order-label = Reihenfolge
sort-active = Aktiv
sort-new = Neu
sort-hot = Beliebt
sort-top = Beste
range-label = Zeitraum
range-day = Tag
range-week = Woche
range-month = Monat
range-year = Jahr
range-all = Immer
empty-range = In dieser Zeit ist nichts erschienen.
empty-range-do = Die besten von Anfang an
posts-heading = Beiträge
comments-heading = Kommentare
featured-heading = Angeheftet
more = Mehr
more-comments = Weitere Kommentare
in = in
bot = Bot
edited = bearbeitet
unread = neu
show = Ansehen
empty-joined-do = Eine Gruppe finden
empty-posts = Noch hat niemand etwas geschrieben. Der erste Beitrag gibt den Ton an.
empty-posts-do = Ersten Beitrag schreiben
empty-hub = Hier gibt es noch keine Gruppen. Sobald es eine gibt, erscheinen ihre Beiträge hier.
write-nowhere = Noch gibt es keine Gruppe, in die du schreiben kannst. Jeder Beitrag gehört hier in eine Gruppe.
empty-group = Noch keine Beiträge. Stell eine Frage oder zeig, woran du arbeitest.
empty-thread = Noch keine Antworten.
empty-person = Noch nichts geschrieben.

groups-title = Gruppen
groups-mine = Meine Gruppen
groups-here = Gruppen hier
groups-all = Alle Gruppen
groups-none = Es gibt noch keine Gruppen.
groups-elsewhere = Um einer Gruppe eines anderen Servers beizutreten, suche nach ihrer Adresse, zum Beispiel !name@server.
found-group = Eine Gruppe gründen
about-group = Über diese Gruppe
group-no-summary = Die Gruppe hat noch nicht gesagt, worum es geht.
group-private = Hier lesen und schreiben nur Mitglieder. Wer beitritt, entscheidet die Moderation.
group-closed = Diese Gruppe ist privat. Nur ihre Mitglieder sehen, worum es geht und was gesprochen wird.
group-restricted = Nur die Moderation beginnt hier Themen; antworten können alle.
member-count = { $count ->
    [one] { $count } Mitglied
   *[other] { $count } Mitglieder
}
new-post = Neuer Beitrag
join = Beitreten
leave = Verlassen
leave-asked = Anfrage zurückziehen
post-waits = Der Server der Gruppe hat diesen Beitrag noch nicht weitergegeben. Bis dahin zeigt ihn nur dieser Hub.
ask-again = Erneut anfragen
refused-explained = Die Gruppe hat deine Anfrage abgelehnt oder deine Mitgliedschaft beendet.
unreachable-explained = Der Server der Gruppe nimmt deine Anfrage gerade nicht an. Sie wird von selbst wiederholt.
ask-to-join = Um Aufnahme bitten
asked-moderators = Die Moderation weiß, dass du beitreten möchtest. Du bist dabei, sobald sie zustimmt.
asked-explained = Deine Anfrage ist unterwegs. Du bist dabei, sobald der Server der Gruppe geantwortet hat.
banned-here = Du bist aus dieser Gruppe ausgeschlossen. Der angegebene Grund: { $reason }
follow-heading = Von anderswo folgen
follow-mastodon = In Mastodon und Ähnlichem hiernach suchen und auf „Folgen“ drücken:
follow-lemmy = In Lemmy und Ähnlichem hiernach suchen und abonnieren:
moderators-heading = Moderation
see-original = Original ansehen

mark-featured = angeheftet
mark-locked = gesperrt
mark-sensitive = heikel
mark-deleted = gelöscht
mark-removed = entfernt
mark-moderator = Moderation
mark-author = verfasst den Beitrag
vote-up = Gefällt mir
vote-down = Gefällt mir nicht
score-label = Punkte
score-value = { $count ->
    [one] { $count } Punkt
   *[other] { $count } Punkte
}
score-detail = { $up } dafür, { $down } dagegen
post-count = { $count ->
    [one] { $count } Beitrag
   *[other] { $count } Beiträge
}
comment-count = { $count ->
    [one] { $count } Kommentar
   *[other] { $count } Kommentare
}
post-deleted = Dieser Beitrag wurde von der Person gelöscht, die ihn schrieb. Nur sie und die Moderation sehen ihn noch.
post-removed = Die Moderation hat diesen Beitrag entfernt. Nur sie und die Person, die ihn schrieb, sehen ihn noch. Der angegebene Grund: { $reason }
comment-deleted = Von der Person gelöscht, die ihn schrieb.
comment-removed = Von der Moderation entfernt. Der angegebene Grund: { $reason }
show-removed = Entferntes zeigen
picture-without-alt = Bild ohne Beschreibung
locked-explained = Dieses Thema ist gesperrt und nimmt keine Antworten mehr an.
hidden-explained = Auf diesen Beitrag kann niemand mehr antworten.
sign-in-to-answer = Anmelden und antworten
whole-thread = Das ganze Thema zeigen
answer = Antworten
edit = Bearbeiten
delete = Löschen
restore = Wiederherstellen
report = Melden
moderate = Moderieren
lock = Sperren
unlock = Entsperren
feature = Anheften
unfeature = Ablösen
remove = Entfernen
unremove = Zurückholen
ban-author = Person ausschließen

write-title = Neuer Beitrag
write-in = Neuer Beitrag in { $group }
edit-title = Bearbeiten
may-not-post = Du kannst in dieser Gruppe keine Themen beginnen.
preview-heading = Vorschau
preview = Vorschau
post-it = Veröffentlichen
save = Speichern
cancel = Abbrechen
markdown-hint = Markdown geht: **fett**, *kursiv*, [Link](https://…), Listen, Tabellen, Code.
field-title = Titel
field-url = Link (freiwillig)
field-body = Text
field-comment = Deine Antwort
field-language = Sprache des Textes
language-none = Keine Angabe
language-of-post = Wie der Beitrag
field-sensitive = Heikel: erst nach einem Klick zeigen
write-label = Was du schreibst
field-starts = Beginn
field-ends = Ende (freiwillig)
field-timezone = Zeitzone dieser Zeiten
timezone-hint = Etwa Europe/Berlin oder America/New_York.
field-place = Ort (freiwillig)
field-online = Adresse im Netz (freiwillig)
field-capacity = Wie viele kommen können (leer: alle)
field-join-restricted = Ich entscheide, wer kommt
event-heading = Treffen
event-when = Wann
event-where = Wo
event-online = Im Netz
event-who = Wer
event-attendees = { $count ->
    [0] noch niemand
    [one] eine Person kommt
   *[other] { $count } Personen kommen
}
event-seats = { $count } von { $capacity } Plätzen sind vergeben
event-coming = Du kommst.
event-asked = Angefragt
event-pending = Du möchtest kommen; die Antwort steht noch aus.
event-over = Dieses Treffen ist vorbei.
event-restricted = Wer einlädt, entscheidet, wer kommt.
event-closed = Zu diesem Treffen meldet man sich auf seiner eigenen Seite an.
event-attend = Ich komme
event-sign-in = Anmelden und zusagen
event-unattend = Ich komme doch nicht
guests-title = Wer kommt
guests-none = Noch hat niemand gefragt.
guest-waits = wartet auf Antwort
guest-accept = Zusagen
guest-reject = Absagen
field-options = Was zur Wahl steht
options-hint = Eine Antwort auf jeder Zeile, 2 bis 20.
field-multiple = Mehrere Antworten sind möglich
field-poll-days = Wie lange Stimmen zählen
days = { $count ->
    [one] einen Tag
   *[other] { $count } Tage
}
poll-heading = Umfrage
poll-choose-one = Wähle eine Antwort
poll-choose-several = Wähle eine oder mehrere Antworten
poll-vote = Abstimmen
poll-result = { $count ->
    [one] eine Stimme
   *[other] { $count } Stimmen
} ({ $percent } %)
poll-mine = deine Wahl
poll-voters = { $count ->
    [one] eine Person hat abgestimmt
   *[other] { $count } Personen haben abgestimmt
}
poll-over = Die Umfrage ist zu Ende.
poll-until = Stimmen zählen bis
poll-endless = Stimmen zählen immer.
field-reason = Grund
field-report = Was stimmt nicht?
report-title = Der Moderation melden

sign-in-title = Anmelden
sign-up-title = Registrieren
no-account-yet = Noch kein Konto?
have-account = Schon ein Konto?
registration-closed = Zurzeit werden hier keine neuen Mitglieder aufgenommen. Die Verwaltung kann dir ein Konto einrichten.
registration-approval = Die Moderation sieht sich jedes neue Konto an, bevor es benutzt werden kann. Das kann etwas dauern.
field-login = Name oder E-Mail-Adresse
field-name = Name
field-name-hint = Kleine Buchstaben a bis z, Ziffern und _. Andere finden dich als @name@{ $host }. Das lässt sich später nicht ändern.
field-email = E-Mail-Adresse
field-email-hint = Nur die Verwaltung sieht sie.
field-password = Passwort
field-password-hint = Mindestens { $count } Zeichen.
field-group-name = Name
field-group-name-hint = Kleine Buchstaben a bis z, Ziffern und _. Andere finden die Gruppe als !name@{ $host }. Das lässt sich später nicht ändern.
field-summary = Worum es geht
field-private = Privat: nur Mitglieder lesen und schreiben
field-private-hint = Wer beitritt, entscheidet die Moderation. Das lässt sich später nicht ändern.
field-approval = Beiträge, die auf die Zulassung durch die Moderation warten
approval-none = Keine
approval-newcomers = Erste Beiträge von Neuen
approval-all = Alle außer denen der Moderation
field-restricted = Nur die Moderation beginnt Themen
field-listed = Diese Gruppe in Verzeichnissen anzeigen

settings-title = Einstellungen
settings-profile = Profil
settings-language = Sprache
settings-password = Passwort
settings-delete = Mein Konto löschen
field-display-name = Anzeigename
field-bio = Über dich
field-discoverable = Mich zeigen, wo Personen vorgeschlagen werden
field-indexable = Was ich schreibe, darf auch in Suchen anderer Server gefunden werden
field-automatic = Dieses Konto ist ein Bot: Hier schreibt ein Programm
field-page-language = Sprache der Seiten
language-browser = Wie mein Browser es wünscht
field-old-password = Aktuelles Passwort
field-new-password = Neues Passwort
change-password = Passwort ändern

person-no-bio = Noch nichts gesagt.
about-person = Über
since = Hier seit
edit-profile = Profil bearbeiten
written-label = Geschriebenes
moderates-heading = Moderiert

notices-title = Mitteilungen
notices-none = Noch keine Mitteilungen. Wenn dir jemand antwortet oder dich erwähnt, steht es hier.
notice-refused = hat deine Anfrage abgelehnt oder deine Mitgliedschaft beendet
notice-poll-ended = Eine Umfrage ist zu Ende, an der du beteiligt warst
notice-join-answered = hat beantwortet, ob du kommen kannst

messages-title = Nachrichten
messages-none = Noch hat dir niemand geschrieben.
messages-earlier = Frühere Nachrichten
message-new = Nachricht schreiben
message-gone = Diese Nachricht wurde gelöscht.
message-hint = Markdown geht. Nur wem du schreibst, kann sie lesen; fremde Server könnten es, wenn sie wollten.
write-to = Nachricht
field-to = An
to-hint = Name, oder name@host für Leute anderswo; mehrere durch Kommas getrennt.
field-message = Nachricht
send = Senden
mark-read = Alle gelesen

search-title = Suche
search-explained = Suche nach Wörtern oder nach der Adresse einer Person, einer Gruppe oder eines Beitrags, hier oder auf einem anderen Server.
search-none = Nichts gefunden. Versuch es mit weniger oder anderen Wörtern.
search-unknown = Diese Adresse ist hier nicht bekannt. Bitte prüf, wie sie geschrieben ist.
search-people = Personen und Gruppen
tag-none = Noch trägt nichts dieses Schlagwort.

moderation-title = Moderation
group-settings-heading = Einstellungen der Gruppe
quote = Zitieren
quotes-title = Zitate deiner Beiträge
quotes-heading = Wer dich zitiert
quotes-none = Noch zitiert dich niemand auf einem anderen Server.
quotes-this = Dein Beitrag zitiert
quote-policy = Wer dich zitieren darf
field-quote-policy = Ohne dich zu fragen
quote-policy-everybody = Alle
quote-policy-followers = Wer dir folgt
quote-policy-nobody = Niemand
quote-revoke = Nicht mehr erlauben
moving-title = Umzug
moved-to = Du bist umgezogen zu
move-here = Von einem anderen Konto zu diesem
move-here-how = Nenne hier deine alten Konten und beginne dann dort den Umzug. Wer dir folgt und deine Gruppen ziehen mit.
field-aliases = Adressen deiner anderen Konten, eine je Zeile
move-away = Von diesem Konto zu einem anderen
move-away-how = Nenne zuerst dieses Konto als Alias deines neuen, mit dieser Adresse:
field-new-account = Name oder Adresse deines neuen Kontos
move-away-do = Dorthin umziehen
field-move-group = In die Gruppe
move-thread = Thema verschieben
let-in = Aufnehmen
turn-down = Ablehnen
held-title = Wartet auf die Moderation
held-explained = Dieser Beitrag ist noch nicht öffentlich: Er wartet, bis die Moderation der Gruppe ihn zulässt. Nur wer ihn schrieb und die Moderation sehen ihn.
held-read = Beitrag lesen
withdraw = Zurückziehen
report-about = Es geht um:
resolve = Erledigt
bans-heading = Ausschlüsse
bans-none = Niemand ist ausgeschlossen.
ban = Ausschließen
unban = Ausschluss aufheben
until = bis
field-person = Person (name oder name@host)
field-days = Für wie viele Tage (leer: für immer)
field-remove-content = Auch alles entfernen, was die Person hier schrieb
appoint = Ernennen
dismiss = Entlassen
log-heading = Protokoll
log-none = Noch wurde nichts moderiert.

log-title = Moderationsprotokoll
log-public = Was alle davon sehen
log-explained = Was Moderation und Verwaltung getan haben, das Neueste zuerst. Das können alle lesen.
field-with-replies = Mit allen Antworten darunter

servers-title = Andere Server
servers-explained = Was für einen Server gilt, gilt für alles unter seinem Namen. Eine Regel von Hand geht Listen vor, der nähere Name den Namen darüber.
servers-rules = Von Hand gesetzte Regeln
servers-none = Es sind keine Regeln von Hand gesetzt.
severity-suspend = Gesperrt: von dort wird nichts angenommen, dorthin nichts gesendet
severity-limit = Eingeschränkt: nur in seinen Gruppen und Diskussionen
severity-none = Willkommen, was Listen auch sagen
servers-no-media = Bilder und Dateien weglassen
servers-no-reports = Keine Meldungen annehmen
servers-hidden = Den Namen im öffentlichen Protokoll nicht zeigen
servers-set = Regel setzen
servers-lift = Regel aufheben
servers-lists = Listen, denen dieser Hub folgt
servers-lists-none = Dieser Hub folgt keiner Liste.
servers-rule-count = { $count ->
    [one] eine Regel
   *[other] { $count } Regeln
}
servers-subscribe = Der Liste folgen
servers-unsubscribe = Nicht mehr folgen
servers-look = Erst Änderungen zeigen
servers-import = Einlesen und herunterladen
servers-import-explained = Füge eine Liste ein, wie Mastodon sie ausgibt, oder einen Server je Zeile. Regeln, die nicht darin stehen, bleiben.
servers-import-do = Einlesen
servers-export = Die von Hand gesetzten Regeln herunterladen
servers-preview = Was sich ändern würde
servers-added = Neu: { $count }
servers-changed = Anders: { $count }
servers-removed = Weg: { $count }
servers-same = Wie bisher: { $count }.
servers-ties = Ruhende Folgebeziehungen: { $theirs } von dort, { $ours } von hier.
servers-faults = Unbrauchbare Zeilen: { $lines }
field-host = Server
field-severity = Was gilt
field-public-reason = Warum (das können alle lesen)
field-list-url = Adresse einer Liste (CSV)
field-csv = Liste

hub-bans-heading = Vom ganzen Hub ausgeschlossen
people-title = Personen
waiting-heading = Warten auf Zulassung
waiting-none = Niemand wartet.
approve = Zulassen
suspended-heading = Gesperrte Konten
suspended-none = Kein Konto ist gesperrt.
reinstate = Wieder zulassen
suspend = Konto sperren

refused-missing = Nicht gefunden
refused-gone = Nicht mehr da
refused-forbidden = Nicht erlaubt
refused-fault = Etwas ging schief
refused-other = Das ging nicht
refused-status = Status { $status }

note-answered = Deine Antwort ist veröffentlicht.
note-appointed = Die Person moderiert jetzt diese Gruppe.
note-approved = Die Person kann sich jetzt anmelden.
note-quote-revoked = Dieses Zitat ist nicht mehr erlaubt.
note-moved = Du bist umgezogen.
note-thread-moved = Das Thema ist verschoben.
note-let-in = Jetzt dabei.
note-turned-down = Die Anfrage wurde abgelehnt.
note-asked = Die Gruppe wurde gebeten, dich aufzunehmen.
note-attend-asked = Du hast gefragt, ob du kommen kannst. Die Antwort kommt als Hinweis.
note-attending = Du kommst. Bis dann!
note-banned = Die Person ist ausgeschlossen.
note-deleted = Gelöscht. Du kannst es wiederherstellen.
note-dismissed = Die Person moderiert diese Gruppe nicht mehr.
note-featured = Oben in der Gruppe angeheftet.
note-founded = Deine Gruppe ist da. Erzähl anderen davon!
note-held = Danke. Dein Beitrag wartet, bis die Moderation ihn zulässt.
note-joined = Du bist dabei. Ihre Beiträge erscheinen unter „{ scope-following }“.
note-left = Du hast die Gruppe verlassen.
note-let_in = Der Beitrag ist veröffentlicht.
note-locked = Gesperrt.
note-message-deleted = Die Nachricht ist gelöscht, hier und anderswo, soweit man sich dort daran hält.
note-password = Dein Passwort ist geändert. Alle anderen Sitzungen sind beendet.
note-posted = Dein Beitrag ist veröffentlicht.
note-reinstated = Die Person kann sich wieder anmelden.
note-removed = Entfernt. Du kannst es zurückholen.
note-reported = Danke. Die Moderation sieht es sich an.
note-resolved = Die Meldung ist erledigt.
note-restored = Wiederhergestellt.
note-sent = Deine Nachricht ist unterwegs.
note-saved = Gespeichert.
note-signed_in = Willkommen zurück.
note-signed_out = Du bist abgemeldet.
note-signed_up = Willkommen! Tritt als Erstes einer Gruppe bei.
note-suspended = Das Konto ist gesperrt.
note-server-set = Die Regel ist gesetzt.
note-server-lifted = Die Regel ist aufgehoben.
note-server-imported = Die Liste ist eingelesen.
note-server-subscribed = Der Hub folgt dieser Liste jetzt.
note-server-unsubscribed = Der Hub folgt dieser Liste nicht mehr; ihre Regeln sind weg.
note-turned_down = Der Beitrag wurde abgelehnt.
note-unbanned = Der Ausschluss ist aufgehoben.
note-unattended = Du kommst nicht.
note-unfeatured = Nicht mehr angeheftet.
note-unlocked = Wieder offen für Antworten.
note-unremoved = Es ist wieder da.
note-withdrawn = Dein Beitrag wartet nicht mehr; niemand hat ihn gesehen.
note-waiting = Danke. Die Moderation sieht sich dein Konto an; danach kannst du dich anmelden.
note-voted = Deine Stimme ist gezählt.

refusal-account-inactive = Dieses Konto kann nicht benutzt werden.
refusal-account-not_yours = Du kannst nur dein eigenes Konto ändern.
refusal-account-pending = Dieses Konto wartet noch auf die Zulassung durch die Moderation.
refusal-account-suspended = Dieses Konto ist gesperrt.
refusal-account-unknown = Ein solches Konto gibt es hier nicht.
refusal-actor-gone = Diese Person ist nicht mehr da.
refusal-actor-not_found = Eine solche Person gibt es hier nicht.
refusal-admin-last = Mindestens eine Person muss die Verwaltung behalten.
refusal-admin-required = Das darf nur die Verwaltung.
refusal-author-required = Das darf nur, wer es geschrieben hat.
refusal-ban-not_found = Diese Person ist nicht ausgeschlossen.
refusal-moderation-reason = Eine Begründung hat höchstens 1.000 Zeichen.
refusal-ban-past = Das Ende eines Ausschlusses muss in der Zukunft liegen.
refusal-ban-self = Dich selbst kannst du nicht ausschließen.
refusal-comment-blank = Bitte schreib etwas.
refusal-comment-gone = Dieser Kommentar ist nicht mehr da.
refusal-comment-locked = Dieses Thema ist gesperrt und nimmt keine Antworten mehr an.
refusal-comment-not_found = Einen solchen Kommentar gibt es nicht.
refusal-comment-parent_gone = Worauf du antwortest, ist nicht mehr da.
refusal-comment-too_deep = Die Antworten sind hier zu tief verschachtelt. Antworte bitte weiter oben.
refusal-comment-too_long = Dieser Kommentar ist zu lang. Bitte kürze ihn.
refusal-email-malformed = Das ist keine E-Mail-Adresse. Bitte schreib sie wie name@example.org.
refusal-email-taken = Zu dieser E-Mail-Adresse gibt es schon ein Konto. Melde dich an oder nimm eine andere.
refusal-fault = Etwas ging schief. Bitte versuch es noch einmal; wenn es so bleibt, sag es der Verwaltung.
refusal-feed-not_found = Eine private Gruppe hat keinen Feed.
refusal-flag-not_found = Eine solche Meldung gibt es nicht.
refusal-flag-reason = Bitte sag in wenigen Worten, was nicht stimmt.
refusal-form-expired = Dieses Formular gilt nicht mehr. Geh bitte zurück, lade die Seite neu und mach es noch einmal.
refusal-form-foreign = Dieses Formular kam nicht von einer Seite dieses Ortes; darum wurde nichts getan.
refusal-form-too_large = Das ist mehr, als auf einmal angenommen wird. Geh bitte zurück und kürze es.
refusal-form-unreadable = Dieses Formular war nicht zu lesen. Geh bitte zurück, lade die Seite neu und mach es noch einmal.
refusal-group-founders = Du darfst hier keine Gruppen gründen. Bitte frag die Moderation.
refusal-group-gone = Diese Gruppe wurde gelöscht.
refusal-group-not_found = Eine solche Gruppe gibt es nicht.
refusal-group-remote = Gruppen anderer Server werden dort geändert.
refusal-group-members_only = In dieser Gruppe schreiben nur Mitglieder. Du kannst um Aufnahme bitten.
refusal-group-restricted = Nur die Moderation beginnt in dieser Gruppe Themen; antworten können alle.
refusal-group-untitled = Eine Gruppe braucht einen Titel. Bitte schreib einen.
refusal-held-author = Wer ihn schrieb, ist ausgeschlossen oder nicht mehr da; er kann nicht zugelassen werden. Bitte lehne ihn ab.
refusal-held-not_found = Ein solcher Beitrag wartet hier nicht.
refusal-interaction-unknown = Diese Adresse ist hier nicht bekannt oder war nicht zu lesen. Bitte prüf sie oder suche nach Wörtern.
refusal-join-not_asked = Eine solche Anfrage gibt es nicht, oder sie wurde zurückgezogen.
refusal-language-unknown = Diese Sprache gibt es hier nicht.
refusal-moderator-last = Eine Gruppe behält mindestens eine Person in der Moderation; ernenne erst eine andere.
refusal-moderator-required = Das darf nur die Moderation.
refusal-name-imitation = Dieser Name sieht mit Zeichen einer anderen Schrift aus wie ein anderer. Bitte schreib ihn in einer Schrift.
refusal-aliases-malformed = Bitte schreib eine ganze Adresse eines deiner Konten je Zeile, höchstens zehn.
refusal-move-again = Zwischen zwei Umzügen müssen sieben Tage liegen.
refusal-move-chain = Von dort ist schon jemand weitergezogen.
refusal-move-nowhere = Dorthin kann niemand umziehen.
refusal-move-unnamed = Das neue Konto muss zuerst dieses als eigenes nennen (als Alias).
refusal-name-malformed = Ein Name hat 3 bis 30 kleine Buchstaben a bis z, Ziffern oder _.
refusal-name-reserved = Dieser Name ist vergeben, weil er in die Irre führen könnte. Bitte nimm einen anderen.
refusal-name-taken = Dieser Name ist vergeben. Bitte nimm einen anderen.
refusal-object-there = Es ist schon da.
refusal-conversation-not_found = Eine solche Unterhaltung gibt es nicht.
refusal-event-attendee = Diese Person hat nicht gefragt, ob sie kommen kann.
refusal-event-capacity = Mindestens eine Person muss kommen können.
refusal-event-closed = So meldet man sich hier nicht an. Sieh bitte auf der eigenen Seite des Treffens nach.
refusal-event-elsewhere = Wer kommt, sagt der Server, auf dem das Treffen entstand.
refusal-event-end = Ein Treffen endet nach seinem Beginn.
refusal-event-full = Alle Plätze sind vergeben.
refusal-event-not_found = Ein solches Treffen gibt es nicht.
refusal-event-online = Ein Link ist eine ganze Adresse, die mit https:// oder http:// beginnt.
refusal-event-organiser = Nur wer einlädt, sagt, wer kommt.
refusal-event-over = Dieses Treffen ist vorbei.
refusal-event-time = Eine Zeit schreibt man wie 2026-06-01T18:00:00Z.
refusal-event-when = Bitte gib Tag, Uhrzeit und eine Zeitzone wie Europe/Berlin an.
refusal-event-zone = Eine Zeitzone schreibt man wie Europe/Berlin.
refusal-message-blank = Bitte schreib etwas.
refusal-message-not_found = Eine solche Nachricht gibt es nicht.
refusal-message-to = Eine Nachricht geht an eine bis zwanzig Personen.
refusal-message-too_long = Diese Nachricht ist zu lang. Bitte kürze sie.
refusal-message-unknown = Niemand heißt so. Schreib name oder name@host.
refusal-poll-choice = Bitte wähle eine der Antworten dieser Umfrage.
refusal-poll-elsewhere = Stimmen zählt der Server, auf dem die Umfrage entstand.
refusal-poll-end = Eine Umfrage endet in der Zukunft, innerhalb eines Jahres.
refusal-poll-not_found = Eine solche Umfrage gibt es nicht.
refusal-poll-option = Jede Antwort steht einmal da und ist nicht zu lang.
refusal-poll-options = Eine Umfrage hat zwischen 2 und 20 Antworten.
refusal-poll-over = Diese Umfrage ist zu Ende.
refusal-poll-voted = Du hast in dieser Umfrage schon abgestimmt.
refusal-overloaded = Hier ist gerade zu viel los. Bitte versuch es gleich noch einmal.
refusal-page-not_found = Eine solche Seite gibt es nicht.
refusal-password-not_yours = Das ist nicht dein Passwort. Bitte versuch es noch einmal.
refusal-password-guessable = Dieses Passwort würden andere als erstes versuchen. Bitte nimm ein anderes.
refusal-password-long = Das Passwort ist zu lang.
refusal-password-short = Das Passwort ist zu kurz. Bitte nimm ein längeres.
refusal-password-wrong = Das ist nicht dein bisheriges Passwort. Bitte versuch es noch einmal.
refusal-person-unknown = Diese Person ist hier nicht bekannt. Bitte schreib sie als name oder name@host.
refusal-post-gone = Dieser Beitrag ist nicht mehr da.
refusal-post-link = Ein Link ist eine ganze Adresse, die mit https:// oder http:// beginnt.
refusal-post-not_found = Einen solchen Beitrag gibt es nicht.
refusal-post-language = Eine Sprache wird mit ihrem Kürzel genannt, etwa de oder de-AT.
refusal-post-title = Ein Beitrag braucht einen Titel von passender Länge.
refusal-post-too_long = Dieser Beitrag ist zu lang. Bitte kürze ihn.
refusal-quote-not_allowed = Wer das geschrieben hat, möchte nicht zitiert werden.
refusal-quote-not_found = Ein solches Zitat gibt es nicht.
refusal-quote-unknown = Unter dieser Adresse gibt es nichts zu zitieren.
refusal-register-closed = Zurzeit werden hier keine neuen Mitglieder aufgenommen. Bitte frag die Verwaltung nach einem Konto.
refusal-register-signed_in = Du hast schon ein Konto.
refusal-sign_in-required = Bitte melde dich dazu an.
refusal-sign_in-wrong = Name und Passwort passen nicht zusammen. Bitte versuch es noch einmal.
refusal-text-long = Dieser Text ist zu lang. Bitte kürze ihn.
refusal-thread-elsewhere = Themen ziehen nur zwischen Gruppen dieses Ortes um, nie in eine private oder aus einer privaten.
refusal-thread-there = Das Thema ist schon dort, oder es ist gar nicht mehr da.
refusal-vote-bot = Bots stimmen nicht ab.
refusal-vote-gone = Worüber du abstimmst, ist nicht mehr da.
refusal-account-above = Die Moderation darf das nur mit Mitgliedern tun, und niemand mit sich selbst. Bitte frag die Verwaltung.
refusal-limited = Das war zu oft hintereinander. Bitte versuch es später noch einmal.
refusal-fetches-host = Der andere Server wurde gerade sehr oft gefragt. Bitte versuch es in einer Minute noch einmal.
refusal-handle-malformed = So sieht keine Adresse einer Person oder Gruppe aus. Bitte schreib sie als name@host.
refusal-handle-unknown = Unter dieser Adresse ist niemand bekannt. Bitte prüf, wie sie geschrieben ist.
refusal-address-unknown = Unter dieser Adresse gibt es nichts.
refusal-method-not_allowed = So lässt sich diese Adresse nicht aufrufen.
refusal-request-timeout = Das dauerte zu lange und wurde abgebrochen. Bitte versuch es gleich noch einmal.
refusal-host-malformed = Bitte schreibe den Namen eines Servers, etwa other.example.
refusal-host-no_rule = Für diesen Server ist keine Regel von Hand gesetzt.
refusal-host-own = Das ist der Hub selbst.
refusal-list-known = Der Hub folgt dieser Liste schon.
refusal-list-not_found = Der Hub folgt dieser Liste nicht.
refusal-list-url = Bitte schreibe die Adresse der Liste; sie beginnt mit https://.
refusal-moderator-rank = Diese Person moderiert hier länger als du.
refusal-fetch-failed = Der andere Server ist nicht zu erreichen oder antwortet nicht richtig. Bitte prüf die Adresse oder versuch es später noch einmal.
