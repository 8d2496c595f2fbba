# Was Admins wählen und ansehen: Name und Dateien der Marke, Gruppen, Rollen, bekannte Server.
brand-words = Name und Beschreibung
brand-pictures = Bilder
brand-pictures-hint = JPEG, PNG, GIF, WebP oder AVIF, höchstens { $limit }. Sie werden neu gezeichnet, ohne was sonst in der Datei steckte.
brand-logo-now = Das Logo, wie es ist
brand-logo-drop = Dieses Logo wegnehmen
brand-favicon-now = Das Zeichen, wie es ist
brand-favicon-drop = Dieses Zeichen wegnehmen
brand-font = Schrift
field-hub-name = Name des Hubs
field-hub-description = Worum es geht
field-hub-description-hint = Ein, zwei Sätze, für die Startseite und für andere Server.
field-logo = Logo, neben dem Namen
field-favicon = Zeichen, im Reiter des Browsers
field-letters = Schrift aller Seiten
field-font = Eine eigene Schrift
field-font-hint = Eine WOFF2-Datei, höchstens { $limit } KiB. Von anderswo wird nichts geholt.
font-system = Die des Geräts
font-humanist = Freundlich, ohne Serifen
font-rounded = Gerundet
font-book = Wie in Büchern
font-file = Die hochgeladene Schrift
refusal-hub-unnamed = Ein Hub braucht einen Namen. Bitte schreibe einen.
refusal-brand-font_kind = Das ist keine WOFF2-Schrift. Bitte schicke eine.
refusal-brand-font_large = Diese Schrift ist zu groß: Höchstens 512 KiB sind erlaubt. Bitte lass Buchstaben weg.

run-groups-title = Gruppen des Hubs
run-groups-search = Eine Gruppe suchen
run-groups-show = Welche Gruppen
run-groups-all = Alle Gruppen
run-groups-private = Privat
run-groups-unlisted = Nicht aufgeführt
run-groups-left = Ohne Moderation
run-groups-restricted = Nur die Moderation schreibt
run-groups-moderators = Moderiert von
run-groups-others = { $count ->
    [one] und einer Person mehr
   *[other] und { $count } mehr
}
run-groups-take = Selbst moderieren
run-groups-manage = Einstellungen
run-groups-none-here = Eine solche Gruppe gibt es nicht.
role-heading = Rolle auf dem Hub
field-role = Rolle
role-member = Mitglied
role-hint = Die Moderation kümmert sich um jede Gruppe hier, Admins betreiben den Hub. Eine Änderung steht im Moderationsprotokoll.
note-role = Die Rolle ist geändert.
log-role-admin = Zum Admin gemacht
log-role-moderator = Zur Moderation des Hubs berufen
log-role-member = Zum Mitglied ohne Rolle gemacht

known-heading = Server, die der Hub kennt
known-search = Einen Server suchen
known-show = Welche Server
known-all = Alle
known-well = Gesund
known-failing = Nicht erreicht
known-paused = Angehalten
known-away = Ferngehalten
known-seen = Zuletzt gehört
known-none = Der Hub kennt noch keinen anderen Server. Das ändert sich, sobald jemand von hier einer Gruppe anderswo folgt oder jemand von anderswo einer von hier.
known-none-here = Einen solchen Server gibt es nicht.

desk-questions = Fragen ohne Antwort
desk-questions-silent = Noch hat niemand etwas gesagt
desk-questions-all = Alle, die ältesten zuerst
questions-order = In welcher Reihenfolge
questions-newest = Neueste zuerst
questions-oldest = Älteste zuerst
questions-mine = Aus den Gruppen, um die du dich kümmerst.
