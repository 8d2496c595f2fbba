# Bilder: von Beiträgen und Kommentaren, von Menschen und Gruppen.

pictures-add = { $count ->
    [one] Ein Bild hinzufügen
   *[other] Bilder hinzufügen (bis zu { $count })
}
pictures-hint = JPEG, PNG, GIF, WebP oder AVIF, jedes bis zu { $limit }. Wo und womit ein Bild aufgenommen wurde, wird entfernt. Von bewegten Bildern bleibt das erste Einzelbild.
pictures-drop = Mehrere auf einmal lassen sich auswählen, hierher ziehen oder in den Text einfügen.
pictures-many = Für alle ist nicht genug Platz; was nicht passte, blieb weg.
picture-number = Bild { $number }
picture-file = Datei
picture-alt = Was darauf zu sehen ist, für Menschen, die es nicht sehen können
picture-drop = Dieses Bild herausnehmen
picture-sending = Dieses Bild ist unterwegs.
picture-sent = Das Bild ist da. Bitte sag, was es zeigt.
picture-failed = So kam es nicht an; es geht mit dem Formular ab.
files-sending = Das ist unterwegs.
files-failed = Das kam nicht an. Was du ausgewählt hast, ist noch da; bitte versuch es noch einmal.
gallery-place = Bild { $number } von { $count }
gallery-close = Schließen
gallery-before = Vorheriges
gallery-after = Nächstes
gallery-alone = Für sich allein
settings-pictures = Bild und Titelbild
group-pictures = Bild und Titelbild der Gruppe
shown-hint = JPEG, PNG, GIF, WebP oder AVIF, jedes bis zu { $limit }. Wo und womit ein Bild aufgenommen wurde, wird entfernt.
shown-icon = Bild neben dem Namen
shown-icon-now = Das jetzige Bild
shown-icon-drop = Kein Bild zeigen
shown-image = Titelbild über der Seite
shown-image-now = Das jetzige Titelbild
shown-image-drop = Kein Titelbild zeigen

refusal-media-kind = Das ist kein Bild in JPEG, PNG, GIF, WebP oder AVIF. Bitte schick eines davon.
refusal-media-large = Dieses Bild ist zu groß. Bitte verkleinere es und versuch es noch einmal.
refusal-media-broken = Dieses Bild ist beschädigt und nicht lesbar. Bitte speichere es neu und versuch es noch einmal.
refusal-media-slow = Dieses Bild zu lesen dauert zu lange. Bitte speichere es neu und kleiner.
refusal-media-busy = Gerade kommen zu viele Bilder an. Bitte versuch es in einer Minute noch einmal.
refusal-media-too_large = Ein Bild hat höchstens { $picture }. Bitte verkleinere es.
refusal-media-too_often = Du hast in der letzten Stunde viele Bilder hochgeladen. Bitte mach etwas später weiter.
refusal-media-quota = Deine Bilder brauchen allen Platz, den eine Person hier hat. Bitte lösch erst einige.
refusal-media-unknown = Ein solches Bild von dir gibt es hier nicht oder nicht mehr. Bitte lade es noch einmal hoch.
refusal-media-too_many = So viele Bilder gehen nicht mit einem Beitrag oder Kommentar.
refusal-media-alt_long = Diese Beschreibung ist zu lang: höchstens 1500 Zeichen.
refusal-media-full = Dieser Hub hat keinen Platz für Bilder mehr. Bitte sag es seinen Admins.
