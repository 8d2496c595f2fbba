account-title = Konto
account-address = E-Mail-Adresse
account-address-now = Briefe gehen an { $email }.
field-new-email = Neue E-Mail-Adresse
field-new-email-hint = Dorthin geht ein Brief. Deine Adresse ändert sich, wenn du den Link darin öffnest.
change-address = Adresse ändern
sessions-heading = Wo du angemeldet bist
sessions-about = Kennst du etwas davon nicht, dann beende es und ändere dein Passwort.
session-unknown = Ein Browser
session-current = dieser hier
session-seen = zuletzt gesehen
session-since = angemeldet
session-end = Abmelden
session-end-others = Überall sonst abmelden

confirm-title = Adresse bestätigen
confirm-about = Ein letzter Schritt: Drück auf den Knopf, dann entsteht dein Konto.
confirm-address-title = Neue Adresse bestätigen
confirm-address-about = Drück auf den Knopf, dann gehen Briefe ab jetzt an deine neue Adresse.
forgot-title = Passwort vergessen?
forgot-about = Schreib die E-Mail-Adresse deines Kontos. Ist sie hier bekannt, geht ein Brief mit einem Link dorthin.
forgot-send = Brief schicken
forgot-again = Einen neuen Brief anfordern
reset-title = Neues Passwort setzen
reset-unusable = Dieser Link gilt nicht mehr

invitations-title = Einladungen
invitation-link = Der Link deiner Einladung
invitation-link-once = Kopiere ihn jetzt und gib ihn weiter. Er lässt sich nicht noch einmal nachsehen.
invitation-new = Jemanden einladen
invitation-about = Wer den Link öffnet, kann sofort mitmachen, ohne auf die Moderation zu warten.
field-invitation-note = Für wen
field-invitation-note-hint = Damit du es noch weißt; sonst sieht es niemand.
field-invitation-uses = Wie viele Leute damit mitmachen können
field-invitation-days = Wie viele Tage lang
invitation-make = Link erstellen
invitations-mine = Deine Einladungen
invitations-none = Du hast noch niemanden eingeladen.
invitation-unnamed = Eine Einladung
invitation-over = vorbei
invitation-used = { $uses } von { $most } benutzt
invitation-take-back = Zurücknehmen
invited-heading = Wer durch deine Einladungen kam
invited-none = Noch niemand.
invited-by = Eingeladen von

mail-unsent = Dieser Hub verschickt keine Post: Briefe werden als Dateien in sein Datenverzeichnis geschrieben. Setze mail.smtp_host, damit sie ankommen.
letters-waiting = { $count ->
    [one] { $count } Brief wartet auf den Versand.
   *[other] { $count } Briefe warten auf den Versand.
}
letters-dead = Briefe, die aufgegeben wurden

note-address-changed = Briefe gehen jetzt an deine neue Adresse.
note-confirmed = Deine Adresse ist bestätigt. Du kannst dich jetzt anmelden.
note-invitation-ended = Die Einladung ist zurückgenommen.
note-letter-address = Ein Brief ist unterwegs an die neue Adresse. Bitte öffne den Link darin.
note-letter-reset = Ist diese Adresse hier bekannt, dann ist ein Brief an sie unterwegs. Bitte öffne den Link darin.
note-letter-sign-up = Ein Brief ist unterwegs zu dir. Bitte öffne den Link darin, um fertig zu werden.
note-reset = Dein Passwort ist gesetzt. Du kannst dich jetzt damit anmelden.
note-session-ended = Dort abgemeldet.
note-sessions-ended = Du bist überall sonst abgemeldet.

refusal-invitation-unknown = Diese Einladung gilt nicht oder nicht mehr. Bitte lass dir eine neue geben.
refusal-invitation-not_yours = Du kannst auf diesem Hub niemanden einladen. Wer das darf, bestimmt die Verwaltung.
refusal-invitation-uses = Bitte wähle 1 bis 1000 Leute.
refusal-invitation-days = Bitte wähle 1 bis 365 Tage.
refusal-invitation-many = Du hast schon 50 gültige Einladungen. Bitte nimm erst eine zurück.
refusal-link-unusable = Dieser Link wurde schon benutzt, ist abgelaufen oder unvollständig. Bitte fordere einen neuen Brief an.
refusal-session-ended = Diese Anmeldung ist schon beendet.
refusal-sign_up-answer = Bitte beantworte die Frage. Danach entscheidet die Moderation.
refusal-unsubscribe-unknown = Dieser Link ist unvollständig. Bitte öffne ihn noch einmal aus dem Brief oder ändere deine Einstellungen.

notifications-title = Benachrichtigungen
topics-heading = Wovon du hörst, und wie
topic-answers = Antworten auf deine Beiträge
topic-mentions = Erwähnungen
topic-messages = Private Nachrichten
topic-threads = Themen, denen du folgst
topic-events = Wer zu Treffen kommt
topic-polls = Umfragen, die enden
topic-groups = Deine Mitgliedschaft in Gruppen
topic-all = Briefe über das, was geschieht
topic-digest = Rückblick
topic-by-mail = Per Post
topic-by-push = In Browsern, in denen Benachrichtigungen eingeschaltet sind
mail-off = gar nicht
mail-at-once = sofort
mail-digest = mit dem Rückblick
digest-heading = Rückblick
digest-rhythm = Wie oft
digest-hint = Die besten Beiträge deiner Gruppen und was du noch nicht gesehen hast.
digest-off = nie
digest-daily = jeden Tag
digest-weekly = jede Woche
unsubscribe-title = Diese Briefe beenden
unsubscribe-ask = Du bekommst keine Briefe dieser Art mehr: { $what }.
unsubscribe-done = Erledigt. Du bekommst keine Briefe dieser Art mehr: { $what }.

refusal-push-malformed = Dein Browser hat keine Adresse für Benachrichtigungen angegeben, die zu gebrauchen ist.
push-heading = Benachrichtigungen in diesem Browser
push-about = Dein Browser kann dir sagen, was geschieht, während keine Seite des Hubs offen ist. Das braucht JavaScript.
push-is-on = Dieser Browser sagt dir, was geschieht, bis du dich hier abmeldest.
push-begin = In diesem Browser einschalten
push-end = In diesem Browser ausschalten
push-refused = Dein Browser hat es nicht erlaubt.
note-push-on = Benachrichtigungen sind in diesem Browser eingeschaltet.
note-push-off = Benachrichtigungen sind in diesem Browser ausgeschaltet.
