# Leuten folgen
scope-following = Ich folge
empty-following = Hier ist noch nichts. Was in deinen Gruppen steht und was die Leute schreiben, denen du folgst, erscheint auf dieser Seite.
unfollow = Nicht mehr folgen
following-title = Ich folge
following-show = Wem oder welchen Gruppen
following-people = Personen
following-groups = Gruppen
following-mark = du folgst
following-asked = angefragt
following-refused = abgelehnt
following-forget = Aus der Liste nehmen
following-nobody = Du folgst noch niemandem. Wem du folgst, dessen Beiträge in Gruppen stehen auf deiner Startseite unter „{ scope-following }“, auch aus Gruppen, in denen du nicht bist.
following-find = Leute dieses Hubs ansehen
following-no-groups = Du bist noch in keiner Gruppe.
followers-heading = Wer dir folgt
followers-shown = Auf meiner Seite zeigen, wie viele mir folgen
follower-count = { $count ->
    [0] Noch keine Follower
   *[other] { $count } Follower
}
follow-asked = Deine Anfrage ist unterwegs. Du folgst, sobald der andere Server geantwortet hat.
follow-unreachable = Der andere Server nimmt deine Anfrage gerade nicht an. Sie wird von selbst wiederholt.
follow-refused = Diese Person hat deine Anfrage abgelehnt oder beendet, dass du ihr folgst.
note-followed = Du folgst jetzt. Neues steht auf der Startseite unter „{ scope-following }“.
note-follow-asked = Die Anfrage ist unterwegs.
note-unfollowed = Du folgst nicht mehr.
notices-followers = Neue Follower
notice-followed-by = { $people ->
    [one] folgt dir
   *[other] folgen dir
}
topic-followers = Wer dir folgt
refusal-follow-self = Sich selbst kann niemand folgen.
refusal-follow-unwelcome = Diese Person möchte nicht, dass du ihr folgst.
refusal-follow-blocked = Du hältst diese Person oder ihren Server fern. Hebe das zuerst auf.
refusal-follow-too_many = Du folgst schon sehr vielen Leuten; beende erst einige davon.
