# Was von einem Bild im Blick bleibt, Bilder, die weg müssen, Kommentare unter anderen Seiten.

picture-focus = Was im Blick bleiben muss, wo das Bild beschnitten wird
focus-middle = Die Mitte
focus-top = Oben
focus-bottom = Unten
focus-left = Links
focus-right = Rechts
focus-top-left = Oben links
focus-top-right = Oben rechts
focus-bottom-left = Unten links
focus-bottom-right = Unten rechts
focus-own = Wie es schon gewählt war
refusal-media-focus = Ein Blickpunkt sind zwei Zahlen von -1 bis 1, von der Mitte aus nach rechts und nach oben.
refusal-media-reason = Bitte sag, warum. Alle können es im Protokoll lesen.
refusal-media-address = Bitte gib die Adresse eines Bildes, eines Beitrags oder eines Kommentars an.
refusal-media-none = In diesem Beitrag oder Kommentar ist kein Bild.
refusal-media-no_object = Diesen Beitrag oder Kommentar gibt es nicht.
refusal-media-no_block = Diese Sperre gibt es nicht oder nicht mehr.
refusal-media-blocked = Dieses Bild ist hier nicht erlaubt; so haben es die Admins entschieden.
purge-title = Bilder, die weg müssen
purge-explained = Löscht ein Bild überall, wo dieser Hub es aufbewahrt: die Dateien in jeder Größe, die Kopie eines Bildes von einem anderen Server und was andere davon hochgeladen haben. Es wird nicht wieder angenommen, auch nicht größer, kleiner oder neu gespeichert.
purge-address = Adresse des Bildes, Beitrags oder Kommentars
purge-address-hint = Von einem Beitrag oder Kommentar gehen alle Bilder.
purge-for-ever = Das lässt sich nicht rückgängig machen. Browser, die das Bild schon gezeigt haben, können es noch eine Weile behalten.
purge-do = Endgültig löschen
purge-blocks = Nicht mehr angenommen
purge-none = Kein Bild ist gesperrt.
purge-unseen = nur nach der Adresse
purge-lift = Wieder erlauben
purge-here = Seine Bilder endgültig löschen
note-purged = Die Bilder sind gelöscht und werden nicht wieder angenommen.
note-purged-unseen = Dieser Hub hatte nicht alle diese Bilder. Von ihren Adressen holt er sie nicht mehr, an anderen würde er sie aber nicht erkennen.
note-purge-lifted = Das Bild darf wieder hochgeladen und gezeigt werden.
beneath-none = Zu dieser Seite gibt es noch keine Kommentare.
beneath-open = Das Gespräch beginnen
refusal-embed-url = Bitte sag in url=, um welche Seite es geht: eine ganze Webadresse.
refusal-embed-host = Zu Seiten dieser Website zeigt dieser Hub keine Kommentare.
refusal-embed-group = Bitte sag in group=, in welcher Gruppe die Gespräche über diese Seite stehen.
