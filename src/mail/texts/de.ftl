greeting = Hallo { $name },
closing = Diese E-Mail kommt von { $hub }.
unsubscribe = Keine E-Mails dieser Art mehr

confirm-subject = Bitte bestätige deine Adresse für { $hub }
confirm-text = jemand, hoffentlich du, möchte mit dieser Adresse bei { $hub } mitmachen. Bitte bestätige, dass sie dir gehört.

    Der Link gilt einen Tag lang. Warst du es nicht, dann tu nichts: Ohne ihn entsteht kein Konto.
confirm-button = Adresse bestätigen

member-subject = Du hast schon ein Konto bei { $hub }
member-text = jemand, hoffentlich du, wollte mit dieser Adresse bei { $hub } mitmachen. Sie gehört schon zu deinem Konto { $name }, darum gibt es kein neues.

    Melde dich damit an. Weißt du dein Passwort nicht mehr, kannst du ein neues setzen.
member-button = Neues Passwort setzen

reset-subject = Ein neues Passwort für { $hub }
reset-text = jemand, hoffentlich du, möchte ein neues Passwort für dein Konto { $name } setzen.

    Der Link gilt einmal und eine Stunde lang. Warst du es nicht, dann tu nichts: Dein Passwort bleibt, wie es ist.
reset-button = Neues Passwort setzen

password-changed-subject = Dein Passwort bei { $hub } wurde geändert
password-changed-text = das Passwort deines Kontos { $name } wurde soeben geändert, und alle anderen Geräte wurden abgemeldet.

    Warst du es nicht, dann setze sofort ein neues Passwort und sag den Admins des Hubs Bescheid.
password-changed-button = Neues Passwort setzen

new-address-subject = Bitte bestätige deine neue Adresse für { $hub }
new-address-text = E-Mails zu deinem Konto { $name } sollen an diese Adresse gehen. Bitte bestätige, dass sie dir gehört.

    Der Link gilt einen Tag lang. Weißt du von nichts, dann tu nichts.
new-address-button = Adresse bestätigen

address-changed-subject = { $hub } schreibt jetzt an eine andere Adresse
address-changed-text = E-Mails zu deinem Konto { $name } gehen ab jetzt an { $detail }, nicht mehr an diese Adresse.

    Warst du es nicht, dann sag sofort den Admins des Hubs Bescheid.

approved-subject = Willkommen bei { $hub }
approved-text = die Moderation hat dich hereingelassen. Du kannst dich jetzt mit dem Namen { $name } und deinem Passwort anmelden.
approved-button = Anmelden

turned-down-subject = Deine Anfrage bei { $hub }
turned-down-text = danke, dass du bei { $hub } mitmachen wolltest. Die Moderation hat sich dagegen entschieden.

leaving-subject = Dein Konto bei { $hub } wird gelöscht
leaving-text = wie gewünscht wird dein Konto { $name } am { $detail } gelöscht. Bis dahin bleibt alles, wie es ist, und du bist abgemeldet.

    Wenn du es dir anders überlegst oder es nicht gewünscht hast, melde dich vor diesem Tag an und behalte dein Konto.
leaving-button = Mein Konto behalten

left-subject = Dein Konto bei { $hub } ist gelöscht
left-text = dein Konto { $name } ist jetzt gelöscht, wie du es wolltest. Danke, dass du dabei warst; leb wohl!

notices-subject = { $count ->
    [one] { $detail }
   *[other] { $count } Neuigkeiten für dich bei { $hub }
}
notices-text = das ist bei { $hub } geschehen:
notices-button = Alle Mitteilungen ansehen

digest-subject = Was es Neues gab bei { $hub }
digest-text = das hast du vielleicht verpasst.
digest-button = { $hub } öffnen
digest-threads = Die besten Beiträge deiner Gruppen
digest-waiting = Wartet auf dich

item-answer = { $who } hat dir geantwortet
item-mention = { $who } hat dich erwähnt
item-message = { $who } hat dir geschrieben
item-poll_ended = Eine Umfrage von { $who } ist zu Ende
item-join_asked = { $who } möchte kommen
item-join_answered = { $who } hat entschieden, ob du kommen kannst
item-refused = { $who } hat deine Anfrage abgelehnt
item-thread = in { $who }
item-accepted = { $who } sagt, deine Antwort hat geholfen
item-watched = { $who } schrieb in einem Thema, dem du folgst
item-new_thread = { $who } begann ein Thema in einer deiner Gruppen
item-liked = { $who } mag, was du geschrieben hast
item-signed_up = { $who } möchte dem Hub beitreten
item-followed = { $who } folgt dir
